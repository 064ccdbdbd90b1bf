"""The shapes of networks and of offices over time, as OpenAPI describes them."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Literal

from pydantic import Field

from app.api.schemas import IssueReference, Shape
from app.domain.annotation import EntityType, Polarity, Tense


class Sides(Shape):
    """How many stances of each side there are."""

    supports: int
    opposes: int
    mixed: int
    unclear: int


class NetworkNode(Sides):
    """An actor, or the issue that actors take sides on."""

    id: str
    kind: Literal["actor", "issue"]
    label: str | None
    type: EntityType | None
    entity_id: str | None
    country: str | None


class NetworkEdge(Shape):
    """An actor's side on the issue, or what two actors have in common (agreement) or against each other (conflict)."""

    source: str
    target: str
    relation: Polarity | Literal["agreement", "conflict"]
    weight: Annotated[int, Field(ge=1, description="Stances of that side, or pairs of stances that meet.")]


class Network(Shape):
    """Who stands where on an issue and with whom."""

    issue: IssueReference
    nodes: list[NetworkNode]
    edges: list[NetworkEdge]
    statements: Annotated[int, Field(description="How many stances it is made of.")]
    complete: Annotated[bool, Field(description="False when there are more stances or actors than are shown.")]


class Statement(Shape):
    """What one story states of a post."""

    position_id: str
    article_id: str
    published_at: datetime | None
    title: str
    tense: Tense


class Tenure(Shape):
    """A post over time: when dated stories state it as held, and as past."""

    title: Annotated[str, Field(description="In the words of the latest story.")]
    normal_title: str
    organization: str | None
    organization_id: str | None
    tense: Annotated[Tense, Field(description="What the latest story says.")]
    held_from: Annotated[datetime | None, Field(description="The first dated story that states it as held.")]
    held_to: Annotated[datetime | None, Field(description="The last dated story that states it as held.")]
    former_from: Annotated[datetime | None, Field(description="The first dated story that states it as past.")]
    stories: int
    statements: Annotated[list[Statement], Field(description="The latest of them, the newest first.")]
