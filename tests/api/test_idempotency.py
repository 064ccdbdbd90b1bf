"""Requests sent again: the first answer is given again, and nothing is done twice."""

from __future__ import annotations

import threading
from datetime import UTC, datetime, timedelta
from typing import Any

import anyio
import httpx
import pytest

from app.api import idempotency
from app.domain.analysis import Analysis
from app.domain.document import Document
from app.store import answers
from app.store.answers import Claim
from app.store.keys import Scope, create_key
from tests.api.plain_rules import PlainRules
from tests.api.service import BRIDGE, FERRY, Service, client_of, make_service, work_off
from tests.api.test_ingestions import NDJSON, lines

pytestmark = pytest.mark.anyio

KEY = {"Idempotency-Key": '"5b9f-1"'}


async def post(service: Service, path: str, body: bytes, **headers: str) -> httpx.Response:
    """Send a request with the key."""
    return await service.client.post(path, content=body, headers={**KEY, **headers})


TEXT: dict[str, Any] = {"Content-Type": "text/plain"}


async def test_a_story_sent_again_is_answered_as_it_was_first(service_anywhere: Service) -> None:
    first = await post(service_anywhere, "/articles", BRIDGE.encode(), **TEXT)
    again = await post(service_anywhere, "/articles", BRIDGE.encode(), **TEXT)
    bare = await service_anywhere.client.post(
        "/articles", content=BRIDGE.encode(), headers={**TEXT, "Idempotency-Key": "5b9f-1"}
    )

    assert (first.status_code, again.status_code) == (201, 201)
    assert again.content == bare.content == first.content
    assert again.headers["location"] == first.headers["location"]
    assert "idempotent-replayed" not in first.headers
    assert again.headers["idempotent-replayed"] == "true"


async def test_stories_sent_again_are_taken_once(service_anywhere: Service) -> None:
    first = await post(service_anywhere, "/ingestions", lines(BRIDGE, FERRY), **NDJSON)
    again = await post(service_anywhere, "/ingestions", lines(BRIDGE, FERRY), **NDJSON)

    assert (first.status_code, again.status_code) == (202, 202)
    assert again.json() == first.json()
    assert again.headers["location"] == first.headers["location"]
    assert len((await service_anywhere.get("/ingestions"))["items"]) == 1


@pytest.mark.parametrize("path", ["/articles", "/ingestions"])
async def test_a_key_sent_with_another_body_is_refused(service: Service, path: str) -> None:
    headers = TEXT if path == "/articles" else NDJSON
    assert (await post(service, path, lines(BRIDGE), **headers)).is_success

    other = await post(service, path, lines(FERRY), **headers)

    assert (other.status_code, other.json()["type"]) == (422, "/problems/idempotency-key-reused")


@pytest.mark.parametrize("path", ["/articles", "/ingestions"])
async def test_a_request_that_was_refused_may_be_put_right_under_its_key(service: Service, path: str) -> None:
    headers = {"Content-Type": "application/json"}
    assert (await post(service, path, b'{"text"', **headers)).status_code == 400

    assert (await post(service, path, b"[]" if path == "/ingestions" else lines(BRIDGE), **headers)).is_success


@pytest.mark.parametrize("key", ["", " ", "x" * 256, '""', "caf\u00e9"])
async def test_what_is_no_key_is_refused(service: Service, key: str) -> None:
    answer = await service.client.post(
        "/articles", content=BRIDGE, headers=[(b"Content-Type", b"text/plain"), (b"Idempotency-Key", key.encode())]
    )

    assert answer.status_code == 422
    assert answer.json()["errors"][0]["field"] == "Idempotency-Key"


class Slow(PlainRules):
    """An annotator that waits until it is told to go on."""

    def __init__(self) -> None:
        self.begun = threading.Event()
        self.go_on = threading.Event()

    def annotate(self, document: Document) -> Analysis:
        """Return the analysis when told to."""
        self.begun.set()
        assert self.go_on.wait(60)
        return super().annotate(document)


async def test_a_key_at_work_is_refused_until_it_is_answered(sqlite_url: str) -> None:
    slow = Slow()
    app = make_service(sqlite_url, slow)
    async with client_of(app) as client:
        service = Service(app, client)
        answered: list[int] = []

        async def send() -> None:
            answered.append((await post(service, "/articles", BRIDGE.encode(), **TEXT)).status_code)

        async with anyio.create_task_group() as group:
            group.start_soon(send)
            assert await anyio.to_thread.run_sync(lambda: slow.begun.wait(60))
            for path, headers in (("/articles", TEXT), ("/ingestions", NDJSON)):
                meanwhile = await post(service, path, BRIDGE.encode(), **headers)
                assert meanwhile.status_code in {409, 422}
            meanwhile = await post(service, "/articles", BRIDGE.encode(), **TEXT)
            slow.go_on.set()
        assert answered == [201]
    assert (meanwhile.status_code, meanwhile.json()["type"]) == (409, "/problems/idempotency-key-in-use")
    assert int(meanwhile.headers["retry-after"]) > 0
    app.state.parts.store.close()


async def test_a_claim_whose_process_is_gone_is_taken_over(service: Service, monkeypatch: pytest.MonkeyPatch) -> None:
    with service.app.state.parts.store.writing() as session:
        assert answers.claim(session, Claim("", "5b9f-1", "", "gone"), timedelta(minutes=1)) is None
    assert (await post(service, "/articles", BRIDGE.encode(), **TEXT)).status_code == 409

    monkeypatch.setattr(idempotency, "STALE_STORY", timedelta(seconds=-1))

    assert (await post(service, "/articles", BRIDGE.encode(), **TEXT)).status_code == 201


async def test_each_api_key_has_idempotency_keys_of_its_own(sqlite_url: str) -> None:
    app = make_service(sqlite_url, access="keys")
    scopes: tuple[Scope, ...] = ("ingest",)
    with app.state.parts.store.writing() as session:
        sent = [create_key(session, name, scopes, datetime.now(UTC))[1] for name in ("wire", "desk")]
    async with client_of(app) as client:
        service = Service(app, client)
        wire, desk = [{"Authorization": f"Bearer {key}"} for key in sent]
        first = await post(service, "/articles", BRIDGE.encode(), **TEXT, **wire)
        other = await post(service, "/articles", FERRY.encode(), **TEXT, **desk)
        again = await post(service, "/articles", BRIDGE.encode(), **TEXT, **wire)
        reused = await post(service, "/articles", FERRY.encode(), **TEXT, **wire)
    app.state.parts.store.close()

    assert [answer.status_code for answer in (first, other, again, reused)] == [201, 201, 201, 422]
    assert again.headers["idempotent-replayed"] == "true"
    assert again.json()["id"] == first.json()["id"] != other.json()["id"]


async def test_kept_answers_are_forgotten_in_time(service: Service) -> None:
    await post(service, "/articles", BRIDGE.encode(), **TEXT)
    with service.app.state.parts.store.writing() as session:
        answers.forget(session, timedelta(seconds=-1))

    assert (await post(service, "/articles", BRIDGE.encode(), **TEXT)).status_code == 200


async def test_a_story_that_need_not_be_waited_for_is_kept_later(service_anywhere: Service) -> None:
    headers = {**TEXT, "Prefer": "wait=5, Respond-Async"}
    answer = await service_anywhere.client.post("/articles", content=BRIDGE.encode(), headers=headers)

    assert (answer.status_code, answer.headers["preference-applied"]) == (202, "respond-async")
    assert (await service_anywhere.get("/articles"))["items"] == []
    work_off(service_anywhere.app)
    (item,) = (await service_anywhere.get(f"{answer.headers['location']}/items"))["items"]
    article = await service_anywhere.get(f"/articles/{item['article_id']}")
    assert article["text"] == BRIDGE
    assert article["media_type"] == "text/plain"


async def test_a_full_queue_takes_no_story_for_later_either(sqlite_url: str) -> None:
    app = make_service(sqlite_url, max_queued_stories=1)
    async with client_of(app) as client:
        headers = {**TEXT, "Prefer": "respond-async"}
        assert (await client.post("/articles", content=b"One.", headers=headers)).status_code == 202
        assert (await client.post("/articles", content=b"Two.", headers=headers)).status_code == 503
        assert (await client.post("/articles", content=b"Two.", headers=TEXT)).status_code == 201
    app.state.parts.store.close()
