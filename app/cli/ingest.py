"""``sayso ingest`` and ``sayso seed``: files into kept stories."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Protocol

import click
from rich.console import Console
from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn, TimeRemainingColumn
from sqlalchemy.exc import SQLAlchemyError

from app.cli import UsageProblem, settings_here
from app.cli.serve import check_migrated
from app.ingest.files import Item, find_files, read_stories
from app.ingest.intake import Intake
from app.ingest.receive import Received
from app.pipeline.engine import load_engine
from app.store.store import open_store

SEEDS = Path(__file__).resolve().parents[2] / "seeds" / "stories"
_TOGETHER = 32
_EVERY = 1000


@dataclass(slots=True)
class Counts:
    """What became of the stories."""

    added: int = 0
    known: int = 0
    failed: int = 0

    def __str__(self) -> str:
        """Return the counts as a line."""
        return f"{self.added} added, {self.known} known already, {self.failed} failed"


class Meter(Protocol):
    """Shows how far the work is."""

    def show(self, done: int, counts: Counts) -> None:
        """Show that ``done`` bytes are read and what became of their stories."""


@click.command()
@click.argument(
    "paths", nargs=-1, required=True, metavar="FILE|FOLDER...", type=click.Path(exists=True, path_type=Path)
)
def ingest(paths: tuple[Path, ...]) -> None:
    """Annotate and keep the stories in files and folders.

    One story a file: .txt, .html, .json (the fields of POST /articles, or ninjs), .xml (NewsML-G2, several too). One a
    line: .ndjson, .jsonl. Each may be gzipped. A story that fails is named on standard error and stops no other; the
    exit status is then 1.
    """
    if take_in(paths).failed:
        raise SystemExit(1)


@click.command()
def seed() -> None:
    """Load the sample stories. Those that are there already stay as they are."""
    if not SEEDS.is_dir():
        msg = f"the sample stories are not at {SEEDS}: run from a checkout"
        raise UsageProblem(msg)
    if take_in((SEEDS,)).failed:
        raise SystemExit(1)


def take_in(paths: Iterable[Path]) -> Counts:
    """Keep the stories of files and folders, and say on the way how far it is and in the end what became of them."""
    settings = settings_here()
    check_migrated(settings)
    files = list(find_files(paths))
    store = open_store(settings.database_url)
    try:
        with _metered(sum(path.stat().st_size for path in files if path.exists())) as meter:
            worker = Worker(Intake(store, load_engine(threads=os.cpu_count() or 1)), meter)
            for path in files:
                worker.take(read_stories(path, settings.max_text_bytes))
    finally:
        store.close()
    click.echo(f"{worker.counts}")
    return worker.counts


class Worker:
    """Takes stories in by the handful; a handful that fails goes in one by one."""

    def __init__(self, intake: Intake, meter: Meter) -> None:
        self.intake = intake
        self.meter = meter
        self.counts = Counts()
        self._bytes = 0

    def take(self, items: Iterator[Item]) -> None:
        """Take in the stories of one file."""
        last = 0
        while handful := list(islice(items, _TOGETHER)):
            for item in handful:
                if item.failure is not None:
                    self._fail(item.place, item.failure)
            self._take_together([(item.place, item.story) for item in handful if item.story is not None])
            self.meter.show(self._bytes + handful[-1].done, self.counts)
            last = handful[-1].done
        self._bytes += last

    def _take_together(self, stories: list[tuple[str, Received]]) -> None:
        if not stories:
            return
        try:
            outcomes = self.intake.add_many([story for _, story in stories])
        except Exception as error:  # noqa: BLE001 (whatever one story breaks must not stop the others)
            if len(stories) > 1:
                for one in stories:
                    self._take_together([one])
            else:
                self._fail(stories[0][0], _said(error))
            return
        created = sum(is_new for _, is_new in outcomes)
        self.counts.added += created
        self.counts.known += len(outcomes) - created

    def _fail(self, place: str, reason: str) -> None:
        self.counts.failed += 1
        click.echo(f"{place}: {reason}", err=True)


def _said(error: Exception) -> str:
    """Return an error as one line. A database's own is inside SQLAlchemy's, which would repeat the statement."""
    told = error.__cause__ or error if isinstance(error, SQLAlchemyError) else error
    return f"{type(told).__name__}: {str(told).partition(chr(10))[0]}"


class Lines:
    """Counts on standard error, now and then: for logs and pipes."""

    def __init__(self) -> None:
        self._said = 0

    def show(self, done: int, counts: Counts) -> None:  # noqa: ARG002 (a line has no bar to fill)
        """Say the counts each time another thousand stories are through."""
        through = counts.added + counts.known + counts.failed
        if through // _EVERY > self._said:
            self._said = through // _EVERY
            click.echo(f"{through} stories: {counts}", err=True)


class Bar:
    """A progress bar with the rate, for a terminal."""

    def __init__(self, progress: Progress, total: int) -> None:
        self._progress = progress
        self._task = progress.add_task("stories", total=total or None, rate="", counts="")

    def show(self, done: int, counts: Counts) -> None:
        """Fill the bar."""
        elapsed = self._progress.tasks[self._task].elapsed or 0.0
        through = counts.added + counts.known + counts.failed
        rate = f"{through / elapsed:.1f}/s" if elapsed else ""
        self._progress.update(self._task, completed=done, rate=rate, counts=str(counts))


@contextmanager
def _metered(total: int) -> Iterator[Meter]:
    if not sys.stderr.isatty():
        yield Lines()
        return
    columns = (
        BarColumn(),
        TaskProgressColumn(),
        TextColumn("{task.fields[rate]}"),
        TextColumn("{task.fields[counts]}"),
        TimeRemainingColumn(),
    )
    with Progress(*columns, console=Console(stderr=True), redirect_stdout=False) as progress:
        yield Bar(progress, total)
