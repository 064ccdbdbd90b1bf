"""Lines that say who wrote the story."""

from __future__ import annotations

import re

from app.text.lexicon import AGENCIES, MONTHS, STARTERS, WEEKDAYS, word_set

_MAX_LENGTH = 140
_MAX_WORDS = 16
_MAX_NAME_WORDS = 5
_BY = re.compile(
    r"(?:(?:Written|Story|Report|Reporting|Words) )?(?:By|BY|by|Byline|BYLINE)\b\s*:?\s+(?P<names>\S.*)", re.DOTALL
)
_SEPARATOR = re.compile(r"\s*[,;|/&\u2022\u2013\u2014]\s*|\s+(?:and|AND|in|IN|with|WITH|for|FOR|of|OF|-)\s+")
_NAME_WORD = re.compile(r"[^\W\d_](?:[^\W\d_]|[.'\u2019-])*")
_PARTICLES = word_set("de da di del della der den van von bin ibn al el la le du dos das ter ten zu y af st")
_ROLE = (
    r"(?:[\w.'\u2019-]+ ){0,4}(?:[Ss]taff|STAFF)"
    r"(?: (?:[Ww]riters?|[Rr]eporters?|[Rr]eports?|WRITERS?|REPORTERS?))?"
    r"|(?:[\w.'\u2019-]+ ){0,4}"
    r"(?:[Cc]orrespondents?|[Rr]eporters?|[Ww]riters?|[Ee]ditors?|[Bb]ureau|[Nn]ews [Dd]esk)"
)
_CREDIT = re.compile(rf"(?:(?:Special )?(?:to|for|of) )?(?:{AGENCIES}|{_ROLE}|[A-Z]{{2,5}})")
_STAFF = re.compile(
    rf"{AGENCIES} (?:[Ss]taff|STAFF|[Rr]eporters?|[Cc]orrespondents?)(?: (?:[Ww]riters?|[Rr]eporters?))?",
)
_STAFF_ALONE = re.compile(
    r"(?:[A-Z][\w.'\u2019-]*|[A-Z]{2,}) Staff|Staff (?:Writers?|Reporters?|[Rr]eports?|Correspondents?)",
)
_CALENDAR = frozenset(w.lower() for w in (*MONTHS, *WEEKDAYS))


def is_byline(words: str, *, opens: bool) -> bool:
    """Say whether a line names who wrote the story: "By X and Y", "By X, Agency", "X | Agency", "Agency Staff".

    ``opens`` says that nothing stands above the line, where only a byline that cannot be a headline counts.
    """
    if len(words) > _MAX_LENGTH or len(words.split()) > _MAX_WORDS:
        return False
    by = _BY.fullmatch(words)
    if by is not None:
        return _lists_names(by["names"], alone=opens)
    if _STAFF.fullmatch(words):
        return True
    if not opens and _STAFF_ALONE.fullmatch(words):
        return True
    name, mark, credit = words.partition("|" if "|" in words else ",")
    return bool(mark) and len(name.split()) > 1 and _is_name(name) and is_credit(credit.strip())


def is_credit(words: str) -> bool:
    """Say whether a line, or the end of a byline, names an agency, a paper or a reporter's job."""
    return len(words) <= _MAX_LENGTH and _CREDIT.fullmatch(words) is not None


def _lists_names(names: str, *, alone: bool) -> bool:
    """Say whether what follows "By" begins with a name and goes on with names, credits and places."""
    first, *others = [p for p in _SEPARATOR.split(names.rstrip(".")) if p] or [""]
    if is_credit(first):
        return True
    if not _is_name(first) or (alone and len(first.split()) == 1):
        return False
    return all(_is_name(p) or is_credit(p) for p in others)


def _is_name(words: str) -> bool:
    """Say whether the words may be a person's name or a place's."""
    parts = words.split()
    if not 0 < len(parts) <= _MAX_NAME_WORDS or parts[0].lower() in _CALENDAR:
        return False
    for part in parts:
        low = part.lower().rstrip(".")
        if low in _PARTICLES:
            continue
        if low in STARTERS or _NAME_WORD.fullmatch(part) is None or part[0].islower():
            return False
    return True
