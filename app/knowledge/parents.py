"""What a story says a body is part of: "M-Pesa, a unit of Safaricom", "Safaricom's mobile-money unit, M-Pesa".

Read from the words between the names of two bodies of one sentence, as they are met in news.

Fails on: units without a name of their own ("its Kenyan unit"), and relations told over several sentences.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import pairwise

from app.domain.analysis import Analysis

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
