"""Takings: stances before their holders get their final form, and the voices that may hold them."""

from __future__ import annotations

from dataclasses import dataclass

from app.annotate.speakers import Speaker
from app.domain.annotation import Change, Polarity
from app.domain.span import Span


@dataclass(frozen=True, slots=True)
class Taking:
    """A stance before its holder gets its final form.

    ``group`` is the holder's group number, or None when the holder is the unnamed source ``source``;
    ``passage`` is the number of the passage that carries it, if one does.
    """

    polarity: Polarity
    target: Span
    evidence: Span
    group: int | None
    mention: Span
    source: Speaker | None
    passage: int | None
    change: Change | None
    conditional: bool
    score: float
    method: str = "learned"


@dataclass(frozen=True, slots=True)
class Voice:
    """A source that may hold a stance: its first piece, its speaker and the passage it speaks in."""

    piece: int
    speaker: Speaker
    passage: int
    contents: tuple[Span, ...]
    cue: Span | None = None
