"""Surnames that read like common words: "Jacky So Yun-yue", "the court told So", "a friend of Long's".

The reader sees no capitals. Chinese and Korean given names are written with a hyphen and a small letter after it: the
word before one is the surname. Elsewhere a capital in the middle of a sentence tells the name from the word, once the
story has named its bearer in full.

Source: the spellings of news in English, patterns written for the project; licence as the project.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from app.annotate.lexicons.people import HONORIFICS
from app.domain.span import Span

_GIVEN = re.compile(
    r"[A-Z][a-z]{1,5}-(?!(?:backed|based|born|bound|elect|era|free|held|led|like|linked|made|only|owned|run|style|type)\b)"
    r"[a-z]{2,6}(?![\w-])"
)
_BEFORE = re.compile(r"(?P<open>^|[\n.!?:“\"(]\s?|[a-z,;]\s)?(?<![\w’'-])(?P<surname>[A-Z][a-z]{1,4})\s$")
_REACH = 12
# Words that begin sentences; before a given name they are surnames only where no sentence begins.
_OPENERS = frozenset(
    "after also and as at both but by for from he her his if in it its like no not now on once or she since so that the"
    " then they this to until we when while with yet you".split()
)
# Mid-sentence capitals that are no names of people.
_DATES = frozenset("march april may june august sunday".split())
_FATHER_LAST = re.compile(r"\s(?:bin|ibn|bint|binti)$")
_FATHER_FIRST = re.compile(r"(?:bin|ibn|bint|binti)\s")
_MIDDLE = re.compile(r"\s(?:[A-Z][\w’'-]*\s(?:bin\s)?)?")
_WORD = re.compile(r"[A-Z][a-z]+")
_NO_SURNAMES = _DATES | HONORIFICS
# In the middle of a sentence and before no other capital, or as a possessive.
_CALLED = re.compile(r"(?<![\w-])(?:(?<=[a-z,;]\s)[A-Z][a-z]+(?![\w-]|\s[A-Z])|[A-Z][a-z]+(?=['’]s\s))")
_SMALL = re.compile(r"(?<![\w’'-])[a-z]{2,}(?![\w-])")


def with_surname(span: Span, text: str) -> int:
    """Return where a person's name begins: with the surname before a given name that is written with a hyphen."""
    if _GIVEN.match(text, span.start) is None:
        return span.start
    before = _BEFORE.search(text, max(0, span.start - _REACH), span.start)
    if before is None or before["surname"].casefold() in HONORIFICS:
        return span.start
    opens = before["open"]
    begins = opens is not None and not (opens[:1].isalpha() or opens[:1] in {",", ";"})
    if begins and before["surname"].casefold() in _OPENERS:
        return span.start
    return before.start("surname")


def are_parts(first: Span, second: Span, given: int, text: str) -> bool:
    """Say whether two people found side by side are one person's name in two parts.

    So they are around a surname that was found before the given name at ``given``, and around "bin" and the like.
    """
    between = text[first.end : second.start]
    if second.start < given:
        return between == " " or first.end > second.start
    fathered = _FATHER_LAST.search(text, first.start, first.end) or _FATHER_FIRST.match(text, second.start)
    return fathered is not None and _MIDDLE.fullmatch(between) is not None


def inner_surnames(people: Sequence[str], text: str) -> Iterator[tuple[Span, str]]:
    """Yield where the text goes on with a surname that may be a common word, and for whose full name.

    Only in the middle of a sentence, where a capital is a name's, and before no other capital; and as a possessive.
    """
    named = [(*_surname(person), person) for person in people]
    may_be_common = any(surname and surname.lower() in text for surname, _, _ in named)
    small = frozenset(_SMALL.findall(text)) if may_be_common else frozenset[str]()
    bearers: dict[str, str] = {}
    for surname, last, person in named:
        word = surname.lower()
        if word and word not in _NO_SURNAMES and (word in small or not last):
            bearers.setdefault(surname, person)
    for found in _CALLED.finditer(text) if bearers else ():
        if found[0] in bearers:
            yield Span(*found.span()), bearers[found[0]]


def _surname(person: str) -> tuple[str, bool]:
    """Return the surname of a name in full and whether it stands last; before a given name with a hyphen it does not.

    It is empty where it is no plain word.
    """
    parts = person.split()
    given = next((n for n, part in enumerate(parts) if n and _GIVEN.fullmatch(part)), None)
    surname = parts[-1] if given is None else parts[given - 1]
    return (surname if _WORD.fullmatch(surname) else "", given is None)
