"""Words found again in a text that may have changed.

A span as the API serves it is an anchor: its own words, the words before and after, and its place.

Source: W3C Web Annotation Data Model, TextQuoteSelector and TextPositionSelector.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any

from app.domain.span import Span

_MOST_PLACES = 2_000
_LONG = 24  # so many code points are taken for the same words wherever they stand
_CONTEXT_SHARE = 0.5

Anchor = Mapping[str, Any]


def find_anchor(text: str, anchor: Anchor) -> Span | None:
    """Return where the words of ``anchor`` stand in ``text``, or None when they are gone.

    Where they stand several times, the surroundings decide, then the nearness to the old place. A few words in
    surroundings that are not theirs are not taken for them.
    """
    exact = anchor["exact"]
    if text[anchor["start"] : anchor["end"]] == exact and _context(text, anchor["start"], anchor) >= _CONTEXT_SHARE:
        return Span(anchor["start"], anchor["end"])
    places = _places(text, exact)
    if not places:
        return None
    found = max(places, key=lambda at: (_context(text, at, anchor), -abs(at - anchor["start"])))
    if len(exact) < _LONG and _context(text, found, anchor) < _CONTEXT_SHARE:
        return None
    return Span(found, found + len(exact))


def find_anchors(text: str, anchors: Iterable[Anchor]) -> tuple[Span, ...] | None:
    """Return where all of ``anchors`` stand, in the order of the text; None when one is gone or two overlap."""
    found: list[Span] = []
    for anchor in anchors:
        span = find_anchor(text, anchor)
        if span is None or any(span.overlaps(other) for other in found):
            return None
        found.append(span)
    return tuple(sorted(found))


def find_words(text: str, words: str) -> Span | None:
    """Return the first place where ``words`` stand as whole words, or None."""
    match = re.search(rf"(?<!\w){re.escape(words)}(?!\w)", text)
    return None if match is None else Span(*match.span())


def shared(these: Iterable[Span], those: Iterable[Span]) -> float:
    """Return how much of what either covers both cover, 0 to 1."""
    mine = {i for span in these for i in range(span.start, span.end)}
    theirs = {i for span in those for i in range(span.start, span.end)}
    return len(mine & theirs) / (len(mine | theirs) or 1)


def _places(text: str, exact: str) -> list[int]:
    found: list[int] = []
    at = text.find(exact)
    while at >= 0 and len(found) < _MOST_PLACES:
        found.append(at)
        at = text.find(exact, at + 1)
    return found


def _context(text: str, at: int, anchor: Anchor) -> float:
    """Return how much of the words before and after an anchor stands around a place, 0 to 1; 1 when it has none."""
    before, after = anchor["prefix"], anchor["suffix"]
    end = at + len(anchor["exact"])
    same = _alike(before[::-1], text[max(0, at - len(before)) : at][::-1]) + _alike(after, text[end : end + len(after)])
    return same / (len(before) + len(after) or 1) if before or after else 1.0


def _alike(one: str, other: str) -> int:
    """Return how many code points two strings begin with in common."""
    return next((i for i, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), min(len(one), len(other)))
