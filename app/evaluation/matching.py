"""What the scorers compare by: the words that spans cover, their overlap, and pairs in which nothing occurs twice."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import reduce
from typing import TypeVar

T = TypeVar("T")

WORD = re.compile(r"\w+(?:[’'\-.]\w+)*")

Extent = tuple[int, int]
Words = frozenset[int]
"""Numbers of the words of one text that something covers."""

NO_WORDS: Words = frozenset()


def find_words(text: str) -> tuple[Extent, ...]:
    """Return where each word of ``text`` stands; marks of punctuation are no words."""
    return tuple(match.span() for match in WORD.finditer(text))


def cover(words: Sequence[Extent], spans: Iterable[Sequence[int]]) -> Words:
    """Return the numbers of the words that any of ``spans`` touches. A span without length touches none."""
    wanted = [(span[0], span[1]) for span in spans if span[1] > span[0]]
    return frozenset(
        number for number, (start, end) in enumerate(words) if any(start < b and end > a for a, b in wanted)
    )


def union(sets: Iterable[Words]) -> Words:
    """Return the words of all ``sets`` together."""
    return reduce(frozenset.union, sets, NO_WORDS)


def jaccard(first: frozenset[T], second: frozenset[T]) -> float:
    """Return the share of the two sets' elements that are in both; 0 for two empty sets."""
    return len(first & second) / len(first | second) if first or second else 0.0


@dataclass(frozen=True, slots=True)
class Pair:
    """A gold and a predicted annotation that may be the same, by their numbers, and how alike they are."""

    likeness: float
    gold: int
    predicted: int


def match_one_to_one(pairs: Iterable[Pair]) -> dict[int, int]:
    """Return which predicted annotation each gold one is paired with, the likest pairs first.

    Equal likeness is decided by the order of ``pairs``.
    """
    matched: dict[int, int] = {}
    taken: set[int] = set()
    for pair in sorted(pairs, key=lambda p: -p.likeness):
        if pair.gold not in matched and pair.predicted not in taken:
            matched[pair.gold] = pair.predicted
            taken.add(pair.predicted)
    return matched


def match_by_words(gold: Sequence[Words], predicted: Sequence[Words], least: float = 0.5) -> dict[int, int]:
    """Return which predicted word set each gold one is paired with, where at least ``least`` of their words agree."""
    return match_one_to_one(
        Pair(likeness, i, j)
        for i, mine in enumerate(gold)
        for j, theirs in enumerate(predicted)
        if (likeness := jaccard(mine, theirs)) >= least and mine & theirs
    )
