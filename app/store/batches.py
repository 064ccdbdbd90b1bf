"""Batches of an ingestion, as the workers work them off. None of the functions commits.

A story is settled in the transaction that keeps its article, and only while it still waits: whoever works on it, and
however often, it is counted once.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from sqlalchemy import bindparam, select, update
from sqlalchemy.orm import Session

from app.store.ids import new_id
from app.store.ingestions import ItemState, finish_if_through
from app.store.queue_tables import BatchRow, IngestionRow, ItemRow

_COUNTED = ("annotated", "duplicate", "failed")


@dataclass(frozen=True, slots=True)
class WaitingItem:
    """A story that waits. ``tries`` is how often work on it has begun before."""

    line: int
    payload: bytes
    content_type: str | None
    tries: int


@dataclass(frozen=True, slots=True)
class Batch:
    """What a worker takes on."""

    seq: int
    ingestion_id: str
    number: int
    request_id: str
    items: tuple[WaitingItem, ...]


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one story."""

    line: int
    state: ItemState
    article_id: str | None = None
    external_id: str | None = None
    reason: str | None = None


@dataclass(frozen=True, slots=True)
class Seconds:
    """How long the stages took, over some stories."""

    reading: float = 0.0
    annotating: float = 0.0
    storing: float = 0.0


@dataclass(frozen=True, slots=True)
class Ticket:
    """A batch that is to be worked on, and by which attempt."""

    seq: int
    attempt: str


def queue_held(session: Session, ingestion_id: str, most: int) -> list[Ticket]:
    """Let the next held batches of an accepted ingestion be worked on and return them; none when all are."""
    held = select(BatchRow.seq, BatchRow.attempt).join(IngestionRow, IngestionRow.id == BatchRow.ingestion_id)
    held = held.where(BatchRow.ingestion_id == ingestion_id, BatchRow.state == "held", IngestionRow.state == "queued")
    found = [Ticket(*row) for row in session.execute(held.order_by(BatchRow.number).limit(most))]
    mine = BatchRow.seq.in_([ticket.seq for ticket in found])
    session.execute(update(BatchRow).where(mine).values(state="queued", queued_at=datetime.now(UTC)))
    return found


def oldest_queued(session: Session, most: int) -> list[Ticket]:
    """Return the batches that have waited longest, or are being worked on."""
    query = select(BatchRow.seq, BatchRow.attempt).where(BatchRow.state == "queued")
    return [Ticket(*row) for row in session.execute(query.order_by(BatchRow.queued_at, BatchRow.seq).limit(most))]


def unreleased(session: Session) -> list[str]:
    """Return the accepted ingestions that have held batches."""
    query = select(IngestionRow.id).join(BatchRow, BatchRow.ingestion_id == IngestionRow.id)
    query = query.where(IngestionRow.state == "queued", BatchRow.state == "held")
    return list(session.scalars(query.distinct().limit(100)))


def next_attempt(session: Session, ticket: Ticket) -> Ticket | None:
    """Give a batch that is still queued to a new attempt; None when another did so first."""
    attempt = new_id()
    mine = (BatchRow.seq == ticket.seq, BatchRow.attempt == ticket.attempt, BatchRow.state == "queued")
    changed = session.execute(update(BatchRow).where(*mine).values(attempt=attempt)).rowcount  # type: ignore[attr-defined]
    return Ticket(ticket.seq, attempt) if changed else None


def batch(session: Session, seq: int) -> Batch | None:
    """Return a batch with what waits in it, or None when there is nothing left to do."""
    query = select(BatchRow.ingestion_id, BatchRow.number, IngestionRow.request_id)
    query = query.join(IngestionRow, IngestionRow.id == BatchRow.ingestion_id)
    head = session.execute(query.where(BatchRow.seq == seq, BatchRow.state == "queued")).one_or_none()
    if head is None:
        return None
    columns = (ItemRow.line, ItemRow.payload, ItemRow.content_type, ItemRow.tries)
    mine = (ItemRow.ingestion_id == head.ingestion_id, ItemRow.batch == head.number, ItemRow.state == "waiting")
    rows = session.execute(select(*columns).where(*mine).order_by(ItemRow.line)).all()
    return Batch(seq, *head, tuple(WaitingItem(r.line, r.payload or b"", r.content_type, r.tries) for r in rows))


def begin(session: Session, work: Batch, lines: Sequence[int]) -> None:
    """Say that work on these stories begins: on disk before it does, so that what kills the process is found."""
    mine = (ItemRow.ingestion_id == work.ingestion_id, ItemRow.line.in_(lines), ItemRow.state == "waiting")
    session.execute(update(ItemRow).where(*mine).values(tries=ItemRow.tries + 1))
    first = (BatchRow.seq == work.seq, BatchRow.started_at.is_(None))
    session.execute(update(BatchRow).where(*first).values(started_at=datetime.now(UTC)))


def take_back(session: Session, work: Batch, lines: Sequence[int]) -> None:
    """Say that the work on these stories that has begun does not count, for it was stopped on purpose."""
    mine = (ItemRow.ingestion_id == work.ingestion_id, ItemRow.line.in_(lines), ItemRow.state == "waiting")
    session.execute(update(ItemRow).where(*mine, ItemRow.tries > 0).values(tries=ItemRow.tries - 1))


def still_waiting(session: Session, work: Batch, lines: Iterable[int]) -> frozenset[int]:
    """Return which of these stories may be settled now; nobody else settles them before this transaction ends."""
    locked = select(BatchRow.state).where(BatchRow.seq == work.seq).with_for_update()
    if session.scalars(locked).one_or_none() != "queued":
        return frozenset()
    mine = (ItemRow.ingestion_id == work.ingestion_id, ItemRow.line.in_(list(lines)), ItemRow.state == "waiting")
    return frozenset(session.scalars(select(ItemRow.line).where(*mine)))


def settle(session: Session, work: Batch, outcomes: Sequence[Outcome], seconds: Seconds) -> None:
    """Say what became of stories that ``still_waiting`` returned. What is kept needs its payload no more."""
    if not outcomes:
        return
    table = ItemRow.__table__
    key = (table.c.ingestion_id == work.ingestion_id) & (table.c.line == bindparam("of_line"))
    statement = update(table).where(key)  # type: ignore[arg-type]
    for kept in (True, False):
        rows = [
            {
                "of_line": o.line,
                "state": o.state,
                "article_id": o.article_id,
                "external_id": o.external_id,
                "reason": o.reason,
                **({"payload": None} if kept else {}),
            }
            for o in outcomes
            if (o.state != "failed") == kept
        ]
        if rows:
            session.connection().execute(statement, rows)
    counts = {name: getattr(BatchRow, name) + sum(o.state == name for o in outcomes) for name in _COUNTED}
    spent: Mapping[str, object] = {
        "seconds_reading": BatchRow.seconds_reading + seconds.reading,
        "seconds_annotating": BatchRow.seconds_annotating + seconds.annotating,
        "seconds_storing": BatchRow.seconds_storing + seconds.storing,
    }
    session.execute(update(BatchRow).where(BatchRow.seq == work.seq).values({**counts, **spent}))


def finish(session: Session, seq: int) -> None:
    """Close a batch in which nothing waits any more, and its ingestion when it was the last."""
    mine = select(BatchRow.ingestion_id).where(BatchRow.seq == seq)
    ingestion_id = session.scalars(mine).one_or_none()
    if ingestion_id is not None:
        # In the order in which a cancellation takes them, so that the two never wait for each other.
        session.execute(select(IngestionRow.id).where(IngestionRow.id == ingestion_id).with_for_update())
        session.execute(update(BatchRow).where(BatchRow.seq == seq, BatchRow.state == "queued").values(state="done"))
        finish_if_through(session, ingestion_id)
