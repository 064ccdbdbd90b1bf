"""Feeds that are polled, which of their entries are known, and whose turn it is at a host. No function commits."""

from __future__ import annotations

import time
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from typing import Literal, cast

from sqlalchemy import Update, case, delete, func, literal, select, update
from sqlalchemy.orm import Session

from app.errors import NotFoundError
from app.store.annotations import new_id
from app.store.changes import insert_for
from app.store.feed_tables import FeedEntryRow, FeedRow, HostRow
from app.store.filters import storable
from app.store.paging import Page, PageRequest, decode_cursor, page_of

FeedState = Literal["active", "gone"]

LEASE = timedelta(minutes=10)
LONGEST_BACK_OFF = 86_400
_FORGOTTEN_AFTER = timedelta(days=90)
_CHUNK = 500


@dataclass(frozen=True, slots=True)
class NewFeed:
    """A feed that somebody asks to have polled. ``pages`` says whether its entries' pages are fetched.

    Units: ``interval`` in seconds between two polls.
    """

    url: str
    source: str | None = None
    pages: bool = True
    interval: int = 900


@dataclass(frozen=True, slots=True)
class FeedView:
    """A feed as it stands; ``entries`` counts those that were handed on, ``ingestion_id`` the last of them."""

    id: str
    url: str
    source: str | None
    pages: bool
    interval: int
    state: FeedState
    title: str | None
    language: str | None
    etag: str | None
    last_modified: str | None
    created_at: datetime
    polled_at: datetime | None
    next_poll_at: datetime | None
    failures: int
    error: str | None
    entries: int
    ingestion_id: str | None


@dataclass(frozen=True, slots=True)
class Polled:
    """What a poll that succeeded found; ``ttl`` (seconds) is how long the feed says that it stays as it is."""

    title: str | None
    language: str | None
    etag: str | None
    last_modified: str | None
    ttl: float | None = None


def add_feed(session: Session, new: NewFeed) -> tuple[FeedView, bool]:
    """Have a feed polled from now on and return it with True; with False, and unchanged, one that is polled already."""
    now = datetime.now(UTC)
    values = {
        "id": new_id(),
        "url": new.url,
        "source": new.source,
        "pages": new.pages,
        "interval": new.interval,
        "state": "active",
        "created_at": now,
        "next_poll_at": now,
        "failures": 0,
        "entries": 0,
    }
    statement = insert_for(session)(FeedRow).values(values).on_conflict_do_nothing(index_elements=["url"])
    created = session.execute(statement.returning(FeedRow.id)).first() is not None
    row = session.scalars(select(FeedRow).where(FeedRow.url == new.url)).one()
    return _view(row), created


def feed(session: Session, feed_id: str) -> FeedView:
    """Return one feed.

    Raises: NotFoundError.
    """
    row = session.get(FeedRow, feed_id, populate_existing=True) if storable(feed_id) else None
    if row is None:
        raise NotFoundError("feed", feed_id)
    return _view(row)


def feeds(session: Session, page: PageRequest) -> Page[FeedView]:
    """Return the feeds, the newest first.

    Raises: CursorError.
    """
    query = select(FeedRow).order_by(FeedRow.id.desc()).limit(page.limit + 1)
    if page.cursor is not None:
        (last,) = decode_cursor(page.cursor, "feeds", str)
        query = query.where(FeedRow.id < last)
    return page_of("feeds", page, session.scalars(query).all(), _view, lambda row: (row.id,))


def remove_feed(session: Session, feed_id: str) -> None:
    """Poll a feed no more. What came from it stays.

    Raises: NotFoundError.
    """
    feed(session, feed_id)
    session.execute(delete(FeedRow).where(FeedRow.id == feed_id))


def poll_soon(session: Session, feed_id: str) -> FeedView:
    """Let a feed be polled as soon as a worker is free, also one that was gone.

    Raises: NotFoundError.
    """
    feed(session, feed_id)
    session.execute(_of(feed_id).values(next_poll_at=datetime.now(UTC), state="active"))
    return feed(session, feed_id)


def is_any_due(session: Session) -> bool:
    """Say whether the time of a feed has come."""
    due = select(FeedRow.id).where(FeedRow.next_poll_at <= datetime.now(UTC)).limit(1)
    return session.execute(due).first() is not None


def claim_due(session: Session, most: int) -> list[str]:
    """Return the feeds whose time has come, each for one caller: the next may have it when the lease is over."""
    now = datetime.now(UTC)
    due = select(FeedRow.id, FeedRow.next_poll_at).where(FeedRow.next_poll_at <= now)
    claimed = []
    for feed_id, moment in session.execute(due.order_by(FeedRow.next_poll_at).limit(most)).all():
        mine = _of(feed_id).where(FeedRow.next_poll_at == moment).values(next_poll_at=now + LEASE)
        if session.execute(mine).rowcount:  # type: ignore[attr-defined]
            claimed.append(feed_id)
    return claimed


def poll_later(session: Session, feed_id: str, seconds: float) -> None:
    """Put a poll off, for want of a turn or of room: nothing is wrong with the feed."""
    session.execute(_of(feed_id).values(next_poll_at=datetime.now(UTC) + timedelta(seconds=seconds)))


def poll_succeeded(session: Session, feed_id: str, polled: Polled) -> None:
    """Say that a feed answered, and when it is asked next: after its interval, or what it says of itself if longer."""
    now = datetime.now(UTC)
    interval = session.scalars(select(FeedRow.interval).where(FeedRow.id == feed_id)).one_or_none()
    wait = max(float(interval or 0), polled.ttl or 0.0)
    session.execute(
        _of(feed_id).values(
            title=func.coalesce(literal(polled.title), FeedRow.title),
            language=func.coalesce(literal(polled.language), FeedRow.language),
            etag=polled.etag,
            last_modified=polled.last_modified,
            polled_at=now,
            next_poll_at=now + timedelta(seconds=wait),
            failures=0,
            error=None,
        )
    )


def poll_failed(
    session: Session, feed_id: str, error: str, *, retry_after: float | None = None, gone: bool = False
) -> None:
    """Say that a poll failed: the next waits twice as long each time, and as long as the server asks.

    Units: ``retry_after`` in seconds.
    """
    row = session.execute(select(FeedRow.interval, FeedRow.failures).where(FeedRow.id == feed_id)).one_or_none()
    if row is None:
        return
    now = datetime.now(UTC)
    wait = max(min(row.interval * 2.0 ** min(row.failures + 1, 20), LONGEST_BACK_OFF), retry_after or 0.0)
    session.execute(
        _of(feed_id).values(
            polled_at=now,
            next_poll_at=None if gone else now + timedelta(seconds=wait),
            state="gone" if gone else "active",
            failures=FeedRow.failures + 1,
            error=error[:1000],
        )
    )


def unknown_entries(session: Session, feed_id: str, marks: Mapping[str, str]) -> set[str]:
    """Return the keys of those entries that are new or say something new; ``marks`` are by key."""
    known: dict[str, str] = {}
    digests = {key: digest(key) for key in marks}
    for some in _chunks(list(digests.values())):
        query = select(FeedEntryRow.key, FeedEntryRow.mark)
        query = query.where(FeedEntryRow.feed_id == feed_id, FeedEntryRow.key.in_(some))
        known.update((row.key, row.mark) for row in session.execute(query))
    return {key for key, mark in marks.items() if known.get(digests[key]) != mark}


def keep_entries(
    session: Session, feed_id: str, marks: Mapping[str, str], *, new: int, ingestion_id: str | None
) -> None:
    """Say that all these entries have been handed on, ``new`` of them just now; forget those long out of the feed."""
    now = datetime.now(UTC)
    if session.get(FeedRow, feed_id) is None:
        return
    rows = [
        {"feed_id": feed_id, "key": key, "mark": mark, "seen_at": now}
        for key, mark in sorted((digest(key), mark) for key, mark in marks.items())
    ]
    if rows:
        statement = insert_for(session)(FeedEntryRow)
        values = {"mark": statement.excluded.mark, "seen_at": statement.excluded.seen_at}
        session.execute(statement.on_conflict_do_update(index_elements=["feed_id", "key"], set_=values), rows)
    old = (FeedEntryRow.feed_id == feed_id, FeedEntryRow.seen_at < now - _FORGOTTEN_AFTER)
    session.execute(delete(FeedEntryRow).where(*old))
    if new:
        session.execute(_of(feed_id).values(entries=FeedRow.entries + new, ingestion_id=ingestion_id))


def take_turn(session: Session, host: str, gap: float, patience: float) -> float | None:
    """Return how long to wait before a host may be asked, and keep the turn; None when that is longer than patience.

    Units: seconds; ``gap`` is what lies between two turns.
    """
    now = time.time()
    statement = insert_for(session)(HostRow).values(host=host, free_at=now + gap)
    begins = case((HostRow.free_at > now, HostRow.free_at), else_=now)
    statement = statement.on_conflict_do_update(
        index_elements=["host"], set_={"free_at": begins + gap}, where=HostRow.free_at <= now + patience
    )
    free_at = session.execute(statement.returning(HostRow.free_at)).scalar_one_or_none()
    return None if free_at is None else max(0.0, free_at - gap - now)


def forget_hosts(session: Session) -> None:
    """Forget the hosts that have not been asked for a day."""
    session.execute(delete(HostRow).where(HostRow.free_at < time.time() - 86_400))


def digest(key: str) -> str:
    """Return the digest under which an entry is known."""
    return sha256(key.encode("utf-8", "backslashreplace")).hexdigest()


def _of(feed_id: str) -> Update:
    return update(FeedRow).where(FeedRow.id == feed_id).execution_options(synchronize_session=False)


def _chunks(keys: list[str]) -> Iterable[list[str]]:
    return (keys[i : i + _CHUNK] for i in range(0, len(keys), _CHUNK))


def _view(row: FeedRow) -> FeedView:
    return FeedView(
        id=row.id,
        url=row.url,
        source=row.source,
        pages=row.pages,
        interval=row.interval,
        state=cast(FeedState, row.state),
        title=row.title,
        language=row.language,
        etag=row.etag,
        last_modified=row.last_modified,
        created_at=row.created_at,
        polled_at=row.polled_at,
        next_poll_at=row.next_poll_at,
        failures=row.failures,
        error=row.error,
        entries=row.entries,
        ingestion_id=row.ingestion_id,
    )
