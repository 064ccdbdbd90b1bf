"""Short forms of bodies: what a story goes on to call "Bayview Medical Center" and "Northgate Air Group Plc".

The reader takes "Bayview" for a person or a place where nothing near it says what it is; the story has said it before.

Source: the habits of English news style, patterns written for the project; licence as the project.
"""

from __future__ import annotations

import math
import re
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace

from app.annotate.lexicons.bodies import LEGAL_FORMS, SMALL_WORDS
from app.annotate.lexicons.countries import capital_of, country_of
from app.annotate.lexicons.groups import GOVERNING
from app.annotate.name_signs import HONORIFIC, LAST_WORD, PERSON_AFTER, REACH
from app.annotate.names import Name, name_key
from app.annotate.title_spans import is_titled
from app.domain.span import Span

# Second words of bodies that are called by where they are: the first word is the place's name, not the body's.
_OF_A_PLACE = frozenset(
    "police county city town township village borough parish district municipal metropolitan state fire sheriff"
    " council court courts public high elementary middle primary regional international airport".split()
)
_PEOPLE = r"(?:man|woman|couple|teenager|teen|resident|native|boy|girl|motorist|firefighter|homeowner|pensioner)"
_DWELLER = re.compile(rf"\s{_PEOPLE}\b")
_ARTICLE = re.compile(r"\b[Aa]n?\s(?:[a-z-]+\s)?$")
_SEATED = re.compile(r"\b[A-Z][\w.’'-]*(?:\s[A-Z][\w.’'-]*)?-(?:based|listed|headquartered)\s$")
_WHERE = re.compile(
    r"\b(?:in|at|near|from|to|of|across|around|outside|into|for|between|and|north|south|east|west|greater|downtown)\s$"
    r"|,\s$",
    re.IGNORECASE,
)
_AT = re.compile(r"\b(?:in|at|near)\s$")
_PLACED = re.compile(r",\s[A-Z]|\s(?:area|region|officials|residents|police|mayor|suburb|street|River)\b")
_ACTS = re.compile(
    r"\s(?:said|says|has|had|would|will|reported|expects|plans|declined|announced|also|did|does|cut|raised)\b"
    r"|['’]s\s[a-z]"
)


def with_short_bodies(names: Sequence[Name], text: str) -> list[Name]:
    """Return the names in text order, those that go on with a body's as what it is.

    A person of this name stays one: somebody in full has it, a title or an honorific precedes it, or an age follows.
    """
    spans: dict[str, list[Name]] = defaultdict(list)
    for name in names:
        spans[name_key(name.span.of(text))].append(name)
    bodies = {key: rows[0].span for key, rows in spans.items() if rows[0].type == "organization" and " " in key}
    full = {w for key, rows in spans.items() if rows[0].type == "person" and " " in key for w in key.split()}
    types: dict[str, str] = {}
    for key, rows in spans.items():
        kind = _kind(key, rows, bodies, full, text)
        if kind is not None:
            types[key] = kind
    return [_as(n, types.get(name_key(n.span.of(text)), n.type)) for n in names]


def _as(name: Name, kind: str) -> Name:
    return name if name.type == kind else replace(name, type=kind, marks=(name.span,), evidence=math.inf)


def _kind(key: str, rows: Sequence[Name], bodies: dict[str, Span], full: set[str], text: str) -> str | None:
    """Return what the mentions of one name are by the words beside them and the bodies of the story, or None."""
    kind = rows[0].type
    if kind not in {"person", "place"} or (kind == "person" and (_is_somebody(key, rows, full, text))):
        return None
    if (kind == "place" or " " not in key) and any(
        _SEATED.search(text, max(0, n.span.start - REACH), n.span.start) for n in rows
    ):
        return "organization"
    if kind == "person" and any(_is_dwellers(n.span, text) for n in rows):
        return "place"
    return _by_longer(key, rows, bodies, text)


def _by_longer(key: str, rows: Sequence[Name], bodies: dict[str, Span], text: str) -> str | None:
    """Return what the mentions of one name are by the longest name of a body before them that begins so, or None."""
    kind = rows[0].type
    longer = max((b for b in bodies if b.startswith(f"{key} ") and bodies[b] < rows[0].span), key=len, default="")
    rest = [w.strip(".,") for w in longer[len(key) :].split()]
    if not rest or rest[0] in SMALL_WORDS or rest[-1] in GOVERNING:
        return None
    if kind == "place":
        return "organization" if _is_no_place(key, rows, rest, text) else None
    if rest[0] in _OF_A_PLACE:
        return "place"
    return None if any(_is_where(n.span, text) for n in rows) else "organization"


def _is_where(span: Span, text: str) -> bool:
    return _AT.search(text, max(0, span.start - REACH), span.start) is not None


def _is_somebody(key: str, rows: Sequence[Name], full: set[str], text: str) -> bool:
    if " " not in key and key in full:
        return True
    return any(_called_somebody(n.span, text) for n in rows)


def _called_somebody(span: Span, text: str) -> bool:
    low = max(0, span.start - REACH)
    last = LAST_WORD.search(text, low, span.start)
    titled = last is not None and is_titled(last[1])
    return titled or bool(HONORIFIC.search(text, low, span.start) or PERSON_AFTER.match(text, span.end))


def _is_dwellers(span: Span, text: str) -> bool:
    """Say whether a name says where somebody lives: "a Glenrock man"."""
    before = _ARTICLE.search(text, max(0, span.start - REACH), span.start)
    return before is not None and _DWELLER.match(text, span.end) is not None


def _is_no_place(key: str, rows: Sequence[Name], rest: Sequence[str], text: str) -> bool:
    """Say whether what reads like a place is a company's short name: it acts, and nothing is told to be there."""
    if not LEGAL_FORMS.intersection(rest) or capital_of(key.title()) or country_of(key.title()):
        return False
    low = [max(0, n.span.start - REACH) for n in rows]
    if any(
        _WHERE.search(text, a, n.span.start) or _PLACED.match(text, n.span.end) for a, n in zip(low, rows, strict=True)
    ):
        return False
    return any(_ACTS.match(text, n.span.end) for n in rows)
