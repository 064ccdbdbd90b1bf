"""The tables of what is fetched, private to the store: feeds, their entries that are known, hosts and their turns."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.store.column_types import Code, Id, Name
from app.store.tables import Base


class FeedRow(Base):
    """A feed that is polled. ``state``: "active", or "gone" when its server says that it is for good.

    ``next_poll_at`` None is never. ``failures`` counts those since the last success; ``error`` is the last one's.
    Units: ``interval`` in seconds.
    """

    __tablename__ = "feeds"
    id: Mapped[str] = mapped_column(Id, primary_key=True)
    url: Mapped[str] = mapped_column(Name)
    source: Mapped[str | None]
    pages: Mapped[bool]
    interval: Mapped[int]
    state: Mapped[str] = mapped_column(Code)
    title: Mapped[str | None]
    language: Mapped[str | None]
    etag: Mapped[str | None]
    last_modified: Mapped[str | None]
    created_at: Mapped[datetime]
    polled_at: Mapped[datetime | None]
    next_poll_at: Mapped[datetime | None]
    failures: Mapped[int]
    error: Mapped[str | None]
    entries: Mapped[int]
    ingestion_id: Mapped[str | None] = mapped_column(Id)
    __table_args__ = (UniqueConstraint("url"), Index(None, "next_poll_at"))


class FeedEntryRow(Base):
    """An entry that has been handed on. ``key`` is a digest of its id; ``mark`` of what the feed said of it."""

    __tablename__ = "feed_entries"
    feed_id: Mapped[str] = mapped_column(Id, ForeignKey("feeds.id", ondelete="CASCADE"), primary_key=True)
    key: Mapped[str] = mapped_column(Id, primary_key=True)
    mark: Mapped[str] = mapped_column(Id)
    seen_at: Mapped[datetime]
    __table_args__ = (Index(None, "feed_id", "seen_at"),)


class HostRow(Base):
    """A host that is asked for pages. Units: ``free_at`` in seconds since 1970, when it may be asked again."""

    __tablename__ = "fetched_hosts"
    host: Mapped[str] = mapped_column(Name, primary_key=True)
    free_at: Mapped[float] = mapped_column(index=True)
