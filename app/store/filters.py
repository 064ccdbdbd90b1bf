"""What lists can be narrowed by. A field left None does not narrow; all that are given must hold."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from app.domain.annotation import ActorStatus, EntityType, Polarity, QuoteType, Tense
from app.errors import InputError
from app.review.correction import Status
from app.store.views import PositionKind


def storable(value: str) -> bool:
    """Say whether a database can hold ``value``: no NUL, no half of a surrogate pair."""
    return "\0" not in value and not any("\ud800" <= c <= "\udfff" for c in value)


StorySort = Literal["-received", "received", "-published", "published"]
"""By arrival or by publication (an undated story counts by its arrival); a minus puts the newest first."""
QuoteSort = Literal["-received", "received", "-published", "published", "relevance"]
"""Quotes also by how well the words that are asked for fit."""
NameSort = Literal["name", "-articles"]
LabelSort = Literal["label", "-positions"]


def check_filter(values: Iterable[tuple[str, object]]) -> None:
    """Raise InputError when a filter holds what no row can: then nothing is asked of the database."""
    for name, value in values:
        if isinstance(value, tuple):
            check_filter((name, part) for part in value)
        if isinstance(value, str) and not storable(value):
            raise InputError(name, "holds a character that no text carries")
        if isinstance(value, datetime) and value.tzinfo is None:
            raise InputError(name, "a time has a time zone")
        if isinstance(value, float | int) and not isinstance(value, bool) and not 0.0 <= value <= 1.0:
            raise InputError(name, "a confidence lies between 0 and 1")


class _Checked:
    """Checks the fields of the filter that inherits it."""

    __slots__ = ()

    def __post_init__(self) -> None:
        check_filter((name, getattr(self, name)) for name in self.__dataclass_fields__)  # type: ignore[attr-defined]  # of those that inherit it


@dataclass(frozen=True, slots=True)
class StoryFilter(_Checked):
    """What is asked of a story: where ranges are given, ``from`` is inclusive and ``to`` exclusive.

    ``mentions`` are ids of entities; the story mentions each of them. ``sort`` is the order of the list.
    """

    source: str | None = None
    section: str | None = None
    language: str | None = None
    published_from: datetime | None = None
    published_to: datetime | None = None
    ingested_from: datetime | None = None
    ingested_to: datetime | None = None
    mentions: tuple[str, ...] = ()
    sort: StorySort = "-received"


@dataclass(frozen=True, slots=True)
class ArticleFilter(StoryFilter):
    """Articles: ``q`` words of headline or text; ``story_group`` those that are alike."""

    q: str | None = None
    url: str | None = None
    external_id: str | None = None
    story_group: str | None = None


@dataclass(frozen=True, slots=True)
class QuoteFilter(StoryFilter):
    """Quotes: ``q`` words of the contents; ``confidence`` the least accepted (unknown is then left out).

    ``about``: words of the contents or of what stands around them, or names of who is meant there. ``relevance``: in
    the order of how well those words fit, instead of ``sort``. ``speakers``: ids of which one speaks, instead of
    ``speaker_id``; of none in it nobody does. ``issue_id``: those that show a stance on the issue.
    ``review``: what people made of them.
    """

    q: str | None = None
    about: str | None = None
    relevance: bool = False
    article_id: str | None = None
    speaker_id: str | None = None
    speakers: tuple[str, ...] | None = None
    status: ActorStatus | None = None
    type: QuoteType | None = None
    issue_id: str | None = None
    review: Status | None = None
    confidence: float | None = None


@dataclass(frozen=True, slots=True)
class EntityFilter(_Checked):
    """Entities: ``name`` a whole name, ``prefix`` the start of a word of a name, ``title`` words of an office held.

    Names match without regard to case, accents and punctuation. ``country``: that of a stance or office of theirs,
    under any of its names.
    """

    type: EntityType | None = None
    name: str | None = None
    prefix: str | None = None
    title: str | None = None
    country: str | None = None
    article_id: str | None = None
    sort: NameSort = "name"


@dataclass(frozen=True, slots=True)
class PositionFilter(StoryFilter):
    """Positions: ``holder`` and ``reporter`` of stances, ``person`` in offices: entity ids. ``title``: words of one.

    ``entity_id``: whatever concerns this entity, as holder, person or organization. ``country``: that of the holder or
    of the person in office, under any of its names. ``review``: what people made of them.
    """

    q: str | None = None
    kind: PositionKind | None = None
    article_id: str | None = None
    entity_id: str | None = None
    holder_id: str | None = None
    person_id: str | None = None
    organization_id: str | None = None
    reporter_id: str | None = None
    country: str | None = None
    title: str | None = None
    tense: Tense | None = None
    polarity: Polarity | None = None
    issue_id: str | None = None
    review: Status | None = None
    confidence: float | None = None


@dataclass(frozen=True, slots=True)
class IssueFilter(_Checked):
    """Issues: ``prefix`` the start of the label, ``article_id`` those with a stance in one story.

    ``polarity``: those on which somebody takes this side.
    """

    prefix: str | None = None
    article_id: str | None = None
    polarity: Polarity | None = None
    sort: LabelSort = "label"
