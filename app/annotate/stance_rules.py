"""Stances that a few exact patterns show: judgements in what a speaker says, agreements, and polarity by cue words.

Source: patterns written for the project; the cue verbs follow CAMEO's families of praise, endorsement, rejection,
demand and disapproval (PETRARCH verb patterns, MIT).
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from app.domain.annotation import Change, Polarity
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

# In small letters, as cues are compared.
_OPPOSING = re.compile(
    r"\b(?:oppos(?:e[sd]?|ing|ition)|reject(?:s|ed|ing)?|condemn(?:s|ed|ing|ation)?|denounc(?:e[sd]?|ing)|"
    r"critici[sz](?:e[sd]?|ing)|object(?:s|ed|ing|ions?)? to|(?:against|veto(?:es|ed)?|slam(?:s|med)?|blast(?:s|ed)?|"
    r"rebuff(?:s|ed)?|deplor(?:e[sd]?|ing)|decri(?:es|ed)|protest(?:s|ed|ing)?|lament(?:s|ed)?|refus(?:e[sd]?|ing)|"
    r"disagree[sd]? with|disput(?:e[sd]?|ing)|accus(?:e[sd]?|ing|ations?)|"
    r"complain(?:s|ed|ing|ts?)?|criticism|blam(?:e[sd]?|ing)|dismiss(?:es|ed|ing)?|den(?:y|ies|ied|ying|ial)|rebuk(?:e[sd]?|ing)|ridicul(?:e[sd]?|ing)|mock(?:s|ed|ing)?|"
    r"rul(?:es?|ed|ing) out))\b"
)
_SUPPORTING = re.compile(
    r"\b(?:support(?:s|ed|ing)?|back(?:s|ed|ing)?|endors(?:e[sd]?|ing)|welcom(?:e[sd]?|ing)|prais(?:e[sd]?|ing)|"
    r"hail(?:s|ed|ing)?|favou?r(?:s|ed|ing)?|approv(?:e[sd]?|ing)|advocat(?:e[sd]?|ing)|applaud(?:s|ed|ing)?|"
    r"call(?:s|ed|ing)? (?:for|on)|urg(?:e[sd]?|ing)|demand(?:s|ed|ing)?|agree[sd]? (?:to|on|with)|"
    r"push(?:es|ed|ing)? for|embrac(?:e[sd]?|ing)|recommend(?:s|ed)?|propos(?:e[sd]?|ing)|vot(?:e[sd]?|ing) for|"
    r"laud(?:s|ed|ing)?|commend(?:s|ed|ing)?|defend(?:s|ed|ing)?|pledg(?:e[sd]?|ing)|promis(?:e[sd]?|ing)|"
    r"vow(?:s|ed|ing)?|request(?:s|ed|ing)?|in favou?r)\b"
)
_NEGATED = re.compile(r"\b(?:not|never|n['’]t|refus\w*|declin\w*|stopp?\w*|no longer)\b|n['’]t\b")

# The noun by which an attitude is somebody's own, and what it is about.
_NOUN = (
    r"(?:(?!no\b)\w+\s+){0,2}?(?:(?P<against>opposition|objections?|complaints?|criticism|condemnation|rejection|disapproval"
    r"|denunciation|resistance|hostility|veto)|(?P<for>support|backing|endorsement|praise|calls?|demands?|advocacy"
    r"|defen[cs]e|approval))\s+(?:to|for|of|on|about|against|over|with|at)\s+(?P<target>[^.,;:!?()\n\"“”]+)"
)
_ATTITUDE = re.compile(r"['’]s?\s+" + _NOUN, re.IGNORECASE)
_TURNED = (
    r"dropp?(?:ed|s|ing)?|abandon(?:ed|s|ing)?|withdr[ae]w(?:n|s|ing)?|revers(?:ed?|es|ing)|lift(?:ed|s|ing)?"
    r"|end(?:ed|s|ing)?|renounc(?:ed?|es|ing)|g[ai]ve(?:n|s)? up|soften(?:ed|s|ing)?|eas(?:ed?|es|ing)"
    r"|overc[ao]me|chang(?:ed?|es|ing)"
)
_KEPT = (
    r"(?:reaffirm|reiterat|repeat|maintain|renew|restat|underlin|underscor|stress|confirm)(?:e|ed|es|s|ing)?"
    r"|kept|keeps?"
)
_VOICED = r"(?:voic|express|declar|announc|signal|pledg|offer|throw|state|assert)(?:e|ed|es|s|ing)?|threw|gave|gives?"
_HELD = re.compile(
    r"(?:,[^,.;\n]{3,80},)?\s+(?:(?:has|have|had|would|will|could|may|might|did|does|do|also|again|recently|already)\s+)*"
    r"(?P<not>not\s+|never\s+|(?:did|does|has|had|have|would)n['’]t\s+)?(?:yet\s+)?"
    r"(?:(?P<turned>"
    + _TURNED
    + r")|(?P<kept>"
    + _KEPT
    + r")|(?:"
    + _VOICED
    + r"))\s+(?:its|his|her|their)\s+"
    + _NOUN,
    re.IGNORECASE,
)
# A clause about somebody that says which side they are on: "Roe, a Democrat who opposes the rule,".
_WHO_SIDES = re.compile(
    r"(?:\s*\([^()\n]{1,40}\))?(?:,\s+(?:an?|the|its|his|her|their)\s[^,.;:\n]{3,70}?)?,?\s+(?:who|which)\s+"
    r"(?:(?:has|have|had)\s+)?(?:(?:long|also|once|still|\w+ly)\s+)*"
    r"(?:(?P<against>oppos(?:es?|ed)|reject(?:s|ed)?|critici[sz]e[sd]?|condemn(?:s|ed)?|denounce[sd]?|vote[sd]?\s+against)"
    r"|(?P<for>support(?:s|ed)?|back(?:s|ed)?|endorse[sd]?|favou?r(?:s|ed)?|welcome[sd]?|praise[sd]?|vote[sd]?\s+for))\s+"
    r"(?P<target>[^.,;:!?()\n\"“”]+)",
    re.IGNORECASE,
)
# What stands before one who is asked, told or blamed, and so is not the one who takes the side.
_ADDRESSED = re.compile(
    r"\b(?:press|urg|ask|call(?:s|ed|ing)? (?:on|upon)|told?|tell|warn|persuad|convinc|forc|order|invit|allow|pressur"
    r"|advis|push|lobb(?:y|i)|accus|blam|criticiz|criticis|condemn|denounc|thank|prais|attack|oppos)(?:e|es|ed|s|ing)?\s+"
    r"(?:(?:the|a|an|its|his|her|their)\s+)?(?:[\w.’'-]+\s+){0,2}$",
    re.IGNORECASE,
)
# What is wished to stop: "stop the dumping", "drivers should refrain from texting". Who wishes it opposes that.
_UNDOING = (
    r"(?:stop|end|quit|halt|cease|abandon|scrap|reject|repeal|abolish|rescind|block|oppose|avoid)(?:ping|ing|ning|ting)?"
    r"|(?:refrain|desist|abstain)(?:ing)?(?=\s+from\b)"
)
_UNDONE = re.compile(
    r"[\s\"“‘'«]*(?:(?:[\w.’',-]+\s+){0,8}?(?:should|must|to)\s+[\"“‘'«]?)?"
    rf"(?:{_UNDOING})\s+(?:from\s+)?(?=\S)",
    re.IGNORECASE,
)
_UNDOES = re.compile(
    rf"\b(?:should|must|to|will|would|we|and|of|by|for)\s+[\"“‘'«]?(?:{_UNDOING})\s+(?:from\s+)?$", re.IGNORECASE
)
# What stands right before what one takes a side on, and says which.
_FIRMLY = r"(?:must|should|ought(?:\s+to)?|shall)"
_AGAINST = re.compile(
    r"\b(?:no\s+(?:need|reason|justification|excuse)\s+(?:for|to)|(?<!\bor\s)not\s+to(?:\s+be)?"
    rf"|{_FIRMLY}\s+(?:not|never)(?:\s+be)?|(?:must|should)n['’]t(?:\s+be)?"
    r"|(?:unsustainable|unacceptable|wrong|dangerous|unfair|illegal|inappropriate|irresponsible|unconstitutional|absurd"
    r"|ridiculous|unwise|foolish|reckless|a\s+mistake)\s+(?:to|that|for)"
    r"|against|opposed\s+to|opposition\s+to|(?<!\bno\s)objections?\s+to|critical\s+of"
    r"|(?:failure|refusal|failed|fails|failing|refus(?:es|ed|ing)|unwilling)\s+to)[\s\"“‘']*$",
    re.IGNORECASE,
)
_FOR = re.compile(
    rf"\b(?:(?<!\bno\s)need(?:s|ed)?\s+(?:to|for)(?:\s+be)?|(?<!\bto\s)(?:has|have|had)\s+to(?:\s+be)?"
    rf"|{_FIRMLY}(?:\s+(?:also|now|be|all|then))*"
    r"|(?<!\bnot\s)(?:necessary|essential|important|vital|crucial|imperative|urgent)\s+(?:to|that|for)"
    r"|no\s+objections?\s+to"
    r"|(?:importance|necessity|urgency)\s+of|call(?:s|ed|ing)?\s+for)[\s\"“‘']*$",
    re.IGNORECASE,
)
# Who has not said whether it is so leaves open what side it is.
_UNSAID = re.compile(
    r"\b(?:not|n['’]t|never|declin\w+\s+to|refus\w+\s+to)\s+(?:yet\s+)?(?:say|said|decided?|indicated?)"
    r"\s+(?:whether|if)\b[^.;:]*$",
    re.IGNORECASE,
)
_NOBODY = re.compile(r"\b(?:no|nobody|none|neither|nothing|nor)\b[^.;:]{0,40}$", re.IGNORECASE)
_DANGLING = re.compile(
    r"(?:[\s,]+(?:a|an|the|of|to|in|on|at|by|for|from|with|and|or|but|that|which|who|as|is|are|was|were|be|has|have|had|do"
    r"|does|did|will|would|should|could|can|may|might|must|its|his|her|their|our))+$",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Ruled:
    """A stance by pattern: which way, what about, and whether it is said to stay or to turn."""

    polarity: Polarity
    target: Span
    change: Change | None = None


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
    if "agreed" not in document.text.lower():
        return ()
    return tuple(
        Agreed(Span(*match.span("target")), Span(*match.span("holder"))) for match in _AGREED.finditer(document.text)
    )


def cue_polarity(cue: str) -> Polarity | None:
    """Return the side that the words of a cue take of what they report, or None when they take none.

    "rejected" opposes and "did not back" does too; "refused" alone opposes.
    """
    words = cue.lower()
    for pattern, plain, turned in ((_SUPPORTING, "supports", "opposes"), (_OPPOSING, "opposes", "supports")):
        match = pattern.search(words)
        if match is not None:
            return turned if _NEGATED.search(words, 0, match.start()) else plain  # type: ignore[return-value]
    return None


def judges(words: str) -> bool:
    """Say whether words open with a judgement ("the bases are necessary")."""
    return _JUDGED.match(words) is not None


def attitude_noun(text: str, holder: Span, stop: int) -> Ruled | None:
    """Return the stance that a noun right after its holder's name shows: "Moscow's complaints about the bases".

    The name may be given with its 's or without.
    """
    match = _ATTITUDE.match(text, holder.end - 2 * holder.of(text).endswith(("'s", "’s")), stop)
    if match is None:
        return None
    return Ruled("supports" if match["for"] else "opposes", bare_target(Span(*match.span("target")), text))


def attitude_held(text: str, holder: Span, stop: int) -> Ruled | None:
    """Return the stance of one who is said to hold, voice or drop it: "the Kremlin had not dropped its opposition to".

    One who drops an opposition supports, and the change is a reversal; one who does not drop it stays.
    """
    match = _HELD.match(text, holder.end, stop)
    if match is None:
        return None
    turned = bool(match["turned"]) and not match["not"]
    supports = bool(match["for"]) != turned
    change: Change | None = "reversed" if turned else "unchanged" if match["turned"] or match["kept"] else None
    if match["not"] and not match["turned"]:
        return None
    return Ruled("supports" if supports else "opposes", bare_target(Span(*match.span("target")), text), change)


def side_in_clause(text: str, holder: Span, stop: int) -> Ruled | None:
    """Return the stance that a clause about somebody says right after the name: "Roe, who voted against the halt,"."""
    match = _WHO_SIDES.match(text, holder.end, stop)
    if match is None:
        return None
    return Ruled("supports" if match["for"] else "opposes", bare_target(Span(*match.span("target")), text))


def is_addressed(text: str, start: int, holder: Span) -> bool:
    """Say whether the words from ``start`` to a name make it the one who is asked, told or blamed."""
    return _ADDRESSED.search(text, start, holder.start) is not None


def undone(target: Span, text: str, start: int) -> Span | None:
    """Return what is wished to stop, of a target that says so or follows a verb that does; else None.

    ``start`` is where the sentence begins. "Stop the noise" is about the noise, and so is "the noise" after "stop".
    """
    match = _UNDONE.match(text, target.start, target.end)
    if match is not None and match.end() < target.end:
        return Span(match.end(), target.end)
    return target if _UNDOES.search(text, start, target.start) is not None else None


def side_before(target: Span, text: str, start: int) -> Polarity | None:
    """Return the side that the words right before a target take of it, or None: "must not", "the importance of".

    ``start`` is where the sentence begins.
    *Accuracy*: 227 of 228 such targets of the annotated training stories are on that side.
    """
    if _AGAINST.search(text, start, target.start) is not None:
        return "opposes"
    if _UNSAID.search(text, start, target.start) is not None:
        return "unclear"
    match = _FOR.search(text, start, target.start)
    if match is None or _NOBODY.search(text, start, match.start()) is not None:
        return None
    return "supports"


def bare_target(target: Span, text: str) -> Span:
    """Return a target without the white space and the small words that it was cut off at: "the plans of the"."""
    words = target.of(text).rstrip()
    bare = _DANGLING.sub("", words)
    return Span(target.start, target.start + len(bare or words or "-"))
