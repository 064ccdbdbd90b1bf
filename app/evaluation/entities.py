"""Named people, organizations and places, compared with annotations mention by mention: exact span and type.

On both sides a span loses a leading article and a trailing possessive before it is compared, since corpora differ in
whether these belong to a name.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any

from app.evaluation.scores import Counts, add_scores

TYPES = ("person", "organization", "place")
TOGETHER = "person+organization"
FIGURES = (*TYPES, TOGETHER)

_ARTICLE = re.compile(r"(?:the|an?)\s+", re.IGNORECASE)
_POSSESSIVE = re.compile(r"['’]s?$")

NamedMention = tuple[int, int, str]


def score_document(gold: Mapping[str, Any], predicted: Mapping[str, Any] | None) -> dict[str, Counts]:
    """Compare the ``entities`` of one document, as (start, end, type) into the gold record's text.

    ``predicted`` None stands for a document that nothing was predicted for. Types other than TYPES are left out.
    """
    mine = named_mentions(gold["text"], gold["entities"])
    theirs = named_mentions(gold["text"], predicted["entities"] if predicted is not None else ())
    counts = {kind: _count(_of_type(mine, kind), _of_type(theirs, kind)) for kind in TYPES}
    counts[TOGETHER] = counts["person"] + counts["organization"]
    return counts


def score_entities(gold: Iterable[Mapping[str, Any]], predicted: Mapping[str, Mapping[str, Any]]) -> dict[str, Counts]:
    """Return the counts behind every figure over a corpus; predictions are found by the gold records' ids."""
    return add_scores((score_document(record, predicted.get(record["id"])) for record in gold), FIGURES)


def named_mentions(text: str, entities: Iterable[Iterable[Any]]) -> frozenset[NamedMention]:
    """Return the mentions of the types that count, each span without article and possessive."""
    return frozenset((*bare_span(text, start, end), kind) for start, end, kind in entities if kind in TYPES)


def bare_span(text: str, start: int, end: int) -> tuple[int, int]:
    """Return the span of a name without a leading article, a trailing possessive and white space around it."""
    article = _ARTICLE.match(text, start, end)
    if article is not None and article.end() < end:
        start = article.end()
    possessive = _POSSESSIVE.search(text[start:end])
    if possessive is not None and possessive.start() > 0:
        end = start + possessive.start()
    while end > start and text[end - 1].isspace():
        end -= 1
    while start < end and text[start].isspace():
        start += 1
    return start, end


def _of_type(mentions: Iterable[NamedMention], kind: str) -> set[NamedMention]:
    return {mention for mention in mentions if mention[2] == kind}


def _count(gold: set[NamedMention], predicted: set[NamedMention]) -> Counts:
    return Counts.of(len(gold & predicted), predicted=len(predicted), gold=len(gold))
