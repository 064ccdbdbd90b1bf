"""The tables of who may use the service, what was done, and what changed; private to the store like the others."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

from sqlalchemy import BigInteger, Index
from sqlalchemy.orm import Mapped, mapped_column

from app.store.column_types import Code, Id, Sequence
from app.store.tables import Base


class KeyRow(Base):
    """An API key: the digest of its secret, never the secret; what it may do and until when. No row is deleted."""

    __tablename__ = "api_keys"
    id: Mapped[str] = mapped_column(Id, primary_key=True)
    name: Mapped[str]
    sha256: Mapped[str] = mapped_column(Id)
    scopes: Mapped[str]
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime | None]
    revoked_at: Mapped[datetime | None]
    last_used_at: Mapped[datetime | None]


class AuditRow(Base):
    """A write that was answered with success, or a change of the keys; rows are only ever added.

    ``actor`` is the key that was used, None where none was needed.
    """

    __tablename__ = "audit"
    seq: Mapped[int] = mapped_column(Sequence, primary_key=True)
    at: Mapped[datetime]
    actor: Mapped[str | None] = mapped_column(Id)
    address: Mapped[str | None]
    action: Mapped[str] = mapped_column(Code)
    target: Mapped[str]
    status: Mapped[int | None]
    request_id: Mapped[str | None]
    __table_args__ = (Index(None, "actor", "seq"),)


class RateRow(Base):
    """How many requests of a window of time were given out to the replicas, for one key or address."""

    __tablename__ = "rates"
    subject: Mapped[str] = mapped_column(Id, primary_key=True)
    begins: Mapped[int] = mapped_column(BigInteger, primary_key=True)
    taken: Mapped[int]
    __table_args__ = (Index(None, "begins"),)


class ChangeRow(Base):
    """A change of a story, for mirrors; rows are only ever added, at the end of a transaction."""

    __tablename__ = "changes"
    position: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    at: Mapped[datetime]
    kind: Mapped[Literal["created", "updated", "annotated", "deleted"]] = mapped_column(Code)
    article_id: Mapped[str] = mapped_column(Id)
    revision: Mapped[int]
