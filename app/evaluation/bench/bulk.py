"""Stories a second through the queue, beside annotating the same stories as many at a time and no more.

By the clock, and by the time of processors, which others on the machine disturb less: that of this process, of those
that annotate for it, and of PostgreSQL's own. What starts once, such as the loading of weights, is over before.
"""

from __future__ import annotations

import json
import os
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime

from app.config import Settings
from app.evaluation.bench.processors import database_process, used_seconds
from app.evaluation.bench.rows import Row
from app.evaluation.bench.texts import different_texts
from app.ingest.intake import Annotator, Intake
from app.ingest.jobs import Jobs
from app.ingest.pages import open_pages
from app.ingest.spool import Spool
from app.ingest.streams import LineSplitter
from app.ingest.worker import Worker
from app.store import ingestions, migrate
from app.store.store import Store, open_store
from app.text.document import build_document

_LONGEST = 10_000_000
_LOOK_SECONDS = 0.5
_PATIENCE = 60.0


def measure_bulk(
    database: str, url: str, alone: Annotator, working: Annotator, threads: int, stories: int
) -> list[Row]:
    """Return the rates from NDJSON to stored analyses; the reference is measured before and after, and averaged.

    ``alone`` annotates several documents at once on ``threads`` threads; ``working`` is what as many threads of the
    worker ask, as in the service, and how fast that is by itself is told too.
    """
    migrate.upgrade(url)
    before = _annotate(alone, stories)
    store = open_store(url)
    jobs = Jobs(store)
    settings = Settings(database_url=url, workers=threads, max_text_bytes=_LONGEST)
    pages = open_pages(store, settings)
    worker = Worker(Intake(store, working), jobs, pages, settings)
    worker.start()
    try:
        worker.wait_ready(_PATIENCE)
        _ask(working, threads, 2 * threads)
        used = _Used(url)
        begun = datetime.now(UTC)
        spool = Spool(jobs, "bench", stories)
        spool.take(LineSplitter(_LONGEST).feed(b"".join(_lines(stories))))
        wall = (_finished(store, spool.accept().id) - begun).total_seconds()
        processor = used.seconds()
        clock = time.perf_counter()
        _ask(working, threads, stories)
        apart = time.perf_counter() - clock
    finally:
        worker.stop()
        pages.close()
        jobs.close()
        store.close()
    after = _annotate(alone, stories)
    by_clock, by_processor = (2 * stories / (one + other) for one, other in zip(before, after, strict=True))
    name = f"annotation alone, {threads} at once"
    unit = "stories/s"
    return [
        Row(f"bulk ingestion, {database}", stories / wall, unit, name, by_clock),
        Row(
            f"the same, {database}, by processor time",
            stories / processor,
            f"{unit} of a processor",
            name,
            by_processor,
        ),
        Row(f"the worker's annotators, {database}", stories / apart, unit, name, by_clock),
    ]


class _Used:
    """Counts seconds of processors from when it is made: of this process and its children, and of PostgreSQL's."""

    def __init__(self, url: str = "sqlite://") -> None:
        self._pids = [os.getpid(), *(database_process(url) if url.startswith("postgres") else ())]
        self._before = used_seconds(self._pids)

    def seconds(self) -> float:
        """Return how many were used since; without /proc, those of this process since it began."""
        return (used_seconds(self._pids) - self._before) or time.process_time()


def _annotate(annotator: Annotator, stories: int) -> tuple[float, float]:
    """Return the seconds on the clock and of processors that annotating takes."""
    used, clock = _Used(), time.perf_counter()
    for _ in annotator.annotate_many(map(build_document, _texts(stories))):
        pass
    return time.perf_counter() - clock, used.seconds()


def _ask(annotator: Annotator, threads: int, stories: int) -> None:
    """Let stories be annotated, so many at once."""
    with ThreadPoolExecutor(threads) as several:
        for _ in several.map(annotator.annotate, map(build_document, _texts(stories))):
            pass


def _texts(stories: int) -> Iterator[str]:
    # Not the texts that are ingested one at a time: those would be known already.
    return (f"{text}\nIt went out in bulk." for text in different_texts(stories))


def _lines(stories: int) -> Iterator[bytes]:
    return (json.dumps({"text": text}).encode() + b"\n" for text in _texts(stories))


def _finished(store: Store, ingestion_id: str) -> datetime:
    """Return when an ingestion was through, as soon as it is."""
    while True:
        with store.reading() as session:
            moment = ingestions.ingestion(session, ingestion_id).finished_at
        if moment is not None:
            return moment
        time.sleep(_LOOK_SECONDS)
