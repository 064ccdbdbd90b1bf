"""What comes out of the store about what is known across stories: frozen, detached from any session."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class ReasonView:
    """What speaks for or against a link. Units: ``weight`` in logarithms of odds."""

    code: str
    weight: float
    detail: str


@dataclass(frozen=True, slots=True)
class OpenLinkView:
    """A link that somebody must look at, or looked at: that an entity may be another, or an authority's entry.

    ``candidate_kind``: "entity" or "identity"; ``state``: "open", "accepted" or "rejected".
    """

    id: str
    type: str
    entity_id: str
    entity_name: str
    candidate_kind: str
    candidate_id: str
    candidate_name: str
    article_id: str | None
    score: float
    reasons: tuple[ReasonView, ...]
    state: str
    made_at: datetime


@dataclass(frozen=True, slots=True)
class ChangeView:
    """A merge or a split. ``from_id`` went into ``to_id`` (merge), or ``to_id`` came out of ``from_id`` (split)."""

    id: str
    action: str
    type: str
    from_id: str
    to_id: str
    note: str | None
    made_at: datetime
    undone_at: datetime | None


@dataclass(frozen=True, slots=True)
class SightingView:
    """A place where a saying stands: the quote and its story."""

    quote_id: str
    article_id: str
    text: str
    speaker_name: str | None
    speaker_entity_id: str | None
    article_title: str | None
    article_source: str | None
    published_at: datetime | None


@dataclass(frozen=True, slots=True)
class SayingView:
    """The same words in any number of stories, in their longest form.

    ``id`` is None for a quote too short to be known again. ``sightings`` counts the places; ``places`` are the latest.
    """

    id: str | None
    text: str
    quote_id: str
    speaker_entity_id: str | None
    sightings: int
    places: tuple[SightingView, ...]


@dataclass(frozen=True, slots=True)
class LinkView:
    """How a story's entity was linked: the names there, the score and the reasons; the founding story has none."""

    article_id: str
    name: str
    aliases: tuple[str, ...]
    score: float | None
    reasons: tuple[ReasonView, ...]


@dataclass(frozen=True, slots=True)
class CompanionView:
    """Who stands in the same stories, and in how many of those that were looked at."""

    id: str
    type: str
    name: str
    articles: int


@dataclass(frozen=True, slots=True)
class LabelView:
    """A label of an issue: how many stances have it, and why it is of the issue (the founding label has no reasons).

    ``fixed`` says that a person put it there.
    """

    label: str
    positions: int
    score: float | None
    reasons: tuple[ReasonView, ...]
    fixed: bool
