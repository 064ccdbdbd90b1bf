"""The tables of webhooks, private to the store: receivers with how far each is, and what none of them took."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from app.store.column_types import Code, Id, Name, Sequence
from app.store.tables import Base


class WebhookRow(Base):
    """A receiver of changes. ``state``: "active", "paused" by its owner, or "gone" as it says itself (410).

    ``events`` are the kinds of change that it wants, with commas between; all of them when None. All changes up to
    ``position`` are delivered, given up or not wanted; ``attempts`` counts the failures of the one after. ``next_at``
    is when a worker may take it in hand: in the future while it waits, or while the worker ``holder`` has it.
    """

    __tablename__ = "webhooks"
    id: Mapped[str] = mapped_column(Id, primary_key=True)
    url: Mapped[str] = mapped_column(Name)
    description: Mapped[str | None]
    events: Mapped[str | None]
    state: Mapped[str] = mapped_column(Code)
    secret: Mapped[str]
    old_secret: Mapped[str | None]
    old_secret_until: Mapped[datetime | None]
    position: Mapped[int] = mapped_column(Sequence)
    attempts: Mapped[int]
    next_at: Mapped[datetime]
    holder: Mapped[str | None] = mapped_column(Id)
    status: Mapped[int | None]
    error: Mapped[str | None]
    delivered: Mapped[int]
    failed: Mapped[int]
    created_at: Mapped[datetime]
    delivered_at: Mapped[datetime | None]
    __table_args__ = (Index(None, "state", "next_at"),)


class DeadLetterRow(Base):
    """A message that a receiver did not take however often it was tried."""

    __tablename__ = "webhook_dead_letters"
    id: Mapped[str] = mapped_column(Id, primary_key=True)
    webhook_id: Mapped[str] = mapped_column(Id, ForeignKey("webhooks.id", ondelete="CASCADE"))
    position: Mapped[int] = mapped_column(Sequence)
    type: Mapped[str]
    body: Mapped[str]
    attempts: Mapped[int]
    status: Mapped[int | None]
    error: Mapped[str | None]
    made_at: Mapped[datetime]
    __table_args__ = (Index(None, "webhook_id", "id"),)
