"""How far a report reaches: what is said goes on through a report inside of it.

The encoder gives every word one part in one report, so of "Lee said that Roe wanted the ban" it may leave Lee only
"that". A content that breaks off where another report of the sentence begins reaches to that one's end.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from app.annotate.attribution import Attribution
from app.annotate.chunks import Chunk
from app.domain.span import Span

_GAP = re.compile(r",?\s*")
# A content that is only the beginning of one: "that", "he has", "that when Roe came back,".
_STUB = re.compile(
    r"that|(?:that\s+)?(?:he|she|they|it|we|you|I)(?:\s+(?:also|has|have|had|is|are|was|were|would|will))*,?"
    r"|(?:that\s+(?:when|if|as|after|before|since|because|despite|during|unless|until|on|in|at|by|for|with|under)"
    r"|(?:that\s+)?(?:while|although|though))\s[^;:]{1,60}",
    re.IGNORECASE,
)
_END = re.compile(r"[.!?][\"”’']*\s|\n")


def reach_through(attributions: Sequence[Attribution], text: str) -> tuple[Attribution, ...]:
    """Return the attributions with each content that breaks off where another begins reaching to the end of that."""
    out = list(attributions)
    for number in sorted(range(len(out)), key=lambda n: out[n].contents[-1].span.start, reverse=True):
        outer = out[number]
        last = outer.contents[-1]
        if outer.cue is None or last.span.start < outer.cue.span.end:
            continue
        if _STUB.fullmatch(text, last.span.start, last.span.end) is None:
            continue
        inner = next((b for b in out if _begins_after(b, last.span, text)), None)
        if inner is not None:
            out[number] = replace(outer, contents=(*outer.contents[:-1], _reaching(last, inner, text)))
    return tuple(out)


def _begins_after(inner: Attribution, stub: Span, text: str) -> bool:
    """Say whether a report whose cue stands before its content begins right after ``stub`` in its sentence."""
    cue, content, source = inner.cue, inner.contents[0].span, inner.source
    if cue is None or not stub.end <= cue.span.start < content.start:
        return False
    start = cue.span.start
    if source is not None and source.span.start >= stub.end:
        start = min(start, source.span.start)
    return _GAP.fullmatch(text, stub.end, start) is not None and _END.search(text, stub.end, content.start) is None


def _reaching(stub: Chunk, inner: Attribution, text: str) -> Chunk:
    """Return ``stub`` up to the end of what ``inner`` reports in its sentence."""
    last = inner.contents[0]
    for other in inner.contents[1:]:
        if _END.search(text, last.span.end, other.span.start) is not None:
            break
        last = other
    return replace(stub, span=Span(stub.span.start, last.span.end), last=last.last)
