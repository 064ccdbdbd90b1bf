"""The shapes of corrections and of what waits for them, as OpenAPI describes them."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any, Literal

from pydantic import Field

from app.api.schemas import Position, Quote, Shape
from app.review.correction import Action, Kind


class Correction(Shape):
    """What a person says about an annotation, and what became of it."""

    id: str
    article_id: str
    revision: Annotated[int, Field(ge=1, description="The story's revision when it was made.")]
    action: Action
    kind: Kind
    annotation_id: Annotated[str, Field(description="The annotation's id when it was made.")]
    value: Annotated[dict[str, Any], Field(description="The fields that were set; spans are found by their words.")]
    before: Annotated[dict[str, Any] | None, Field(description="The annotation as it was; null for an added one.")]
    state: Annotated[
        Literal["applied", "orphaned", "undone"],
        Field(description="`orphaned`: its words are gone from the story, so it does not hold; see `reason`."),
    ]
    applied_to: Annotated[str | None, Field(description="The annotation's id now; null when it is not served.")]
    reason: str | None
    note: str | None
    author: str | None
    made_at: datetime
    undone_at: datetime | None
    undone_by: str | None


class ReviewItem(Shape):
    """Something that waits to be looked through."""

    kind: Kind
    annotation: Quote | Position
