"""The body of a post that is told by a word for one named before: "a spokeswoman for the bank", "Its chairman"."""

from __future__ import annotations

import re
from bisect import bisect_left

from app.annotate.cast import Cast
from app.annotate.discourse import BACK
from app.annotate.kinds import is_of_kind
from app.annotate.lexicons.groups import BODY_NOUNS
from app.annotate.phrases import opens_sentence
from app.domain.span import Span

_OF_THE = re.compile(
    r"\s(?:for|of|at|with)\s(?P<body>(?:the|that|this)\s(?P<noun>[a-z]+))"
    r"(?=[,.;:)\n]|\s[^a-z]|\s(?:who|and|in|on|said|says|told|added|declined|confirmed|denied)\b|$)"
)
_ITS = re.compile(r"(?P<end>[.!?][\"”’]*\s+)(?P<body>Its)\s(?:[a-z-]+\s){0,2}$")
_SENTENCE_END = re.compile(r"[.!?]\s|\n")
_LONGEST = 60  # code points of "Its" and what stands before it and the title


def body_meant(title: Span, cast: Cast, text: str) -> tuple[int, Span] | None:
    """Return the group of the body that a post's own words point to, with those words; None when they point to none.

    "The bank" is the body named last that has the word in its name or is of its kind; "its" the one that the sentence
    before begins with.
    """
    after = _OF_THE.match(text, title.end)
    if after is not None and after["noun"] in BODY_NOUNS:
        group = _called(after["noun"], title.start, cast)
        return None if group is None else (group, Span(*after.span("body")))
    before = _ITS.search(text, max(0, title.start - _LONGEST), title.start)
    group = None if before is None else _subject(before.start("end"), cast, text)
    return None if before is None or group is None else (group, Span(*before.span("body")))


def _called(noun: str, end: int, cast: Cast) -> int | None:
    last = bisect_left(cast.starts, end)
    for number in range(last - 1, max(0, last - BACK) - 1, -1):
        key = cast.keys[cast.groups[number]]
        if cast.types[number] == "organization" and (noun in key.split() or is_of_kind(noun, key)):
            return cast.groups[number]
    return None


def _subject(end: int, cast: Cast, text: str) -> int | None:
    """Return the body that begins the sentence that ends at ``end``."""
    last = bisect_left(cast.starts, end)
    for number in range(last - 1, max(0, last - BACK) - 1, -1):
        start = cast.starts[number]
        if _SENTENCE_END.search(text, start, end) is not None:
            return None
        if cast.types[number] == "organization" and opens_sentence(start, text):
            return cast.groups[number]
    return None
