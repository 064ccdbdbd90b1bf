"""Signed quotations: "...” ― Ann Lee", the name at the end of the line or in a line of its own."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Sequence

from app.annotate.lexicons.bodies import KNOWN_BODIES
from app.annotate.quotation import Quotation
from app.domain.document import Document
from app.domain.span import Span

_NAME = r"(?:[A-Z@][\w.’'@-]*[ \t]+){0,4}[A-Z@][\w.’'@-]*"
_SIGNATURE = re.compile(rf"\s*(?P<cue>[―—–]|--?)[ \t]*(?P<label>{_NAME})(?:[ \t]*[,(][^\n]{{0,80}})?")


def find_signatures(
    document: Document, quotations: Sequence[Quotation]
) -> tuple[tuple[Span, Span, tuple[Span, ...]], ...]:
    """Return the quotations that are signed, in text order, as (name, dash, contents).

    A quotation that its paragraphs leave open is signed whole. The name of a news agency says whose the story is.
    """
    found = []
    for number, paragraph in enumerate(document.paragraphs):
        last = bisect_right(quotations, paragraph.end, key=lambda q: q.outer.start) - 1
        if last < 0:
            continue
        inside = paragraph.covers(quotations[last].outer)
        home = number if inside else number - 1
        start = quotations[last].outer.end if inside else paragraph.start
        match = _SIGNATURE.fullmatch(document.text, start, paragraph.end)
        if match is None or match["label"] in KNOWN_BODIES:
            continue
        if not inside and document.paragraphs[home].end != quotations[last].outer.end:
            continue
        contents = _whole(document, quotations, last, home)
        found.append((Span(*match.span("label")), Span(*match.span("cue")), contents))
    return tuple(found)


def _whole(document: Document, quotations: Sequence[Quotation], last: int, home: int) -> tuple[Span, ...]:
    """Return the quotation ``last`` of the paragraph ``home`` with those before it that were left open for it."""
    first = last
    while first and home:
        earlier, later = quotations[first - 1], quotations[first]
        paragraph = document.paragraphs[home - 1]
        opens = not document.text[paragraph.end : later.outer.start].strip()
        if earlier.closed or not opens or not paragraph.covers(earlier.outer):
            break
        first, home = first - 1, home - 1
    return tuple(q.outer for q in quotations[first : last + 1])
