"""Half-open stretches of text, counted in Unicode code points."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, order=True)
class Span:
    """A half-open stretch ``[start, end)`` of a text.

    Units: Unicode code points, as Python indexes strings.
    Raises: ValueError when the stretch is empty or starts before the text.
    """

    start: int
    end: int

    def __post_init__(self) -> None:
        if self.start < 0 or self.end <= self.start:
            msg = f"not a span: [{self.start}, {self.end})"
            raise ValueError(msg)

    def __len__(self) -> int:
        """Return the number of code points covered."""
        return self.end - self.start

    def of(self, text: str) -> str:
        """Return the words of ``text`` that this span covers."""
        return text[self.start : self.end]

    def covers(self, other: Span) -> bool:
        """Say whether ``other`` lies wholly inside this span."""
        return self.start <= other.start and other.end <= self.end

    def overlaps(self, other: Span) -> bool:
        """Say whether the two spans share a code point."""
        return self.start < other.end and other.start < self.end


class SpanIndex:
    """Spans by where they stand: those that overlap another are found without a look at each."""

    def __init__(self, spans: Iterable[Span] = ()) -> None:
        self._spans: list[Span] = []
        self._near: dict[int, list[int]] = {}
        for span in spans:
            self.add(span)

    def add(self, span: Span) -> None:
        """Take one more span; its number is how many were there before."""
        for place in _places(span):
            self._near.setdefault(place, []).append(len(self._spans))
        self._spans.append(span)

    def overlapping(self, span: Span) -> list[int]:
        """Return the numbers of the spans that overlap ``span``, in their order."""
        near = {number for place in _places(span) for number in self._near.get(place, ())}
        return sorted(number for number in near if self._spans[number].overlaps(span))


def _places(span: Span) -> range:
    """Return the numbers of the stretches of 256 code points that a span touches."""
    return range(span.start >> 8, ((span.end - 1) >> 8) + 1)


def hull(spans: Iterable[Span]) -> Span:
    """Return the smallest span that covers all of ``spans``.

    Raises: ValueError when there are none.
    """
    found = tuple(spans)
    return Span(min(s.start for s in found), max(s.end for s in found))
