"""The processes that work batches off: who is there. None of the functions commits."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from app.store.changes import insert_for
from app.store.queue_tables import WorkerRow


def beat(session: Session, worker_id: str, host: str, pid: int) -> None:
    """Say that a worker is there."""
    now = datetime.now(UTC)
    row = {"id": worker_id, "host": host, "pid": pid, "started_at": now, "seen_at": now}
    statement = insert_for(session)(WorkerRow).values(row)
    session.execute(statement.on_conflict_do_update(index_elements=["id"], set_={"seen_at": now}))


def leave(session: Session, worker_id: str) -> None:
    """Say that a worker is gone."""
    session.execute(delete(WorkerRow).where(WorkerRow.id == worker_id))


def seen_since(session: Session, age: timedelta) -> dict[str, tuple[str, int]]:
    """Return host and process id of the workers that were seen within ``age``, by their ids."""
    query = select(WorkerRow.id, WorkerRow.host, WorkerRow.pid).where(WorkerRow.seen_at >= datetime.now(UTC) - age)
    return {row.id: (row.host, row.pid) for row in session.execute(query)}


def forget(session: Session, age: timedelta) -> None:
    """Take out the workers that have not been seen for so long."""
    session.execute(delete(WorkerRow).where(WorkerRow.seen_at < datetime.now(UTC) - age))
