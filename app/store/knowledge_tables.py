"""The tables of what is known across stories, private to the store: keys, links, changes, identities, sayings, labels.

Entities, their names and their appearances are in ``app.store.tables``, and issues too.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, BigInteger, ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.store.column_types import Code, Id, Name
from app.store.tables import Base


def _of_entity() -> ForeignKey:
    return ForeignKey("entities.id", ondelete="CASCADE")


class EntityKeyRow(Base):
    """A key under which an entity is found as a candidate; ``app.knowledge.profiles.keys_of`` makes them."""

    __tablename__ = "entity_keys"
    key: Mapped[str] = mapped_column(Name, primary_key=True)
    entity_id: Mapped[str] = mapped_column(Id, _of_entity(), primary_key=True)
    __table_args__ = (Index(None, "entity_id"),)


class EntityContextRow(Base):
    """What stories tell of an entity ("title", "body", "country", "near", "parent"), and how many do."""

    __tablename__ = "entity_contexts"
    entity_id: Mapped[str] = mapped_column(Id, _of_entity(), primary_key=True)
    kind: Mapped[str] = mapped_column(Code, primary_key=True)
    value: Mapped[str] = mapped_column(Name, primary_key=True)
    articles: Mapped[int]


class RedirectRow(Base):
    """Where an entity or an issue went that was merged into another."""

    __tablename__ = "redirects"
    old_id: Mapped[str] = mapped_column(Id, primary_key=True)
    new_id: Mapped[str] = mapped_column(Id)
    change_id: Mapped[str] = mapped_column(Id)
    __table_args__ = (Index(None, "new_id"),)


class OpenLinkRow(Base):
    """That an entity may be another, or an authority's entry, and somebody must look.

    ``state``: "open", or what somebody said: "accepted", "rejected".
    """

    __tablename__ = "open_links"
    id: Mapped[str] = mapped_column(Id, primary_key=True)
    article_id: Mapped[str | None] = mapped_column(Id, ForeignKey("articles.id", ondelete="CASCADE"))
    entity_id: Mapped[str] = mapped_column(Id, _of_entity())
    candidate_kind: Mapped[str] = mapped_column(Code)
    candidate_id: Mapped[str] = mapped_column(Id)
    type: Mapped[str] = mapped_column(Code)
    score: Mapped[float]
    reasons: Mapped[list[list[Any]]] = mapped_column(JSON)
    state: Mapped[str] = mapped_column(Code)
    made_at: Mapped[datetime]
    __table_args__ = (
        UniqueConstraint("entity_id", "candidate_id"),
        Index(None, "state", "id"),
        Index(None, "state", "type", "id"),
        Index(None, "article_id"),
        Index(None, "candidate_id"),
    )


class ChangeRow(Base):
    """A merge or a split of entities or issues, by hand or by an import. ``detail`` holds what undoing it needs."""

    __tablename__ = "knowledge_changes"
    id: Mapped[str] = mapped_column(Id, primary_key=True)
    action: Mapped[str] = mapped_column(Code)
    type: Mapped[str] = mapped_column(Code)
    from_id: Mapped[str] = mapped_column(Id)
    to_id: Mapped[str] = mapped_column(Id)
    note: Mapped[str | None]
    made_at: Mapped[datetime]
    undone_at: Mapped[datetime | None]
    detail: Mapped[dict[str, Any]] = mapped_column(JSON)
    __table_args__ = (Index(None, "from_id"), Index(None, "to_id"))


class ChangedArticleRow(Base):
    """What a change did to one story; ``detail`` is how it stood before, where that cannot be told from after."""

    __tablename__ = "changed_articles"
    change_id: Mapped[str] = mapped_column(Id, ForeignKey("knowledge_changes.id", ondelete="CASCADE"), primary_key=True)
    article_id: Mapped[str] = mapped_column(Id, ForeignKey("articles.id", ondelete="CASCADE"), primary_key=True)
    detail: Mapped[dict[str, Any]] = mapped_column(JSON)
    __table_args__ = (Index(None, "article_id"),)


class IdentityRow(Base):
    """An entry of an authority that was imported; ``record`` is all of it."""

    __tablename__ = "identities"
    id: Mapped[str] = mapped_column(Id, primary_key=True)
    type: Mapped[str] = mapped_column(Code)
    name: Mapped[str]
    source: Mapped[str]
    record: Mapped[dict[str, Any]] = mapped_column(JSON)
    imported_at: Mapped[datetime]


class IdentityKeyRow(Base):
    """A key under which an authority's entry is found as a candidate."""

    __tablename__ = "identity_keys"
    key: Mapped[str] = mapped_column(Name, primary_key=True)
    identity_id: Mapped[str] = mapped_column(Id, ForeignKey("identities.id", ondelete="CASCADE"), primary_key=True)
    __table_args__ = (Index(None, "identity_id"),)


class SayingRow(Base):
    """The same words in any number of stories. ``text`` is their longest form, ``quote_id`` the quote that has it."""

    __tablename__ = "sayings"
    id: Mapped[str] = mapped_column(Id, primary_key=True)
    text: Mapped[str]
    quote_id: Mapped[str] = mapped_column(Id)
    speaker_entity_id: Mapped[str | None] = mapped_column(Id)
    sightings: Mapped[int]
    __table_args__ = (Index(None, "sightings", "id"), Index(None, "speaker_entity_id", "sightings", "id"))


class ShingleRow(Base):
    """A run of words that a saying has, as a number: the inverted index by which the same words are found again."""

    __tablename__ = "saying_shingles"
    shingle: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    saying_id: Mapped[str] = mapped_column(Id, ForeignKey("sayings.id", ondelete="CASCADE"), primary_key=True)
    __table_args__ = (Index(None, "saying_id"),)


class IssueLabelRow(Base):
    """A label of an issue: the words of a stance's target, the stances that have them, and why they are of the issue.

    ``fixed`` says that a person put it there.
    """

    __tablename__ = "issue_labels"
    folded: Mapped[str] = mapped_column(Name, primary_key=True)
    label: Mapped[str]
    issue_id: Mapped[str] = mapped_column(Id, ForeignKey("issues.id", ondelete="CASCADE"))
    positions: Mapped[int]
    score: Mapped[float | None]
    reasons: Mapped[list[list[Any]]] = mapped_column(JSON)
    fixed: Mapped[bool]
    __table_args__ = (Index(None, "issue_id", "folded"),)


class IssueWordRow(Base):
    """A telling word of an issue's labels ("label") or of the sentences around them ("near"), and how often it is."""

    __tablename__ = "issue_words"
    word: Mapped[str] = mapped_column(Name, primary_key=True)
    kind: Mapped[str] = mapped_column(Code, primary_key=True)
    issue_id: Mapped[str] = mapped_column(Id, ForeignKey("issues.id", ondelete="CASCADE"), primary_key=True)
    count: Mapped[int]
    __table_args__ = (Index(None, "issue_id"),)
