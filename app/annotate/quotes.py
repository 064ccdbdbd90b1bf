"""Quotes: attributions made whole by the exact rules of quotation marks, speaker labels and continued speech."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from app.annotate.attribution import Attribution
from app.annotate.chunks import Words
from app.annotate.quotation import Quotation
from app.annotate.speakers import Speaker
from app.domain.annotation import QuoteType
from app.domain.document import Document
from app.domain.span import Span, hull

MIN_LOOSE_WORDS = 5  # a quotation without any cue counts as a quote from this length on
_LABEL = re.compile(
    r"(?P<label>(?:[A-Z][\w.'’-]*[ \t]+){0,4}[A-Z][\w.'’-]*)(?:[ \t]*\([^)\n]{1,60}\))?[ \t]*(?P<cue>:)[ \t]+(?=\S)"
)
_SENTENCE_END = re.compile(r"[.!?…,][\"”’'»]*$")


@dataclass(frozen=True, slots=True)
class Passage:
    """A quote before it gets its speaker's final form: contents, cue, speaker and how sure the parts are.

    ``attribution`` is what the reader found it by, None where marks or a label alone showed it.
    """

    contents: tuple[Span, ...]
    cue: Span | None
    speaker: Speaker
    score: float
    method: str = ""
    attribution: Attribution | None = None


def snap(span: Span, quotations: Sequence[Quotation]) -> Span:
    """Return ``span`` grown to the quotation marks that touch it."""
    start, end = span.start, span.end
    for quotation in quotations:
        if not quotation.outer.overlaps(span):
            continue
        if quotation.outer.start < start <= quotation.inner.start:
            start = quotation.outer.start
        if quotation.inner.end <= end < quotation.outer.end:
            end = quotation.outer.end
    return Span(start, end)


def joined(spans: Iterable[Span]) -> tuple[Span, ...]:
    """Return the spans in text order, those that overlap as one."""
    found: list[Span] = []
    for span in sorted(spans):
        if found and found[-1].overlaps(span):
            found[-1] = hull((found[-1], span))
        else:
            found.append(span)
    return tuple(found)


def quote_type(contents: Sequence[Span], quotations: Sequence[Quotation], words: Words) -> QuoteType:
    """Return direct when all words stand in quotation marks, indirect when none does, else mixed."""
    inside = total = 0
    for content in contents:
        for word in words.covered(content):
            start, end = int(words.start[word]), int(words.end[word])
            around = bisect_right(quotations, start, key=lambda q: q.outer.start) - 1
            if around >= 0 and end <= quotations[around].outer.end:
                inside += 1
            total += 1
    if inside == total:
        return "direct"
    return "mixed" if inside else "indirect"


def find_labels(document: Document) -> tuple[tuple[Span, Span, Span], ...]:
    """Return the passages of a transcript as (label, cue, contents): "SMITH: ..." at a paragraph's start.

    A label counts when it is in capitals, or when the story uses labels on three paragraphs or more.
    """
    found = []
    for paragraph in document.paragraphs:
        match = _LABEL.match(document.text, paragraph.start, paragraph.end)
        if match is None or match.end() >= paragraph.end or document.head.title == paragraph:
            continue
        label = Span(*match.span("label"))
        found.append((label, Span(*match.span("cue")), Span(match.end(), paragraph.end)))
    loud = [f for f in found if f[0].of(document.text).isupper() or f[0].of(document.text) in {"Q", "A"}]
    return tuple(found if len(found) >= 3 else loud)  # noqa: PLR2004


def loose_quotations(
    document: Document, quotations: Sequence[Quotation], passages: Sequence[Passage], words: Words
) -> tuple[Quotation, ...]:
    """Return the quotations that no passage holds and that read as speech rather than as a name or a scare quote."""
    taken = [c for p in passages for c in p.contents]
    found = []
    for quotation in quotations:
        inner = quotation.inner.of(document.text)
        if quotation.single or any(c.overlaps(quotation.inner) for c in taken):
            continue
        if len(words.covered(quotation.inner)) < MIN_LOOSE_WORDS:
            continue
        if quotation.closed and not _SENTENCE_END.search(inner):
            continue
        found.append(quotation)
    return tuple(found)


def continue_speech(
    document: Document, quotations: Sequence[Quotation], passages: Sequence[Passage], words: Words
) -> tuple[Passage, ...]:
    """Return the passages with every loose quotation given to the quote that it goes on from, or made its own.

    A quotation goes on when the paragraph before it left its marks open, or when it follows in the same paragraph a
    quotation that has a speaker.
    """
    out = list(passages)
    for quotation in loose_quotations(document, quotations, out, words):
        owner = _goes_on_from(document, quotation, quotations, out)
        if owner is None:
            speaker = Speaker("unresolved", None, None, "none", 0.5)
            out.append(Passage((quotation.outer,), None, speaker, 0.5, "marks"))
        else:
            old = out[owner]
            contents = joined((*old.contents, quotation.outer))
            out[owner] = replace(old, contents=contents, method="continued")
    return tuple(sorted(out, key=lambda p: p.contents[0]))


def _goes_on_from(
    document: Document, quotation: Quotation, quotations: Sequence[Quotation], passages: Sequence[Passage]
) -> int | None:
    place = next(i for i, p in enumerate(document.paragraphs) if p.covers(quotation.outer))
    paragraph = document.paragraphs[place]
    before = [q for q in quotations if q.outer.end <= quotation.outer.start]
    if not before:
        return None
    last = before[-1]
    if paragraph.covers(last.outer):
        gap = document.text[last.outer.end : quotation.outer.start]
        near = len(gap) < 120 and gap.count(". ") <= 1  # noqa: PLR2004
        return _owner(last, passages) if near else None
    opens = document.text[paragraph.start : quotation.outer.start].strip() == ""
    if not last.closed and opens and place and document.paragraphs[place - 1].covers(last.outer):
        return _owner(last, passages)
    return None


def _owner(quotation: Quotation, passages: Sequence[Passage]) -> int | None:
    for number, passage in enumerate(passages):
        if any(c.overlaps(quotation.inner) for c in passage.contents):
            return number
    return None


def as_passage(attribution: Attribution, speaker: Speaker, quotations: Sequence[Quotation]) -> Passage:
    """Return an attribution as a passage, its contents grown to their quotation marks."""
    contents = joined(snap(c.span, quotations) for c in attribution.contents)
    cue = attribution.cue.span if attribution.cue is not None else None
    return Passage(contents, cue, speaker, attribution.link * attribution.content_link, attribution=attribution)
