"""What the store shows of corrections and of what waits to be looked through: frozen, detached from any session."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from app.domain.document import Document
from app.review.correction import Action, Kind, Status
from app.store.views import Json

CorrectionState = Literal["applied", "orphaned", "undone"]


@dataclass(frozen=True, slots=True)
class NewCorrection:
    """A correction about to be kept; ``app.review.correction.Correction`` says what the fields hold."""

    action: Action
    kind: Kind
    annotation_id: str
    value: Json
    before: Json | None = None
    note: str | None = None
    author: str | None = None


@dataclass(frozen=True, slots=True)
class HeldStory:
    """A story that nobody else changes while this transaction lasts: its current text and analysis as served."""

    article_id: str
    revision: int
    document: Document
    analysis: Json

    def annotation(self, annotation_id: str) -> tuple[Kind, Json] | None:
        """Return an annotation as it is served, and its kind."""
        for quote in self.analysis["quotes"]:
            if quote["id"] == annotation_id:
                return "quote", quote
        for position in self.analysis["positions"]:
            if position["id"] == annotation_id:
                return position["kind"], position
        return None


@dataclass(frozen=True, slots=True)
class CorrectionView:
    """A correction and what became of it: "applied", "orphaned" (its words are gone: ``reason``), or "undone".

    ``applied_to`` is the id of the annotation now; None for a rejected one.
    """

    id: str
    article_id: str
    revision: int
    action: Action
    kind: Kind
    annotation_id: str
    value: Json
    before: Json | None
    note: str | None
    author: str | None
    made_at: datetime
    state: CorrectionState
    applied_to: str | None
    reason: str | None
    undone_at: datetime | None
    undone_by: str | None


@dataclass(frozen=True, slots=True)
class CorrectionFilter:
    """Corrections of one story, of one state."""

    article_id: str | None = None
    state: CorrectionState | None = None


@dataclass(frozen=True, slots=True)
class ReviewFilter:
    """What waits: of one kind, of one story, of what people made of it, up to a confidence (unknown counts as none)."""

    kind: Kind | None = None
    article_id: str | None = None
    status: Status = "machine"
    confidence: float | None = None


@dataclass(frozen=True, slots=True)
class ReviewedStory:
    """A story that people corrected: its text and its analysis as served."""

    article_id: str
    sha256: str
    text: str
    analysis: Json
