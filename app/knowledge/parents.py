"""What a story says a body is part of: "M-Pesa, a unit of Safaricom", "Safaricom's mobile-money unit, M-Pesa".

Read from the words between the names of two bodies of one sentence, as they are met in news. A part without a name of
its own ("its Kenyan unit") is told by its words, where whose it is is exact: behind a mention of the body, or behind
"its" in a sentence that a body opens and in which no other body, country or place stands before.

Fails on: relations told over several sentences, and parts without a name that are told by no nationality.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import pairwise

from app.annotate.lexicons.countries import country_of, is_demonym
from app.domain.analysis import Analysis
from app.domain.document import Document

_FARTHEST = 60  # letters between two names
_UNIT = r"(?:unit|subsidiary|arm|division|branch|affiliate|wing|offshoot)"
_SOME = r"(?:[\w-]+\s+){0,4}?"
_OF = re.compile(
    rf"\s*[,(]?\s*(?:(?:which|that)\s+)?(?:is\s+|was\s+)?(?:an?|the)\s+{_SOME}(?:{_UNIT}|agency|part|department)\s+of\s+(?:the\s+)?"
)
_OWNED = re.compile(r"\s*[,(]?\s*(?:(?:which|that)\s+)?(?:is\s+|was\s+)?(?:\w+\s+)?(?:\w+-)?owned\s+by\s+(?:the\s+)?")
_OWN = re.compile(rf"['\u2019]s?\s+{_SOME}{_UNIT},?\s+")
_PARENT = re.compile(r"['\u2019]s?\s+(?:\w+\s+)?(?:parent|owner)(?:\s+(?:company|firm|group|body|organization))?,?\s+")
_BESIDE = re.compile(r",\s+(?:the\s+)?")
_NATIONAL = rf"([A-Z][\w-]+\s+(?:[a-z][\w-]*\s+){{0,2}}?{_UNIT})\b"
_POSSESSIVE = re.compile(rf"['\u2019]s?\s+{_NATIONAL}")
_ITS = re.compile(rf"\bits\s+{_NATIONAL}")
_ARTICLE = re.compile(r"[Tt]he\s+")
_BEFORE_NAME = re.compile(r",?\s+(?:the\s+)?")
_THEIRS = re.compile(rf"['\u2019]s?\s+{_SOME}{_UNIT}\b")


def parents_told(analysis: Analysis, text: str) -> Iterator[tuple[str, str]]:
    """Yield the bodies of a story that are said to be part of others, as ids there: the part's and the whole's."""
    named = sorted(
        (m.span.start, m.span.end, body.id)
        for body in analysis.of_type("organization")
        for m in body.mentions
        if m.kind == "name"
    )
    for (_, end, one), (start, after, other) in pairwise(named):
        between = text[end:start]
        if one == other or not 0 < len(between) <= _FARTHEST:
            continue
        if _OF.fullmatch(between) or _OWNED.fullmatch(between) or _PARENT.fullmatch(between):
            yield one, other
        elif _OWN.fullmatch(between):
            yield other, one
        elif _BESIDE.fullmatch(between) and _THEIRS.match(text, after):
            yield one, other


def units_told(analysis: Analysis, document: Document) -> Iterator[tuple[str, str]]:
    """Yield the parts without a name that a story tells of a body: the body's id there, and words: "Kenyan unit"."""
    text = document.text
    named = {m.span.start for e in analysis.entities for m in e.mentions if m.kind == "name"}
    for body in analysis.of_type("organization"):
        for mention in body.mentions:
            match = _POSSESSIVE.match(text, mention.span.end)
            if match is not None and not _opens_name(match.end(), text, named):
                yield from _unit(body.id, match)
    bodies = {m.span.start: (m.span.end, body.id) for body in analysis.of_type("organization") for m in body.mentions}
    for sentence in document.sentences:
        article = _ARTICLE.match(text, sentence.start)
        opens = bodies.get(sentence.start) or (bodies.get(article.end()) if article is not None else None)
        if opens is None:
            continue
        end, body_id = opens
        for match in _ITS.finditer(text, end, sentence.end):
            others = (m.span.start for e in analysis.entities for m in e.mentions if e.id != body_id)
            between = any(end <= start < match.start() for start in others)
            if not between and not _opens_name(match.end(), text, named):
                yield from _unit(body_id, match)


def unit_country(words: str) -> str | None:
    """Return the country of a part without a name: Kenya, of "Kenyan mobile-money unit"."""
    first = words.split(maxsplit=1)[0]
    return country_of(first) if is_demonym(first) else None


def _unit(body_id: str, match: re.Match[str]) -> Iterator[tuple[str, str]]:
    words = " ".join(match[1].split())
    if unit_country(words) is not None:
        yield body_id, words


def _opens_name(place: int, text: str, named: set[int]) -> bool:
    """Say whether a name follows: then the part has one."""
    follows = _BEFORE_NAME.match(text, place)
    return follows is not None and follows.end() in named
