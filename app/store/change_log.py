"""The log of changes, for those who mirror the stories: in order, without gaps.

A position is given at the very end of a transaction, under a lock that is held until it is committed. So positions have
the order of commits: whoever has seen one will never see a lower one appear. A sequence would not do, as its numbers
have the order in which they are drawn, and a slow transaction would come to light behind a reader's back. The lock is
the last that a transaction takes, so none waits for another in a circle.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Literal

from sqlalchemy import event, func, insert, select, text, update
from sqlalchemy.orm import Session

from app.store.access_tables import ChangeRow
from app.store.tables import ArticleRow

Kind = Literal["created", "updated", "annotated", "corrected", "linked", "deleted"]
_NOTED = "sayso_changes"
# Held from the last statement to the commit; the number means nothing.
_LOCK = 7_396_502
_NO_SYNC = {"synchronize_session": False}


@dataclass(frozen=True, slots=True)
class Change:
    """That a story came, changed, was annotated anew, corrected or linked anew, or went.

    Positions count up from 1, one a change. A story is linked anew when who or what is in it was merged or split.
    """

    position: int
    at: datetime
    kind: Kind
    article_id: str
    revision: int


def note(session: Session, kind: Kind, article_id: str, revision: int) -> None:
    """Let a change be written to the log when the transaction is committed."""
    if _NOTED not in session.info:
        session.info[_NOTED] = []
        event.listen(session, "before_commit", _write)
        event.listen(session, "after_rollback", _forget)
    session.info[_NOTED].append({"kind": kind, "article_id": article_id, "revision": revision})


def note_as_it_is(session: Session, kind: Kind, article_id: str) -> None:
    """Let a change of a story's annotations be written to the log, and when it was to the story; its text stays."""
    revision = session.scalar(select(ArticleRow.revision).where(ArticleRow.id == article_id))
    if revision is not None:
        changed = update(ArticleRow).where(ArticleRow.id == article_id).values(updated_at=datetime.now(UTC))
        session.execute(changed, execution_options=_NO_SYNC)
        note(session, kind, article_id, revision)


def changes_since(session: Session, position: int, limit: int) -> tuple[Change, ...]:
    """Return the changes after a position, the oldest first."""
    query = select(ChangeRow).where(ChangeRow.position > position).order_by(ChangeRow.position).limit(limit)
    return tuple(Change(row.position, row.at, row.kind, row.article_id, row.revision) for row in session.scalars(query))


def _write(session: Session) -> None:
    noted = session.info[_NOTED]
    if not noted or session.in_nested_transaction():
        return
    if session.get_bind().dialect.name == "postgresql":
        session.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _LOCK})
    last = session.scalar(select(func.max(ChangeRow.position))) or 0
    now = datetime.now(UTC)
    session.execute(insert(ChangeRow), [{**row, "position": last + i, "at": now} for i, row in enumerate(noted, 1)])
    noted.clear()


def _forget(session: Session) -> None:
    session.info[_NOTED].clear()
