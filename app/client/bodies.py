"""What organizations are part of and what is part of them, as types: see ``app.client.answers``."""

from __future__ import annotations

from typing import Literal, TypedDict


class Parent(TypedDict):
    """What an organization is part of, or acts for."""

    id: str
    name: str
    relation: Literal["part of", "acts for"]


class Part(TypedDict):
    """What stories say is part of an organization; one without a name of its own has no id."""

    id: str | None
    name: str
    country: str | None
