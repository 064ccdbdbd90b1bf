"""What a command that works the queue off needs: the store, the queue, and a worker in this process."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from app.config import Settings
from app.ingest.intake import Annotator, Intake
from app.ingest.jobs import Jobs
from app.ingest.pages import open_pages
from app.ingest.worker import Worker
from app.store.store import Store, open_store


@dataclass(frozen=True, slots=True)
class Station:
    """The parts."""

    store: Store
    jobs: Jobs
    worker: Worker

    def pause(self, seconds: float) -> None:
        """Let the worker work for a while."""
        time.sleep(seconds)


@contextmanager
def at_work(settings: Settings, annotator: Annotator, *, working: bool = True) -> Iterator[Station]:
    """Yield the parts, with the worker at work when ``working``; when the block ends, it leaves the rest to others."""
    store = open_store(settings.database_url)
    jobs = Jobs(store)
    pages = open_pages(store, settings)
    worker = Worker(Intake(store, annotator), jobs, pages, settings)
    try:
        if working:
            worker.start()
        yield Station(store, jobs, worker)
    finally:
        worker.stop()
        pages.close()
        jobs.close()
        store.close()
