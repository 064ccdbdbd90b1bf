"""The tables of what waits to be annotated, private to the store. The workflows that work them off are DBOS's own."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, Index, LargeBinary, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.store.column_types import Code, Id, Name, Sequence
from app.store.tables import Base


def _of_ingestion() -> ForeignKey:
    return ForeignKey("ingestions.id", ondelete="CASCADE")


class IngestionRow(Base):
    """Stories that came in together. ``state``: "receiving", "queued", "done" or "cancelled".

    ``items_removed_at`` is since when only the counts are left of one that is over.
    """

    __tablename__ = "ingestions"
    id: Mapped[str] = mapped_column(Id, primary_key=True)
    state: Mapped[str] = mapped_column(Code)
    origin: Mapped[str]
    received: Mapped[int]
    request_id: Mapped[str]
    created_at: Mapped[datetime]
    touched_at: Mapped[datetime]
    finished_at: Mapped[datetime | None]
    items_removed_at: Mapped[datetime | None]
    __table_args__ = (Index(None, "state", "id"), Index(None, "items_removed_at", "finished_at"))


class BatchRow(Base):
    """Stories of one ingestion that are worked on together, by one workflow, and what became of them.

    ``state``: "held" until the whole ingestion is there, then "queued", "done" or "cancelled". ``attempt`` tells
    apart the workflows that were to do it. Seconds are summed over the stories.
    """

    __tablename__ = "ingestion_batches"
    seq: Mapped[int] = mapped_column(Sequence, primary_key=True)
    ingestion_id: Mapped[str] = mapped_column(Id, _of_ingestion())
    number: Mapped[int]
    state: Mapped[str] = mapped_column(Code)
    attempt: Mapped[str] = mapped_column(Id)
    stories: Mapped[int]
    annotated: Mapped[int]
    duplicate: Mapped[int]
    failed: Mapped[int]
    queued_at: Mapped[datetime]
    started_at: Mapped[datetime | None]
    seconds_reading: Mapped[float]
    seconds_annotating: Mapped[float]
    seconds_storing: Mapped[float]
    __table_args__ = (UniqueConstraint("ingestion_id", "number"), Index(None, "state", "queued_at"))


class ItemRow(Base):
    """One story of an ingestion. ``state``: "waiting", "annotated", "duplicate" or "failed".

    ``payload`` is the story as it came; it goes when the story is kept. ``content_type`` None is a line of JSON.
    """

    __tablename__ = "ingestion_items"
    ingestion_id: Mapped[str] = mapped_column(Id, _of_ingestion(), primary_key=True)
    line: Mapped[int] = mapped_column(primary_key=True)
    batch: Mapped[int]
    state: Mapped[str] = mapped_column(Code)
    tries: Mapped[int]
    content_type: Mapped[str | None]
    external_id: Mapped[str | None]
    article_id: Mapped[str | None] = mapped_column(Id)
    reason: Mapped[str | None]
    place: Mapped[str | None]
    payload: Mapped[bytes | None] = mapped_column(LargeBinary)
    __table_args__ = (
        Index(None, "ingestion_id", "state", "line"),
        Index(None, "ingestion_id", "batch", "line"),
    )


class WorkerRow(Base):
    """A process that works batches off, and when it last said so."""

    __tablename__ = "workers"
    id: Mapped[str] = mapped_column(Id, primary_key=True)
    host: Mapped[str]
    pid: Mapped[int]
    started_at: Mapped[datetime]
    seen_at: Mapped[datetime]


class AnswerRow(Base):
    """The first answer to a request with an Idempotency-Key, or, without a ``status``, that one is being made."""

    __tablename__ = "idempotent_answers"
    caller: Mapped[str] = mapped_column(Id, primary_key=True)
    key: Mapped[str] = mapped_column(Name, primary_key=True)
    fingerprint: Mapped[str] = mapped_column(Id)
    holder: Mapped[str] = mapped_column(Id)
    status: Mapped[int | None]
    location: Mapped[str | None]
    body: Mapped[bytes | None] = mapped_column(LargeBinary)
    touched_at: Mapped[datetime]
    __table_args__ = (Index(None, "touched_at"),)


class ReannotationRow(Base):
    """A walk over all articles that brings them to one pipeline. ``after`` is the last article that is through.

    ``in_hand`` and ``tries`` find a story that ends the process. ``state``: "queued", "done" or "cancelled".
    """

    __tablename__ = "reannotations"
    id: Mapped[str] = mapped_column(Id, primary_key=True)
    state: Mapped[str] = mapped_column(Code)
    attempt: Mapped[str] = mapped_column(Id)
    pipeline_version: Mapped[str]
    weights: Mapped[str]
    rate: Mapped[float | None]
    total: Mapped[int]
    done: Mapped[int]
    failed: Mapped[int]
    last_failure: Mapped[str | None]
    after: Mapped[str] = mapped_column(Id)
    in_hand: Mapped[str | None] = mapped_column(Id)
    tries: Mapped[int]
    request_id: Mapped[str]
    created_at: Mapped[datetime]
    finished_at: Mapped[datetime | None]
    __table_args__ = (Index(None, "state"),)


class PastAnalysisRow(Base):
    """An analysis that another run has replaced, as it was served, packed by zlib."""

    __tablename__ = "past_analyses"
    run_id: Mapped[str] = mapped_column(Id, ForeignKey("runs.id", ondelete="CASCADE"), primary_key=True)
    document: Mapped[bytes] = mapped_column(LargeBinary)
