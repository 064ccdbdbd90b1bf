"""The asynchronous client."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator, Iterable, Mapping
from contextlib import aclosing
from types import TracebackType
from typing import Any, Literal, Self, Unpack, cast

import httpx

from app.client import answers, calls, filters
from app.client.calls import Call
from app.client.faults import failure, no_answer
from app.client.lines import Lines
from app.client.retries import Retries
from app.client.webhooks import AsyncWebhooks


class AsyncSayso:
    """A client of one service. Lists are iterators that fetch the next page when it is asked for.

    ``key`` is an API key, where the service wants one; ``transport`` stands in for the network.
    ``webhooks`` has receivers told of changes. Units: ``timeout`` in seconds.
    Raises: Problem or one of its kinds when the service refuses, NoAnswerError when there is none.
    """

    def __init__(
        self,
        base_url: str,
        *,
        key: str | None = None,
        retries: Retries | None = None,
        timeout: float = 60.0,
        transport: httpx.AsyncBaseTransport | None = None,
    ) -> None:
        self.retries = retries or Retries()
        self._client = httpx.AsyncClient(**calls.options(base_url, key, timeout), transport=transport)
        self.webhooks = AsyncWebhooks(self._send, self.each)

    async def __aenter__(self) -> Self:
        """Return itself."""
        return self

    async def __aexit__(self, _kind: type[BaseException] | None, _error: object, _trace: TracebackType | None) -> None:
        """Close the connections."""
        await self.close()

    async def close(self) -> None:
        """Close the connections."""
        await self._client.aclose()

    async def add(self, *, idempotency_key: str | None = None, **story: Unpack[filters.StoryFields]) -> answers.Article:
        """Hand a story in and return it annotated; twice does no harm."""
        return cast(answers.Article, await self._json(calls.add_story(story, idempotency_key)))

    async def annotate(
        self, *, offset_unit: filters.OffsetUnit | None = None, **story: Unpack[filters.StoryFields]
    ) -> answers.AnnotatedStory:
        """Return a story annotated, without keeping it."""
        return cast(answers.AnnotatedStory, await self._json(calls.annotate(story, offset_unit)))

    async def replace(
        self, article_id: str, *, if_match: str | None = None, **story: Unpack[filters.StoryFields]
    ) -> answers.Article:
        """Make a story the new revision of an article: only while its tag is ``if_match``, when that is given.

        Raises: ConflictProblem when somebody was quicker.
        """
        return cast(answers.Article, await self._json(calls.replace(article_id, story, if_match)))

    async def remove(self, article_id: str, *, if_match: str | None = None) -> None:
        """Delete an article: only while its tag is ``if_match``, when that is given."""
        await self._send(calls.remove(article_id, if_match))

    async def ingest(
        self, stories: Iterable[filters.StoryFields], *, idempotency_key: str | None = None
    ) -> answers.Ingestion:
        """Hand many stories in, to be annotated in the background."""
        return cast(answers.Ingestion, await self._json(calls.add_stories(stories, idempotency_key)))

    async def finished(self, ingestion_id: str, *, every: float = 1.0) -> answers.Ingestion:
        """Return an ingestion when it is done or cancelled, looking at it ``every`` so many seconds."""
        while True:
            found = await self.ingestion(ingestion_id)
            if found["state"] in {"done", "cancelled"}:
                return found
            await asyncio.sleep(every)

    async def article(self, article_id: str, *, offset_unit: filters.OffsetUnit | None = None) -> answers.Article:
        """Return one article whole."""
        return cast(answers.Article, await self._json(calls.read_one("articles", article_id, offset_unit=offset_unit)))

    async def tagged(
        self, article_id: str, *, offset_unit: filters.OffsetUnit | None = None
    ) -> tuple[answers.Article, str]:
        """Return one article whole, and the tag that a change of it can be tied to (``if_match``)."""
        answer = await self._send(calls.read_one("articles", article_id, offset_unit=offset_unit))
        return cast(answers.Article, answer.json()), answer.headers["etag"]

    async def text(self, article_id: str, *, revision: int | None = None) -> str:
        """Return the text that offsets point into, of the current revision by default."""
        return (await self._send(calls.read_one("articles", article_id, "text", revision=revision))).text

    async def quote(self, quote_id: str, *, offset_unit: filters.OffsetUnit | None = None) -> answers.Quote:
        """Return one quote."""
        return cast(answers.Quote, await self._json(calls.read_one("quotes", quote_id, offset_unit=offset_unit)))

    async def person(self, entity_id: str) -> answers.KnownEntity:
        """Return one person."""
        return cast(answers.KnownEntity, await self._json(calls.read_one("people", entity_id)))

    async def organization(self, entity_id: str) -> answers.KnownEntity:
        """Return one organization."""
        return cast(answers.KnownEntity, await self._json(calls.read_one("organizations", entity_id)))

    async def ingestion(self, ingestion_id: str) -> answers.Ingestion:
        """Return how far an ingestion is."""
        return cast(answers.Ingestion, await self._json(calls.read_one("ingestions", ingestion_id)))

    async def search(
        self, q: str, *, limit: int | None = None, offset_unit: filters.OffsetUnit | None = None
    ) -> answers.Found:
        """Return what words find: the first of each kind."""
        asked = {"q": q, "limit": limit, "offset_unit": offset_unit}
        return cast(answers.Found, await self._json(calls.read("/search", asked)))

    async def suggest(
        self,
        q: str,
        *,
        type: Literal["person", "organization"] | None = None,  # noqa: A002 (the API's word)
        limit: int | None = None,
    ) -> list[answers.Suggestion]:
        """Return people and organizations with a name of which a word begins so, the best known first."""
        found = await self._json(calls.read("/suggest", {"q": q, "type": type, "limit": limit}))
        return cast(list[answers.Suggestion], found["items"])

    def articles(self, **asked: Unpack[filters.ArticleFilters]) -> AsyncIterator[answers.ArticleSummary]:
        """Yield the articles, without their text, that all filters let through."""
        return cast(AsyncIterator[answers.ArticleSummary], self.each("/articles", asked))

    def quotes(self, **asked: Unpack[filters.QuoteFilters]) -> AsyncIterator[answers.Quote]:
        """Yield the quotes that all filters let through."""
        return cast(AsyncIterator[answers.Quote], self.each("/quotes", asked))

    def people(self, **asked: Unpack[filters.EntityFilters]) -> AsyncIterator[answers.KnownEntity]:
        """Yield the people that all filters let through."""
        return cast(AsyncIterator[answers.KnownEntity], self.each("/people", asked))

    def organizations(self, **asked: Unpack[filters.EntityFilters]) -> AsyncIterator[answers.KnownEntity]:
        """Yield the organizations that all filters let through."""
        return cast(AsyncIterator[answers.KnownEntity], self.each("/organizations", asked))

    def positions(self, **asked: Unpack[filters.PositionFilters]) -> AsyncIterator[answers.Position]:
        """Yield the positions that all filters let through."""
        return cast(AsyncIterator[answers.Position], self.each("/positions", asked))

    def issues(self, **asked: Unpack[filters.IssueFilters]) -> AsyncIterator[answers.Issue]:
        """Yield the issues that all filters let through."""
        return cast(AsyncIterator[answers.Issue], self.each("/issues", asked))

    def review(self, **asked: Unpack[filters.ReviewFilters]) -> AsyncIterator[dict[str, Any]]:
        """Yield the annotations that wait to be looked through, the least sure first."""
        return self.each("/review", asked)

    def changes(self, since: int = 0, *, limit: int | None = None) -> AsyncIterator[answers.StoryChange]:
        """Yield what changed after a position, the oldest first, up to now."""
        return cast(AsyncIterator[answers.StoryChange], self.each("/changes", {"since": since, "limit": limit}))

    async def export(self, kind: filters.Kind, **asked: object) -> AsyncGenerator[dict[str, Any], None]:
        """Yield all items of a list, with its filters, read off one answer as it comes: memory stays flat.

        Raises: NoAnswerError when the answer breaks off; what came before it is good.
        """
        lines = Lines()
        async with aclosing(self.download(kind, "ndjson", **asked)) as chunks:
            async for chunk in chunks:
                for item in lines.of(chunk):
                    yield item
        for item in lines.rest():
            yield item

    async def download(
        self, kind: filters.Kind, ending: filters.Ending, **asked: object
    ) -> AsyncGenerator[bytes, None]:
        """Yield a whole list, with its filters, as CSV or lines of JSON: the bytes as they come."""
        call = calls.read_whole(kind, ending, asked)
        answer = await self._send(call, stream=True)
        try:
            async for chunk in answer.aiter_bytes():
                yield chunk
        except httpx.TransportError as error:
            raise no_answer(call, error) from error
        finally:
            await answer.aclose()

    async def get(self, path: str, parameters: Mapping[str, object] | None = None) -> Any:  # noqa: ANN401 (a JSON value)
        """Return the JSON at any other address of the service, as in ``get("/issues/...")``."""
        return await self._json(calls.read(path, parameters))

    async def each(self, path: str, parameters: Mapping[str, object] | None = None) -> AsyncGenerator[Any, None]:
        """Yield the items of any list of the service, page after page, as in ``each("/people/.../quotes")``."""
        following: Call | None = calls.read(path, parameters)
        while following is not None:
            page = await self._json(following)
            for item in page["items"]:
                yield item
            following = following.following(page["next"]) if page["next"] else None

    async def _json(self, call: Call) -> Any:  # noqa: ANN401 (a JSON value)
        return (await self._send(call)).json()

    async def _send(self, call: Call, *, stream: bool = False) -> httpx.Response:
        """Return the answer to a call, sent again as often as ``retries`` says; a stream is not read yet."""
        request = call.request(self._client)
        done = 0
        while True:
            answer, broken = await self._try(request, stream=stream)
            if answer is not None and answer.is_success:
                return answer
            pause = self.retries.pause(call, answer, done)
            if pause is None:
                raise failure(call, answer, broken)
            await asyncio.sleep(pause)
            done += 1

    async def _try(
        self, request: httpx.Request, *, stream: bool
    ) -> tuple[httpx.Response | None, httpx.TransportError | None]:
        try:
            answer = await self._client.send(request, stream=stream)
            if not answer.is_success:
                await answer.aread()
        except httpx.TransportError as error:
            return None, error
        return answer, None
