"""What ingestions leave behind, removed when they have been over for long. None of the functions commits.

What became of the stories is told as before: the counts stay, in one batch that stands for all.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from sqlalchemy import delete, func, select, update
from sqlalchemy.orm import Session

from app.store.queue_tables import BatchRow, IngestionRow, ItemRow

_OVER = ("done", "cancelled")
_SUMS = ("stories", "annotated", "duplicate", "failed", "seconds_reading", "seconds_annotating", "seconds_storing")


def remove_items(session: Session, age: timedelta, most: int) -> int:
    """Remove the next items, at most so many, of an ingestion that has been over for so long; return how many went.

    0 says that there is none left. One without items counts as one.
    """
    over = (
        IngestionRow.items_removed_at.is_(None),
        IngestionRow.finished_at < datetime.now(UTC) - age,
        IngestionRow.state.in_(_OVER),
    )
    # Who tries its failures again waits for the lock, or is waited for, and then it is not over.
    query = select(IngestionRow.id).where(*over).order_by(IngestionRow.finished_at).limit(1)
    ingestion_id = session.scalars(query.with_for_update(skip_locked=True)).one_or_none()
    if ingestion_id is None:
        return 0
    lines = session.scalars(
        select(ItemRow.line).where(ItemRow.ingestion_id == ingestion_id).order_by(ItemRow.line).limit(most)
    ).all()
    if lines:
        mine = (ItemRow.ingestion_id == ingestion_id, ItemRow.line <= lines[-1])
        session.execute(delete(ItemRow).where(*mine))
    if len(lines) < most:
        _join_batches(session, ingestion_id)
        removed = update(IngestionRow).where(IngestionRow.id == ingestion_id)
        session.execute(removed.values(items_removed_at=datetime.now(UTC)))
    return max(1, len(lines))


def _join_batches(session: Session, ingestion_id: str) -> None:
    """Put one batch in place of all, with what they come to."""
    mine = BatchRow.ingestion_id == ingestion_id
    sums = [func.sum(getattr(BatchRow, name)).label(name) for name in _SUMS]
    first, started = func.min(BatchRow.seq), func.min(BatchRow.started_at)
    row = session.execute(select(first.label("seq"), started.label("started_at"), *sums).where(mine)).one()
    if row.seq is not None:
        session.execute(delete(BatchRow).where(mine, BatchRow.seq != row.seq))
        values = {name: getattr(row, name) for name in (*_SUMS, "started_at")}
        session.execute(update(BatchRow).where(BatchRow.seq == row.seq).values(values))
