"""The blocking client."""

from __future__ import annotations

import time
from collections.abc import Iterable, Iterator, Mapping
from types import TracebackType
from typing import Any, Self, cast

import httpx

from app.client import answers, calls
from app.client.calls import Call, Parameter
from app.client.faults import NoAnswerError, problem_of
from app.client.retries import Retries


class Sayso:
    """A client of one service. Lists are iterators that fetch the next page when it is asked for.

    ``key`` is an API key, where the service wants one; ``transport`` stands in for the network.
    Units: ``timeout`` in seconds.
    Raises: Problem or one of its kinds when the service refuses, NoAnswerError when there is none.
    """

    def __init__(
        self,
        base_url: str,
        *,
        key: str | None = None,
        retries: Retries | None = None,
        timeout: float = 60.0,
        transport: httpx.BaseTransport | None = None,
    ) -> None:
        self.retries = retries or Retries()
        self._client = httpx.Client(**calls.options(base_url, key, timeout), transport=transport)

    def __enter__(self) -> Self:
        """Return itself."""
        return self

    def __exit__(self, _kind: type[BaseException] | None, _error: object, _trace: TracebackType | None) -> None:
        """Close the connections."""
        self.close()

    def close(self) -> None:
        """Close the connections."""
        self._client.close()

    def add(self, *, idempotency_key: str | None = None, **fields: Any) -> answers.Article:  # noqa: ANN401 (a story's)
        """Hand a story in, with the fields of POST /articles, and return it annotated; twice does no harm."""
        return cast(answers.Article, self.json(calls.add_story(fields, idempotency_key)))

    def annotate(self, **fields: Any) -> dict[str, Any]:  # noqa: ANN401 (a story's)
        """Return a story annotated, without keeping it."""
        return cast(dict[str, Any], self.json(calls.write("POST", "/annotate", fields)))

    def replace(self, article_id: str, **fields: Any) -> answers.Article:  # noqa: ANN401 (a story's)
        """Make a story the new revision of an article."""
        return cast(answers.Article, self.json(calls.write("PUT", f"/articles/{article_id}", fields)))

    def remove(self, article_id: str) -> None:
        """Delete an article."""
        self.send(calls.remove("articles", article_id))

    def ingest(self, stories: Iterable[Mapping[str, Any]], *, idempotency_key: str | None = None) -> answers.Ingestion:
        """Hand many stories in, to be annotated in the background."""
        return cast(answers.Ingestion, self.json(calls.add_stories(stories, idempotency_key)))

    def finished(self, ingestion_id: str, *, every: float = 1.0) -> answers.Ingestion:
        """Return an ingestion when it is done or cancelled, looking at it ``every`` so many seconds."""
        while True:
            found = self.ingestion(ingestion_id)
            if found["state"] in {"done", "cancelled"}:
                return found
            time.sleep(every)

    def article(self, key: str, **parameters: Parameter) -> answers.Article:
        """Return one article whole."""
        return cast(answers.Article, self.json(calls.read_one("articles", key, **parameters)))

    def quote(self, key: str, **parameters: Parameter) -> answers.Quote:
        """Return one quote."""
        return cast(answers.Quote, self.json(calls.read_one("quotes", key, **parameters)))

    def person(self, key: str, **parameters: Parameter) -> answers.KnownEntity:
        """Return one person."""
        return cast(answers.KnownEntity, self.json(calls.read_one("people", key, **parameters)))

    def organization(self, key: str, **parameters: Parameter) -> answers.KnownEntity:
        """Return one organization."""
        return cast(answers.KnownEntity, self.json(calls.read_one("organizations", key, **parameters)))

    def ingestion(self, key: str, **parameters: Parameter) -> answers.Ingestion:
        """Return how far an ingestion is."""
        return cast(answers.Ingestion, self.json(calls.read_one("ingestions", key, **parameters)))

    def text(self, article_id: str) -> str:
        """Return the text that offsets point into."""
        return (self.send(calls.read_one("articles", article_id, "text"))).text

    def search(self, q: str, **parameters: Parameter) -> answers.Found:
        """Return the first stories, people, organizations and quotes that words find."""
        return cast(answers.Found, self.json(calls.read("/search", q=q, **parameters)))

    def articles(self, **parameters: Parameter) -> Iterator[answers.ArticleSummary]:
        """Yield the articles, without their text that all filters let through."""
        return cast(Iterator[answers.ArticleSummary], self.items(calls.read("/articles", **parameters)))

    def quotes(self, **parameters: Parameter) -> Iterator[answers.Quote]:
        """Yield the quotes that all filters let through."""
        return cast(Iterator[answers.Quote], self.items(calls.read("/quotes", **parameters)))

    def people(self, **parameters: Parameter) -> Iterator[answers.KnownEntity]:
        """Yield the people that all filters let through."""
        return cast(Iterator[answers.KnownEntity], self.items(calls.read("/people", **parameters)))

    def organizations(self, **parameters: Parameter) -> Iterator[answers.KnownEntity]:
        """Yield the organizations that all filters let through."""
        return cast(Iterator[answers.KnownEntity], self.items(calls.read("/organizations", **parameters)))

    def positions(self, **parameters: Parameter) -> Iterator[dict[str, Any]]:
        """Yield the positions that all filters let through."""
        return cast(Iterator[dict[str, Any]], self.items(calls.read("/positions", **parameters)))

    def issues(self, **parameters: Parameter) -> Iterator[answers.Issue]:
        """Yield the issues that all filters let through."""
        return cast(Iterator[answers.Issue], self.items(calls.read("/issues", **parameters)))

    def items(self, call: Call) -> Iterator[Any]:
        """Yield the items of a list, page after page."""
        following: Call | None = call
        while following is not None:
            page = self.json(following)
            yield from page["items"]
            following = following.following(page["next"]) if page["next"] else None

    def json(self, call: Call) -> Any:  # noqa: ANN401 (a JSON value)
        """Return the JSON that a call is answered with."""
        return (self.send(call)).json()

    def send(self, call: Call) -> httpx.Response:
        """Return the answer to a call, sent again as often as ``retries`` says."""
        request = call.request(self._client)
        done = 0
        while True:
            answer, broken = self._try(request)
            if answer is not None and answer.is_success:
                return answer
            pause = self.retries.pause(request, answer, done)
            if pause is None and answer is not None:
                raise problem_of(answer)
            if pause is None:
                msg = f"{request.method} {request.url.path}: {broken}"
                raise NoAnswerError(msg) from broken
            time.sleep(pause)
            done += 1

    def _try(self, request: httpx.Request) -> tuple[httpx.Response | None, httpx.TransportError | None]:
        try:
            return self._client.send(request), None
        except httpx.TransportError as error:
            return None, error
