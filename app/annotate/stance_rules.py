"""Stances that a few exact patterns show: judgements in what a speaker says, agreements, and polarity by cue words.

Source: patterns written for the project; the cue verbs follow CAMEO's families of praise, endorsement, rejection,
demand and disapproval (PETRARCH verb patterns, MIT).
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from app.domain.annotation import Polarity
from app.domain.document import Document
from app.domain.span import Span

_ADVERBS = r"(?:\w+ly\s+|very\s+|so\s+|too\s+|also\s+|quite\s+)*"
_GOOD = r"(?:necessary|essential|vital|crucial|needed|indispensable|justified|fair|legitimate|overdue|welcome|right)"
_BAD = (
    r"(?:destabili[sz]ing|dangerous|unacceptable|unnecessary|wrong|illegal|unlawful|unconstitutional|unfair|unjust|"
    r"harmful|reckless|irresponsible|disgraceful|shameful|counterproductive|immoral|cruel|outrageous|misguided|"
    r"mistake|disaster|disgrace|threat|provocation|betrayal)"
)
_OPENING = r"(?:[\"“‘'«]\s*)?(?:(?:we|i)\s+(?:do\s+)?(?:believe|think|feel|say|know)\s+)?(?:that\s+)?"
_NOUN = r"(?:a|an|the)?\s*" + _ADVERBS
_JUDGED = re.compile(
    _OPENING + r"(?P<target>(?!it\b|this\b|that\b|he\b|she\b|they\b|we\b|i\b|there\b)[^.!?;\"”]{3,160}?)\s+"
    r"(?:is|are|was|were|would be|will be|remains?)\s+(?P<not>not\s+|never\s+)?"
    + _NOUN
    + r"(?:(?P<good>"
    + _GOOD
    + r")|(?P<bad>"
    + _BAD
    + r"))\b",
    re.IGNORECASE,
)
_AGREED = re.compile(
    r"(?P<holder>(?:(?:the|both)\s+)?(?:two\s+)?(?:sides|countries|parties|governments|leaders|ministers|presidents|"
    r"delegations|companies|teams))\s+(?:have\s+|had\s+)?agreed\s+(?P<target>(?:to|on|that)\s+[^.!?\n]{5,200}?)"
    r"(?=,\s+\w+\s+(?:said|added)|[.!?\n]|$)",
    re.IGNORECASE,
)

_OPPOSING = re.compile(
    r"\b(?:oppos(?:e[sd]?|ing|ition)|reject(?:s|ed|ing)?|condemn(?:s|ed|ing|ation)?|denounc(?:e[sd]?|ing)|"
    r"critici[sz](?:e[sd]?|ing)|object(?:s|ed|ing|ions?)? to|(?:against|veto(?:es|ed)?|slam(?:s|med)?|blast(?:s|ed)?|"
    r"rebuff(?:s|ed)?|deplor(?:e[sd]?|ing)|decri(?:es|ed)|protest(?:s|ed|ing)?|lament(?:s|ed)?|refus(?:e[sd]?|ing)|"
    r"disagree[sd]? with|disput(?:e[sd]?|ing)))\b",
    re.IGNORECASE,
)
_SUPPORTING = re.compile(
    r"\b(?:support(?:s|ed|ing)?|back(?:s|ed|ing)?|endors(?:e[sd]?|ing)|welcom(?:e[sd]?|ing)|prais(?:e[sd]?|ing)|"
    r"hail(?:s|ed|ing)?|favou?r(?:s|ed|ing)?|approv(?:e[sd]?|ing)|advocat(?:e[sd]?|ing)|applaud(?:s|ed|ing)?|"
    r"call(?:s|ed|ing)? (?:for|on)|urg(?:e[sd]?|ing)|demand(?:s|ed|ing)?|agree[sd]? (?:to|on|with)|"
    r"push(?:es|ed|ing)? for|embrac(?:e[sd]?|ing)|recommend(?:s|ed)?|propos(?:e[sd]?|ing)|vot(?:e[sd]?|ing) for)\b",
    re.IGNORECASE,
)
_NEGATED = re.compile(r"\b(?:not|never|n['’]t|refus\w*|declin\w*|stopp?\w*|no longer)\b|n['’]t\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Ruled:
    """A stance by pattern: which way, and what about."""

    polarity: Polarity
    target: Span


@dataclass(frozen=True, slots=True)
class Agreed:
    """What two sides together agree to, and the words that name them."""

    target: Span
    holder: Span


def sentences_of(document: Document, span: Span) -> Iterator[Span]:
    """Yield the sentences that overlap ``span``, in text order."""
    at = bisect_right(document.sentences, span.start, key=lambda s: s.end)
    while at < len(document.sentences) and document.sentences[at].start < span.end:
        yield document.sentences[at]
        at += 1


def judgements(document: Document, contents: Sequence[Span]) -> tuple[Ruled, ...]:
    """Return the judgements that open the sentences of what somebody says: "the bases are necessary"."""
    found = []
    for content in contents:
        for sentence in sentences_of(document, content):
            start, end = max(sentence.start, content.start), min(sentence.end, content.end)
            match = _JUDGED.match(document.text, start, end)
            if match is not None:
                good = bool(match["good"]) != bool(match["not"])
                found.append(Ruled("supports" if good else "opposes", Span(*match.span("target"))))
    return tuple(found)


def agreements(document: Document) -> tuple[Agreed, ...]:
    """Return what two sides together agree to, each with the words that name them."""
    return tuple(
        Agreed(Span(*match.span("target")), Span(*match.span("holder"))) for match in _AGREED.finditer(document.text)
    )


def cue_polarity(cue: str) -> Polarity | None:
    """Return the side that the words of a cue take of what they report, or None when they take none.

    "rejected" opposes and "did not back" does too; "refused" alone opposes.
    """
    for pattern, plain, turned in ((_SUPPORTING, "supports", "opposes"), (_OPPOSING, "opposes", "supports")):
        match = pattern.search(cue)
        if match is not None:
            return turned if _NEGATED.search(cue, 0, match.start()) else plain  # type: ignore[return-value]
    return None
