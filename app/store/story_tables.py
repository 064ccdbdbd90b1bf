"""The tables of stories that are the same or alike, private to the store: where each was seen, and what is like it."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import BigInteger, ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from app.store.column_types import Id, Name
from app.store.tables import Base


def _of_article() -> ForeignKey:
    return ForeignKey("articles.id", ondelete="CASCADE")


class SightingRow(Base):
    """That a story was handed in with this source, address and id of the sender; ``key`` is a digest of the three."""

    __tablename__ = "sightings"
    article_id: Mapped[str] = mapped_column(Id, _of_article(), primary_key=True)
    key: Mapped[str] = mapped_column(Id, primary_key=True)
    source: Mapped[str | None] = mapped_column(Name)
    url: Mapped[str | None]
    external_id: Mapped[str | None]
    published_at: Mapped[datetime | None]
    first_seen_at: Mapped[datetime]
    last_seen_at: Mapped[datetime]
    times: Mapped[int]
    __table_args__ = (Index(None, "source", "article_id"),)


class BandRow(Base):
    """A band of the signature of a current revision's text, by which texts alike are found."""

    __tablename__ = "story_bands"
    band: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    revision_seq: Mapped[int] = mapped_column(
        BigInteger, ForeignKey("revisions.seq", ondelete="CASCADE"), primary_key=True, autoincrement=False
    )
    __table_args__ = (Index(None, "revision_seq"),)


class StoryGroupRow(Base):
    """That a story is one of several alike: the group, and the story it was found to be like, with what they share."""

    __tablename__ = "story_group_members"
    article_id: Mapped[str] = mapped_column(Id, _of_article(), primary_key=True)
    group_id: Mapped[str] = mapped_column(Id)
    like_id: Mapped[str | None] = mapped_column(Id, ForeignKey("articles.id", ondelete="SET NULL"))
    resemblance: Mapped[float | None]
    containment: Mapped[float | None]
    __table_args__ = (Index(None, "group_id", "article_id"), Index(None, "like_id"))
