"""Bodies by their words: the names that are always bodies, and what of a mention names the body itself."""

from __future__ import annotations

import re
from collections.abc import Iterator

from app.annotate.lexicons.bodies import KNOWN_BODIES, NO_BODIES
from app.domain.span import Span

_COMMA = re.compile(r",\s+(?=[A-Z])")
# One body for several things: "Chamber of Commerce, Industries and Agriculture".
_LIST = re.compile(
    r"\b(?:of|for|on)\s(?:[\w-]+\s){0,3}?[\w-]+,\s(?:[\w-]+,\s)*(?:[\w-]+\s){0,2}(?:[\w-]+,?\s)?(?:and|&)\s[A-Z]"
)
_OWNER = re.compile(r"[^,]*?\w['’]s\s+(?=[A-Z])")
_LOWER_FIRST = re.compile(r"(?:anti-|pro-)?[a-z]+\s+|(?:anti|pro)-[A-Z]\w+\s+")
_LOOSE_END = re.compile(
    r"\s+(?:of|the|in|for|and|on|at|to|a|nonprofit|newspaper|radio|group|daily|magazine|website|security|chain"
    r"|and other [a-z]+(?: [a-z]+)?)$"
)
# The chamber in "Senate Majority Leader" and "House Democrats".
_CHAMBER = re.compile(
    r"((?:U\.?S\.? )?(?:Senate|House)) (?:Majority|Minority|Speaker|Democrats|Republicans|Democratic|GOP)(?: \w+)?"
)
_KNOWN = re.compile(
    rf"(?<![\w-])(?:{'|'.join(re.escape(n) for n in sorted(KNOWN_BODIES, key=len, reverse=True))})(?![\w-])"
)


def known_bodies(text: str) -> tuple[Span, ...]:
    """Return where the text names bodies that the lexicon knows by exactly this name, in text order."""
    return tuple(Span(*m.span()) for m in _KNOWN.finditer(text))


def bare_spans(span: Span, text: str) -> tuple[Span, ...]:
    """Return what names a body in a mention of one, without owner, description and loose words around it.

    "the libertarian Cato Institute" is the Cato Institute, "the Taliban's Ministry of Finance" the Ministry of Finance,
    "Senate Majority" the Senate; a comma parts two bodies; a common noun alone is no name.
    """
    return tuple(_bare_spans(span, text))


def _bare_spans(span: Span, text: str) -> Iterator[Span]:
    start = span.start
    cuts = [] if _LIST.search(text, start, span.end) else [*_COMMA.finditer(text, start, span.end)]
    for cut in (*cuts, None):
        end = span.end if cut is None else cut.start()
        found = _bare(text, start, end)
        if found is not None:
            yield found
        start = end if cut is None else cut.end()


def _bare(text: str, start: int, end: int) -> Span | None:
    chamber = _CHAMBER.fullmatch(text, start, end)
    if chamber is not None:
        return Span(*chamber.span(1))
    owner = _OWNER.match(text, start, end)
    if owner is not None and " " in text[owner.end() : end]:
        start = owner.end()
    while (first := _LOWER_FIRST.match(text, start, end)) is not None and any(
        c.isupper() for c in text[first.end() : end]
    ):
        start = first.end()
    while (last := _LOOSE_END.search(text, start, end)) is not None and last.start() > start:
        end = last.start()
    words = text[start:end].split()
    if not words or (len(words) == 1 and (words[0].islower() or words[0].casefold() in NO_BODIES)):
        return None
    return Span(start, end)
