"""Whether an office is held now: the words that stand in its own phrase, in its clause, and right after it.

Source: patterns of English news style, written for the project; licence as the project.
"""

from __future__ import annotations

import re

from app.domain.annotation import Tense
from app.domain.span import Span

REACH = 90  # code points before a title that may tell of it
_PHRASE = r"(?:(?!(?:the|a|an|its|his|her|their|with|of)\b)[\w.’'&-]+\s+){0,5}"
_FORMER = re.compile(
    rf"(?:\b(?:former|formerly|erstwhile|late|retired|past|previous|onetime|one-time|outgoing|ousted|deposed|longest-serving"
    rf"|fired|sacked|dismissed|disgraced|discharged)[\s,]+|\b(?:ex|then)[-\s]+){_PHRASE}$",
    re.IGNORECASE,
)
_WAS = re.compile(
    rf"\b(?:was|were|had been|served|worked|acted|retired|resigned|stepped down|stint|stints|tenure|time|years|term"
    rf"|departure of \S+(?: \S+)?)\s+(?:also\s+|once\s+|then\s+|briefly\s+|long\s+)?(?:as\s+)?"
    rf"(?:(?:a|an|the|its|his|her|their|one of the|\w+['’]s)\s+)?{_PHRASE}$",
    re.IGNORECASE,
)
_PASSED = re.compile(
    r"\s*(?:\([12]\d{3}\s*[-–]\s*(?:[12]\d{3}|\d\d)\)|(?:of \w+ |for \w+ |at \w+ )?"
    r"(?:until|till|from [12]\d{3} (?:to|until)"
    r"|between [12]\d{3} and|in the administration of|under (?:former )?President)\b)"
)
_INCOMING = re.compile(
    rf"\b(?:incoming|designate|president-elect|elect|newly elected|next|will be(?:come)?|becomes|appointed"
    rf"|nominated(?: as)?|named(?: as)?|choice (?:for|as)|nominee (?:for|as))\s+(?:(?:a|an|the|its|his|her|their)\s+)?"
    rf"{_PHRASE}$",
    re.IGNORECASE,
)
_ACTING = re.compile(rf"\b(?:acting|interim|caretaker|temporary)\s+{_PHRASE}$", re.IGNORECASE)
_BREAK = re.compile(r"[.;:?!\n“”\"]\s|,\s(?!who\b)|\b(?:and|said|that|when|as well as)\s", re.IGNORECASE)
_STOP_ABBREVIATION = re.compile(r"\b(?:[A-Z]|Mr|Ms|Mrs|Dr|U\.S|St|Jr|Sr)\.\s$")


def tense_of(text: str, title: Span, *, clause: bool = False) -> Tense:
    """Return the tense that the words around a title give it; ``clause``: it stands in a clause about its person."""
    before = text[max(0, title.start - REACH) : title.start]
    phrase = before[_opening(before) :]
    words = title.of(text).casefold()
    if words.startswith("acting") or _ACTING.search(phrase):
        return "acting"
    if words.endswith(("-elect", " elect", "-designate")) or _INCOMING.search(phrase):
        return "incoming"
    past = _FORMER.search(phrase) or (clause and _WAS.search(before)) or _PASSED.match(text, title.end)
    return "former" if past else "current"


def _opening(before: str) -> int:
    """Return where the phrase that a title ends begins in the text before it: after the last mark or joining word."""
    found = [m.end() for m in _BREAK.finditer(before) if not _STOP_ABBREVIATION.search(before, 0, m.end())]
    return found[-1] if found else 0
