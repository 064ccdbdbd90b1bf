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
from app.domain.span import Span, hull

_BESIDE = re.compile(r",?\s(?:(?:and|but|as|also|later|then)\s)*")
_STOPPED = re.compile(r"[,?!…–—]$")


def with_whole_quotations(
    attributions: Sequence[Attribution], quotations: Sequence[Quotation], words: Words, text: str
) -> tuple[Attribution, ...]:
    """Return the attributions, those with the beginning of a quotation with all of it where another report is in it.

    One of speech without contents holds the quotation with a report in it that its clause stands right after.
    """
    holders = [n for n, q in enumerate(quotations) if any(_is_within(a, q.outer) for a in attributions)]
    found = list(attributions)
    for quotation in (quotations[n].outer for n in holders):
        for number, attribution in enumerate(found):
            if attribution.cue is not None and not attribution.cue.span.overlaps(quotation):
                found[number] = _grown(attribution, quotation, words)
    return tuple(a if a.contents else _filled(a, [quotations[n] for n in holders], words, text) for a in found)


def _is_within(inner: Attribution, quotation: Span) -> bool:
    """Say whether a report with its cue and its source stands in a quotation."""
    parts = (inner.cue, inner.source, *inner.contents)
    return bool(inner.contents) and all(c is not None and quotation.covers(c.span) for c in parts)


def _grown(outer: Attribution, quotation: Span, words: Words) -> Attribution:
    """Return an attribution that holds the beginning of ``quotation`` with all of it."""
    begins = [c.span.start == quotation.start for c in outer.contents]
    if not any(begins):
        return outer
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
