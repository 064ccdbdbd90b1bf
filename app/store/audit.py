"""The audit log: who wrote what and when. Rows are only ever added."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from app.store.access_tables import AuditRow
from app.store.filters import storable
from app.store.paging import Page, PageRequest, decode_cursor, page_of

_LONGEST = 500


@dataclass(frozen=True, slots=True)
class Audited:
    """One write. ``actor`` is the id of the key that was used, None where none was needed."""

    at: datetime
    actor: str | None
    address: str | None
    action: str
    target: str
    status: int | None = None
    request_id: str | None = None


def add_entry(session: Session, entry: Audited) -> None:
    """Write one entry down."""
    row = {
        "at": entry.at,
        "actor": entry.actor,
        "address": entry.address,
        "action": entry.action[:16],
        "target": entry.target.replace("\0", "")[:_LONGEST],
        "status": entry.status,
        "request_id": entry.request_id,
    }
    session.execute(insert(AuditRow), [row])


def entries(session: Session, actor: str | None, page: PageRequest) -> Page[Audited]:
    """Return what was written, by everyone or by one key, the latest first.

    Raises: CursorError.
    """
    query = select(AuditRow)
    if actor is not None:
        query = query.where(AuditRow.actor == (actor if storable(actor) else ""))
    if page.cursor is not None:
        (last,) = decode_cursor(page.cursor, "audit", int)
        query = query.where(AuditRow.seq < last)
    rows = session.scalars(query.order_by(AuditRow.seq.desc()).limit(page.limit + 1)).all()
    return page_of("audit", page, rows, _view, lambda row: (row.seq,))


def _view(row: AuditRow) -> Audited:
    return Audited(row.at, row.actor, row.address, row.action, row.target, row.status, row.request_id)
