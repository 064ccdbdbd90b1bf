"""What is known across stories, as answers show it: links, merges and splits, sayings, company."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any, Literal

from pydantic import Field

from app.api.schemas import Issue, Shape
from app.api.shapes import Json
from app.domain.annotation import EntityType
from app.store.knowledge_views import (
    ChangeView,
    CompanionView,
    LabelView,
    LinkView,
    OpenLinkView,
    ReasonView,
    SayingView,
)


class Reason(Shape):
    """What speaks for a link, or against it when its weight is negative. Weights are logarithms of odds."""

    code: str
    weight: float
    detail: str


class Link(Shape):
    """A link that waits for somebody to look, or that somebody decided."""

    id: str
    type: EntityType
    entity_id: str
    entity_name: str
    candidate_kind: Literal["entity", "identity"]
    candidate_id: str
    candidate_name: str
    article_id: str | None
    score: Annotated[float, Field(ge=0, le=1)]
    reasons: list[Reason]
    state: Literal["open", "accepted", "rejected"]
    made_at: datetime


class StoryLink(Shape):
    """How a story's entity was linked to this one. Score and reasons are empty for the story that founds it."""

    article_id: str
    name: str
    aliases: list[str]
    score: Annotated[float | None, Field(ge=0, le=1)]
    reasons: list[Reason]


class KnowledgeChange(Shape):
    """A merge of one into another, or a split of another from one."""

    id: str
    action: Literal["merge", "split"]
    type: str
    from_id: str
    to_id: str
    note: str | None
    made_at: datetime
    undone_at: datetime | None


class Sighting(Shape):
    """A place where a saying stands."""

    quote_id: str
    article_id: str
    text: str
    speaker_name: str | None
    speaker_id: str | None
    article_title: str | None
    article_source: str | None
    published_at: datetime | None


class Saying(Shape):
    """The same words in any number of stories, in their longest form. The id is null for words too few to recur."""

    id: str | None
    text: str
    quote_id: Annotated[str, Field(description="The quote that has the longest form.")]
    speaker_id: str | None
    sightings: int
    places: Annotated[list[Sighting], Field(description="The latest places: two hundred, in a list of sayings ten.")]


class Companion(Shape):
    """Who stands in the same stories, and in how many of the latest thousand."""

    id: str
    type: EntityType
    name: str
    articles: int


class Company(Shape):
    """Who stands in the same stories, those of most stories first."""

    items: list[Companion]


class IssueLabel(Shape):
    """A label of an issue, and why it is of the issue. Weights are parts of the score; the founding label has none."""

    label: str
    positions: int
    score: Annotated[float | None, Field(ge=0, le=1)]
    reasons: list[Reason]
    fixed: Annotated[bool, Field(description="Whether a person put it there.")]


class IssueWithLabels(Issue):
    """An issue with the labels that stories give it, those of most stances first."""

    labels: list[IssueLabel]


def label_shape(view: LabelView) -> Json:
    """Return one label of an issue."""
    return {
        **_values(view, "label", "positions", "score", "fixed"),
        "reasons": [reason_shape(reason) for reason in view.reasons],
    }


def reason_shape(view: ReasonView) -> Json:
    """Return one reason."""
    return {"code": view.code, "weight": view.weight, "detail": view.detail}


def link_shape(view: OpenLinkView) -> Json:
    """Return a link to review."""
    names = ("id", "type", "entity_id", "entity_name", "candidate_kind", "candidate_id", "candidate_name")
    return {
        **_values(view, *names, "article_id", "score", "state", "made_at"),
        "reasons": [reason_shape(reason) for reason in view.reasons],
    }


def story_link_shape(view: LinkView) -> Json:
    """Return how a story's entity was linked."""
    return {
        **_values(view, "article_id", "name", "aliases", "score"),
        "reasons": [reason_shape(reason) for reason in view.reasons],
    }


def change_shape(view: ChangeView) -> Json:
    """Return a merge or a split."""
    return _values(view, "id", "action", "type", "from_id", "to_id", "note", "made_at", "undone_at")


def saying_shape(view: SayingView) -> Json:
    """Return a saying with its places."""
    names = ("quote_id", "article_id", "text", "speaker_name", "article_title", "article_source", "published_at")
    return {
        **_values(view, "id", "text", "quote_id", "sightings"),
        "speaker_id": view.speaker_entity_id,
        "places": [{**_values(place, *names), "speaker_id": place.speaker_entity_id} for place in view.places],
    }


def company_shape(views: tuple[CompanionView, ...]) -> Json:
    """Return who stands in the same stories."""
    return {"items": [_values(view, "id", "type", "name", "articles") for view in views]}


def _values(view: Any, *names: str) -> Json:  # noqa: ANN401 (any frozen view)
    return {name: getattr(view, name) for name in names}


MOMENT = "2024-03-05T08:30:00Z"
_REASONS = [{"code": "same name", "weight": 2.7, "detail": "ana ruiz"}]
LINK: Json = {
    "id": "018e0f3a5c9a7d3f8b6e1f0a2c4d6e82",
    "type": "person",
    "entity_id": "per_4c93cd7df0410890839a",
    "entity_name": "A. Ruiz",
    "candidate_kind": "entity",
    "candidate_id": "per_c93cd7df0410890839ab",
    "candidate_name": "Ana Ruiz",
    "article_id": "018e0f3a5c7d7b1e9a4f2c6d8e0b1a35",
    "score": 0.55,
    "reasons": [{"code": "initial", "weight": 0.2, "detail": "a ruiz / ana ruiz"}],
    "state": "open",
    "made_at": MOMENT,
}
STORY_LINK: Json = {
    "article_id": LINK["article_id"],
    "name": "Ana Ruiz",
    "aliases": ["Ruiz"],
    "score": 0.937,
    "reasons": _REASONS,
}
CHANGE: Json = {
    "id": "018e0f3a5caa7d3f8b6e1f0a2c4d6e83",
    "action": "merge",
    "type": "person",
    "from_id": LINK["entity_id"],
    "to_id": LINK["candidate_id"],
    "note": "the mayor",
    "made_at": MOMENT,
    "undone_at": None,
}
SAYING: Json = {
    "id": "say_a626ef81ecce0bcc5c3c",
    "text": '"We have waited too long for this bridge,"',
    "quote_id": "q_8e2f47",
    "speaker_id": LINK["candidate_id"],
    "sightings": 1,
    "places": [
        {
            "quote_id": "q_8e2f47",
            "article_id": LINK["article_id"],
            "text": '"We have waited too long for this bridge,"',
            "speaker_name": "Ana Ruiz",
            "speaker_id": LINK["candidate_id"],
            "article_title": "Harbor Bridge to Close for Repairs",
            "article_source": "The Harbor Courier",
            "published_at": MOMENT,
        }
    ],
}
LABEL: Json = {
    "label": "closing of the bridge",
    "positions": 1,
    "score": 0.85,
    "reasons": [{"code": "words in common", "weight": 0.6, "detail": "bridg, clos"}],
    "fixed": False,
}
COMPANY: Json = {
    "items": [{"id": "org_9ab0c93cd7df04108908", "type": "organization", "name": "Port Authority", "articles": 1}]
}
