"""Requests given out to the replicas of a service: one row a key or address and window of time, in batches.

Processes of one machine that share a SQLite database count in a file of their own: a count is nothing that must be on
disk, and every commit to the database makes the answers that are kept old.
"""

from __future__ import annotations

from pathlib import Path

from sqlalchemy import delete
from sqlalchemy.orm import Session

from app.store.access_tables import RateRow
from app.store.bulk import table_of
from app.store.changes import insert_for
from app.store.store import Store, open_store

_COUNTS = "rates.sqlite3"


def begin_counts(folder: Path) -> None:
    """Make the file in which the processes that share ``folder`` count."""
    store = counts_in(folder)
    try:
        table_of(RateRow).create(store.engine)
    finally:
        store.close()


def counts_in(folder: Path) -> Store:
    """Return the store in which the processes that share ``folder`` count."""
    return open_store(f"sqlite:///{folder / _COUNTS}")


def take(session: Session, subject: str, begins: int, wanted: int, limit: int) -> tuple[int, int]:
    """Take up to ``wanted`` requests of what one window allows; return how many are given, and how many are left.

    Units: ``begins`` in seconds since 1970, ``limit`` in requests a window.
    """
    statement = insert_for(session)(RateRow).values(subject=subject, begins=begins, taken=wanted)
    statement = statement.on_conflict_do_update(
        index_elements=["subject", "begins"], set_={"taken": RateRow.taken + statement.excluded.taken}
    )
    taken: int = session.execute(statement.returning(RateRow.taken)).scalar_one()
    given = max(0, min(wanted, limit - (taken - wanted)))
    return given, max(0, limit - taken)


def forget(session: Session, before: int) -> None:
    """Delete the windows that began before a moment."""
    session.execute(delete(RateRow).where(RateRow.begins < before))
