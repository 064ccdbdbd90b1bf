"""A story's page as a reader's browser gets it: how long the server takes, and how much is sent."""

from __future__ import annotations

import asyncio
import sys
import time
from statistics import median

from app.evaluation.bench.load import get
from app.evaluation.bench.reads import serving
from app.evaluation.bench.rows import Row
from app.evaluation.bench.texts import long_text
from app.ingest.intake import Annotator, Intake
from app.ingest.receive import receive_text
from app.store.store import open_store

WORDS = 2_000
BUDGET_MS, BUDGET_KB = 100.0, 100.0
_FILES = ("/read/files/sayso.css", "/read/files/sayso.js", "/read/files/sayso.svg")


def measure_page(database: str, url: str, engine: Annotator, seconds: float, words: int = WORDS) -> list[Row]:
    """Return how long the page of a long story takes and how many bytes it is with its files, beside their budgets.

    Units: the median of milliseconds from the request to the last byte, on this machine; kilobytes by gzip.
    """
    store = open_store(url)
    try:
        kept, _ = Intake(store, engine).add(receive_text(long_text(words)))
    finally:
        store.close()
    path = f"/read/articles/{kept.view.id}"
    serve = [sys.executable, "-m", "app.cli", "serve"]
    with serving(serve, {"SAYSO_DATABASE_URL": url, "SAYSO_LOG_LEVEL": "error"}, "/livez") as (port, _):
        took = asyncio.run(_times(port, path, seconds))
        sent = sum(len(asyncio.run(get(port, part, coding="gzip"))[1]) for part in (path, *_FILES))
    name = f"page of a story of {words:,} words, {database}"
    return [
        Row(name, median(took) * 1_000, "ms", "budget", BUDGET_MS),
        Row(f"{name}, sent", sent / 1_000, "kB", "budget", BUDGET_KB),
    ]


async def _times(port: int, path: str, seconds: float) -> list[float]:
    """Return the seconds that each of several reads took, one after another; the first, for warmth, is left out."""
    await get(port, path, coding="gzip")
    took: list[float] = []
    until = time.perf_counter() + seconds
    while not took or time.perf_counter() < until:
        clock = time.perf_counter()
        await get(port, path, coding="gzip")
        took.append(time.perf_counter() - clock)
    return took
