"""Quotation marks: where direct speech opens and closes, paragraph by paragraph.

Exact rules for straight, curly, doubled single, angle, low and British single marks, and for curly marks set the wrong
way round. A mark that its paragraph leaves open runs to the paragraph's end (the convention for speech over several
paragraphs).
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from app.domain.span import Span

_MARK = re.compile(r"``|''|‘‘|’’|[\"“”„«»‘’‚']")
_CLOSES = {
    '"': ('"', "”", "’’"),
    "“": ("”", '"', "’’"),
    "„": ("“", "”"),
    "«": ("»",),
    "»": ("«",),
    "``": ("''", '"'),
    "''": ("''",),
    "‘‘": ("’’", "”", '"'),
    "”": ("”",),
}
_TURNED_OPEN = re.compile(r"(?<![^\s(])”(?=\w)")  # a closing mark where a quotation begins
_TURNED_CLOSE = re.compile(r"(?<=[^\s(“])“(?![^\s,.;:!?)])")  # an opening mark where a quotation ends
_SINGLE_CLOSE = re.compile(r"(?<=[\w.,!?…%)\]])['’](?!\w)")
_STOPS = ".,!?…"


@dataclass(frozen=True, slots=True)
class Quotation:
    """One pair of quotation marks and what they hold.

    ``outer`` includes the marks, ``inner`` leaves them out; ``closed`` is False when the paragraph ends first.
    """

    outer: Span
    inner: Span
    closed: bool
    single: bool = False


def find_quotations(text: str, paragraph: Span) -> tuple[Quotation, ...]:
    """Return the outermost quotations of one paragraph in text order.

    Fails on: a straight mark used for inches or seconds; an apostrophe that opens a word ('tis) and is answered
    by a later closing single mark; a pair of marks that holds nothing, whose second mark is taken to open.
    """
    return tuple(_scan(text, paragraph))


def _scan(text: str, paragraph: Span) -> Iterator[Quotation]:
    position, end = paragraph.start, paragraph.end
    closes = [m.start() for m in _SINGLE_CLOSE.finditer(text, position, end)]
    stopped = [c for c in closes if text[c - 1] in _STOPS]
    while (mark := _MARK.search(text, position, end)) is not None:
        sign = mark.group()
        if sign in "'‘’‚":
            found = _single(text, mark, paragraph, closes, stopped)
        elif sign in _CLOSES and (sign != "”" or _TURNED_OPEN.match(text, mark.start())):
            found = _double(text, mark, end)
        else:
            found = None
        if found is None:
            position = mark.end()
            continue
        yield found
        position = found.outer.end


def _double(text: str, mark: re.Match[str], end: int) -> Quotation | None:
    answers = _CLOSES[mark.group()]
    for other in _MARK.finditer(text, mark.end(), end):
        turned = other.group() == "“" == mark.group() and _TURNED_CLOSE.match(text, other.start())
        if other.group() in answers or turned:
            if other.start() == mark.end():
                return None
            return Quotation(Span(mark.start(), other.end()), Span(mark.end(), other.start()), closed=True)
    if mark.end() >= end or mark.group() == "''":
        return None
    return Quotation(Span(mark.start(), end), Span(mark.end(), end), closed=False)


def _single(
    text: str, mark: re.Match[str], paragraph: Span, closes: Sequence[int], stopped: Sequence[int]
) -> Quotation | None:
    """Return the quotation that a single mark opens; ``closes`` may close one, ``stopped`` do so after a stop."""
    start, after = mark.start(), mark.end()
    if mark.group() == "’" or after >= paragraph.end or not (text[after].isalnum() or text[after] in '“"…['):
        return None
    if start > paragraph.start and (text[start - 1].isalnum() or text[start - 1] in ".,!?'’)"):
        return None
    close = _next(closes, after)
    if close is None:
        return None
    if text[close - 1] == "s":
        close = _next(stopped, after) or close
    return Quotation(Span(start, close + 1), Span(after, close), closed=True, single=True)


def _next(places: Sequence[int], start: int) -> int | None:
    """Return the first of the sorted ``places`` that is not before ``start``."""
    at = bisect_left(places, start)
    return places[at] if at < len(places) else None
