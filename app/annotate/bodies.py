"""Bodies by their words: the names that are always bodies, and what of a mention names the body itself."""

from __future__ import annotations

import re
from collections.abc import Iterator

from app.annotate.lexicons.bodies import KNOWN_BODIES, NO_BODIES
from app.annotate.lexicons.groups import BODY_NOUNS
from app.annotate.phrases import opens_sentence
from app.domain.span import Span

_COMMA = re.compile(r",\s+(?=[A-Z])")
# One body for several things: "Chamber of Commerce, Industries and Agriculture".
_LIST = re.compile(
    r"\b(?:of|for|on)\s(?:[\w-]+\s){0,3}?[\w-]+,\s(?:[\w-]+,\s)*(?:[\w-]+\s){0,2}(?:[\w-]+,?\s)?(?:and|&)\s[A-Z]"
)
_SHUT = re.compile(r"(?<=[^\s(])\)\s*(?=[A-Z])")  # a bracket that opens before the mention: "FAREI) Mushroom Unit"
_AND = re.compile(r"\s+and\s+(?:the\s+)?(?=[A-Z])")
_ONE_WORD = frozenset({"Cabinet", "Parliament", "Congress", "Senate", "Government"})  # bodies that one word names
_OWNER = re.compile(r"(?P<owner>[^,]*?\w)['’]s\s+(?=(?:[a-z]+\s){0,3}[A-Z])")
# Nouns that say what a body is, right before its name: "the ferry company Nordlink".
_CALLED = frozenset(
    "company newspaper magazine firm airline retailer carmaker automaker chipmaker drugmaker lender insurer brewer"
    " miner broadcaster publisher operator supermarket startup".split()
)
_PEOPLE = frozenset("people women men children".split())
_LOWER_FIRST = re.compile(r"(?:anti-|pro-)?[a-z]+\s+|(?:anti|pro)-[A-Z]\w+\s+")
# What a body is, at the beginning of a sentence: "Trade union Unison".
_OPENING = re.compile(rf"[A-Z][a-z]+\s(?:[a-z-]+\s){{0,2}}(?:{'|'.join(sorted(BODY_NOUNS))})\s(?=[A-Z])")
_ARTICLE = re.compile(r"(?:the|an?|so-called|(?:anti|pro)-\S+)\s")
_LOOSE_END = re.compile(
    r"\s+(?:of|the|in|for|and|on|at|to|a|nonprofit|newspaper|radio|group|daily|magazine|website|security|chain"
    r"|and other [a-z]+(?: [a-z]+)?)$"
)
_ACRONYM = re.compile(r"[A-Z]{2,}(?:-[A-Z]{2,})*")
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
    shut = [m for m in _SHUT.finditer(text, start, span.end) if "(" not in text[start : m.start()]]
    cuts = shut or ([] if _LIST.search(text, start, span.end) else [*_COMMA.finditer(text, start, span.end)])
    if not cuts:
        joints = _AND.finditer(text, start, span.end)
        cuts = [m for m in joints if _are_two(text[start : m.start()], text[m.end() : span.end])][:1]
    for cut in (*cuts, None):
        end = span.end if cut is None else cut.start()
        owner = _OWNER.match(text, start, end)
        if owner is not None and " " in text[owner.end() : end] and owner["owner"].casefold() not in _PEOPLE:
            if _is_body(owner["owner"]):
                yield from _found(text, start, owner.end("owner"))
            start = owner.end()
        yield from _found(text, start, end)
        start = end if cut is None else cut.end()


def _are_two(left: str, right: str) -> bool:
    """Say whether "and" joins two bodies: "Harbor Ministry and Coast Guard", but not "Ministry of Labor and Health"."""
    first, second = left.split(), right.split()
    if len(second) == 1:
        return False
    if len(first) == 1:
        return left in _ONE_WORD
    return first[-1].casefold() in BODY_NOUNS or first[-1] == second[-1]


def _is_body(owner: str) -> bool:
    """Say whether the owner of a body is itself one by its words: "Ministry of Justice's Investigation Bureau"."""
    return owner in KNOWN_BODIES or any(word.casefold() in BODY_NOUNS for word in owner.split()[-4:])


def _found(text: str, start: int, end: int) -> Iterator[Span]:
    span = _bare(text, start, end)
    if span is not None:
        yield span


def _bare(text: str, start: int, end: int) -> Span | None:
    chamber = _CHAMBER.fullmatch(text, start, end)
    if chamber is not None:
        return Span(*chamber.span(1))
    opening = _OPENING.match(text, start, end)
    if opening is not None and opens_sentence(start, text):
        start = opening.end()
    while (first := _LOWER_FIRST.match(text, start, end)) and _names(text[start:end], text[first.end() : end]):
        start = first.end()
    while (last := _LOOSE_END.search(text, start, end)) is not None and last.start() > start:
        end = last.start()
    words = text[start:end].split()
    if not words or (len(words) == 1 and (words[0].islower() or words[0].casefold() in NO_BODIES)):
        return None
    return Span(start, end)


def _names(mention: str, rest: str) -> bool:
    """Say whether the rest of a mention names the body without its first word.

    That is so of "the Taliban", "agency COMAR" and "company Acme", but not of "afrol News".
    """
    if not any(c.isupper() for c in rest):
        return False
    if mention.partition(" ")[0] in _CALLED:
        return True
    return " " in rest.strip() or bool(_ARTICLE.match(mention)) or _ACRONYM.fullmatch(rest.strip()) is not None
