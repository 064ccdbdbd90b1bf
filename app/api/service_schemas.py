"""The shapes of what the service says of itself."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import Field

from app.api.schemas import Shape


class Liveness(Shape):
    """The process answers."""

    status: Literal["ok"]


class Readiness(Shape):
    """Whether requests can be served, and what each part says."""

    status: Literal["ready", "not ready"]
    database: Literal["ready", "not migrated", "unreachable"]
    pipeline: str


class Weights(Shape):
    """Learned weights that ship with the service, with what was measured of them."""

    name: str
    metrics: dict[str, Any] | None


class About(Shape):
    """What this service is made of."""

    name: Literal["Sayso"]
    version: str
    pipeline: Annotated[str, Field(description="The version of the pipeline that annotates.")]
    weights: Annotated[str, Field(description="The weights that it uses.")]
    measured: Annotated[list[Weights], Field(description="The weights that ship, and their measured accuracy.")]
    max_text_bytes: int
