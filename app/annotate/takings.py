"""Takings: stances before their holders get their final form, and the voices that may hold them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from app.annotate.speakers import Speaker
from app.domain.annotation import Change, Polarity
from app.domain.span import Span, SpanIndex


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


def with_new(known: Sequence[Taking], new: Iterable[Taking], text: str) -> tuple[Taking, ...]:
    """Return the stances that are known and those that repeat no other before them, in the order of their targets."""
    found = [*known]
    targets = SpanIndex(t.target for t in found)
    held: dict[int | Span | None, list[Taking]] = defaultdict(list)
    for taking in found:
        held[taking.group].append(taking)
        held[taking.mention].append(taking)
    for taking in new:
        alike = [found[n] for n in targets.overlapping(taking.target)]
        alike += held[taking.mention if taking.group is None else taking.group]
        if not any(_repeats(taking, old, text) for old in alike):
            found.append(taking)
            targets.add(taking.target)
            held[taking.group].append(taking)
            held[taking.mention].append(taking)
    return tuple(sorted(found, key=lambda t: t.target))


def _repeats(new: Taking, old: Taking, text: str) -> bool:
    """Say whether a stance repeats one already taken: the same words, or the same side in the same sentence.

    What two rules find there is not the same: "rejected the toll and condemned the delay".
    """
    same_holder = new.group == old.group if new.group is not None else new.mention == old.mention
    together = new.source is not None and new.source == old.source
    if new.target.overlaps(old.target) and (same_holder or (old.method == "rule" and not together)):
        return True
    same_words = new.target.of(text).casefold() == old.target.of(text).casefold()
    same_place = new.evidence == old.evidence and not new.method == old.method == "rule"
    return same_holder and new.polarity == old.polarity and (same_words or same_place)
