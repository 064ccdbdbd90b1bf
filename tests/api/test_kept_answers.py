"""Answers from memory: the same as from the database, and never those of before a change."""

from __future__ import annotations

import asyncio
import gzip
from collections.abc import Awaitable, Callable
from typing import Any

import brotli
import httpx
import pytest
import zstandard
from sqlalchemy import text
from starlette.types import Message, Receive, Scope, Send

from app.api.kept import KeepAnswers, Kept, Shelf
from app.api.representations import etag_of
from app.store.postgres_state import PostgresState
from app.store.state import SqliteState, State, state_of
from app.store.store import open_store
from tests.api.service import BRIDGE, FERRY, Service, client_of, make_service

pytestmark = pytest.mark.anyio


async def test_the_second_answer_is_the_first(service_anywhere: Service) -> None:
    key = await service_anywhere.add(BRIDGE)
    for path in (f"/articles/{key}", f"/articles/{key}/quotes", "/quotes?facet=type", "/people", "/search?q=bridge"):
        first = await service_anywhere.client.get(path)
        second = await service_anywhere.client.get(path)
        known = await service_anywhere.client.get(path, headers={"If-None-Match": first.headers["etag"]})
        other = await service_anywhere.client.get(path, headers={"If-None-Match": '"other"'})

        varying = {"x-request-id"}
        assert second.content == first.content == other.content
        assert {k: v for k, v in second.headers.items() if k not in varying} == {
            k: v for k, v in first.headers.items() if k not in varying
        }
        assert (known.status_code, known.content, known.headers["etag"]) == (304, b"", first.headers["etag"])
        assert "content-length" not in known.headers
        head = await service_anywhere.client.head(path)
        assert (head.content, head.headers["content-length"]) == (b"", first.headers["content-length"])
        assert {k: v for k, v in head.headers.items() if k not in varying} == {
            k: v for k, v in first.headers.items() if k not in varying
        }


async def test_names_that_are_sent_twice_are_one_list(service: Service) -> None:
    key = await service.add(BRIDGE)
    tag = (await service.client.get(f"/articles/{key}")).headers["etag"]
    twice = [("If-None-Match", '"other"'), ("If-None-Match", tag)]
    assert (await service.client.get(f"/articles/{key}", headers=twice)).status_code == 304
    forms = [("Accept", "image/png"), ("Accept", "text/csv")]
    assert (await service.client.get("/quotes", headers=forms)).headers["content-type"].startswith("text/csv")


async def test_a_change_is_seen_at_once(service_anywhere: Service) -> None:
    client = service_anywhere.client
    key = await service_anywhere.add(BRIDGE)
    for _ in range(2):
        assert (await client.get(f"/articles/{key}")).json()["title"] != "New"
        assert len((await client.get("/articles")).json()["items"]) == 1
    await client.put(f"/articles/{key}", json={"text": BRIDGE, "title": "New"})
    assert (await client.get(f"/articles/{key}")).json()["title"] == "New"
    await service_anywhere.add(FERRY)
    assert len((await client.get("/articles")).json()["items"]) == 2
    await client.delete(f"/articles/{key}")
    assert (await client.get(f"/articles/{key}")).status_code == 404
    assert len((await client.get("/articles")).json()["items"]) == 1


async def test_a_change_by_another_process_is_seen_at_once(database_url: str) -> None:
    mine, others = make_service(database_url), make_service(database_url)
    async with client_of(mine) as client, client_of(others) as other:
        key = await Service(others, other).add(BRIDGE)
        for title in ("One", "Two", "Three"):
            await other.put(f"/articles/{key}", json={"text": BRIDGE, "title": title})
            assert (await client.get(f"/articles/{key}")).json()["title"] == title
            assert (await client.get(f"/articles/{key}")).json()["title"] == title
    mine.state.parts.store.close()
    others.state.parts.store.close()


async def test_clients_that_ask_for_other_forms_get_them(service: Service) -> None:
    key = await service.add(BRIDGE)
    path = f"/articles/{key}"
    plain = (await service.client.get(path, headers={"Accept-Encoding": "identity"})).content
    for _ in range(2):
        for coding, decode in (
            ("gzip", gzip.decompress),
            ("br", brotli.decompress),
            ("zstd", lambda body: zstandard.ZstdDecompressor().decompress(body)),
        ):
            headers, body = await raw(service, path, coding)
            assert headers[b"content-encoding"] == coding.encode()
            assert headers[b"vary"] == b"Accept, Accept-Encoding"
            assert int(headers[b"content-length"]) == len(body) < len(plain)
            assert decode(body) == plain
            again = await service.client.get(
                path, headers={"Accept-Encoding": coding, "If-None-Match": headers[b"etag"].decode()}
            )
            assert again.status_code == 304
        refused = await service.client.get(path, headers={"Accept": "image/png"})
        assert refused.status_code == 406


async def raw(service: Service, path: str, coding: str) -> tuple[dict[bytes, bytes], bytes]:
    """Return the headers and the body as they are sent: the client library would decompress it."""
    sent: list[Message] = []

    async def receive() -> Message:
        return {"type": "http.request", "body": b"", "more_body": False}

    async def send(message: Message) -> None:
        sent.append(message)

    scope: dict[str, Any] = {
        "type": "http",
        "method": "GET",
        "path": path,
        "raw_path": path.encode(),
        "root_path": "",
        "scheme": "http",
        "query_string": b"",
        "headers": [(b"host", b"sayso.test"), (b"accept-encoding", coding.encode())],
        "client": ("127.0.0.1", 1),
        "server": ("127.0.0.1", 80),
    }
    await service.app(scope, receive, send)
    return dict(sent[0]["headers"]), b"".join(m["body"] for m in sent[1:])


async def test_a_tag_of_a_compressed_answer_guards_a_change(service: Service) -> None:
    key = await service.add(BRIDGE)
    headers, _ = await raw(service, f"/articles/{key}", "br")
    changed = await service.client.put(
        f"/articles/{key}", json={"text": BRIDGE, "title": "T"}, headers={"If-Match": headers[b"etag"].decode()}
    )
    assert changed.status_code == 200


async def test_a_small_answer_is_sent_as_it_is(service: Service) -> None:
    answer = await service.client.get("/quotes", headers={"Accept-Encoding": "gzip"})
    assert "content-encoding" not in answer.headers


async def test_when_an_article_was_changed_is_told(service: Service) -> None:
    key = await service.add(BRIDGE)
    for path in (f"/articles/{key}", f"/articles/{key}/quotes", f"/articles/{key}/annotations"):
        assert (await service.client.get(path)).headers["last-modified"].endswith(" GMT")


@pytest.mark.parametrize("room", [0, 1_000_000])
async def test_what_was_not_changed_since_is_not_sent_again(sqlite_url: str, room: int) -> None:
    app = make_service(sqlite_url, cache_bytes=room)
    async with client_of(app) as client:
        key = await Service(app, client).add(BRIDGE)
        told = (await client.get(f"/articles/{key}")).headers["last-modified"]
        for path in (f"/articles/{key}", f"/articles/{key}/quotes", f"/articles/{key}/annotations"):
            first = await client.get(path)
            assert first.headers["last-modified"] == told
            for since, status in (
                (told, 304),
                ("Fri, 01 Jan 2100 00:00:00 GMT", 304),
                ("Friday, 01-Jan-60 00:00:00 GMT", 304),
                ("Fri Jan  1 00:00:00 2100", 304),
                ("Mon, 01 Jan 2001 00:00:00 GMT", 200),
                ("Mon, 41 Jan 2001 00:00:00 GMT", 200),
                (f"{told}, {told}", 200),
                ("yesterday", 200),
            ):
                answer = await client.get(path, headers={"If-Modified-Since": since})
                head = await client.head(path, headers={"If-Modified-Since": since})
                assert (answer.status_code, head.status_code) == (status, status), since
                assert answer.headers["etag"] == first.headers["etag"]
            # A tag says more than a moment: where both are sent, it alone decides.
            both = {"If-Modified-Since": told, "If-None-Match": '"other"'}
            assert (await client.get(path, headers=both)).status_code == 200
        # Nobody knows when a list was changed last.
        assert (await client.get("/quotes", headers={"If-Modified-Since": told})).status_code == 200
        facets = await client.get(f"/articles/{key}/quotes?facet=speaker", headers={"If-Modified-Since": told})
        assert (facets.status_code, "last-modified" in facets.headers) == (200, False)
    app.state.parts.store.close()


async def test_one_reading_answers_all_who_ask_meanwhile() -> None:
    reads: list[str] = []
    going_on = asyncio.Event()

    async def app(scope: Scope, _receive: Receive, send: Send) -> None:
        reads.append(scope["path"])
        await going_on.wait()
        if len(reads) == 1 and scope["path"] == "/quotes/broken":
            raise ConnectionError
        fields = [] if scope["path"] == "/quotes/untagged" else [(b"etag", b'"1"')]
        await send({"type": "http.response.start", "status": 200, "headers": fields})
        if scope["path"] == "/quotes/long":
            await send({"type": "http.response.body", "body": b"", "more_body": True})
        await send({"type": "http.response.body", "body": b"{}"})

    for path, expected in (("/quotes", 1), ("/quotes/untagged", 3), ("/quotes/long", 3), ("/quotes/broken", 3)):
        reads.clear()
        going_on.clear()
        front = KeepAnswers(app, state=Still(), paths=frozenset({"quotes"}), room=10_000)
        asking = [asyncio.create_task(answered(front, path)) for _ in range(3)]
        await asyncio.sleep(0)
        going_on.set()
        answers = await asyncio.gather(*asking, return_exceptions=True)
        assert len(reads) == expected, path
        assert sum(answer == b"{}" for answer in answers) == (2 if path == "/quotes/broken" else 3)


async def test_nobody_waits_for_how_fast_another_takes_an_answer() -> None:
    taken = asyncio.Event()

    async def app(_scope: Scope, _receive: Receive, send: Send) -> None:
        await send({"type": "http.response.start", "status": 200, "headers": [(b"etag", b'"1"')]})
        await send({"type": "http.response.body", "body": b"{}"})

    front = KeepAnswers(app, state=Still(), paths=frozenset({"quotes"}), room=10)
    slow = asyncio.create_task(answered(front, "/quotes", taken))
    await asyncio.sleep(0)
    assert await answered(front, "/quotes") == b"{}"
    taken.set()
    assert await slow == b"{}"


class Still:
    """A database in which nothing happens."""

    async def current(self) -> State | None:
        return 1

    def close(self) -> None:
        """Nothing is held."""


async def answered(front: KeepAnswers, path: str, taken: asyncio.Event | None = None) -> bytes:
    """Return the body of an answer that is not taken before ``taken``."""
    sent: list[Message] = []

    async def receive() -> Message:
        return {"type": "http.request", "body": b"", "more_body": False}

    async def send(message: Message) -> None:
        if taken is not None:
            await taken.wait()
        sent.append(message)

    scope: dict[str, Any] = {"type": "http", "method": "GET", "scheme": "http", "path": path}
    await front({**scope, "query_string": b"", "headers": []}, receive, send)
    return b"".join(m.get("body", b"") for m in sent)


async def test_shared_caches_may_be_allowed_some_seconds(sqlite_url: str) -> None:
    app = make_service(sqlite_url, cache_seconds=30)
    async with client_of(app) as client:
        answer = await client.get("/articles")
        alive = await client.get("/livez")
    app.state.parts.store.close()
    assert answer.headers["cache-control"] == "public, max-age=0, s-maxage=30, stale-while-revalidate=30"
    assert alive.headers["cache-control"] == "no-store"


async def test_pages_of_allowed_origins_may_ask_and_read(sqlite_url: str) -> None:
    app = make_service(sqlite_url, cors_origins=("https://news.example",))
    async with client_of(app) as client:
        asked = {"Origin": "https://news.example", "Access-Control-Request-Method": "PUT"}
        before = await client.options("/articles/x", headers=asked)
        answer = await client.get("/articles", headers={"Origin": "https://news.example"})
        other = await client.get("/articles", headers={"Origin": "https://else.example"})
    app.state.parts.store.close()
    assert (before.status_code, before.headers["access-control-allow-origin"]) == (200, "https://news.example")
    assert {"ETag", "Link", "X-Request-ID"} <= set(answer.headers["access-control-expose-headers"].split(", "))
    assert "Origin" in answer.headers["vary"]
    assert "access-control-allow-origin" not in other.headers


async def test_no_other_origin_may_read_by_default(service: Service) -> None:
    answer = await service.client.get("/articles", headers={"Origin": "https://news.example"})
    assert "access-control-allow-origin" not in answer.headers


async def test_a_change_without_a_tag_is_refused_where_one_is_asked_for(sqlite_url: str) -> None:
    app = make_service(sqlite_url, require_if_match=True)
    async with client_of(app) as client:
        service = Service(app, client)
        key = await service.add(BRIDGE)
        tag = (await client.get(f"/articles/{key}")).headers["etag"]
        refused = [
            await client.put(f"/articles/{key}", json={"text": FERRY}),
            await client.delete(f"/articles/{key}"),
        ]
        allowed = await client.delete(f"/articles/{key}", headers={"If-Match": tag})
    app.state.parts.store.close()
    assert [answer.status_code for answer in refused] == [428, 428]
    assert refused[0].json()["type"] == "/problems/precondition-required"
    assert allowed.status_code == 204


def kept(size: int) -> Kept:
    """Return an answer of so many bytes."""
    start: Message = {"type": "http.response.start", "status": 200, "headers": []}
    return Kept(1, start, start, b'"t"', None, {"type": "http.response.body", "body": b"x" * size}, None)


def test_the_least_wanted_answers_make_room() -> None:
    shelf = Shelf(room=30_000)
    for name in "abcdefghij":
        shelf.put(name, kept(2_000))
        shelf.get("a")
    assert set(shelf.answers) == set("abcdefghij")
    shelf.put("k", kept(2_000))
    assert set(shelf.answers) == set("acdefghijk")
    shelf.put("a", kept(1_000))
    assert shelf.taken == 29_000
    shelf.put("large", kept(4_000))
    assert "large" not in shelf.answers
    shelf.drop("nothing")


class Unknown:
    """A database whose state cannot be told."""

    async def current(self) -> State | None:
        """Return nothing."""
        return None

    def close(self) -> None:
        """Hold nothing."""


async def ask(app: Callable[[Scope, Receive, Send], Awaitable[None]], path: str = "/articles") -> httpx.Response:
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://sayso.test") as client:
        return await client.get(path)


def counting(
    *, whole: bool = True, tag: bool = True
) -> tuple[Callable[[Scope, Receive, Send], Awaitable[None]], list[int]]:
    """Return an application that counts how often it is asked."""
    asked: list[int] = []

    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        asked.append(1)
        headers = [(b"etag", etag_of(b"ab").encode())] if tag else []
        await send({"type": "http.response.start", "status": 200, "headers": headers})
        if whole:
            await send({"type": "http.response.body", "body": b"ab"})
        else:
            await send({"type": "http.response.body", "body": b"a", "more_body": True})
            await send({"type": "http.response.body", "body": b"b"})

    return app, asked


async def test_nothing_is_kept_when_the_state_cannot_be_told() -> None:
    inner, asked = counting()
    app = KeepAnswers(inner, state=Unknown(), paths=frozenset({"articles"}), room=1_000_000)
    assert [(await ask(app)).content for _ in range(2)] == [b"ab", b"ab"]
    assert len(asked) == 2


@pytest.mark.parametrize(("whole", "tag", "times"), [(True, True, 1), (False, True, 2), (True, False, 2)])
async def test_what_is_sent_in_pieces_or_has_no_tag_is_not_kept(
    sqlite_url: str,
    whole: bool,  # noqa: FBT001 (a case)
    tag: bool,  # noqa: FBT001 (the same)
    times: int,
) -> None:
    inner, asked = counting(whole=whole, tag=tag)
    state = state_of(open_store(sqlite_url).engine.url)
    app = KeepAnswers(inner, state=state, paths=frozenset({"articles"}), room=1_000_000)
    assert [(await ask(app)).content for _ in range(2)] == [b"ab", b"ab"]
    assert len(asked) == times
    await ask(app, "/livez")
    assert len(asked) == times + 1
    state.close()


async def test_the_state_of_a_database_that_is_away_cannot_be_told(empty_sqlite_url: str) -> None:
    sqlite = state_of(open_store(empty_sqlite_url).engine.url)
    postgres = PostgresState("host=127.0.0.1 port=1 user=nobody dbname=none")
    assert isinstance(sqlite, SqliteState)
    assert await sqlite.current() is None
    assert await postgres.current() is None
    assert await postgres.current() is None
    sqlite.close()
    postgres.close()


async def test_many_who_ask_at_once_are_answered_together(postgres_url: str) -> None:
    state = state_of(open_store(postgres_url).engine.url)
    first = await asyncio.gather(*(state.current() for _ in range(20)))
    assert len(set(first)) == 1
    state.close()


async def test_a_connection_that_breaks_is_made_again(postgres_url: str) -> None:
    state = state_of(open_store(postgres_url).engine.url)
    assert isinstance(state, PostgresState)
    assert await state.current() is not None
    assert state.connection is not None
    await state.connection.close()
    assert await state.current() is None
    assert state.resting_until > 0
    state.resting_until = 0.0
    assert await state.current() is not None
    state.close()


def is_connected(state: PostgresState) -> bool:
    """Say whether there is a connection at this moment."""
    return state.connection is not None


async def test_a_connection_that_the_server_ends_is_made_again(postgres_url: str) -> None:
    store = open_store(postgres_url)
    state = store.state
    assert isinstance(state, PostgresState)
    assert await state.current() is not None
    assert state.connection is not None
    backend = state.connection.info.backend_pid
    with store.writing() as session:
        session.execute(text("SELECT pg_terminate_backend(:pid)"), {"pid": backend})
    async with asyncio.timeout(60):
        while is_connected(state):  # noqa: ASYNC110 (what reads the socket tells nobody)
            await asyncio.sleep(0.01)
    state.resting_until += 600.0
    assert await state.current() is None
    state.resting_until = 0.0
    assert await state.current() is not None
    store.close()


async def test_a_question_that_the_server_refuses_ends_the_connection(postgres_url: str) -> None:
    state = state_of(open_store(postgres_url).engine.url)
    assert isinstance(state, PostgresState)
    assert await state.current() is not None
    assert state.connection is not None
    state.connection.pgconn.exec_(b"DEALLOCATE ALL")  # as a pooler does that gives the next question to another
    assert await state.current() is None
    assert not is_connected(state)
    state.close()


async def test_whoever_goes_away_takes_no_answer_from_others(postgres_url: str) -> None:
    state = state_of(open_store(postgres_url).engine.url)
    impatient, patient = (asyncio.create_task(state.current()) for _ in range(2))
    await asyncio.sleep(0)
    impatient.cancel()
    assert await patient is not None
    state.close()
