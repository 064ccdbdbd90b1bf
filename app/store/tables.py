"""The tables, private to the store. Query rows (mentions, quotes, positions ...) are of current revisions only.

There are no relationships, so nothing can load behind a reader's back: what is read is selected.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, ForeignKeyConstraint, Index, MetaData, Text, UniqueConstraint
from sqlalchemy import text as sql_text
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

from app.store.column_types import Code, Id, Name, Sequence, UtcDateTime

NAMING = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}


class Base(DeclarativeBase):
    """The tables' common base: names of constraints, types of columns."""

    metadata = MetaData(naming_convention=NAMING)
    type_annotation_map = {str: Text(), datetime: UtcDateTime()}  # noqa: RUF012 (SQLAlchemy reads the class)


def _of_article() -> ForeignKey:
    return ForeignKey("articles.id", ondelete="CASCADE")


class ArticleRow(Base):
    """An article: its latest metadata, and which revision is current. ``dated_at`` is published or else received."""

    __tablename__ = "articles"
    id: Mapped[str] = mapped_column(Id, primary_key=True)
    revision: Mapped[int]
    sha256: Mapped[str] = mapped_column(Id)
    length: Mapped[int]
    title: Mapped[str | None]
    section: Mapped[str | None]
    byline: Mapped[str | None]
    dateline: Mapped[str | None]
    authors: Mapped[list[str]] = mapped_column(JSON)
    source: Mapped[str | None]
    url: Mapped[str | None]
    language: Mapped[str | None]
    published_at: Mapped[datetime | None]
    dated_at: Mapped[datetime]
    external_id: Mapped[str | None]
    media_type: Mapped[str]
    head: Mapped[dict[str, Any]] = mapped_column(JSON)
    received_at: Mapped[datetime]
    updated_at: Mapped[datetime]
    __table_args__ = (
        UniqueConstraint("sha256"),
        Index(None, "dated_at", "id"),
        Index(None, "source", "id"),
        Index(None, "section", "id"),
        Index(None, "language", "id"),
        Index(None, "url", "id"),
        Index(None, "external_id", "id"),
    )


class RevisionRow(Base):
    """A revision's text, which never changes. The current one is in the full-text index with the latest title."""

    __tablename__ = "revisions"
    seq: Mapped[int] = mapped_column(Sequence, primary_key=True)
    article_id: Mapped[str] = mapped_column(Id, _of_article())
    number: Mapped[int]
    current: Mapped[bool]
    sha256: Mapped[str] = mapped_column(Id)
    length: Mapped[int]
    title: Mapped[str | None]
    media_type: Mapped[str]
    head: Mapped[dict[str, Any]] = mapped_column(JSON)
    received_at: Mapped[datetime]
    text: Mapped[str]
    __table_args__ = (UniqueConstraint("article_id", "number"),)


def _of_revision() -> ForeignKeyConstraint:
    return ForeignKeyConstraint(
        ["article_id", "revision"], ["revisions.article_id", "revisions.number"], ondelete="CASCADE"
    )


class RunRow(Base):
    """One run of the pipeline over one revision, and how much it found."""

    __tablename__ = "runs"
    id: Mapped[str] = mapped_column(Id, primary_key=True)
    article_id: Mapped[str] = mapped_column(Id)
    revision: Mapped[int]
    pipeline_version: Mapped[str]
    weights: Mapped[str]
    started_at: Mapped[datetime]
    seconds: Mapped[float | None]
    people: Mapped[int]
    organizations: Mapped[int]
    places: Mapped[int]
    quotes: Mapped[int]
    positions: Mapped[int]
    __table_args__ = (
        _of_revision(),
        Index(None, "article_id", "revision"),
        Index(None, "pipeline_version", "id"),
        Index(None, "weights", "id"),
        Index(None, "pipeline_version", "weights", "id"),
    )


class AnalysisRow(Base):
    """The finished analysis of a revision by its latest run, as served.

    ``machine`` is the analysis as the run made it, before people's corrections and links across stories.
    """

    __tablename__ = "analyses"
    article_id: Mapped[str] = mapped_column(Id, primary_key=True)
    revision: Mapped[int] = mapped_column(primary_key=True)
    run_id: Mapped[str] = mapped_column(Id, ForeignKey("runs.id", ondelete="CASCADE"))
    document: Mapped[dict[str, Any]] = mapped_column(JSON)
    machine: Mapped[Any | None] = mapped_column(JSON(none_as_null=True))
    __table_args__ = (_of_revision(), Index(None, "run_id"))


class EntityRow(Base):
    """An entity across stories. ``name`` is the one that most stories use; goes when ``articles`` comes to 0.

    ``weight`` is the sum of its shares of the stories' weight, in ten thousandths. ``state`` is "open" as long as
    somebody must say whether it is another. ``identity_id`` is the authority's entry that it is.
    """

    __tablename__ = "entities"
    id: Mapped[str] = mapped_column(Id, primary_key=True)
    type: Mapped[str] = mapped_column(Code)
    key: Mapped[str]
    name: Mapped[str]
    folded: Mapped[str] = mapped_column(Name)
    articles: Mapped[int]
    identifiers: Mapped[list[list[str]]] = mapped_column(JSON)
    quotes: Mapped[int] = mapped_column(server_default=sql_text("0"))
    weight: Mapped[int] = mapped_column(server_default=sql_text("0"))
    state: Mapped[str] = mapped_column(Code, server_default="settled")
    identity_id: Mapped[str | None] = mapped_column(Id)
    __table_args__ = (
        Index(None, "type", "folded", "id"),
        Index(None, "folded", "id"),
        Index(None, "type", "articles", "id"),
        Index(None, "type", "weight", "id"),
        Index(None, "identity_id"),
    )


class EntityNameRow(Base):
    """A form of an entity's name, and how many stories use it.

    ``kind``: "name" a story's fullest form, "alias" another form, "short" a full name without its initials,
    "part" a full name from a later word on; the last two serve finding only.
    """

    __tablename__ = "entity_names"
    entity_id: Mapped[str] = mapped_column(Id, ForeignKey("entities.id", ondelete="CASCADE"), primary_key=True)
    kind: Mapped[str] = mapped_column(Code, primary_key=True)
    name: Mapped[str] = mapped_column(Name, primary_key=True)
    folded: Mapped[str] = mapped_column(Name)
    articles: Mapped[int]
    __table_args__ = (Index(None, "folded", "entity_id"),)


class AppearanceRow(Base):
    """That an entity is in a story: its names there, its weight, what the story tells of it, and why it is this one.

    ``reasons`` are (code, weight, detail), ``score`` what they come to; a story that founds its entity has none.
    """

    __tablename__ = "appearances"
    article_id: Mapped[str] = mapped_column(Id, _of_article(), primary_key=True)
    entity_id: Mapped[str] = mapped_column(Id, ForeignKey("entities.id"), primary_key=True)
    name: Mapped[str]
    aliases: Mapped[list[str]] = mapped_column(JSON)
    prominence: Mapped[float | None]
    quotes: Mapped[int] = mapped_column(server_default=sql_text("0"))
    dated_at: Mapped[datetime | None]
    context: Mapped[list[list[str]] | None] = mapped_column(JSON)
    score: Mapped[float | None]
    reasons: Mapped[list[list[Any]] | None] = mapped_column(JSON)
    __table_args__ = (Index(None, "entity_id", "article_id"), Index(None, "entity_id", "dated_at"))


class MentionRow(Base):
    """Where a story refers to an entity."""

    __tablename__ = "mentions"
    seq: Mapped[int] = mapped_column(Sequence, primary_key=True)
    article_id: Mapped[str] = mapped_column(Id, _of_article())
    entity_id: Mapped[str] = mapped_column(Id, ForeignKey("entities.id"))
    start: Mapped[int]
    end: Mapped[int]
    kind: Mapped[str] = mapped_column(Code)
    confidence: Mapped[float | None]
    __table_args__ = (Index(None, "article_id", "start"), Index(None, "entity_id", "article_id"))


class QuoteRow(Base):
    """A quote. ``ordinal`` is its place among the quotes of the story; ``document`` is the whole of it, as served.

    ``saying_id`` is what it has in common with the same words in other stories. ``review`` is what people made of it;
    ``review_rank`` is the confidence in ten thousandths, -1 where it is unknown: the order of looking through.
    ``about`` are the words around it, which stand between ``window_start`` and ``window_end``, and the names of who is
    meant there; ``named`` says by which words: [start, end, name].
    """

    __tablename__ = "quotes"
    seq: Mapped[int] = mapped_column(Sequence, primary_key=True)
    id: Mapped[str] = mapped_column(Id)
    article_id: Mapped[str] = mapped_column(Id, _of_article())
    ordinal: Mapped[int]
    run_id: Mapped[str] = mapped_column(Id, ForeignKey("runs.id", ondelete="CASCADE"))
    type: Mapped[str] = mapped_column(Code)
    text: Mapped[str]
    speaker_status: Mapped[str] = mapped_column(Code)
    speaker_name: Mapped[str | None]
    speaker_entity_id: Mapped[str | None] = mapped_column(Id, ForeignKey("entities.id"))
    confidence: Mapped[float | None]
    method: Mapped[str]
    document: Mapped[dict[str, Any]] = mapped_column(JSON)
    saying_id: Mapped[str | None] = mapped_column(Id)
    review: Mapped[str] = mapped_column(Code, server_default="machine")
    review_rank: Mapped[int] = mapped_column(server_default=sql_text("-1"))
    window_start: Mapped[int | None]
    window_end: Mapped[int | None]
    about: Mapped[str] = mapped_column(server_default=sql_text("''"))
    named: Mapped[list[list[int | str]] | None] = mapped_column(JSON(none_as_null=True))
    __table_args__ = (
        UniqueConstraint("id"),
        Index(None, "review", "review_rank", "id"),
        Index(None, "review", "article_id", "ordinal"),
        Index(None, "saying_id", "article_id", "ordinal"),
        Index(None, "article_id", "ordinal"),
        Index(None, "speaker_entity_id", "article_id", "ordinal"),
        Index(None, "speaker_status", "article_id", "ordinal"),
        Index(None, "type", "article_id", "ordinal"),
        Index(None, "run_id"),
    )


class IssueRow(Base):
    """An issue across stories: the same as long as the folded label is. Goes when ``positions`` comes to 0."""

    __tablename__ = "issues"
    id: Mapped[str] = mapped_column(Id, primary_key=True)
    label: Mapped[str]
    folded: Mapped[str] = mapped_column(Name)
    positions: Mapped[int]
    __table_args__ = (Index(None, "folded", "id"), Index(None, "positions", "id"))


class PositionRow(Base):
    """An office or a stance. ``actor`` is the person in office or the stance's holder; ``text`` is for full text.

    ``country`` is the actor's; ``reporter`` is who reports a stance when that is not its holder. ``dated_at`` is its
    story's.
    """

    __tablename__ = "positions"
    seq: Mapped[int] = mapped_column(Sequence, primary_key=True)
    id: Mapped[str] = mapped_column(Id)
    article_id: Mapped[str] = mapped_column(Id, _of_article())
    ordinal: Mapped[int]
    run_id: Mapped[str] = mapped_column(Id, ForeignKey("runs.id", ondelete="CASCADE"))
    kind: Mapped[str] = mapped_column(Code)
    actor_name: Mapped[str | None]
    actor_entity_id: Mapped[str | None] = mapped_column(Id, ForeignKey("entities.id"))
    organization_entity_id: Mapped[str | None] = mapped_column(Id, ForeignKey("entities.id"))
    country: Mapped[str | None] = mapped_column(Name)
    reporter_entity_id: Mapped[str | None] = mapped_column(Id)
    title: Mapped[str | None]
    tense: Mapped[str | None] = mapped_column(Code)
    polarity: Mapped[str | None] = mapped_column(Code)
    issue_id: Mapped[str | None] = mapped_column(Id, ForeignKey("issues.id"))
    quote_id: Mapped[str | None] = mapped_column(Id)
    text: Mapped[str]
    confidence: Mapped[float | None]
    method: Mapped[str]
    document: Mapped[dict[str, Any]] = mapped_column(JSON)
    dated_at: Mapped[datetime | None]
    review: Mapped[str] = mapped_column(Code, server_default="machine")
    review_rank: Mapped[int] = mapped_column(server_default=sql_text("-1"))
    __table_args__ = (
        UniqueConstraint("id"),
        Index(None, "review", "review_rank", "id"),
        Index(None, "review", "kind", "review_rank", "id"),
        Index(None, "review", "article_id", "ordinal"),
        Index(None, "article_id", "ordinal"),
        Index(None, "kind", "article_id", "ordinal"),
        Index(None, "actor_entity_id", "kind", "article_id", "ordinal"),
        Index(None, "actor_entity_id", "article_id", "ordinal"),
        Index(None, "actor_entity_id", "country"),
        Index(None, "organization_entity_id", "article_id", "ordinal"),
        Index(None, "country", "article_id", "ordinal"),
        Index(None, "reporter_entity_id", "article_id", "ordinal"),
        Index(None, "issue_id", "article_id", "ordinal"),
        Index(None, "issue_id", "dated_at"),
        Index(None, "issue_id", "polarity"),
        Index(None, "polarity", "article_id", "ordinal"),
        Index(None, "tense", "article_id", "ordinal"),
        Index(None, "quote_id"),
        Index(None, "run_id"),
    )


class CorrectionRow(Base):
    """What a person says about an annotation. Undone or not, it stays; what it says never changes.

    ``applied`` and ``applied_to`` are what became of it when the story was last written, ``reason`` why it does not
    hold. ``value`` and ``before`` are in the API's shapes: ``app.review.correction`` says more.
    """

    __tablename__ = "corrections"
    seq: Mapped[int] = mapped_column(Sequence, primary_key=True)
    id: Mapped[str] = mapped_column(Id)
    article_id: Mapped[str] = mapped_column(Id, _of_article())
    revision: Mapped[int]
    action: Mapped[str] = mapped_column(Code)
    kind: Mapped[str] = mapped_column(Code)
    annotation_id: Mapped[str] = mapped_column(Id)
    value: Mapped[dict[str, Any]] = mapped_column(JSON)
    before: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))
    note: Mapped[str | None]
    author: Mapped[str | None]
    made_at: Mapped[datetime]
    undone_at: Mapped[datetime | None]
    undone_by: Mapped[str | None]
    applied: Mapped[bool]
    applied_to: Mapped[str | None] = mapped_column(Id)
    reason: Mapped[str | None]
    __table_args__ = (
        UniqueConstraint("id"),
        Index(None, "article_id", "id"),
        Index(None, "annotation_id"),
        Index(None, "applied", "id"),
        Index(None, "applied", "article_id"),
    )
