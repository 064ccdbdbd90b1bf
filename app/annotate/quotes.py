"""Quotes: attributions made whole by the exact rules of quotation marks, speaker labels and continued speech."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
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
NESTED = 16  # contents that may lie inside each other at one place
_LABEL = re.compile(
    r"(?P<label>(?:[A-Z][\w.'’-]*[ \t]+){0,4}[A-Z][\w.'’-]*)(?:[ \t]*\([^)\n]{1,60}\))?[ \t]*(?P<cue>:)[ \t]+(?=\S)"
)
_LOOSE_END = re.compile(r"[,;]?\s+(?:and|or|but|while|whereas|as)$")  # what begins another clause
_LONGEST_END = 12
_STAMP = re.compile(r"\d{1,2}[:.]\d{2}\s?(?:[ap]\.?m\.?)?(?:\s[A-Z]{2,4})?\s?[-–—|]\s(?=\S)", re.IGNORECASE)
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
    for quotation in _touching(span, quotations):
        if quotation.outer.start < start <= quotation.inner.start:
            start = quotation.outer.start
        if quotation.inner.end <= end < quotation.outer.end:
            end = quotation.outer.end
    return Span(start, end)


def _touching(span: Span, quotations: Sequence[Quotation]) -> Sequence[Quotation]:
    """Return which of ``quotations`` overlap ``span``; they stand in text order and do not overlap each other."""
    low = bisect_right(quotations, span.start, key=lambda q: q.outer.end)
    return quotations[low : bisect_left(quotations, span.end, low, key=lambda q: q.outer.start)]


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
        numbers = words.covered(content)
        total += len(numbers)
        for quotation in _touching(content, quotations):
            first = bisect_left(words.start, quotation.outer.start)
            end = bisect_right(words.end, quotation.outer.end)
            inside += len(range(max(first, numbers.start), min(end, numbers.stop)))
    if inside == total:
        return "direct"
    return "mixed" if inside else "indirect"


def find_labels(document: Document) -> tuple[tuple[Span, Span, Span], ...]:
    """Return the passages of a transcript as (label, cue, contents): "SMITH: ..." at a paragraph's start.

    A label counts when it is in capitals, or when three paragraphs or more have labels and one has its label again:
    where each name stands once, it heads an entry of a list.
    """
    found = []
    for paragraph in document.paragraphs:
        match = _LABEL.match(document.text, paragraph.start, paragraph.end)
        if match is None or match.end() >= paragraph.end or document.head.title == paragraph:
            continue
        label = Span(*match.span("label"))
        found.append((label, Span(*match.span("cue")), Span(match.end(), paragraph.end)))
    loud = [f for f in found if f[0].of(document.text).isupper() or f[0].of(document.text) in {"Q", "A"}]
    names = [label.of(document.text) for label, _, _ in found]
    return tuple(found if len(names) >= 3 and len(set(names)) < len(names) else loud)  # noqa: PLR2004


def loose_quotations(
    document: Document, quotations: Sequence[Quotation], passages: Sequence[Passage], words: Words
) -> tuple[Quotation, ...]:
    """Return the quotations that no passage holds and that read as speech rather than as a name or a scare quote."""
    taken = joined(c for p in passages for c in p.contents)
    found = []
    for quotation in quotations:
        inner = quotation.inner.of(document.text)
        place = bisect_left(taken, quotation.inner.end, key=lambda c: c.start)
        if quotation.single or (place and taken[place - 1].end > quotation.inner.start):
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
    held = Held.of(out)
    given: dict[Span, int] = {}  # which passage a loose quotation went to
    for quotation in loose_quotations(document, quotations, out, words):
        last = _goes_on_from(document, quotation, quotations)
        owner = None if last is None else given.get(last.outer, held.first(last.inner))
        given[quotation.outer] = len(out) if owner is None else owner
        if owner is None:
            speaker = Speaker("unresolved", None, None, "none", 0.5)
            out.append(Passage((quotation.outer,), None, speaker, 0.5, "marks"))
        else:
            old = out[owner]
            contents = joined((*old.contents, quotation.outer))
            out[owner] = replace(old, contents=contents, method="continued")
    return tuple(sorted(out, key=lambda p: p.contents[0]))


def _goes_on_from(document: Document, quotation: Quotation, quotations: Sequence[Quotation]) -> Quotation | None:
    """Return the quotation that this one goes on from."""
    place = bisect_right(document.paragraphs, quotation.outer.start, key=lambda p: p.start) - 1
    paragraph = document.paragraphs[place]
    before = bisect_right(quotations, quotation.outer.start, key=lambda q: q.outer.end)
    if not before:
        return None
    last = quotations[before - 1]
    if paragraph.covers(last.outer):
        gap = document.text[last.outer.end : quotation.outer.start]
        return last if len(gap) < 120 and gap.count(". ") <= 1 else None  # noqa: PLR2004
    opens = document.text[paragraph.start : quotation.outer.start].strip() == ""
    goes_on = not last.closed and opens and place and document.paragraphs[place - 1].covers(last.outer)
    return last if goes_on else None


@dataclass(frozen=True, slots=True)
class Held:
    """The contents of passages in text order, each with its passage's number."""

    contents: tuple[tuple[Span, int], ...]

    @classmethod
    def of(cls, passages: Sequence[Passage]) -> Held:
        """Return what ``passages`` hold."""
        return cls(tuple(sorted((c, n) for n, p in enumerate(passages) for c in p.contents)))

    def numbers(self, span: Span) -> list[int]:
        """Return the numbers of the passages whose contents overlap ``span``, in order."""
        high = bisect_left(self.contents, span.end, key=lambda held: held[0].start)
        return sorted({n for c, n in self.contents[max(0, high - NESTED) : high] if c.overlaps(span)})

    def first(self, span: Span) -> int | None:
        """Return the number of the first passage whose contents overlap ``span``, or None."""
        return next(iter(self.numbers(span)), None)


def _unbroken(contents: Sequence[Span], quotations: Sequence[Quotation], own: Sequence[Span]) -> tuple[Span, ...]:
    """Return the contents, those in one quotation as one: what stands between them was said as well.

    ``own`` are the cue and the source; where one stands between, the marks are not to be trusted.
    """
    found: list[Span] = []
    for content in contents:
        around = bisect_right(quotations, content.start, key=lambda q: q.outer.start) - 1
        inside = around >= 0 and bool(found) and quotations[around].outer.start <= found[-1].start
        whole = hull((found[-1], content)) if inside else content
        if inside and quotations[around].outer.covers(whole) and not any(whole.overlaps(s) for s in own):
            found[-1] = whole
        else:
            found.append(content)
    return tuple(found)


def _trimmed(content: Span, text: str) -> Span:
    """Return a content without the time of a live report before it, and without the conjunction that it ends with.

    What comes after such a conjunction is somebody else's clause.
    """
    stamp = _STAMP.match(text, content.start, content.end)
    start = content.start if stamp is None else stamp.end()
    loose = _LOOSE_END.search(text, max(start, content.end - _LONGEST_END), content.end)
    return Span(start, content.end if loose is None else loose.start())


def as_passage(attribution: Attribution, speaker: Speaker, quotations: Sequence[Quotation], text: str) -> Passage:
    """Return an attribution as a passage, its contents grown to their quotation marks."""
    own = [c.span for c in (attribution.cue, attribution.source) if c is not None]
    spans = (snap(_trimmed(c.span, text), quotations) for c in attribution.contents)
    contents = _unbroken(joined(spans), quotations, own)
    cue = attribution.cue.span if attribution.cue is not None else None
    return Passage(contents, cue, speaker, attribution.link * attribution.content_link, attribution=attribution)
