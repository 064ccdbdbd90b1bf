"""What a person says about one annotation, and what becomes of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal

from app.domain.analysis import Analysis
from app.domain.annotation import Office, Quote, Stance

Json = Mapping[str, Any]
Action = Literal["change", "confirm", "reject", "add"]
Kind = Literal["quote", "office", "stance"]
Status = Literal["machine", "confirmed", "corrected", "added"]
Annotation = Quote | Office | Stance

ACTORS: Mapping[Kind, tuple[str, ...]] = {
    "quote": ("speaker",),
    "office": ("person", "organization"),
    "stance": ("holder", "reporter"),
}
"""The fields of each kind that say who."""
SPANS: Mapping[Kind, tuple[str, ...]] = {
    "quote": ("contents", "cue"),
    "office": ("evidence",),
    "stance": ("target", "evidence"),
}
"""The fields of each kind that are words of the story."""
PLAIN: Mapping[Kind, tuple[str, ...]] = {
    "quote": ("type",),
    "office": ("title", "tense"),
    "stance": ("polarity", "issue", "change", "conditional"),
}
"""The fields of each kind that are neither."""


def fields_of(kind: Kind) -> tuple[str, ...]:
    """Return every field of a kind of annotation that a person may set."""
    return (*SPANS[kind], *ACTORS[kind], *PLAIN[kind])


@dataclass(frozen=True, slots=True)
class Correction:
    """What a person says about one annotation of one story.

    ``annotation_id`` is the id that the annotation had then; that of an added one is the correction's own making.
    ``value`` holds the fields that the person set, in the shapes that the API serves: a span is an anchor there.
    ``before`` is the annotation as it was served then, None for an added one. ``revision`` is that of the story then.
    """

    id: str
    action: Action
    kind: Kind
    annotation_id: str
    revision: int
    value: Json
    before: Json | None = None
    by: str | None = None
    at: datetime | None = None

    def whole(self) -> Json:
        """Return all fields of the annotation as this correction leaves them."""
        return {**(self.before or {}), **self.value}


@dataclass(frozen=True, slots=True)
class Review:
    """What people made of an annotation. ``machine`` is the machine's own, None when it found none.

    ``fields`` are those in which the two differ.
    """

    status: Status
    correction_id: str
    by: str | None
    at: datetime | None
    fields: tuple[str, ...] = ()
    machine: Annotation | None = None


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of a correction: whether it holds, the id of its annotation now, and else why it does not hold."""

    applied: bool
    annotation_id: str | None = None
    reason: str | None = None


@dataclass(frozen=True, slots=True)
class Reviewed:
    """An analysis after corrections, what people made of its annotations by their ids, and each correction's outcome.

    ``entities`` names those of the analysis that a correction added, with the id across stories that it gave them.
    """

    analysis: Analysis
    reviews: Mapping[str, Review] = field(default_factory=dict)
    outcomes: Mapping[str, Outcome] = field(default_factory=dict)
    entities: Mapping[str, str] = field(default_factory=dict)
