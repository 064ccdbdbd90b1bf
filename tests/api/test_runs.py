"""Stories annotated again: readers see the old analysis until the new one is whole, and what changed can be told."""

from __future__ import annotations

import threading
from dataclasses import replace

import pytest
from fastapi import FastAPI

from app.api.parts import Parts
from app.cli.reannotate import bring_up
from app.config import Settings
from app.domain.analysis import Analysis, Pipeline
from app.domain.document import Document
from app.ingest.batches import MOST_CRASHES
from app.ingest.intake import Intake
from app.ingest.patience import StoppedError
from app.ingest.walks import WalkWork
from app.store import reannotations
from tests.api.plain_rules import PlainRules
from tests.api.service import BRIDGE, FERRY, Service

pytestmark = pytest.mark.anyio


class Newer(PlainRules):
    """A later pipeline: it leaves stances out and is surer of quotes; it breaks where it is told to."""

    pipeline = Pipeline("plain-2", "none")

    def __init__(self, breaks_on: str | None = None) -> None:
        self.breaks_on = breaks_on

    def annotate(self, document: Document) -> Analysis:
        """Return the analysis of the later pipeline."""
        if self.breaks_on is not None and self.breaks_on in document.text:
            raise ZeroDivisionError
        found = super().annotate(document)
        surer = tuple(replace(quote, confidence=1.0) for quote in found.quotes)
        return replace(found, pipeline=self.pipeline, stances=(), quotes=surer)


def walk_work(app: FastAPI, annotator: PlainRules) -> WalkWork:
    """Return what goes on with walks by another pipeline."""
    return WalkWork(Intake(app.state.parts.store, annotator), threading.Event())


async def begin(service: Service, annotator: PlainRules) -> str:
    """Ask for all stories to be annotated again and return the walk's id."""
    service.app.state.parts.intake.annotator = annotator
    answer = await service.client.post("/reannotations")
    assert answer.status_code == 202, answer.text
    assert answer.headers["location"].endswith(f"/reannotations/{answer.json()['id']}")
    return str(answer.json()["id"])


async def test_every_old_story_is_brought_up_and_the_difference_told(service_anywhere: Service) -> None:
    service = service_anywhere
    ferry = await service.add(FERRY, title="Ferry")
    await service.add(BRIDGE)
    before = await service.get(f"/articles/{ferry}")
    walk = await begin(service, Newer())
    assert (await service.get(f"/articles/{ferry}"))["run"] == before["run"]

    walk_work(service.app, Newer()).run(walk)

    told = await service.get(f"/reannotations/{walk}")
    assert (told["state"], told["total"], told["done"], told["failed"]) == ("done", 2, 2, 0)
    after = await service.get(f"/articles/{ferry}")
    assert after["run"]["pipeline"] == "plain-2"
    assert [p for p in after["positions"] if p["kind"] == "stance"] == []
    changed = await service.get(f"/articles/{ferry}/runs/{before['run']['id']}..{after['run']['id']}")
    assert changed["before"]["pipeline"] == "plain-1"
    assert [p["id"] for p in changed["positions"]["removed"]] == [p["id"] for p in before["positions"]]
    assert [c["fields"] for c in changed["quotes"]["changed"]] == [["confidence"]]
    assert changed["people"] == {"added": [], "removed": [], "changed": [], "unchanged": 2}
    back = await service.get(f"/articles/{ferry}/runs/{after['run']['id']}..{before['run']['id']}")
    assert back["positions"]["added"] == changed["positions"]["removed"]
    listed = await service.get("/runs", pipeline="plain-2", article=ferry)
    assert [run["id"] for run in listed["items"]] == [after["run"]["id"]]
    assert len((await service.get("/runs"))["items"]) == 4
    walk_work(service.app, Newer()).run(walk)
    assert len((await service.get("/runs"))["items"]) == 4


async def test_a_run_of_another_article_is_not_found(service: Service) -> None:
    ferry, bridge = await service.add(FERRY), await service.add(BRIDGE)
    run = (await service.get(f"/articles/{ferry}"))["run"]["id"]

    assert (await service.client.get(f"/articles/{bridge}/runs/{run}..{run}")).status_code == 404
    assert (await service.client.get(f"/articles/{ferry}/runs/{run}..x")).status_code == 404


async def test_runs_come_in_pages(service: Service) -> None:
    for number in range(3):
        await service.add(f"Story {number}.")
    first = await service.get("/runs", limit=2)
    second = (await service.client.get(first["next"])).json()

    assert len({run["article_id"] for run in first["items"] + second["items"]}) == 3


async def test_one_walk_at_a_time_and_none_to_an_older_pipeline(service: Service) -> None:
    await service.add(FERRY)
    walk = await begin(service, Newer())
    assert await begin(service, Newer()) == walk
    walk_work(service.app, PlainRules()).run(walk)
    assert (await service.get(f"/reannotations/{walk}"))["done"] == 0

    other = await begin(service, PlainRules())

    states = {item["id"]: item["state"] for item in (await service.get("/reannotations"))["items"]}
    assert states == {walk: "cancelled", other: "queued"}


async def test_a_walk_that_is_cancelled_leaves_the_rest(service: Service) -> None:
    ferry = await service.add(FERRY)
    walk = await begin(service, Newer())

    assert (await service.client.delete(f"/reannotations/{walk}")).json()["state"] == "cancelled"

    walk_work(service.app, Newer()).run(walk)
    assert (await service.get(f"/articles/{ferry}"))["run"]["pipeline"] == "plain-1"
    assert (await service.client.delete("/reannotations/none")).status_code == 404


async def test_a_story_that_breaks_the_annotator_keeps_its_old_analysis(service: Service) -> None:
    ferry, bridge = await service.add(FERRY), await service.add(BRIDGE)
    walk = await begin(service, Newer())
    walk_work(service.app, Newer(breaks_on="ferry stays")).run(walk)

    told = await service.get(f"/reannotations/{walk}")

    assert (told["state"], told["done"], told["failed"]) == ("done", 1, 1)
    assert told["last_failure"] == f"{ferry}: ZeroDivisionError: "
    assert (await service.get(f"/articles/{ferry}"))["run"]["pipeline"] == "plain-1"
    assert (await service.get(f"/articles/{bridge}"))["run"]["pipeline"] == "plain-2"


async def test_a_story_during_which_processes_ended_is_passed_by(service: Service) -> None:
    ferry = await service.add(FERRY)
    walk = await begin(service, Newer())
    parts: Parts = service.app.state.parts
    for tries in range(MOST_CRASHES):
        with parts.store.writing() as session:
            assert reannotations.take_in_hand(session, walk, ferry) == tries

    walk_work(service.app, Newer()).run(walk)

    assert "the process ended each time" in (await service.get(f"/reannotations/{walk}"))["last_failure"]


async def test_a_story_that_is_gone_or_changed_meanwhile_is_passed_by(service: Service) -> None:
    ferry, bridge = await service.add(FERRY), await service.add(BRIDGE)
    walk = await begin(service, Newer())
    with service.app.state.parts.store.reading() as session:
        old = reannotations.next_articles(session, walk, Newer.pipeline, 10)
    assert old is not None
    await service.client.delete(f"/articles/{ferry}")
    await service.client.put(f"/articles/{bridge}", json={"text": "The bridge stays."})
    work = walk_work(service.app, Newer())

    for one in old:
        work.replace(walk, one)

    assert (await service.get(f"/reannotations/{walk}"))["done"] == 2
    assert (await service.get(f"/articles/{bridge}"))["text"] == "The bridge stays."


async def test_a_walk_that_is_stopped_goes_on_where_it_stood(service: Service) -> None:
    for number in range(3):
        await service.add(f"Story {number}.")
    walk = await begin(service, Newer())

    class Stopping(Newer):
        def annotate(self, document: Document) -> Analysis:
            work.stop.set()
            return super().annotate(document)

    work = walk_work(service.app, Stopping())
    with pytest.raises(StoppedError):
        work.run(walk)
    assert (await service.get(f"/reannotations/{walk}"))["done"] == 1

    walk_work(service.app, Newer()).run(walk)

    assert (await service.get(f"/reannotations/{walk}"))["done"] == 3


async def test_the_command_brings_all_up_by_a_worker_of_its_own(service: Service, sqlite_url: str) -> None:
    ferry = await service.add(FERRY)
    settings = Settings(database_url=sqlite_url, workers=1)
    left = bring_up(settings, Newer(), 100.0, wait=False)
    assert (left.state, left.done) == ("queued", 0)

    view = bring_up(settings, Newer(), None, wait=True)

    assert (view.id, view.state, view.done, view.rate) == (left.id, "done", 1, 100.0)
    assert (await service.get(f"/articles/{ferry}"))["run"]["pipeline"] == "plain-2"
