"""How batches are worked off: annotated side by side, while others are kept, and counted without a look at each."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Iterator
from threading import Barrier, Event, Thread

import pytest
from fastapi import FastAPI
from sqlalchemy import event, text

from app.api.parts import Parts
from app.domain.analysis import Analysis
from app.domain.document import Document
from app.ingest.intake import Annotator
from app.ingest.jobs import ANNOTATE, RELEASE
from app.ingest.patience import StoppedError
from app.ingest.spool import QueueFullError, Spool
from app.ingest.streams import LineSplitter
from app.store import batches, ingestions
from tests.api.plain_rules import PlainRules
from tests.api.service import make_service, open_batches
from tests.api.test_ingestions import lines

PATIENCE = 60.0


class InPairs(PlainRules):
    """An annotator that finishes no story before it has begun another one."""

    def __init__(self) -> None:
        self.both = Barrier(2)

    def annotate(self, document: Document) -> Analysis:
        """Return the analysis when two are asked for at once."""
        self.both.wait(PATIENCE)
        return super().annotate(document)


class Watched(PlainRules):
    """An annotator that waits to be let go, and tells when it comes to the last story."""

    def __init__(self) -> None:
        self.may_go, self.at_last = Event(), Event()

    def annotate(self, document: Document) -> Analysis:
        """Return the analysis as soon as that may be."""
        assert self.may_go.wait(PATIENCE)
        if document.text == "Story 19.":
            self.at_last.set()
        return super().annotate(document)


@pytest.fixture
def services() -> Iterator[list[FastAPI]]:
    """Return a list of services that are closed in the end."""
    made: list[FastAPI] = []
    yield made
    for app in made:
        app.state.parts.store.close()


def queue_stories(parts: Parts, number: int) -> str:
    """Put so many stories into the queue, ready to be worked off, and return their ingestion."""
    spool = Spool(parts.jobs, "test", parts.settings.max_queued_stories)
    spool.take(LineSplitter(1_000).feed(lines(*(f"Story {i}." for i in range(number))) + b"\n"))
    key = spool.accept().id
    parts.worker.sweep()
    return key


def parts_with(services: list[FastAPI], url: str, annotator: Annotator, workers: int) -> Parts:
    """Return the parts of a service without a running worker."""
    services.append(make_service(url, annotator, workers=workers))
    parts: Parts = services[-1].state.parts
    return parts


def wait_until_begun(parts: Parts, number: int) -> None:
    """Return when so many batches are being worked on."""
    query = text("SELECT count(*) FROM ingestion_batches WHERE started_at IS NOT NULL")
    end = time.monotonic() + PATIENCE
    begun = 0
    while begun < number:
        assert time.monotonic() < end
        with parts.store.reading() as session:
            begun = session.execute(query).scalar_one()


def test_the_stories_of_one_batch_are_annotated_side_by_side(services: list[FastAPI], sqlite_url: str) -> None:
    parts = parts_with(services, sqlite_url, InPairs(), 2)
    key = queue_stories(parts, 4)
    (seq,) = open_batches(parts)

    parts.worker.work.run(seq)

    with parts.store.reading() as session:
        assert ingestions.ingestion(session, key).annotated == 4


def test_stories_are_annotated_while_those_before_them_wait_for_the_disk(
    services: list[FastAPI], sqlite_url: str
) -> None:
    annotator = Watched()
    parts = parts_with(services, sqlite_url, annotator, 1)
    key = queue_stories(parts, 20)
    first, second = open_batches(parts)
    threads = [Thread(target=parts.worker.work.run, args=(seq,)) for seq in (first, second)]
    for thread in threads:
        thread.start()
    wait_until_begun(parts, 2)
    with parts.store.writing():
        annotator.may_go.set()
        assert annotator.at_last.wait(PATIENCE)
    for thread in threads:
        thread.join(PATIENCE)

    with parts.store.reading() as session:
        assert ingestions.ingestion(session, key).annotated == 20


def test_a_stop_waits_for_stories_that_have_begun_and_counts_none_against_the_others(
    services: list[FastAPI], sqlite_url: str
) -> None:
    annotator = Watched()
    parts = parts_with(services, sqlite_url, annotator, 1)
    key = queue_stories(parts, 16)
    (seq,) = open_batches(parts)
    raised: list[Exception] = []

    def work() -> None:
        try:
            parts.worker.work.run(seq)
        except StoppedError as error:
            raised.append(error)

    thread = Thread(target=work)
    thread.start()
    wait_until_begun(parts, 1)
    parts.worker.work.stop.set()
    annotator.may_go.set()
    thread.join(PATIENCE)

    with parts.store.reading() as session:
        left = batches.batch(session, seq)
        assert ingestions.ingestion(session, key).annotated == 0
    assert left is not None
    assert [item.tries for item in left.items] == [0] * 16
    assert len(raised) == 1


def test_what_is_accepted_is_worked_on_without_waiting_to_be_let_go_first(
    services: list[FastAPI], database_url: str
) -> None:
    parts = parts_with(services, database_url, PlainRules(), 1)
    spool = Spool(parts.jobs, "test", parts.settings.max_queued_stories)
    spool.take(LineSplitter(1_000).feed(lines(*(f"Story {i}." for i in range(200))) + b"\n"))
    key = spool.accept().id

    assert len(open_batches(parts)) == 8
    waiting = parts.jobs.client.list_workflows(load_input=False, load_output=False)
    assert Counter(one.name for one in waiting) == {ANNOTATE: 8, RELEASE: 1}

    parts.worker.release(key)
    assert len(open_batches(parts)) == 13


def test_an_upload_does_not_look_at_all_that_wait_for_each_batch(services: list[FastAPI], sqlite_url: str) -> None:
    parts = parts_with(services, sqlite_url, PlainRules(), 0)
    looks: list[str] = []

    @event.listens_for(parts.store.engine, "before_cursor_execute")
    def count(*arguments: str) -> None:
        looks.extend(statement for statement in arguments[2:3] if "sum(ingestion_batches.stories -" in statement)

    spool = Spool(parts.jobs, "test", 10_000)
    spool.take(LineSplitter(1_000).feed(lines(*(f"Story {i}." for i in range(320))) + b"\n"))

    assert len(looks) == 4  # of twenty batches, six and two thirds of which are a hundredth of the limit


def test_the_limit_of_the_queue_holds_to_the_story(services: list[FastAPI], sqlite_url: str) -> None:
    parts = parts_with(services, sqlite_url, PlainRules(), 0)
    spool = Spool(parts.jobs, "test", 320)
    many = list(LineSplitter(1_000).feed(lines(*(f"Story {i}." for i in range(336))) + b"\n"))
    spool.take(many[:320])

    with pytest.raises(QueueFullError):
        spool.take(many[320:])
