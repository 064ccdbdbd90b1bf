"""Directed sentiment: whether one political actor of a sentence is for or against another, as two actors are given.

Source: the data set of Park et al. (Who Blames or Endorses Whom?, Findings of ACL 2021), beside a checkout in ``dse``.
Its labels are noisy: some brackets cut a letter, some sides are wrong.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from app.domain.analysis import Analysis
from app.domain.annotation import Polarity
from app.domain.span import Span

_BRACKETED = re.compile(r"\[([^\[\]]+)\]")
_SIDES: dict[str, tuple[bool, Polarity]] = {
    "1": (True, "supports"),
    "2": (False, "supports"),
    "3": (True, "opposes"),
    "4": (False, "opposes"),
}


@dataclass(frozen=True, slots=True)
class Pair:
    """A sentence in which ``holder`` takes a side towards ``target``; both are spans of ``text``."""

    text: str
    holder: Span
    target: Span
    polarity: Polarity


def read_pairs(path: Path) -> Iterator[Pair]:
    """Yield the pairs of a file that are not neutral: sentence, first, second and label in columns parted by tabs."""
    for line in path.read_text(encoding="utf-8").splitlines():
        columns = line.split("\t")
        if len(columns) != 4 or columns[3] not in _SIDES:  # noqa: PLR2004 (sentence, two actors, label)
            continue
        text, spans = _plain(columns[0])
        if len(spans) != 2 or spans[0].overlaps(spans[1]):  # noqa: PLR2004 (the two actors)
            continue
        onward, polarity = _SIDES[columns[3]]
        holder, target = spans if onward else spans[::-1]
        yield Pair(text, holder, target, polarity)


def _plain(sentence: str) -> tuple[str, list[Span]]:
    """Return a sentence without its brackets, and where the words in them stand."""
    parts: list[str] = []
    spans: list[Span] = []
    length = last = 0
    for match in _BRACKETED.finditer(sentence):
        before = sentence[last : match.start()]
        start = length + len(before)
        spans.append(Span(start, start + len(match[1])))
        parts += [before, match[1]]
        length, last = spans[-1].end, match.end()
    return "".join((*parts, sentence[last:])), spans


def told_side(pair: Pair, analysis: Analysis) -> Polarity | None:
    """Return the side that an analysis says the holder takes, None where it has no stance of the holder's.

    A stance whose target holds the other actor goes before one on something else.
    """
    whose = {e.id for e in analysis.entities if any(m.span.overlaps(pair.holder) for m in e.mentions)}
    own = [
        s
        for s in analysis.stances
        if s.holder.entity_id in whose or (s.holder.mention is not None and s.holder.mention.overlaps(pair.holder))
    ]
    on_target = [s for s in own if s.target.overlaps(pair.target)]
    return next((s.polarity for s in (*on_target, *own)), None)
