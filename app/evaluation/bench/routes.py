"""How long every list, filter, facet and search takes on a full store, its first page and a page far behind.

``python -m app.evaluation.bench routes --stories 200000`` loads a store and prints a line for each question.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import platform
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import parse_qs, urlencode, urlsplit

from rich import box
from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn
from rich.table import Table

from app.evaluation.bench.filling import PEOPLE, STORIES, fill
from app.evaluation.bench.ingesting import ingesting
from app.evaluation.bench.intakes import temporary_postgres
from app.evaluation.bench.load import CONNECTIONS, LoadError, Tally, ask_each, get_body
from app.evaluation.bench.processors import database_process, used_seconds
from app.evaluation.bench.questions import Json, Question, questions, samples_of
from app.evaluation.bench.reads import serving
from app.evaluation.bench.speed import available_processors
from app.evaluation.tables import wide_console
from app.pipeline.engine import load_engine

AIM_MS = 50.0
REQUESTS, SECONDS = 320, 10.0
PAGE, DEEP = 10, 9_999
"""Items a page, and pages before the one that is far behind; of a shorter list it is the last."""
_STRIDE = 200
_ALONE_AT_MOST = 20
_LISTS = ("", "sort=")
_UNLIMITED = {"SAYSO_RATE_PER_ADDRESS": "0", "SAYSO_RATE_PER_KEY": "0"}
_ALONE = {"SAYSO_CACHE_BYTES": "0"}


@dataclass(frozen=True, slots=True)
class Measured:
    """One question over some connections. Units: milliseconds.

    ``server`` and ``client`` are of a processor, for each request;
    ``alone`` is the median over one connection; ``far`` is the 95th percentile of the page far behind.
    """

    name: str
    alone: float
    median: float
    within: float
    server: float
    client: float
    far: float | None = None
    far_page: int | None = None


def main(arguments: Sequence[str] | None = None) -> int:
    """Load a store of each kind, or take the one that is given, and print the tables."""
    parser = argparse.ArgumentParser(prog="bench routes", description="Print how long each list and search takes.")
    parser.add_argument("--stories", type=int, default=STORIES, help="how many to load (default: %(default)s)")
    parser.add_argument("--people", type=int, default=None, help="people and organizations (default: as many as fit)")
    parser.add_argument("--database", help="the URL of a store that is loaded already, or that is to be kept")
    parser.add_argument("--requests", type=int, default=REQUESTS, help="for each question (default: %(default)s)")
    parser.add_argument(
        "--seconds", type=float, default=SECONDS, help="for each question, at most (default: %(default)s)"
    )
    parser.add_argument("--connections", type=int, default=CONNECTIONS, help="at once (default: %(default)s)")
    parser.add_argument("--processes", type=int, default=1, help="that answer (default: %(default)s)")
    parser.add_argument("--pages", type=int, default=DEEP, help="before the far one, 0: none (default: %(default)s)")
    parser.add_argument("--only", help="routes that begin so")
    parser.add_argument("--ingesting", action="store_true", help="while stories are taken in in bulk")
    parser.add_argument("--kept", action="store_true", help="as it is shipped: with answers kept in memory")
    parser.add_argument("--json", type=Path, help="a file to write the figures to as well")
    asked = parser.parse_args(arguments)
    if asked.people is None:
        asked.people = max(100, PEOPLE * asked.stories // STORIES)
    console = wide_console()
    found: dict[str, list[Measured]] = {}
    failed: list[str] = []
    columns = (TextColumn("{task.description}"), BarColumn(), TimeElapsedColumn())
    with _stores(asked) as stores, Progress(*columns, console=Console(stderr=True), transient=True) as bars:
        for database, url in stores:
            found[database] = list(_measured(url, asked, bars, failed))
    for database, rows in found.items():
        console.print(_drawn(database, rows))
        missed = [row for row in rows if row.within > AIM_MS]
        console.print(f"{len(rows) - len(missed)} of {len(rows)} questions within {AIM_MS:.0f} ms")
    console.print(
        f"{asked.connections} connections, {asked.processes} server process{'es' if asked.processes > 1 else ''}, "
        f"answers {'' if asked.kept else 'not '}kept in memory, "
        f"{available_processors()} processors, {platform.machine()}, Python {platform.python_version()}"
    )
    if asked.json is not None:
        told = {database: [vars_of(row) for row in rows] for database, rows in found.items()}
        asked.json.write_text(json.dumps(told, indent=1), encoding="utf-8")
    for failure in failed:
        console.print(f"not answered: {failure}")
    return 1 if failed else 0


def vars_of(row: Measured) -> Json:
    """Return the figures of a line by their names."""
    return {name: getattr(row, name) for name in Measured.__dataclass_fields__}


@contextmanager
def _stores(asked: argparse.Namespace) -> Iterator[list[tuple[str, str]]]:
    """Yield which databases are measured: the one that is given, or a temporary one of each kind."""
    if asked.database is not None:
        yield [("PostgreSQL" if asked.database.startswith("postgres") else "SQLite", asked.database)]
        return
    with tempfile.TemporaryDirectory(prefix="sayso-bench-") as folder, temporary_postgres() as postgres:
        sqlite = f"sqlite:///{Path(folder) / 'sayso.sqlite3'}"
        yield [("SQLite", sqlite), *([] if postgres is None else [("PostgreSQL", postgres)])]


def _measured(url: str, asked: argparse.Namespace, bars: Progress, failed: list[str]) -> Iterator[Measured]:
    task = bars.add_task("loading", total=asked.stories)
    fill(
        url,
        load_engine(),
        asked.stories,
        asked.people,
        lambda n, what: bars.update(task, completed=n, description=what),
    )
    serve = [sys.executable, "-m", "app.cli", "serve", "--processes", str(asked.processes)]
    workers = str(available_processors()) if asked.ingesting else "0"
    environment = {"SAYSO_DATABASE_URL": url, "SAYSO_LOG_LEVEL": "error", "SAYSO_WORKERS": workers}
    environment |= _UNLIMITED if asked.kept else _UNLIMITED | _ALONE
    with serving(serve, environment, "/readyz") as (port, process):
        whole = asyncio.run(_questions(port, asked.only))
        bars.update(task, total=len(whole), completed=0)
        pids = [process.pid, *database_process(url)]
        with ingesting(port) if asked.ingesting else nullcontext():
            for question in whole:
                bars.update(task, advance=1, description=question.name)
                try:
                    yield asyncio.run(_measure(port, question, pids, asked))
                except LoadError as error:
                    failed.append(str(error))


async def _questions(port: int, only: str | None) -> list[Question]:
    async def ask(path: str) -> Json:
        found: Json = json.loads(await get_body(port, path))
        return found

    document = await ask("/openapi.json")
    found = questions(document, await samples_of(ask))
    return [question for question in found if question.name.startswith(only or "")]


async def _measure(port: int, question: Question, pids: Sequence[int], asked: argparse.Namespace) -> Measured:
    alone = await ask_each(port, question.paths[:_ALONE_AT_MOST], 1, _alone(asked.requests), asked.seconds)
    server, client = used_seconds(pids), time.process_time()
    tally = await ask_each(port, question.paths, asked.connections, asked.requests, asked.seconds)
    client = time.process_time() - client
    server = used_seconds(pids) - server
    far, page = await _far(port, question, asked)
    return Measured(
        question.name,
        *(1_000 * alone.within(0.5), 1_000 * tally.within(0.5), 1_000 * tally.within(0.95)),
        *(1_000 * server / len(tally.took), 1_000 * client / len(tally.took)),
        None if far is None else 1_000 * far.within(0.95),
        page,
    )


async def _far(port: int, question: Question, asked: argparse.Namespace) -> tuple[Tally | None, int | None]:
    """Return how long a page far behind takes, and its number: of lists that have one, in each of their orders."""
    is_ordered = question.asked == "" or question.asked.startswith("sort=")
    if "{" in question.route or question.route.endswith("/export") or not is_ordered:
        return None, None
    path, seen, last = question.paths[0], 0, None
    while seen < PAGE * asked.pages:
        page = json.loads(await get_body(port, _with(path, limit=_STRIDE, fields="id" if _has_fields(path) else None)))
        following = parse_qs(urlsplit(page.get("next") or "").query).get("cursor")
        if following is None:  # the end, or a list that goes on by another parameter
            break
        seen, last = seen + len(page["items"]), following[0]
        path = _with(question.paths[0], cursor=last)
    if last is None:
        return None, None
    there = _with(question.paths[0], limit=PAGE, cursor=last)
    return await ask_each(port, (there,), asked.connections, asked.requests, asked.seconds), seen // PAGE + 1


def _alone(requests: int) -> int:
    """Return how many of so many requests are sent one after another besides: a median needs few."""
    return min(_ALONE_AT_MOST, max(1, requests // 4))


def _has_fields(path: str) -> bool:
    return urlsplit(path).path in ("/articles", "/quotes", "/positions", "/people", "/organizations", "/issues")


def _with(path: str, **given: str | int | None) -> str:
    """Return the address with these parameters too."""
    parts = urlsplit(path)
    asked = {name: values[0] for name, values in parse_qs(parts.query).items()}
    asked |= {name: str(value) for name, value in given.items() if value is not None}
    return f"{parts.path}?{urlencode(asked)}"


def _drawn(database: str, rows: Sequence[Measured]) -> Table:
    table = Table("question", title=database, box=box.SIMPLE_HEAD)
    for column in ("alone, p50", "p50", "p95", "server", "client", "far, p95", "page"):
        table.add_column(column, justify="right")
    for row in sorted(rows, key=lambda r: -r.within):
        figures = [f"{value:.1f}" for value in (row.alone, row.median, row.within, row.server, row.client)]
        table.add_row(row.name, *figures, "" if row.far is None else f"{row.far:.1f}", f"{row.far_page or ''}")
    table.caption = "milliseconds; server and client: of a processor, each request"
    return table
