"""Source phrases: the parts of a noun phrase, the name or noun that heads it, and whether that stands for several."""

from __future__ import annotations

import re
from collections.abc import Sequence

from app.annotate.lexicons.groups import COLLECTIVE_NOUNS, SINGULAR_IN_S
from app.annotate.lexicons.people import PLURAL_PRONOUNS
from app.domain.span import Span

_ATTACHED = re.compile(
    r"\b(?:for|to|with|from|by|at|in|on|including|such as|behalf of|against|near|under|over|before|about|like|than"
    r"|between|among)\s+"
    r"(?:[^\s,;]+\s+){0,4}$",
    re.IGNORECASE,
)
_OF = re.compile(r"\bof\s+(?:the\s+)?(?:[A-Z][\w.’'-]*\.?\s+){0,3}$")
_PLAIN_START = re.compile(
    r"(?:an?|another|one|some|many|several|two|three|members?|most|both|the (?:wife|husband|son|daughter|father|mother"
    r"|brother|sister|family|parents|lawyers?|attorneys?|supporters|friends?|aides?|office|party|government|administration|campaign|cabinet|army))\b",
    re.IGNORECASE,
)
_CUT = re.compile(r"[,;()\u2013\u2014]\s*")
_RELATIVE = re.compile(r"\b(?:who(?:se|m)?|which)\b")
SEVERAL = frozenset("some many most few those both".split())
# Where what is told of somebody follows what they are called.
_TOLD = re.compile(r"\s*(?:[,;(\u2013\u2014\u2015]|\b(?:who|whose|whom|which|that)\b).*$", re.DOTALL)
_BOTH = re.compile(r"^(?:both|each of|all of)\s+(?=\S)", re.IGNORECASE)
_ARTICLES = frozenset("a an the one another some many several his her their its our my this that".split())
_FUNCTION = re.compile(
    r"(?:and|or|of|from|in|at|on|with|for|by|to|that|himself|herself|itself|also|then|later|as|during|after|before|when"
    r"|today|yesterday|tomorrow|recently|earlier|(?:mon|tues|wednes|thurs|fri|satur|sun)day)\b",
    re.IGNORECASE,
)
# What a name is followed by when it says what it is: "the Dawn newspaper".
_DESCRIPTION = re.compile(
    r"(?:nonprofit|newspaper|radio|group|party|daily|magazine|website|chain|news agency"
    r"|(?:TV |television |radio )?station)\b"
)
# The noun before what goes on with names, in small letters or at the phrase's start: "the four lawmakers, Lee and ...".
_CROWD = re.compile(
    r"([A-Z]?[a-z]+|(?:[\w.’'-]+\s+){1,4}?[a-z]+)"
    r"(?:,?\s(?:of|for|from|in|at|to|with|including|such as|close|loyal|who|that|named)\b|,\s(?=[A-Z]))"
)
_CORE_END = re.compile(
    r"[,;:(]|\b(?:of|in|at|for|from|who|that|which|with|on|to|by|close|familiar|inside|near|whose|named|obtained"
    r"|(?:releas|publish|issu|post|compil|conduct|fil|sign|prepar|sponsor|commission|accus|charg|identifi|involv)ed)\b"
)
# Titles with an "of" that somebody's office is named after: the noun that follows heads the phrase.
_TITLE_OWNS = re.compile(
    r"\b(?:secretary of state|chief of (?:police|staff)|head of state|speaker of the house)(?=['’]s\s)", re.IGNORECASE
)
_POSSESSIVE = re.compile(r"['’]s?(?!\w)")
_PREPOSITION = re.compile(r"\s(?:of|for|in|at|to|with|from|by|on|under|against)\s")
_WORD = re.compile(r"[^\W\d_]+(?:[-'’][^\W\d_]+)*")
_SENTENCE_BEFORE = re.compile(r"(?:^|[.!?\n][\"”’]*\s*)[\"“‘]?(?:[Tt]he\s)?$")
_LONGEST_OPENING = 10
_PLURALS = re.compile(r"(?:[^s]s|people|men|women|children)$")


def opens_sentence(start: int, text: str) -> bool:
    """Say whether a sentence or a line begins at ``start``, perhaps with a quotation mark or an article before it."""
    return _SENTENCE_BEFORE.search(text, max(0, start - _LONGEST_OPENING), start) is not None


def called(phrase: str) -> str:
    """Return what somebody without a name is called, of a phrase that tells more: "six papers, including the Post"."""
    bare = _TOLD.sub("", _BOTH.sub("", phrase, count=1), count=1)
    return bare or phrase


def segments_of(span: Span, text: str, names: Sequence[Span] = ()) -> list[Span]:
    """Return the parts of a phrase between commas and brackets outside ``names``, up to its first relative clause."""
    stop = _RELATIVE.search(text, span.start + 1, span.end)
    end = span.end if stop is None else stop.start()
    cuts = [
        m.span()
        for m in _CUT.finditer(text, span.start, end)
        if not any(n.start < m.start() and m.end() < n.end for n in names)
    ]
    starts = [span.start, *(b for _, b in cuts)]
    ends = [*(a for a, _ in cuts), end]
    return [Span(a, b) for a, b in zip(starts, ends, strict=True) if b > a]


def is_head(segment: Span, name: Span, kind: str, text: str) -> bool:
    """Say whether a name of this kind is the head of the segment that it stands in."""
    before, after = text[segment.start : name.start], text[name.end : segment.end]
    if not _POSSESSIVE.fullmatch(after.strip()) and (_POSSESSIVE.match(after) or not _ends_phrase(after)):
        return False
    if kind == "person" and _is_title(before):
        return True
    if _ATTACHED.search(before):
        return False
    return not (_OF.search(before) and (kind != "person" or _PLAIN_START.match(before.strip())))


def _is_title(before: str) -> bool:
    """Say whether what stands before a name is that person's title in capitals ("Minister for Women Jane Doe")."""
    first = before.split(maxsplit=1)[0] if before.strip() else ""
    noun = _PREPOSITION.split(before, maxsplit=1)[0].split()[-1:]
    return (
        first[:1].isupper()
        and first.casefold() not in _ARTICLES
        and not any(is_plural(word.casefold()) for word in noun)
        and not before.rstrip().endswith((" for", " of", " to", " with", " from", " by", " at"))
    )


def _ends_phrase(after: str) -> bool:
    """Say whether a phrase may end before ``after``."""
    rest = after.strip()
    return not rest or not rest[0].isalpha() or bool(_FUNCTION.match(rest) or _DESCRIPTION.match(rest))


def folded_words(phrase: str) -> tuple[str, ...]:
    """Return the words of a phrase without case, marks and numbers."""
    return tuple(w.casefold() for w in _WORD.findall(phrase))


def core_phrase(phrase: str) -> tuple[str, ...]:
    """Return the words of a noun phrase up to its head noun: what stands before a preposition, comma or clause."""
    return folded_words(_CORE_END.split(_TITLE_OWNS.sub("holder", phrase), maxsplit=1)[0])


def is_plural(noun: str) -> bool:
    """Say whether a head noun stands for several."""
    return (
        noun in COLLECTIVE_NOUNS
        or (bool(_PLURALS.search(noun)) and noun not in SINGULAR_IN_S)
        or noun in PLURAL_PRONOUNS
    )


def is_crowd(span: Span, text: str) -> bool:
    """Say whether a common noun in the plural heads a phrase that goes on with names: "supporters of Lee"."""
    match = _CROWD.match(text, span.start, span.end)
    noun = match[1].split()[-1].casefold() if match is not None else ""
    return noun in SEVERAL or (bool(_PLURALS.search(noun)) and noun not in SINGULAR_IN_S)
