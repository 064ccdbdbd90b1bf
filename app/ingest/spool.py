"""Stories on their way onto the disk: a batch a transaction, and accepted all together or not at all."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from sqlalchemy.orm import Session

from app.errors import SaysoError
from app.ingest.jobs import Jobs
from app.ingest.request_ids import REQUEST_ID
from app.store import batches, ingestions
from app.store.ingestions import IngestionView, NewItem

# They are kept in one transaction: small enough that others who write wait for it less than a second.
STORIES_A_BATCH = 16
BYTES_A_BATCH = 4_000_000
# So many batches are queued in the transaction that accepts an ingestion; a worker queues the rest once it finds out,
# half a second later. They keep a worker of several processors busy that long, and few stories need no more.
_QUEUED_AT_ONCE = 8
# While an upload has written fewer than one in so many of the stories that may wait, it does not ask again how many do:
# the answer takes a look at every batch that waits. Uploads side by side may overstep the limit by that much each.
_UNASKED = 100
Also = Callable[[Session, IngestionView], None]


def _nothing(_session: Session, _view: IngestionView) -> None:
    """Write nothing."""


class QueueFullError(SaysoError):
    """So many stories wait already that no more are taken just now."""


class Spool:
    """Takes the stories of one ingestion in; ``accept`` ends it, ``abandon`` forgets it."""

    def __init__(self, jobs: Jobs, origin: str, most_queued: int) -> None:
        self.jobs = jobs
        self.most_queued = most_queued
        self._waiting: list[NewItem] = []
        self._bytes = 0
        self._batches = 0
        self._room = 0
        with jobs.store.writing() as session:
            self.id = ingestions.open_ingestion(session, origin, REQUEST_ID.get())

    def take(self, items: Iterable[NewItem]) -> None:
        """Take the next stories; each full batch is on disk when this returns.

        Raises: QueueFullError; NotFoundError when the ingestion has been given up as stale.
        """
        for item in items:
            self._waiting.append(item)
            self._bytes += len(item.payload or b"")
            if len(self._waiting) >= STORIES_A_BATCH or self._bytes >= BYTES_A_BATCH:
                self._write()

    def accept(self, also: Also = _nothing) -> IngestionView:
        """Put the rest on disk and let the work begin: from here on nothing is lost.

        What ``also`` writes is on disk in the same moment.
        """
        if self._waiting:
            self._write()
        with self.jobs.store.writing() as session:
            ingestions.close_ingestion(session, self.id)
            first = batches.queue_held(session, self.id, _QUEUED_AT_ONCE)
            for ticket in first:
                self.jobs.annotate(session, ticket)
            if len(first) == _QUEUED_AT_ONCE:
                self.jobs.release(session, self.id)
            view = ingestions.ingestion(session, self.id)
            also(session, view)
            return view

    def abandon(self) -> None:
        """Forget what has been taken."""
        with self.jobs.store.writing() as session:
            ingestions.discard_ingestion(session, self.id)

    def _write(self) -> None:
        with self.jobs.store.writing() as session:
            if len(self._waiting) > self._room:
                self._room = self._find_room(session)
            self._room -= len(self._waiting)
            self._batches += 1
            ingestions.add_batch(session, self.id, self._batches, self._waiting)
        self._waiting = []
        self._bytes = 0

    def _find_room(self, session: Session) -> int:
        """Return how many stories may be written before the queue has to be looked at again: those at hand at least.

        Raises: QueueFullError when they may not.
        """
        free = self.most_queued - ingestions.queued_stories(session)
        if len(self._waiting) > free:
            msg = f"at most {self.most_queued} stories may wait: send these later, or in smaller parts"
            raise QueueFullError(msg)
        return max(len(self._waiting), min(free, self.most_queued // _UNASKED))
