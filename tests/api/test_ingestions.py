"""Many stories at once: accepted on disk, worked off in the background, counted once, cancelled, tried again."""

from __future__ import annotations

import gzip
import json
import os
import socket
import time
from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import anyio
import httpx
import pytest
from fastapi import FastAPI
from sqlalchemy import text

from app.api.parts import Parts
from app.domain.analysis import Analysis
from app.domain.document import Document
from app.ingest.batches import MOST_CRASHES, MOST_TRIES
from app.ingest.jobs import ANNOTATE
from app.store import batches, ingestions, retention, workers
from tests.api.plain_rules import PlainRules
from tests.api.service import BRIDGE, FERRY, Service, client_of, make_service, open_batches, work_off

pytestmark = pytest.mark.anyio

NDJSON = {"Content-Type": "application/x-ndjson"}
JSON = {"Content-Type": "application/json"}
PATIENCE = 120.0


class Choosy(PlainRules):
    """An annotator that breaks on some stories, as often as it is told."""

    def __init__(self, breaks: int) -> None:
        self.breaks = breaks

    def annotate(self, document: Document) -> Analysis:
        """Return the analysis, unless the story is broken and may break once more."""
        if "broken" in document.text and self.breaks:
            self.breaks -= 1
            msg = "this one\nbreaks"
            raise ZeroDivisionError(msg)
        return super().annotate(document)


def lines(*stories: str | dict[str, Any]) -> bytes:
    """Return stories as NDJSON."""
    return b"\n".join(json.dumps(s if isinstance(s, dict) else {"text": s}).encode() for s in stories)


async def hand_in(client: httpx.AsyncClient, body: bytes, **headers: str) -> str:
    """Hand stories in and return the address of their ingestion."""
    answer = await client.post("/ingestions", content=body, headers={**NDJSON, **headers})
    assert answer.status_code == 202, answer.text
    assert answer.headers["location"] == f"http://sayso.test/ingestions/{answer.json()['id']}"
    return f"/ingestions/{answer.json()['id']}"


@pytest.fixture
def working(app_anywhere: FastAPI) -> Iterator[FastAPI]:
    """Return the service with a worker in its process: the test runs once on each kind of database."""
    worker = app_anywhere.state.parts.worker
    worker.start()
    assert worker.wait_ready(PATIENCE)
    yield app_anywhere
    worker.stop()


async def until(look: Callable[[], Any], *, patience: float = PATIENCE) -> Any:  # noqa: ANN401 (what is looked at)
    """Return what ``look`` returns as soon as it is something."""
    end = time.monotonic() + patience
    while time.monotonic() < end:
        found = await look()
        if found:
            return found
        await anyio.sleep(0.05)
    pytest.fail("it did not happen")


async def test_what_is_handed_in_is_annotated_by_the_worker(working: FastAPI) -> None:
    async with client_of(working) as client:
        address = await hand_in(client, lines(BRIDGE, {"text": FERRY, "external_id": "f"}, {"txt": 1}, BRIDGE))

        async def done() -> Any:  # noqa: ANN401 (a JSON value)
            seen = (await client.get(address)).json()
            return seen if seen["state"] == "done" else None

        seen = await until(done)
        items = (await client.get(f"{address}/items")).json()["items"]
        listed = (await client.get("/articles")).json()["items"]

    assert {key: seen[key] for key in ("received", "annotated", "duplicate", "failed", "waiting")} == {
        "received": 4,
        "annotated": 2,
        "duplicate": 1,
        "failed": 1,
        "waiting": 0,
    }
    assert seen["rate"] > 0
    assert seen["seconds_left"] == 0
    assert [f["line"] for f in seen["failures"]] == [3]
    assert "txt: is not a field" in seen["failures"][0]["reason"]
    assert [item["state"] for item in items] == ["annotated", "annotated", "failed", "duplicate"]
    assert {item["article_id"] for item in items if item["article_id"]} == {a["id"] for a in listed}
    assert items[1]["external_id"] == "f"


async def test_progress_is_streamed_until_the_end(working: FastAPI) -> None:
    async with client_of(working) as client:
        address = await hand_in(client, lines(BRIDGE, FERRY))
        followed = await client.get(f"{address}/events", headers={"Accept": "text/event-stream"})

    assert followed.headers["content-type"].startswith("text/event-stream")
    events = [event.partition("\ndata: ") for event in followed.text.strip().split("\n\n")]
    assert events[-1][0] == "event: end"
    assert {name for name, _, _ in events[:-1]} <= {"event: progress"}
    assert json.loads(events[-1][2])["annotated"] == 2


async def test_an_array_and_a_gzipped_body_are_taken(service: Service) -> None:
    array = json.dumps([{"text": BRIDGE}, {"text": FERRY}]).encode()
    for body, headers in ((array, JSON), (gzip.compress(array), {**JSON, "Content-Encoding": "gzip"})):
        answer = await service.client.post("/ingestions", content=body, headers=headers)
        assert (answer.status_code, answer.json()["received"]) == (202, 2)
    work_off(service.app)

    found = await service.get("/ingestions")

    assert [(i["state"], i["annotated"], i["duplicate"], i["origin"]) for i in found["items"]] == [
        ("done", 0, 2, "json"),
        ("done", 2, 0, "json"),
    ]


async def test_an_upload_without_a_story_is_done_at_once(service: Service) -> None:
    address = await hand_in(service.client, b"\n \n")

    assert (await service.get(address))["state"] == "done"


@pytest.mark.parametrize(
    ("body", "headers", "status"),
    [
        (b"[1", JSON, 400),
        (b"{}", JSON, 422),
        (b'{"urls": 1', JSON, 400),
        (b"no gzip", {**NDJSON, "Content-Encoding": "gzip"}, 400),
        (gzip.compress(b"{}\n", mtime=0)[:-5], {**NDJSON, "Content-Encoding": "gzip"}, 400),
        (b"", {**NDJSON, "Content-Encoding": "br"}, 415),
        (b"", {}, 415),
        (b"", {"Content-Type": "text/csv"}, 415),
        (b"", {"Content-Type": "application/x-ndjson; charset=ISO-8859-1"}, 415),
        (b"[]", {"Content-Type": "application/json;charset=utf-16"}, 415),
        (b"", {"Content-Type": 'text/uri-list; charset="latin1"'}, 415),
    ],
)
async def test_an_upload_that_cannot_be_read_leaves_nothing(
    service: Service, body: bytes, headers: dict[str, str], status: int
) -> None:
    answer = await service.client.post("/ingestions", content=body, headers=headers)

    assert answer.status_code == status, answer.text
    assert (await service.get("/ingestions"))["items"] == []


async def test_a_full_queue_takes_no_more_and_says_when_to_come_back(sqlite_url: str) -> None:
    app = make_service(sqlite_url, max_queued_stories=3)
    async with client_of(app) as client:
        await hand_in(client, lines("One.", "Two."))
        refused = await client.post("/ingestions", content=lines("Three.", "Four."), headers=NDJSON)
        assert (refused.status_code, refused.json()["type"]) == (503, "/problems/queue-full")
        assert int(refused.headers["retry-after"]) > 0
        assert len((await client.get("/ingestions")).json()["items"]) == 1
        work_off(app)
        await hand_in(client, lines("Three.", "Four."))
    app.state.parts.store.close()


async def test_a_story_that_breaks_the_annotator_is_tried_again_and_set_aside_with_its_error(sqlite_url: str) -> None:
    app = make_service(sqlite_url, Choosy(breaks=100))
    async with client_of(app) as client:
        address = await hand_in(client, lines("A story.", {"text": "A broken one.", "external_id": "b2"}, "Another."))
        work_off(app)
        seen = (await client.get(address)).json()
        assert (seen["state"], seen["annotated"], seen["failed"]) == ("done", 2, 1)
        assert seen["failures"][0] == {
            "line": 2,
            "state": "failed",
            "external_id": "b2",
            "article_id": None,
            "reason": "ZeroDivisionError: this one",
            "tries": MOST_TRIES + 1,
            "place": None,
        }
        app.state.parts.intake.annotator.breaks = 0
        assert (await client.post(f"{address}/retry")).json()["waiting"] == 1
        assert (await client.post(f"{address}/retry")).status_code == 409
        work_off(app)
        seen = (await client.get(address)).json()
        assert (seen["state"], seen["annotated"], seen["failed"]) == ("done", 3, 0)
        assert (await client.post(f"{address}/retry")).json()["state"] == "done"
    app.state.parts.store.close()


async def test_failures_name_the_stories_that_cannot_be_read(service_anywhere: Service) -> None:
    body = b"\n".join(
        (
            b'{"external_id": "no-utf-8", "text": "caf\xe9"}',
            b'{"external_id": "no-json", "text": "It br',
            b'{"external_id": "nul\\u0000", "text": ""}',
            b'{"external_id": "empty", "text": ""}',
        )
    )
    address = await hand_in(service_anywhere.client, body)
    work_off(service_anywhere.app)
    seen = await service_anywhere.get(address)
    named = [(failure["line"], failure["external_id"]) for failure in seen["failures"]]
    assert named == [(1, "no-utf-8"), (2, "no-json"), (3, None), (4, "empty")]


async def test_a_story_that_breaks_once_is_kept(sqlite_url: str) -> None:
    app = make_service(sqlite_url, Choosy(breaks=2))
    async with client_of(app) as client:
        address = await hand_in(client, lines("A story.", "A broken one."))
        work_off(app)
        assert (await client.get(address)).json()["annotated"] == 2
    app.state.parts.store.close()


async def test_a_story_during_which_processes_ended_is_set_aside_in_the_end(service: Service) -> None:
    address = await hand_in(service.client, lines(BRIDGE, FERRY))
    parts: Parts = service.app.state.parts
    parts.worker.sweep()
    (seq,) = open_batches(parts)
    for tries in range(MOST_CRASHES):
        with parts.store.writing() as session:
            work = batches.batch(session, seq)
            assert work is not None
            assert work.items[0].tries == tries
            batches.begin(session, work, [1])
    parts.worker.work.run(seq)

    seen = await service.get(address)

    assert (seen["annotated"], seen["failed"]) == (1, 1)
    assert seen["failures"][0]["reason"].startswith("the process ended each time")


async def test_a_batch_that_is_worked_off_twice_counts_once(service_anywhere: Service) -> None:
    address = await hand_in(service_anywhere.client, lines(BRIDGE, FERRY))
    parts: Parts = service_anywhere.app.state.parts
    parts.worker.sweep()
    (seq,) = open_batches(parts)
    with parts.store.reading() as session:
        work = batches.batch(session, seq)
    assert work is not None
    parts.worker.work.settle(work, work.items)
    parts.worker.work.settle(work, work.items)
    parts.worker.work.run(seq)
    parts.worker.work.run(seq)

    seen = await service_anywhere.get(address)

    assert (seen["state"], seen["annotated"], seen["duplicate"]) == ("done", 2, 0)


async def test_what_a_worker_took_and_never_began_goes_back_into_the_queue(
    service_anywhere: Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    await hand_in(service_anywhere.client, lines(BRIDGE, FERRY))
    parts: Parts = service_anywhere.app.state.parts
    worker = parts.worker
    with parts.store.writing() as session:
        workers.beat(session, worker.id, socket.gethostname(), os.getpid())
    worker.sweep()
    (job,) = parts.jobs.client.list_workflows(name=ANNOTATE)
    schema = "dbos." if parts.store.engine.dialect.name == "postgresql" else ""
    taken = f"UPDATE {schema}workflow_status SET status = 'PENDING', executor_id = :worker WHERE workflow_uuid = :job"
    with parts.store.writing() as session:
        session.execute(text(taken), {"worker": worker.id, "job": job.workflow_id})

    def state() -> str:
        worker.sweep()
        (found,) = parts.jobs.client.list_workflows(workflow_ids=[job.workflow_id])
        return str(found.status)

    assert [state(), state()] == ["PENDING", "PENDING"]  # it may be about to begin
    monkeypatch.setattr("app.ingest.worker.STRANDED_SECONDS", 0.0)
    with worker.at_work(job.workflow_id):
        assert state() == "PENDING"
    assert state() == "ENQUEUED"


async def test_cancelling_gives_up_what_waits_and_keeps_what_is_there(service_anywhere: Service) -> None:
    client = service_anywhere.client
    address = await hand_in(client, lines(*(f"Story {i}." for i in range(70))))
    parts: Parts = service_anywhere.app.state.parts
    parts.worker.sweep()
    parts.worker.work.run(open_batches(parts)[0])

    cancelled = (await client.delete(address)).json()

    assert (cancelled["state"], cancelled["annotated"], cancelled["waiting"]) == ("cancelled", 16, 0)
    assert open_batches(parts) == []
    assert (await client.delete(address)).json()["state"] == "cancelled"
    given_up = await service_anywhere.get(f"{address}/items", state="cancelled", limit=100)
    assert [item["state"] for item in given_up["items"]] == ["cancelled"] * 54
    assert (await service_anywhere.get(f"{address}/items", state="waiting"))["items"] == []
    assert len((await service_anywhere.get(f"{address}/items", limit=100))["items"]) == 70


async def test_an_upload_in_progress_is_not_seen_and_its_remains_are_swept(service: Service) -> None:
    parts: Parts = service.app.state.parts
    with parts.store.writing() as session:
        key = ingestions.open_ingestion(session, "ndjson", "-")
        ingestions.add_batch(session, key, 1, [ingestions.NewItem(1, b"{}")])
    assert (await service.client.get(f"/ingestions/{key}")).status_code == 404
    assert (await service.client.delete(f"/ingestions/{key}")).status_code == 404

    with parts.store.writing() as session:
        ingestions.discard_stale(session, timedelta(seconds=-1))

    with parts.store.reading() as session:
        assert ingestions.queued_stories(session) == 0


async def test_pages_of_items_follow_each_other(service: Service) -> None:
    address = await hand_in(service.client, lines(*(f"Story {i}." for i in range(5))))

    first = await service.get(f"{address}/items", limit=3)
    second = (await service.client.get(first["next"])).json()

    assert [item["line"] for item in first["items"] + second["items"]] == [1, 2, 3, 4, 5]
    assert second["next"] is None


async def test_workflows_that_ended_are_forgotten_in_time_and_no_others(service_anywhere: Service) -> None:
    parts = service_anywhere.app.state.parts
    for _ in range(2):
        await hand_in(service_anywhere.client, b'{"text": "The ferry stays."}\n')
    first, second = [found.workflow_id for found in parts.jobs.client.list_workflows()]
    parts.jobs.client.cancel_workflow(first)

    parts.worker.tidy()
    kept = [found.workflow_id for found in parts.jobs.client.list_workflows()]
    forgotten = parts.jobs.forget_finished(timedelta(seconds=-1), 10)

    assert (kept, forgotten) == ([first, second], 1)
    assert [found.workflow_id for found in parts.jobs.client.list_workflows()] == [second]


async def test_items_go_when_an_ingestion_has_been_over_for_long_and_the_counts_stay(
    service_anywhere: Service,
) -> None:
    parts = service_anywhere.app.state.parts
    stories: list[str | dict[str, Any]] = [*(f"Story {i}." for i in range(40)), "Story 1.", {"text": ""}]
    headers = {"Idempotency-Key": "the archive"}
    address = await hand_in(service_anywhere.client, lines(*stories), **headers)
    work_off(service_anywhere.app)
    parts.worker.tidy()
    waiting = await hand_in(service_anywhere.client, lines("Not worked on yet."))
    before = await service_anywhere.get(address)
    assert before["items_removed_at"] is None
    assert len((await service_anywhere.get(f"{address}/items", limit=100))["items"]) == 42
    answer = await service_anywhere.client.get("/metrics")
    told = {line for line in answer.text.splitlines() if line.startswith("sayso_ingestion_stories_total")}

    steps = []
    for _ in range(10):
        with parts.store.writing() as session:
            steps.append(retention.remove_items(session, timedelta(seconds=-1), 30))

    assert [step for step in steps if step] == [30, 12]
    after = await service_anywhere.get(address)
    assert after["items_removed_at"] is not None
    unchanged = before.keys() - {"items_removed_at", "failures", "rate"}
    assert {key: after[key] for key in unchanged} == {key: before[key] for key in unchanged}
    assert (after["annotated"], after["duplicate"], after["failed"]) == (40, 1, 1)
    assert after["failures"] == (await service_anywhere.get(f"{address}/items"))["items"] == []
    assert (await service_anywhere.get(waiting))["items_removed_at"] is None
    assert len((await service_anywhere.get(f"{waiting}/items"))["items"]) == 1
    again = await service_anywhere.client.post(f"{address}/retry", headers=JSON)
    assert (again.status_code, again.json()["detail"][:27]) == (409, "what was handed in is kept ")
    answer = await service_anywhere.client.get("/metrics")
    assert (
        {line for line in answer.text.splitlines() if line.startswith("sayso_ingestion_stories_total")} == told != set()
    )
    replayed = await service_anywhere.client.post("/ingestions", content=lines(*stories), headers={**NDJSON, **headers})
    assert replayed.headers["idempotent-replayed"] == "true"
    assert replayed.headers["location"].endswith(address)
