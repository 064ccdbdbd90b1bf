"""Speech over several paragraphs: quotations that their paragraphs leave open are one quote with those that follow."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import replace

from app.annotate.quotation import Quotation
from app.annotate.quotes import Held, Passage, joined
from app.domain.document import Document
from app.domain.span import Span


def find_chains(document: Document, quotations: Sequence[Quotation]) -> Iterator[tuple[Quotation, ...]]:
    """Yield the rows of quotations of which each but the last is left open and goes on in the next paragraph."""
    row: list[Quotation] = []
    for quotation in quotations:
        if row and not (not row[-1].closed and _follows(document, row[-1].outer, quotation.outer)):
            if len(row) > 1:
                yield tuple(row)
            row = []
        row.append(quotation)
    if len(row) > 1:
        yield tuple(row)


def _follows(document: Document, before: Span, after: Span) -> bool:
    """Say whether a quotation opens the paragraph after the one that another ends."""
    place = bisect_right(document.paragraphs, after.start, key=lambda p: p.start) - 1
    opens = not document.text[document.paragraphs[place].start : after.start].strip()
    return opens and document.paragraphs[place - 1].covers(before)


def join_chains(
    document: Document, quotations: Sequence[Quotation], passages: Sequence[Passage]
) -> tuple[Passage, ...]:
    """Return the passages with every quotation over several paragraphs in one of them.

    It is the one whose cue stands beside its last paragraph, else the one that holds its first words.
    """
    out = list(passages)
    held = Held.of(out)
    for chain in find_chains(document, quotations):
        owners = sorted({n for q in chain for n in held.numbers(q.inner)})
        if len(owners) < 2 or _lacks_a_mark(chain, [out[n] for n in owners]):  # noqa: PLR2004
            continue
        home = _home(document, chain, owners, out)
        whole = [q.outer for q in chain]
        for number in owners:
            rest = tuple(c for c in out[number].contents if not any(q.covers(c) for q in whole))
            out[number] = replace(out[number], contents=rest)
        out[home] = replace(out[home], contents=joined((*out[home].contents, *whole)))
    return tuple(p for p in out if p.contents)


def _lacks_a_mark(chain: Sequence[Quotation], owners: Sequence[Passage]) -> bool:
    """Say whether a closing mark was forgotten: a cue stands inside, or two who are named speak."""
    if any(q.outer.covers(p.cue) for q in chain for p in owners if p.cue is not None):
        return True
    return len({p.speaker.group for p in owners if p.speaker.method == "name"}) > 1


def _home(document: Document, chain: Sequence[Quotation], owners: Sequence[int], passages: Sequence[Passage]) -> int:
    last = chain[-1].outer
    paragraph = document.paragraphs[bisect_right(document.paragraphs, last.start, key=lambda p: p.start) - 1]
    for number in owners:
        cue = passages[number].cue
        if cue is not None and paragraph.covers(cue) and cue.start >= last.end:
            return number
    return owners[0]
