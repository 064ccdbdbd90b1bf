"""Whose a title is by the words between the two: before the name, beside it, in a clause about it.

Source: patterns of English news style, written for the project; licence as the project.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from app.annotate.title_spans import is_titled
from app.domain.span import Span

Manner = Literal["before", "after", "clause"]
EARLIER = 3  # people named before a title who may hold it

# A word of a noun phrase: no verb, no pronoun, no mark that ends the phrase.
_WORD = r"(?:[^\W\d_][\w.’'&/-]*|\d{4}|\([A-Z][\w&. -]{0,12}\)|&)"
_STOP = (
    r"(?!(?:is|are|was|were|be|been|has|have|had|said|says|told|added|who|whom|which|that|will|would|could|should|may"
    r"|can|he|she|they|it|we|i|but|if|when|while|because|after|before|as|than|not)\b)"
)
_PHRASE = rf"(?:{_STOP}{_WORD}\s+)"
_BRACKET = r"(?:\s*\([^()\n]{1,40}\))?"
_HONORIFIC = (
    r"(?:(?:Mr|Mrs|Ms|Dr|Prof|Professor|Sir|Dame|Lord|Lady|Hon|Datuk|Dato|Tan Sri|Seri|Sri|Sheikh|Sheikha|Ayatollah"
    r"|Counselor|Father|Sister|Brother|Rev|Reverend|Bishop|HRH|H ?E)\b\.?\s*)*"
)
_RANK = r"(?:(?:Lt|Maj|Gen|Col|Brig|Capt|Cmdr|Adm|Sgt|Rev|Major|General|Colonel)\b\.?\s*)*"
_AGE = r"(?:,?\s*(?:aged\s+)?\d{1,3}(?:\s*years?\s+old)?,)?"
_NOW = r"(?:(?:now|then|also|currently|formerly|once|long|still|both|himself|herself|already|later)\s+)*"

_NAMED = r"(?:(?:sur)?named\s+|by the name of\s+)?"
_MARK = r"(?:[,:–—-]|--)"
_DIRECT = re.compile(rf"{_BRACKET}\s*{_MARK}?\s*{_NAMED}{_HONORIFIC}{_RANK}{_HONORIFIC}")
_OBJECT = r"(?!(?:with|whose|his|her|their)\b)"  # begins what another is, not of what: "president with his secretary"
# After "to", "for" and "with" comes somebody else ("counsel to Ann Roe"), unless a mark parts them or a body follows.
_BEFORE = re.compile(
    rf"{_BRACKET}(?:(?:\s+(?:of|at|in|on|from)\s+(?:{_OBJECT}{_PHRASE}){{0,9}}?{_OBJECT}{_STOP}{_WORD})?{_BRACKET}\s*{_MARK}?"
    rf"|\s+for\s+the\s+{_PHRASE}{{0,9}}?{_STOP}{_WORD}"
    rf"|\s+(?:to|for|with)\s+{_PHRASE}{{0,9}}?{_STOP}{_WORD}{_BRACKET}\s*{_MARK})"
    rf"\s+{_NAMED}{_HONORIFIC}{_RANK}{_HONORIFIC}"
)
_AFTER = re.compile(rf"{_BRACKET}{_AGE}\s*(?:,|\(|–|—|-)\s*{_AGE}\s*{_NOW}{_PHRASE}{{0,7}}")
# Another post of the same person stands between: ", founder and ", ", director of Acme and ".
_AFTER_POST = re.compile(
    rf"{_BRACKET}{_AGE}\s*,\s*{_NOW}{_PHRASE}{{0,12}}(?:{_STOP}{_WORD},|and|&)\s+{_NOW}{_PHRASE}{{0,4}}"
)
_BE = r"(?:is|was|are|were|became|becomes|remains|remained|has been|had been|will be|has become)"
_NOT_SO = re.compile(
    r"\b(?:not|never|to|would|should|could|might|may|if|wants?|hopes?|wanted|fit|run|runs|running|ran for|unlike|like"
    r"|said|says|told|whether|rather)\b(?! have been)",
)
# The last words before the title's own phrase: "... , who served as", "... was elected", "... , now".
_LINK = re.compile(
    rf"(?:\b(?:as|{_BE}|named|appointed|elected|chosen|nominated|sworn in as|including)\s+{_NOW}|\bwho\s+)"
    rf"(?:{_PHRASE}{{0,6}}|{_PHRASE}{{1,9}}(?:and|&|,)\s+{_NOW}{_PHRASE}{{0,7}})$"
)
_UNBROKEN = re.compile(r"[^.;:?!“”\"\n]{0,140}(?:\b[A-Z][a-z]{0,3}\.[^.;:?!“”\"\n]{0,100})?")
_ANOTHER_POST = re.compile(
    rf"{_BRACKET}(?:\s+(?:of|for|at|in)\s+{_PHRASE}{{0,9}}?{_STOP}{_WORD})?{_BRACKET}"
    rf"(?:\s*[,/]\s*|\s+(?:and|&)\s+){_NOW}(?:(?:former|ex|acting|current|incoming)[\s-]+)*"
    rf"(?P<post>{_PHRASE}{{0,8}}{_STOP}{_WORD}\s*[,:]?\s+){_HONORIFIC}{_RANK}"
)
# "A lawyer for Ann Roe, Tom Lee, said": the second of two names, in commas, is who the first has.
_FOR = re.compile(rf"\s+(?:for|to|of)\s+{_HONORIFIC}{_RANK}")
_COMMA = re.compile(r",\s+")
_CLOSED = re.compile(r",(?!\s(?:and|or)\b)")
_JOINED = re.compile(rf"{_BRACKET}\s*(?:,\s*(?:and\s+)?|,?\s+(?:and|&|y|or)\s+){_HONORIFIC}{_RANK}")
_POSSESSIVE = re.compile(r"['’]s?\b")


@dataclass(frozen=True, slots=True)
class Beside:
    """The people whom a title stands beside, by their numbers among those asked about, and how it does."""

    people: tuple[int, ...]
    manner: Manner


def beside(title: Span, people: Sequence[Span], text: str, *, several: bool) -> tuple[Beside, ...]:
    """Return whose ``title`` may be by structure, the likeliest first; ``several``: the title is a plural.

    ``people`` are names in text order; none of them overlaps the title.
    """
    if _POSSESSIVE.match(text, title.end):
        return ()
    following = next((n for n, p in enumerate(people) if p.start >= title.end), len(people))

    def way(number: int, step: int, manner: Manner) -> Beside:
        return Beside(_row(number, people, text, step) if several else (number,), manner)

    gap = None if following == len(people) else (title.end, people[following].start)
    if gap is not None and _DIRECT.fullmatch(text, *gap):
        return (way(following, 1, "before"),)
    if not several and _has(title, following, people, text):
        return (way(following + 1, 1, "before"),)
    found = [way(following, 1, "before")] if gap is not None and _BEFORE.fullmatch(text, *gap) else []
    for number in range(following - 1, max(-1, following - 1 - EARLIER), -1):
        manner = _manner(text, people[number].end, title.start)
        found += [] if manner is None else [way(number, -1, manner)]
    if not found and gap is not None and _another_post(text, *gap):
        found.append(way(following, 1, "before"))
    return tuple(found)


def _has(title: Span, first: int, people: Sequence[Span], text: str) -> bool:
    """Say whether a title is one for the person ``first`` and held by the next, whom commas enclose."""
    if first + 1 >= len(people):
        return False
    whose, holder = people[first], people[first + 1]
    return (
        _FOR.fullmatch(text, title.end, whose.start) is not None
        and _COMMA.fullmatch(text, whose.end, holder.start) is not None
        and _CLOSED.match(text, holder.end) is not None
    )


def _manner(text: str, start: int, end: int) -> Manner | None:
    """Return how a title stands to a name before it, by the words between the two; None when it does not."""
    if _AFTER.fullmatch(text, start, end) or _AFTER_POST.fullmatch(text, start, end):
        return "after"
    return "clause" if _in_clause(text, start, end) else None


def _another_post(text: str, start: int, end: int) -> bool:
    """Say whether another post of the same person stands between a title and the name: "MP and former president X"."""
    match = _ANOTHER_POST.fullmatch(text, start, end)
    if match is None:
        return False
    words = match["post"].rstrip(" ,:").split()
    return any(is_titled(" ".join(words[n:])) for n in range(len(words))) and words[0].casefold() != "the"


def _in_clause(text: str, start: int, end: int) -> bool:
    """Say whether a clause about the person before it says that this is the person's title."""
    between = text[start:end]
    link = _LINK.search(between)
    return link is not None and _UNBROKEN.fullmatch(between) is not None and not _NOT_SO.search(between, 0, link.end())


def _row(start: int, people: Sequence[Span], text: str, step: int) -> tuple[int, ...]:
    """Return ``start`` and the people joined to it by commas and "and", onwards or backwards."""
    found = [start]
    while 0 <= (number := found[-1] + step) < len(people):
        first, second = sorted((people[found[-1]], people[number]))
        if _JOINED.fullmatch(text, first.end, second.start) is None:
            break
        found.append(number)
    return tuple(sorted(found))
