"""Reporting clauses beside quotation marks: “...,” she said; he added: “...”.

Where a cue stands right beside a quotation, with nothing but its source between, the quotation is that cue's, whatever
the learned link says.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Sequence

from app.annotate.chunks import Chunk

_CLOSING = "\"”’'»"
_STOPPED = re.compile(r"[,…–—-]\s?[\"”’'»]+,?$|[\"”»]\s*,$")  # the sentence goes on after the quotation
_ENDED = re.compile(r"[?!][\"”’'»]+$")  # it may go on
_OPENING = re.compile(r"[\"“«]")
_SMALL = r"(?:also|later|then|further|again|once|recently|reportedly|simply|quickly|finally|has|have|had|would)"
_ADVERBS = re.compile(rf"\s*(?:{_SMALL}\s+)*", re.IGNORECASE)
_PRONOUN = re.compile(rf"\s*(?:he|she|they|it|who)\s+(?:{_SMALL}\s+)*")
_BEFORE = re.compile(r"[ \t]*[,:]?\s*")
_SPACE = re.compile(r"[^\S\n]*\n?[^\S\n]*")


def cue_beside(content: Chunk, cues: Sequence[Chunk], sources: Sequence[Chunk], text: str) -> int | None:
    """Return the number of the cue that stands right after or before a quotation, or None; all in text order."""
    if not _OPENING.match(text, content.span.start):
        return None
    after = bisect_left(cues, content.span.start, key=lambda c: c.span.start)
    if after < len(cues) and _follows(content, cues[after], sources, text):
        return after
    return after - 1 if after and _leads(content, cues[after - 1], text) else None


def _follows(content: Chunk, cue: Chunk, sources: Sequence[Chunk], text: str) -> bool:
    """Say whether "she said" or "said Lee" with this cue follows the quotation in its sentence."""
    end = content.span.end
    while end < len(text) and text[end] in _CLOSING:
        end += 1
    end += text.startswith(",", end)
    stopped = _STOPPED.search(text, content.span.start, end)
    if not stopped and not _ENDED.search(text, content.span.start, end):
        return False
    if _PRONOUN.fullmatch(text, end, cue.span.start):
        return True
    number = bisect_left(sources, end, key=lambda s: s.span.start)
    if not stopped or number == len(sources):
        return False
    source = sources[number].span
    if source.end <= cue.span.start:
        first, between = (end, source.start), (source.end, cue.span.start)
    else:
        first, between = (end, cue.span.start), (cue.span.end, source.start)
    return bool(_SPACE.fullmatch(text, *first) and _ADVERBS.fullmatch(text, *between))


def _leads(content: Chunk, cue: Chunk, text: str) -> bool:
    """Say whether the quotation follows "she said," or "she said:" with this cue."""
    return bool(_BEFORE.fullmatch(text, cue.span.end, content.span.start))
