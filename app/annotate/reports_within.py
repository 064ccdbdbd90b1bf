"""Quotations with a report inside: “Rebels say they hold the port,” he said.

The encoder gives every word one part in one report. Where a report inside of a quotation takes its words, the one who
is quoted is left with the mark that opens it, with its first words, or with nothing. All of the quotation is theirs.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import replace

from app.annotate.attribution import Attribution
from app.annotate.chunks import Chunk, Words
from app.annotate.lexicons.speech import is_speech_cue
from app.annotate.quotation import Quotation
from app.domain.span import Span, SpanIndex, hull

_BESIDE = re.compile(r",?\s(?:(?:and|but|as|also|later|then)\s)*")
_STOPPED = re.compile(r"[,?!…–—]$")


def with_whole_quotations(
    attributions: Sequence[Attribution], quotations: Sequence[Quotation], words: Words, text: str
) -> tuple[Attribution, ...]:
    """Return the attributions, those with the beginning of a quotation with all of it where another report is in it.

    One of speech without contents holds the quotation with a report in it that its clause stands right after.
    """
    outer = SpanIndex(q.outer for q in quotations)
    holders = sorted({n for a in attributions for n in _around(a, outer, quotations)})
    found = list(attributions)
    begun: dict[int, list[int]] = {}
    for number, attribution in enumerate(attributions):
        for start in {c.span.start for c in attribution.contents}:
            begun.setdefault(start, []).append(number)
    for quotation in (quotations[n].outer for n in holders):
        for number in begun.get(quotation.start, ()):
            attribution = found[number]
            if attribution.cue is not None and not attribution.cue.span.overlaps(quotation):
                found[number] = _grown(attribution, quotation, words)
    held = [quotations[n] for n in holders]
    return tuple(a if a.contents else _filled(a, held, words, text) for a in found)


def _around(inner: Attribution, outer: SpanIndex, quotations: Sequence[Quotation]) -> list[int]:
    """Return the numbers of the quotations that a report stands in with its cue and its source."""
    if inner.cue is None or inner.source is None or not inner.contents:
        return []
    all_of = hull(c.span for c in (inner.cue, inner.source, *inner.contents))
    return [n for n in outer.overlapping(inner.cue.span) if quotations[n].outer.covers(all_of)]


def _grown(outer: Attribution, quotation: Span, words: Words) -> Attribution:
    """Return an attribution that holds the beginning of ``quotation``, with all of it."""
    begins = [c.span.start == quotation.start for c in outer.contents]
    whole = [_whole(quotation, words, c) if b else c for c, b in zip(outer.contents, begins, strict=True)]
    kept = tuple(c for c, b in zip(whole, begins, strict=True) if b or not quotation.overlaps(c.span))
    return replace(outer, contents=kept)


def _filled(idle: Attribution, quotations: Sequence[Quotation], words: Words, text: str) -> Attribution:
    cue, source = idle.cue, idle.source
    if cue is None or source is None or not is_speech_cue(cue.span.of(text)):
        return idle
    clause = hull((source.span, cue.span))
    number = bisect_right(quotations, clause.start, key=lambda q: q.outer.end) - 1
    if number < 0:
        return idle
    around = quotations[number]
    beside = _BESIDE.fullmatch(text, around.outer.end, clause.start) and _STOPPED.search(around.inner.of(text))
    return replace(idle, contents=(_whole(around.outer, words, cue),), content_link=idle.link) if beside else idle


def _whole(quotation: Span, words: Words, model: Chunk) -> Chunk:
    covered = words.covered(quotation)
    piece = int(words.pieces[covered.start])
    return Chunk("content", quotation, piece, covered.start, covered.stop - 1, model.score)
