"""Stories a second through the queue, beside annotating the same stories on as many threads and no more.

The same by the clock and by the time of processors, which others on the machine disturb less. What PostgreSQL's own
processes take is in the first only.
"""

from __future__ import annotations

import json
import time
from collections.abc import Iterator

from app.config import Settings
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
_LOOK_SECONDS = 0.05
_PATIENCE = 60.0


def measure_bulk(
    database: str, url: str, alone: Annotator, one_thread: Annotator, threads: int, stories: int
) -> list[Row]:
    """Return the rates from NDJSON to stored analyses; the reference is measured before and after, and averaged.

    ``alone`` annotates several documents at once on ``threads`` threads, ``one_thread`` is what the worker's threads
    share.
    """
    migrate.upgrade(url)
    before = _annotate(alone, stories)
    store = open_store(url)
    jobs = Jobs(store)
    settings = Settings(database_url=url, workers=threads, max_text_bytes=_LONGEST)
    pages = open_pages(store, settings)
    worker = Worker(Intake(store, one_thread), jobs, pages, settings)
    worker.start()
    try:
        worker.wait_ready(_PATIENCE)
        begun = _Clock()
        spool = Spool(jobs, "bench", stories)
        spool.take(LineSplitter(_LONGEST).feed(b"".join(_lines(stories))))
        _wait(store, spool.accept().id)
        spent = begun.spent()
    finally:
        worker.stop()
        pages.close()
        jobs.close()
        store.close()
    after = _annotate(alone, stories)
    wall, processor = (2 * stories / (one + other) for one, other in zip(before, after, strict=True))
    name = f"annotation alone, {threads} at once"
    return [
        Row(f"bulk ingestion, {database}", stories / spent[0], "stories/s", name, wall),
        Row(
            f"the same, {database}, by processor time", stories / spent[1], "stories/s of a processor", name, processor
        ),
    ]


class _Clock:
    """Counts seconds from when it is made."""

    def __init__(self) -> None:
        self.wall, self.processor = time.perf_counter(), time.process_time()

    def spent(self) -> tuple[float, float]:
        """Return the seconds on the wall, and those of processors in this process."""
        return time.perf_counter() - self.wall, time.process_time() - self.processor


def _annotate(annotator: Annotator, stories: int) -> tuple[float, float]:
    begun = _Clock()
    for _ in annotator.annotate_many(build_document(text) for text in different_texts(stories)):
        pass
    return begun.spent()


def _lines(stories: int) -> Iterator[bytes]:
    for text in different_texts(stories):
        # Not the texts that are ingested one at a time: those would be known already.
        yield json.dumps({"text": f"{text}\nIt went out in bulk."}).encode() + b"\n"


def _wait(store: Store, ingestion_id: str) -> None:
    while True:
        with store.reading() as session:
            if ingestions.ingestion(session, ingestion_id).finished_at is not None:
                return
        time.sleep(_LOOK_SECONDS)
