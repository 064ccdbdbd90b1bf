"""A request is sent again when that may help and does no harm."""

from __future__ import annotations

from datetime import date

import httpx
import pytest

from app.client import (
    AsyncSayso,
    BusyProblem,
    ConflictProblem,
    KeyProblem,
    NoAnswerError,
    NotFoundProblem,
    Problem,
    RefusedProblem,
    Retries,
    Sayso,
    calls,
)

HASTY = Retries(most=2, first=0.001)
READ = calls.read("/quotes")
URL = "http://sayso.test/base/"
Answers = list[int | Exception]


def telling(answers: Answers, headers: dict[str, str] | None = None) -> tuple[Sayso, list[httpx.Request]]:
    """Return a client whose requests are answered as told, and the requests that it sends."""
    waiting = iter(answers)
    sent: list[httpx.Request] = []

    def answer(request: httpx.Request) -> httpx.Response:
        sent.append(request)
        told = next(waiting)
        if isinstance(told, Exception):
            raise told
        return httpx.Response(told, json={"items": [], "next": None, "status": told}, headers=headers)

    return Sayso(URL, key="k1", retries=HASTY, transport=httpx.MockTransport(answer)), sent


@pytest.mark.parametrize("answers", [[503, 200], [429, 503, 200], [httpx.ConnectError("x"), 200]])
def test_a_read_is_sent_again_until_it_is_answered(answers: Answers) -> None:
    client, sent = telling(answers)

    assert list(client.quotes(q="bridge")) == []
    assert len(sent) == len(answers)
    assert str(sent[0].url) == "http://sayso.test/base/quotes?q=bridge"
    assert sent[0].headers["authorization"] == "Bearer k1"


def test_a_client_gives_up_in_the_end() -> None:
    client, sent = telling([503, 503, 503, 200])
    with pytest.raises(BusyProblem, match="status 503") as caught:
        list(client.quotes())
    assert (len(sent), caught.value.status, caught.value.type) == (3, 503, "about:blank")

    client, sent = telling([httpx.ReadTimeout("slow")] * 3)
    with pytest.raises(NoAnswerError, match="GET /quotes: slow"):
        list(client.quotes())


def test_what_is_being_answered_still_is_waited_for() -> None:
    client, sent = telling([httpx.ReadTimeout("slow"), 409, 200], {"Retry-After": "0"})

    client.add(text="The ferry stays.")

    assert len(sent) == 3
    client, sent = telling([409])
    with pytest.raises(ConflictProblem):
        client.add(text="The ferry stays.")


def test_a_story_is_handed_in_again_with_the_same_key() -> None:
    client, sent = telling([httpx.ReadError("cut"), 201])

    client.add(text="The ferry stays.", published_at=date(2024, 3, 5), source=None)

    assert len({request.headers["idempotency-key"] for request in sent}) == 1
    assert sent[1].content == b'{"text": "The ferry stays.", "published_at": "2024-03-05"}'


def test_what_may_have_been_done_is_not_done_twice() -> None:
    careless = calls.remove("a", None)

    assert HASTY.pause(careless, None, 0) is None
    assert HASTY.pause(careless, httpx.Response(502), 0) is None
    assert HASTY.pause(careless, httpx.Response(503, headers={"Retry-After": "7"}), 0) == 7
    assert HASTY.pause(calls.replace("a", {}, '"tag"'), None, 0) is None
    assert HASTY.pause(calls.replace("a", {}, None), None, 0) is not None
    assert HASTY.pause(calls.annotate({}), None, 0) is not None


@pytest.mark.parametrize(
    ("header", "least", "most"), [("2", 2, 2), ("Tue, 05 Mar 2024 08:30:00 GMT", 0, 0), ("soon", 0, 0.001)]
)
def test_retry_after_is_heeded(header: str, least: float, most: float) -> None:
    pause = HASTY.pause(READ, httpx.Response(429, headers={"Retry-After": header}), 0)

    assert pause is not None
    assert least <= pause <= most


def test_a_wait_that_is_too_long_is_the_callers_to_decide() -> None:
    answer = httpx.Response(503, headers={"Retry-After": "3600"})

    assert HASTY.pause(READ, answer, 0) is None


@pytest.mark.parametrize(
    ("status", "kind"),
    [
        (401, KeyProblem),
        (403, KeyProblem),
        (404, NotFoundProblem),
        (409, ConflictProblem),
        (412, ConflictProblem),
        (422, RefusedProblem),
    ],
)
def test_a_problem_is_an_exception_of_its_kind(status: int, kind: type[Problem]) -> None:
    client, _ = telling([status])

    with pytest.raises(kind):
        client.article("a/b")


def test_a_problem_of_a_proxy_is_told_by_its_status() -> None:
    client = Sayso(URL, transport=httpx.MockTransport(lambda _: httpx.Response(418, text="<html>")))

    with pytest.raises(Problem, match="418 status 418"):
        client.text("a")


def test_parameters_are_written_as_the_api_reads_them() -> None:
    call = calls.read(
        "/articles", {"facet": ("source", "language"), "limit": 5, "q": None, "min_confidence": 0.5, "flag": True}
    )

    assert call.parameters == {"facet": "source,language", "limit": "5", "min_confidence": "0.5", "flag": "true"}
    with pytest.raises(TypeError, match="object is no value"):
        calls.replace("a", {"text": object()}, None)


@pytest.mark.anyio
async def test_the_asynchronous_client_sends_again_too() -> None:
    told: list[httpx.Response | Exception] = [httpx.ConnectError("x"), httpx.Response(503)]
    answers = iter([*told, httpx.Response(200, json={"state": "done"})])

    def answer(_request: httpx.Request) -> httpx.Response:
        found = next(answers)
        if isinstance(found, Exception):
            raise found
        return found

    async with AsyncSayso(URL, retries=HASTY, transport=httpx.MockTransport(answer)) as client:
        assert (await client.ingestion("i"))["state"] == "done"
