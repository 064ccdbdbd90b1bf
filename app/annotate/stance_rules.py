"""Stances that a few exact patterns show: judgements in what a speaker says, agreements, and polarity by cue words.

Source: patterns written for the project; the cue verbs follow CAMEO's families of praise, endorsement, rejection,
demand and disapproval (PETRARCH verb patterns, MIT).
"""

from __future__ import annotations

import re
from collections.abc import Sequence
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
    r"\b(?:oppos(?:e|es|ed|ing|ition)|reject(?:s|ed|ing|ion)?|condemn(?:s|ed|ing|ation)?|denounc(?:e|es|ed|ing)|critici[sz](?:e|es|ed|ing)|"
    r"criticism|object(?:s|ed|ing|ions?)?\s+to|against|ban(?:s|ned)?|block(?:s|ed|ing)?|slam(?:s|med)?|blast(?:s|ed)?|"
    r"refus(?:e|es|ed|al|ing)|den(?:y|ies|ied|ying)|accus(?:e|es|ed|ing)|veto(?:es|ed)?|protest(?:s|ed|ing)?|oppositions?|"
    r"complain(?:s|ed|ts?)?|lament(?:s|ed)?|attack(?:s|ed|ing)|mock(?:s|ed)?|rebuff(?:s|ed)?|warn(?:s|ed|ing)\s+against|"
    r"dispute[sd]?|disagree[sd]?|fears?|feared|scrap|repeal|end(?:ing)?|halt|stop|fight(?:ing)?|resist(?:s|ed)?)\b",
    re.IGNORECASE,
)
_SUPPORTING = re.compile(
    r"\b(?:support(?:s|ed|ing|ive)?|back(?:s|ed|ing)|endors(?:e|es|ed|ement|ing)|welcom(?:e|es|ed|ing)|prais(?:e|es|ed|ing)|"
    r"favou?r(?:s|ed|ing)?|approv(?:e|es|ed|al|ing)|advocat(?:e|es|ed|ing)|call(?:s|ed|ing)?\s+(?:for|on)|urg(?:e|es|ed|ing)|"
    r"demand(?:s|ed|ing)?|agree[sd]?|commit(?:s|ted)?\s+to|pledg(?:e|es|ed)|promis(?:e|es|ed)|vow(?:s|ed)?|propos(?:e|es|ed|ing)|"
    r"defend(?:s|ed|ing)?|push(?:es|ed|ing)?\s+for|press(?:es|ed|ing)?|recommend(?:s|ed)?|hail(?:s|ed)?|thank(?:s|ed)?|"
    r"must|should|need(?:s|ed)?\s+to|plans?\s+to|want(?:s|ed)?|hopes?|seek(?:s|ing)?|determined)\b",
    re.IGNORECASE,
)


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


def judgements(document: Document, contents: Sequence[Span]) -> tuple[Ruled, ...]:
    """Return the judgements that open the sentences of what somebody says: "the bases are necessary"."""
    found = []
    for content in contents:
        for sentence in (s for s in document.sentences if s.overlaps(content)):
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


def cue_polarity(text: str, start: int, end: int) -> Polarity | None:
    """Return the polarity of the cue word nearest before ``end`` in ``[start, end)``, or None when there is none.

    Cues on both sides cancel each other when the nearer one is negated ("had not dropped its opposition" opposes).
    """
    last: tuple[int, Polarity] | None = None
    for pattern, polarity in ((_OPPOSING, "opposes"), (_SUPPORTING, "supports")):
        for match in pattern.finditer(text, start, end):
            if last is None or match.start() > last[0]:
                last = (match.start(), polarity)  # type: ignore[assignment]
    return None if last is None else last[1]
