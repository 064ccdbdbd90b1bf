"""The first answers to requests that may be sent again. None of the functions commits."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from app.store.changes import insert_for
from app.store.queue_tables import AnswerRow


@dataclass(frozen=True, slots=True)
class Claim:
    """Whose request it is that is being answered: ``holder`` is the one attempt that may answer it."""

    caller: str
    key: str
    fingerprint: str
    holder: str


@dataclass(frozen=True, slots=True)
class KeptAnswer:
    """What is known of a key: ``status`` None says that the answer is being made."""

    fingerprint: str
    status: int | None
    location: str | None
    body: bytes | None


def claim(session: Session, wanted: Claim, stale: timedelta) -> KeptAnswer | None:
    """Claim a key and return None, or return what is known of it. A claim that is ``stale`` is taken over."""
    now = datetime.now(UTC)
    row = {
        "caller": wanted.caller,
        "key": wanted.key,
        "fingerprint": wanted.fingerprint,
        "holder": wanted.holder,
        "touched_at": now,
    }
    statement = insert_for(session)(AnswerRow).values(row).on_conflict_do_nothing(index_elements=["caller", "key"])
    if session.execute(statement.returning(AnswerRow.key)).first() is not None:
        return None
    mine = (AnswerRow.caller == wanted.caller, AnswerRow.key == wanted.key)
    left = (*mine, AnswerRow.status.is_(None), AnswerRow.touched_at < now - stale)
    if session.execute(update(AnswerRow).where(*left).values(row)).rowcount:  # type: ignore[attr-defined]
        return None
    columns = (AnswerRow.fingerprint, AnswerRow.status, AnswerRow.location, AnswerRow.body)
    return KeptAnswer(*session.execute(select(*columns).where(*mine)).one())


def known(session: Session, caller: str, key: str) -> KeptAnswer | None:
    """Return what is known of a key, or None."""
    columns = (AnswerRow.fingerprint, AnswerRow.status, AnswerRow.location, AnswerRow.body)
    row = session.execute(select(*columns).where(AnswerRow.caller == caller, AnswerRow.key == key)).one_or_none()
    return None if row is None else KeptAnswer(*row)


def keep(session: Session, mine: Claim, status: int, location: str | None, body: bytes) -> None:
    """Keep the answer to a claimed request, to be given again. ``fingerprint`` may have become known only now."""
    values = {
        "fingerprint": mine.fingerprint,
        "status": status,
        "location": location,
        "body": body,
        "touched_at": datetime.now(UTC),
    }
    held = (AnswerRow.caller == mine.caller, AnswerRow.key == mine.key, AnswerRow.holder == mine.holder)
    session.execute(update(AnswerRow).where(*held).values(values))


def give_up(session: Session, mine: Claim) -> None:
    """Free a key whose request was refused: it may be used again."""
    held = (AnswerRow.caller == mine.caller, AnswerRow.key == mine.key, AnswerRow.holder == mine.holder)
    session.execute(delete(AnswerRow).where(*held, AnswerRow.status.is_(None)))


def forget(session: Session, age: timedelta) -> None:
    """Forget the answers that are so old."""
    session.execute(delete(AnswerRow).where(AnswerRow.touched_at < datetime.now(UTC) - age))
