"""``sayso ingest`` and ``sayso seed``: files into kept stories."""

from __future__ import annotations

import signal
from collections import deque
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from hashlib import sha256
from itertools import chain, count, islice
from pathlib import Path

import click
from sqlalchemy.exc import SQLAlchemyError

from app.cli import UsageProblem, settings_here
from app.cli.progress import Meter, metered
from app.cli.serve import check_migrated
from app.cli.working import Station, at_work
from app.config import Settings
from app.ingest.files import Found, all_stories, find_files
from app.ingest.intake import Annotator
from app.ingest.processes import annotators
from app.ingest.spool import Spool
from app.store import ingestions
from app.store.ingestions import IngestionView, NewItem
from app.store.paging import MAX_LIMIT, PageRequest

SEEDS = Path(__file__).resolve().parents[2] / "seeds" / "stories"
# Stories that are put on disk at once. While one part is worked off, the next is put there.
PART = 20_000
_PARTS_AHEAD = 2
_LOOK_SECONDS = 0.2
_INTERRUPTED, _TERMINATED = 130, 143


class Terminated(KeyboardInterrupt):
    """SIGTERM came: what Ctrl-C does is done, and the exit status tells them apart."""


@dataclass(slots=True)
class Counts:
    """What became of the stories."""

    added: int = 0
    known: int = 0
    failed: int = 0

    def __str__(self) -> str:
        """Return the counts as a line."""
        return f"{self.added} added, {self.known} known already, {self.failed} failed"

    @property
    def through(self) -> int:
        """Return how many stories are through."""
        return self.added + self.known + self.failed

    def with_part(self, view: IngestionView) -> Counts:
        """Return these counts and those of one part."""
        return Counts(self.added + view.annotated, self.known + view.duplicate, self.failed + view.failed)


@click.command()
@click.argument(
    "paths", nargs=-1, required=True, metavar="FILE|FOLDER...", type=click.Path(exists=True, path_type=Path)
)
def ingest(paths: tuple[Path, ...]) -> None:
    """Annotate and keep the stories in files and folders.

    One story a file: .txt, .html, .json (the fields of POST /articles, or ninjs), .xml (NewsML-G2, several too). One a
    line: .ndjson, .jsonl. Many one after another: .mbox, .wire (ZCZC ... NNNN). Each may be gzipped, or lie in a .zip.
    A story that fails is named on standard error and stops no other; the exit status is then 1.

    Stopped by Ctrl-C (exit status 130), SIGTERM (143) or a crash, it goes on where it stood when it is run again with
    the same files; so does any worker.
    """
    keep_all(paths)


@click.command()
def seed() -> None:
    """Load the sample stories. Those that are there already stay as they are."""
    if not SEEDS.is_dir():
        msg = f"the sample stories are not at {SEEDS}: run from a checkout"
        raise UsageProblem(msg)
    keep_all((SEEDS,))


def keep_all(paths: Iterable[Path]) -> None:
    """Keep the stories of files and folders; when some fail the exit status is 1."""
    settings = settings_here()
    with terminable(), annotators(settings) as annotator:
        counts = take_in(settings, annotator, paths)
    if counts.failed:
        raise SystemExit(1)


@contextmanager
def terminable() -> Iterator[None]:
    """Let SIGTERM raise Terminated while the block runs, once: who is told twice, as `timeout` does, still finishes."""

    def stop(number: int, _frame: object) -> None:
        signal.signal(number, signal.SIG_IGN)
        raise Terminated

    before = signal.signal(signal.SIGTERM, stop)
    try:
        yield
    except Terminated:
        raise SystemExit(_TERMINATED) from None
    except KeyboardInterrupt:
        # Before the first story: later ones are finished first, and told.
        raise SystemExit(_INTERRUPTED) from None
    finally:
        signal.signal(signal.SIGTERM, before)


def take_in(settings: Settings, annotator: Annotator, paths: Iterable[Path]) -> Counts:
    """Keep the stories of files and folders, and say on the way how far it is and in the end what became of them."""
    check_migrated(settings)
    paths = tuple(paths)
    with at_work(settings, annotator) as station, metered() as meter:
        counts = Taking(station, settings, meter).take(paths)
    click.echo(f"{counts}")
    return counts


@dataclass(slots=True)
class Taking:
    """Stories of files on their way through the queue, a part at a time."""

    station: Station
    settings: Settings
    meter: Meter
    counts: Counts = field(default_factory=Counts)
    total: int = 0
    waiting: deque[str] = field(default_factory=deque)

    def take(self, paths: tuple[Path, ...]) -> Counts:
        """Take in all stories; a part that an earlier run has accepted and not finished is gone on with."""
        origin = f"files {fingerprint(paths)}"
        stories = all_stories(paths, self.settings.max_text_bytes)
        try:
            for number in count(1):
                first = next(stories, None)
                if first is None:
                    break
                self._put(f"{origin} {number}", chain([first], islice(stories, PART - 1)))
                while len(self.waiting) >= _PARTS_AHEAD:
                    self._follow()
            while self.waiting:
                self._follow()
        except KeyboardInterrupt as told:
            # The stories in hand are finished first, and count.
            self.station.worker.stop()
            click.echo(f"stopped: {self._so_far()} so far; run it again to go on", err=True)
            raise SystemExit(_TERMINATED if isinstance(told, Terminated) else _INTERRUPTED) from None
        return self.counts

    def _put(self, origin: str, stories: Iterator[Found]) -> None:
        with self.station.store.reading() as session:
            known = ingestions.under_way_from(session, origin)
        if known is not None:
            self.total += sum(1 for _ in stories)
            self.waiting.append(known)
            return
        spool = Spool(self.station.jobs, origin, self.settings.max_queued_stories)
        try:
            for line, found in enumerate(stories, 1):
                spool.take([NewItem(line, found.payload, found.content_type, found.failure, found.place)])
                self.total += 1
            self.waiting.append(spool.accept().id)
        except BaseException:
            with suppress(SQLAlchemyError):
                spool.abandon()
            raise

    def _follow(self) -> None:
        """Wait until the first part is through, and name what failed in it."""
        key = self.waiting[0]
        view = self._look(key)
        while view.finished_at is None:
            now = self.counts.with_part(view)
            self.meter.show(now.through, self.total, str(now))
            self.station.pause(_LOOK_SECONDS)
            view = self._look(key)
        self.waiting.popleft()
        self.counts = self.counts.with_part(view)
        self.meter.show(self.counts.through, self.total, str(self.counts))
        for place, reason in self._failures(key):
            click.echo(f"{place}: {reason}", err=True)

    def _so_far(self) -> Counts:
        """Return what became of the stories until now, also of those of parts that are not through."""
        counts = self.counts
        for key in self.waiting:
            counts = counts.with_part(self._look(key))
        return counts

    def _look(self, key: str) -> IngestionView:
        with self.station.store.reading() as session:
            return ingestions.ingestion(session, key)

    def _failures(self, key: str) -> Iterator[tuple[str, str]]:
        page = PageRequest(MAX_LIMIT)
        while True:
            with self.station.store.reading() as session:
                found = ingestions.items(session, key, page, "failed")
            for item in found.items:
                yield item.place or f"line {item.line}", item.reason or ""
            if found.next is None:
                return
            page = PageRequest(MAX_LIMIT, found.next)


def fingerprint(paths: Iterable[Path]) -> str:
    """Return what tells the same files again: their names, sizes and times."""
    digest = sha256()
    for path in find_files(paths):
        with suppress(OSError):
            told = path.stat()
            digest.update(f"{path.absolute()}\0{told.st_size}\0{told.st_mtime_ns}\0".encode("utf-8", "surrogateescape"))
    return digest.hexdigest()[:32]
