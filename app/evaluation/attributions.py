"""Who said what, compared with annotations: PolNeAR's attributions of sources, cues and contents.

A figure compares words, not characters. ``token.*`` counts the words that spans of a role cover, ``span.*`` an
attribution's spans of a role that cover exactly the same words. ``attribution`` pairs attributions whose contents
share at least half of their words; ``attributed`` also asks that the sources share a word, or that both are absent.
``direct.*`` is the same over what stands in quotation marks, for contents with at least three words there.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from app.evaluation.matching import Extent, Words, cover, find_words, match_by_words, union
from app.evaluation.scores import Counts, add_scores

FIGURES = (
    "token.cue",
    "token.source",
    "token.content",
    "span.cue",
    "span.source",
    "span.content",
    "attribution",
    "attributed",
    "direct.found",
    "direct.attributed",
)

_LEAST_QUOTED = 3
_ROLES = ("cue", "source", "content")


@dataclass(frozen=True, slots=True)
class Attribution:
    """The words of one attribution's parts; a source or a cue may be absent, and then covers none.

    ``record`` is its number in the record it was read from.
    """

    record: int
    source: Words
    cue: Words
    content: Words


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one gold attribution.

    ``quoted`` are the words of its content that stand in quotation marks. ``predicted`` is the number in the
    predicted record of what it was paired with, or None; ``attributed`` says whether that has the right source.
    """

    gold: Attribution
    quoted: Words
    predicted: int | None
    attributed: bool


@dataclass(frozen=True, slots=True)
class AttributionScore:
    """The counts of one document, and what became of each of its gold attributions."""

    counts: Mapping[str, Counts]
    outcomes: tuple[Outcome, ...]


def score_document(gold: Mapping[str, Any], predicted: Mapping[str, Any] | None) -> AttributionScore:
    """Compare the ``attributions`` of one document; offsets of both records point into the gold record's text.

    ``predicted`` None stands for a document that nothing was predicted for.
    """
    text = gold["text"]
    words = find_words(text)
    quoted = quoted_words(text, words)
    mine = _read(words, gold["attributions"])
    theirs = _read(words, predicted["attributions"] if predicted is not None else ())
    pairs = match_by_words([a.content for a in mine], [a.content for a in theirs])
    right = {i for i, j in pairs.items() if _same_source(mine[i], theirs[j])}
    counts = {f"token.{role}": _count_words(mine, theirs, role) for role in _ROLES}
    counts |= {f"span.{role}": _count_spans(mine, theirs, role) for role in _ROLES}
    totals = {"predicted": len(theirs), "gold": len(mine)}
    counts["attribution"] = Counts.of(len(pairs), **totals)
    counts["attributed"] = Counts.of(len(right), **totals)
    counts |= _count_direct(_cut(mine, quoted), _cut(theirs, quoted))
    outcomes = tuple(
        Outcome(a, a.content & quoted, theirs[pairs[i]].record if i in pairs else None, i in right)
        for i, a in enumerate(mine)
    )
    return AttributionScore(counts, outcomes)


def score_attributions(
    gold: Iterable[Mapping[str, Any]], predicted: Mapping[str, Mapping[str, Any]]
) -> dict[str, Counts]:
    """Return the counts behind every figure over a corpus; predictions are found by the gold records' ids."""
    return add_scores((score_document(record, predicted.get(record["id"])).counts for record in gold), FIGURES)


def quoted_words(text: str, words: Sequence[Extent]) -> Words:
    """Return the numbers of the words that begin inside double quotation marks."""
    inside = bytearray(len(text))
    for start, end in quoted_stretches(text):
        inside[start:end] = b"\1" * (end - start)
    return frozenset(number for number, (start, _) in enumerate(words) if inside[start])


def quoted_stretches(text: str) -> tuple[Extent, ...]:
    """Return the stretches between double quotation marks: straight, curly, or doubled single ones.

    Paragraph by paragraph, a paragraph being a line; a mark that nothing closes runs to the end of its own.
    """
    stretches: list[Extent] = []
    start = 0
    for line in text.split("\n"):
        stretches += [(start + a, start + b) for a, b in _quoted_in_line(line)]
        start += len(line) + 1
    return tuple(stretches)


def _quoted_in_line(line: str) -> list[Extent]:
    found: list[Extent] = []
    opened: int | None = None
    position = 0
    while position < len(line):
        doubled = line[position : position + 2] in {"``", "''"}
        mark = '"' if doubled else line[position]
        after = position + 1 + doubled
        if opened is None and mark in {'"', "“"}:
            opened = after
        elif opened is not None and mark in {'"', "”"}:
            found.append((opened, position))
            opened = None
        position = after
    if opened is not None:
        found.append((opened, len(line)))
    return found


def _read(words: Sequence[Extent], records: Iterable[Mapping[str, Any]]) -> list[Attribution]:
    """Return the attributions whose contents hold a word."""
    found = (
        Attribution(number, cover(words, r["sources"]), cover(words, r["cues"]), cover(words, r["contents"]))
        for number, r in enumerate(records)
    )
    return [a for a in found if a.content]


def _count_words(gold: Sequence[Attribution], predicted: Sequence[Attribution], role: str) -> Counts:
    mine, theirs = (union(getattr(a, role) for a in side) for side in (gold, predicted))
    return Counts.of(len(mine & theirs), predicted=len(theirs), gold=len(mine))


def _count_spans(gold: Sequence[Attribution], predicted: Sequence[Attribution], role: str) -> Counts:
    mine, theirs = (Counter(w for a in side if (w := getattr(a, role))) for side in (gold, predicted))
    return Counts.of((mine & theirs).total(), predicted=theirs.total(), gold=mine.total())


def _count_direct(gold: Sequence[Attribution], predicted: Sequence[Attribution]) -> dict[str, Counts]:
    pairs = match_by_words([a.content for a in gold], [a.content for a in predicted])
    right = sum(_same_source(gold[i], predicted[j]) for i, j in pairs.items())
    totals = {"predicted": len(predicted), "gold": len(gold)}
    return {"direct.found": Counts.of(len(pairs), **totals), "direct.attributed": Counts.of(right, **totals)}


def _cut(attributions: Iterable[Attribution], quoted: Words) -> list[Attribution]:
    """Return the attributions cut to what stands in quotation marks, where that is enough words."""
    cut = (replace(a, content=a.content & quoted) for a in attributions)
    return [a for a in cut if len(a.content) >= _LEAST_QUOTED]


def _same_source(gold: Attribution, predicted: Attribution) -> bool:
    return bool(gold.source & predicted.source) if gold.source and predicted.source else gold.source == predicted.source
