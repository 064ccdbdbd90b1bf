"""Counts of what was found, invented and missed; they are added over documents first and divided last."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Counts:
    """How often a prediction was right (``found``), right for nothing (``spurious``) or wanting (``missed``)."""

    found: int = 0
    spurious: int = 0
    missed: int = 0

    @classmethod
    def of(cls, found: int, *, predicted: int, gold: int) -> Counts:
        """Return the counts for ``found`` right ones among so many predicted and so many wanted."""
        return cls(found, predicted - found, gold - found)

    def __add__(self, other: Counts) -> Counts:
        """Return the counts over both."""
        return Counts(self.found + other.found, self.spurious + other.spurious, self.missed + other.missed)

    @property
    def gold(self) -> int:
        """The number wanted."""
        return self.found + self.missed

    @property
    def predicted(self) -> int:
        """The number predicted."""
        return self.found + self.spurious

    @property
    def precision(self) -> float | None:
        """The share of what was predicted that is right; None when nothing was predicted."""
        return share(self.found, self.predicted)

    @property
    def recall(self) -> float | None:
        """The share of what was wanted that was found; None when nothing was wanted."""
        return share(self.found, self.gold)

    @property
    def f1(self) -> float | None:
        """The harmonic mean of the two; None when nothing was wanted and nothing predicted."""
        return share(2 * self.found, self.predicted + self.gold)


Score = Mapping[str, Counts]
"""The counts behind each figure of a scorer, by the figure's name."""


def share(part: int, whole: int) -> float | None:
    """Return ``part`` of ``whole``, or None where there is no whole."""
    return part / whole if whole else None


def add_scores(scores: Iterable[Score], names: Iterable[str]) -> dict[str, Counts]:
    """Return the sum of ``scores`` for each of the figures ``names``; all zero where there are no scores."""
    total = dict.fromkeys(names, Counts())
    for score in scores:
        for name, counts in score.items():
            total[name] += counts
    return total
