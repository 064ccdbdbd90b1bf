"""Kinds of bodies: which nouns a story may call a body by, by the words of its name."""

from __future__ import annotations

import re

from app.annotate.lexicons.groups import BODY_KINDS, BODY_NOUNS, GENERAL_NOUNS, OPEN_KINDS

_HOSPITAL = re.compile(r"\b(?:medical|health|cancer|trauma) (?:center|centre|clinic)\b")
_AIRLINE = re.compile(r"\bair(?:ways|lines)\b")


def may_be_called(noun: str, key: str) -> bool:
    """Say whether a noun for bodies may be said of the body whose folded name is ``key``: no company is a court."""
    own = next((k for k in BODY_KINDS[:-1] if noun in k), None)
    if own is None and (number := open_kind(key)) is not None:
        return any(noun in nouns for nouns in OPEN_KINDS[number]) or not _is_of_a_kind(noun)
    named = next((w for w in reversed(key.split()) if w in BODY_NOUNS or any(w in k for k in BODY_KINDS)), "")
    kind = next((k for k in BODY_KINDS if named in k), None)
    if own is not None or kind is None:
        return own is None or own is kind
    return noun in GENERAL_NOUNS and kind is not BODY_KINDS[0]


def open_kind(key: str) -> int | None:
    """Return the number of the open kind that the last noun for bodies in a name is of, or None."""
    words = _AIRLINE.sub("airline", _HOSPITAL.sub("hospital", key)).split()
    kinds = [n for n, (nouns, _) in enumerate(OPEN_KINDS) for w in words if w in nouns]
    last = next((w for w in reversed(words) if w in BODY_NOUNS or any(w in nouns for nouns, _ in OPEN_KINDS)), "")
    return next((n for n in kinds if last in OPEN_KINDS[n][0]), None)


def is_of_kind(noun: str, key: str) -> bool:
    """Say whether a noun names the kind of the body whose folded name is ``key``: "the hospital", "the lender"."""
    number = open_kind(key)
    return number is not None and noun in OPEN_KINDS[number][0]


def _is_of_a_kind(noun: str) -> bool:
    """Say whether a noun is said of some kind of bodies only, or of companies."""
    return any(noun in nouns or noun in general for nouns, general in OPEN_KINDS)
