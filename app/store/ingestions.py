"""Ingestions: stories that came in together and wait, and what became of each. None of the functions commits.

A story is one item. Items are worked on in batches; a batch is held until its whole ingestion is there, so an upload
that breaks off has done nothing.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Literal, cast

from sqlalchemy import ColumnElement, Row, Select, and_, case, delete, func, insert, not_, select, update
from sqlalchemy.orm import Session

from app.errors import ConflictError, NotFoundError
from app.store.filters import storable
from app.store.ids import new_id
from app.store.paging import Page, PageRequest, decode_cursor, page_of
from app.store.queue_tables import BatchRow, IngestionRow, ItemRow
from app.store.views import Json

IngestionState = Literal["receiving", "queued", "running", "done", "cancelled"]
ItemState = Literal["waiting", "annotated", "duplicate", "failed", "cancelled"]
"""What became of a story. The row of one that was cancelled says that it waits, and has nothing that it waits with."""


@dataclass(frozen=True, slots=True)
class NewItem:
    """A story on its way into the queue: the bytes as they came, or why there is none.

    ``line`` counts from 1 in what was handed in, ``place`` says where that lay when it was not one body.
    ``content_type`` None says that ``payload`` is a line of JSON. ``external_id`` is for one that there is none of.
    """

    line: int
    payload: bytes | None
    content_type: str | None = None
    reason: str | None = None
    place: str | None = None
    external_id: str | None = None


@dataclass(frozen=True, slots=True)
class IngestionView:
    """An ingestion and how far it is. ``waiting`` is what is neither annotated, duplicate, failed nor given up.

    Units: ``rate`` in stories a second since work began; ``seconds_left`` by that rate.
    """

    id: str
    state: IngestionState
    origin: str
    received: int
    annotated: int
    duplicate: int
    failed: int
    request_id: str
    created_at: datetime
    started_at: datetime | None
    finished_at: datetime | None
    items_removed_at: datetime | None

    @property
    def settled(self) -> int:
        """Return how many stories are through."""
        return self.annotated + self.duplicate + self.failed

    def rate(self, now: datetime) -> float | None:
        """Return stories a second, None before the first is through."""
        if self.started_at is None or not self.settled:
            return None
        seconds = ((self.finished_at or now) - self.started_at).total_seconds()
        return self.settled / max(seconds, 0.001)

    def seconds_left(self, now: datetime) -> float | None:
        """Return when the rest will be through at this rate; None when that is not known, 0 when it is."""
        if self.finished_at is not None:
            return 0.0
        rate = self.rate(now)
        return None if rate is None else (self.received - self.settled) / rate


@dataclass(frozen=True, slots=True)
class ItemView:
    """What became of one story of an ingestion."""

    line: int
    state: ItemState
    external_id: str | None
    article_id: str | None
    reason: str | None
    tries: int
    place: str | None


def open_ingestion(session: Session, origin: str, request_id: str) -> str:
    """Begin an ingestion and return its id. ``origin`` says in a word or two what it came as."""
    now = datetime.now(UTC)
    row = {
        "id": new_id(),
        "state": "receiving",
        "origin": origin,
        "received": 0,
        "request_id": request_id,
        "created_at": now,
        "touched_at": now,
        "finished_at": None,
        "items_removed_at": None,
    }
    session.execute(insert(IngestionRow), [row])
    return str(row["id"])


def add_batch(session: Session, ingestion_id: str, number: int, items: Sequence[NewItem]) -> None:
    """Put the next stories of an ingestion on disk. Those with a reason have failed already.

    Raises: NotFoundError when the ingestion has been given up meanwhile.
    """
    now = datetime.now(UTC)
    touched = update(IngestionRow).where(IngestionRow.id == ingestion_id, IngestionRow.state == "receiving")
    if session.execute(touched.values(touched_at=now)).rowcount != 1:  # type: ignore[attr-defined]
        raise NotFoundError("ingestion", ingestion_id)
    failed = sum(item.reason is not None for item in items)
    batch = {
        "ingestion_id": ingestion_id,
        "number": number,
        "state": "held",
        "attempt": new_id(),
        "stories": len(items),
        "annotated": 0,
        "duplicate": 0,
        "failed": failed,
        "queued_at": now,
        "started_at": None,
        **dict.fromkeys(("seconds_reading", "seconds_annotating", "seconds_storing"), 0.0),
    }
    session.execute(insert(BatchRow), [batch])
    rows = [
        {
            "ingestion_id": ingestion_id,
            "line": item.line,
            "batch": number,
            "state": "waiting" if item.reason is None else "failed",
            "tries": 0,
            "content_type": item.content_type,
            "external_id": item.external_id,
            "article_id": None,
            "reason": item.reason,
            "place": item.place,
            "payload": item.payload,
        }
        for item in items
    ]
    session.execute(insert(ItemRow), rows)


def close_ingestion(session: Session, ingestion_id: str) -> None:
    """Say that all stories of an ingestion are there: from now on it is accepted.

    Raises: NotFoundError when the ingestion has been given up meanwhile.
    """
    received = select(func.coalesce(func.sum(BatchRow.stories), 0)).where(BatchRow.ingestion_id == ingestion_id)
    closed = update(IngestionRow).where(IngestionRow.id == ingestion_id, IngestionRow.state == "receiving")
    values = {"state": "queued", "received": received.scalar_subquery(), "touched_at": datetime.now(UTC)}
    if session.execute(closed.values(values)).rowcount != 1:  # type: ignore[attr-defined]
        raise NotFoundError("ingestion", ingestion_id)
    finish_if_through(session, ingestion_id)


def discard_ingestion(session: Session, ingestion_id: str) -> None:
    """Forget an ingestion that has not been accepted."""
    unaccepted = (IngestionRow.id == ingestion_id, IngestionRow.state == "receiving")
    session.execute(delete(IngestionRow).where(*unaccepted))


def discard_stale(session: Session, age: timedelta) -> None:
    """Forget the ingestions whose upload has been silent for so long: whoever received it is gone."""
    before = datetime.now(UTC) - age
    session.execute(delete(IngestionRow).where(IngestionRow.state == "receiving", IngestionRow.touched_at < before))


def cancel_ingestion(session: Session, ingestion_id: str) -> IngestionView:
    """Stop an ingestion: what waits is given up, what is through stays. One that is done stays done.

    Raises: NotFoundError.
    """
    row = lock_ingestion(session, ingestion_id)
    if row.state == "queued":
        now = datetime.now(UTC)
        mine = IngestionRow.id == ingestion_id
        session.execute(update(IngestionRow).where(mine).values(state="cancelled", finished_at=now))
        open_batches = (BatchRow.ingestion_id == ingestion_id, BatchRow.state.in_(("held", "queued")))
        session.execute(update(BatchRow).where(*open_batches).values(state="cancelled"))
        waiting = (ItemRow.ingestion_id == ingestion_id, ItemRow.state == "waiting")
        session.execute(update(ItemRow).where(*waiting).values(payload=None))
    return ingestion(session, ingestion_id)


def retry_failed(session: Session, ingestion_id: str) -> int:
    """Let the failed stories of a finished ingestion wait again, in new batches; return how many.

    Lines that were too long to keep have nothing left to try.
    Raises: NotFoundError; ConflictError while it is not finished, and when its stories are kept no more.
    """
    row = lock_ingestion(session, ingestion_id)
    if ingestion(session, ingestion_id).items_removed_at is not None:
        msg = "what was handed in is kept no more, as the ingestion was over long ago: hand the stories in again"
        raise ConflictError(msg)
    if row.state not in {"done", "cancelled"}:
        msg = "the ingestion is still at work: retry its failures when it is done"
        raise ConflictError(msg)
    failed = (ItemRow.ingestion_id == ingestion_id, ItemRow.state == "failed", ItemRow.payload.is_not(None))
    by_batch = select(ItemRow.batch, func.count()).where(*failed).group_by(ItemRow.batch)
    counts = session.execute(by_batch).all()
    if not counts:
        return 0
    for number, count in counts:
        mine = (BatchRow.ingestion_id == ingestion_id, BatchRow.number == number)
        values = {
            "state": "held",
            "attempt": new_id(),
            "failed": BatchRow.failed - count,
            "queued_at": datetime.now(UTC),
        }
        session.execute(update(BatchRow).where(*mine).values(values))
    session.execute(update(ItemRow).where(*failed).values(state="waiting", tries=0, reason=None))
    session.execute(
        update(IngestionRow).where(IngestionRow.id == ingestion_id).values(state="queued", finished_at=None)
    )
    return sum(count for _, count in counts)


def lock_ingestion(session: Session, ingestion_id: str) -> Row[str, int]:
    """Return state and size of an ingestion, which nobody else changes before this transaction ends.

    Raises: NotFoundError.
    """
    query = select(IngestionRow.state, IngestionRow.received).where(IngestionRow.id == ingestion_id).with_for_update()
    row = session.execute(query).one_or_none() if storable(ingestion_id) else None
    if row is None or row.state == "receiving":
        raise NotFoundError("ingestion", ingestion_id)
    return row


def finish_if_through(session: Session, ingestion_id: str) -> bool:
    """Mark an ingestion done when no batch of it is open, and say whether it is."""
    query = select(IngestionRow.state).where(IngestionRow.id == ingestion_id).with_for_update()
    state = session.scalars(query).one_or_none()
    still_open = select(BatchRow.seq).where(
        BatchRow.ingestion_id == ingestion_id, BatchRow.state.in_(("held", "queued"))
    )
    # From the last on: they are worked off in their order, so that the first that is looked at is mostly open.
    still_open = still_open.order_by(BatchRow.number.desc())
    if state != "queued" or session.execute(still_open.limit(1)).first() is not None:
        return False
    values = {"state": "done", "finished_at": datetime.now(UTC)}
    session.execute(update(IngestionRow).where(IngestionRow.id == ingestion_id).values(values))
    return True


def ingestion(session: Session, ingestion_id: str) -> IngestionView:
    """Return one ingestion that has been accepted.

    Raises: NotFoundError.
    """
    found = (
        session.execute(_views().where(IngestionRow.id == ingestion_id)).one_or_none()
        if storable(ingestion_id)
        else None
    )
    if found is None:
        raise NotFoundError("ingestion", ingestion_id)
    return _view(found)


def under_way_from(session: Session, origin: str) -> str | None:
    """Return the id of an accepted ingestion of this origin that is not finished, or None."""
    query = select(IngestionRow.id).where(IngestionRow.state == "queued", IngestionRow.origin == origin)
    return session.scalars(query.limit(1)).first()


def ingestions(session: Session, page: PageRequest) -> Page[IngestionView]:
    """Return the ingestions that have been accepted, the newest first.

    Raises: CursorError.
    """
    query = _views().order_by(IngestionRow.id.desc()).limit(page.limit + 1)
    if page.cursor is not None:
        (last,) = decode_cursor(page.cursor, "ingestions", str)
        query = query.where(IngestionRow.id < last)
    return page_of("ingestions", page, session.execute(query).all(), _view, lambda r: (r[0].id,))


def items(session: Session, ingestion_id: str, page: PageRequest, state: ItemState | None = None) -> Page[ItemView]:
    """Return the stories of an ingestion by line, those in one state when it is given.

    Raises: NotFoundError; CursorError.
    """
    ingestion(session, ingestion_id)
    # A story that waits has what came in; cancelling takes it away.
    given_up = and_(ItemRow.state == "waiting", ItemRow.payload.is_(None))
    columns = (
        ItemRow.line,
        case((given_up, "cancelled"), else_=ItemRow.state),
        ItemRow.external_id,
        ItemRow.article_id,
        ItemRow.reason,
        ItemRow.tries,
        ItemRow.place,
    )
    query = select(*columns).where(ItemRow.ingestion_id == ingestion_id)
    if state == "cancelled":
        query = query.where(given_up)
    elif state is not None:
        query = query.where(ItemRow.state == state, not_(given_up))
    if page.cursor is not None:
        (last,) = decode_cursor(page.cursor, "items", int)
        query = query.where(ItemRow.line > last)
    rows = session.execute(query.order_by(ItemRow.line).limit(page.limit + 1)).all()
    return page_of("items", page, rows, lambda r: ItemView(r[0], cast(ItemState, r[1]), *r[2:]), lambda r: (r.line,))


def queued_stories(session: Session) -> int:
    """Return how many stories wait, in all ingestions, or are being received."""
    open_batches = BatchRow.state.in_(("held", "queued"))
    through = BatchRow.annotated + BatchRow.duplicate + BatchRow.failed
    found: int = session.scalars(
        select(func.coalesce(func.sum(BatchRow.stories - through), 0)).where(open_batches)
    ).one()
    return int(found)


def totals(session: Session) -> Json:
    """Return stories by outcome, seconds by stage, how many stories wait, and since when the oldest does."""
    sums = {
        name: func.coalesce(func.sum(getattr(BatchRow, name)), 0)
        for name in ("annotated", "duplicate", "failed", "seconds_reading", "seconds_annotating", "seconds_storing")
    }
    found = session.execute(select(*(value.label(name) for name, value in sums.items()))).one()
    oldest = select(func.min(BatchRow.queued_at)).where(BatchRow.state.in_(("held", "queued")))
    return {**found._mapping, "waiting": queued_stories(session), "oldest": session.scalars(oldest).one()}  # noqa: SLF001 (SQLAlchemy's name for a row's columns)


def _views() -> Select[IngestionRow, int, int, int, datetime | None]:
    def over_batches(value: ColumnElement[Any]) -> Any:  # noqa: ANN401 (a number or a moment)
        return select(value).where(BatchRow.ingestion_id == IngestionRow.id).scalar_subquery()

    query = select(
        IngestionRow,
        *(
            func.coalesce(over_batches(func.sum(c)), 0)
            for c in (BatchRow.annotated, BatchRow.duplicate, BatchRow.failed)
        ),
        over_batches(func.min(BatchRow.started_at)),
    )
    return query.where(IngestionRow.state != "receiving")


def _view(row: Row[IngestionRow, int, int, int, datetime | None]) -> IngestionView:
    found, annotated, duplicate, failed, started_at = row
    running = found.state == "queued" and started_at is not None
    return IngestionView(
        id=found.id,
        state="running" if running else found.state,  # type: ignore[arg-type]
        origin=found.origin,
        received=found.received,
        annotated=int(annotated),
        duplicate=int(duplicate),
        failed=int(failed),
        request_id=found.request_id,
        created_at=found.created_at,
        started_at=started_at,
        finished_at=found.finished_at,
        items_removed_at=found.items_removed_at,
    )
