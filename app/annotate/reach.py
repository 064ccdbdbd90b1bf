"""How far a report reaches: what is said goes on through a report inside of it.

The encoder gives every word one part in one report, so of "Lee said that Roe wanted the ban" it may leave Lee only
"that", or nothing at all. A content that breaks off where another report of the sentence begins reaches to that one's
end; a cue of speech that is left with nothing holds the report of somebody else's that begins right after it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from app.annotate.attribution import Attribution
from app.annotate.chunks import Chunk
from app.annotate.lexicons.speech import is_speech_cue
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
    """Return the attributions that have contents, those that hold others with all that they hold.

    A content that breaks off where another attribution begins reaches to the end of that; a cue of speech without
    contents holds the one that begins right after it. The others without contents are left out.
    """
    out = [a for a in attributions if a.contents]
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
    holders = [holder for a in attributions if not a.contents for holder in _holders(a, out, text)]
    return tuple(sorted([*out, *holders], key=lambda a: a.contents[0].span.start))


def _holders(idle: Attribution, attributions: Sequence[Attribution], text: str) -> Iterator[Attribution]:
    """Yield ``idle``, which has no contents, with the report that begins right after it as its content, if one does."""
    cue, source = idle.cue, idle.source
    if cue is None or source is None or source.span.end > cue.span.start or not is_speech_cue(cue.span.of(text)):
        return
    for inner in attributions:
        if inner.source is None or inner.source.span.start < cue.span.end or not _begins_after(inner, cue.span, text):
            continue
        first = min((c for c in (inner.source, inner.cue) if c is not None), key=lambda c: c.first)
        last = _reaching(inner.contents[0], inner, text)
        whole = replace(last, span=Span(first.span.start, last.span.end), piece=first.piece, first=first.first)
        yield replace(idle, contents=(whole,), content_link=inner.content_link)
        return


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
