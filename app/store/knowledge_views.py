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
