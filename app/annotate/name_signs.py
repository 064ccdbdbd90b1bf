"""What the words in and around a name say it is, where the reader took it for something else.

The reader knows the names of bodies by having seen them; of a new one it may see no more than a capital. The words of
news style beside it tell: "drugmaker Novara", "Novara AG", "Novara's Ann Roe", "Novara, the lender,". What ends like a
place, an event or a rule ("the Corn Act") is no body, and a capital is a place.

Source: patterns of English news style, written for the project, the endings with a look at annotated training stories;
licence as the project.
"""

from __future__ import annotations

import math
import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import partial

from app.annotate.lexicons.bodies import LEGAL_FORMS
from app.annotate.lexicons.countries import capital_of, country_of
from app.annotate.lexicons.groups import BODY_NOUNS
from app.annotate.names import Name, name_key
from app.annotate.title_spans import is_titled
from app.domain.span import Span

_TRADES = frozenset(
    "drugmaker carmaker automaker chipmaker planemaker lender insurer brokerage airline retailer conglomerate startup"
    " utility consultancy".split()
)  # what stands right before the name of one: others are told things that people do ("told police Roe fled")
_KINDS = (_TRADES | BODY_NOUNS | {"lobby", "tank", "subsidiary", "studio"}) - frozenset(
    "giant force office daily center centre party station developer operator broadcaster publisher".split()
)
_KIND = "|".join(sorted(_KINDS))
# Last words of places, events, rules and peoples that read like bodies; no body of the annotated stories ends so.
_NO_BODIES = frozenset(
    "war road avenue interchange district area territory peoples act agreement bill law treaty airport stadium"
    " tournament cup paralympics games day week plan highway river island islands county province valley"
    " mountain zone bridge park square beach summit prize championship scheme protocol charter declaration index atlas"
    " evangelicals officeholders christians muslims building hall village region election elections attack"
    " attacks crisis expo".split()
)
# A body whose name is more than one plain word, with what it is or does: "AFL-CIO labor federation".
_DESCRIBED = re.compile(r"([A-Z]\S*[A-Z0-9]|[A-Z]\S*(?:\s[\w-]+)*\s[A-Z0-9]\S*)(?<!['’]s)(?:\s[a-z]+){1,2}")
_ANOTHER = frozenset("agency office unit government administration campaign ministry police army committee".split())
_PROFESSION = "analyst|economist|strategist|researcher|scientist|engineer|executive|campaigner|columnist|CEO|trader"
_TICKER = re.compile(r"\((?:[A-Z0-9]{2,6}\.[A-Z]{1,2}|(?:NYSE|NASDAQ|Nasdaq|LSE|TSX|ASX)\s?:\s?[A-Z.]{1,6})\)")
_BEFORE = re.compile(rf"(?:\b(?:{'|'.join(sorted(_TRADES))})|\b(?i:shares|stake) (?:in|of))\s$")
_AFTER = re.compile(
    rf",\s(?:the|an?|[A-Z]\w+['’]s)\s(?:[^\W\d_][\w’'-]*\s){{0,5}}(?:{_KIND})(?=,|\s(?:which|that|based)\b)"
    r"|,\swhich\b"
    r"|\s(?:shares|stock|shareholders)\b"
    r"|['’]s\s(?:shareholders|workforce|headquarters|subsidiary)\b"
)
_OF_BODY = re.compile(rf"['’]s\s+|\s+(?:[a-z]+\s){{0,2}}(?:{_PROFESSION})\s+")
HONORIFIC = re.compile(r"\b(?:Mr|Mrs|Ms|Miss|Dr|Sir|Dame|Lord|Lady|Judge|Justice|Professor|Prof|Rev)\.?\s$")
LAST_WORD = re.compile(r"([^\W\d_][\w-]*)\s$")
PERSON_AFTER = re.compile(r",\s(?:who|\d{1,3},)|\sherself|\shimself")
REACH = 40  # code points before a name that tell what it is
_CALLED_BODY = re.compile(
    r"\b(?:(?:CEO|chief executive(?: officer)?|chair(?:man|woman|person)|[Mm]embers|branch|headquarters|shares)"
    r" of(?: the)?|organi[sz]ation|NGO|news agency) [\"“‘]?$"
)
_FIRM = re.compile(r"(?<![\w’'.-])[A-Z][\w’'.-]*+(?:, [A-Z][\w’'.-]*+){0,8}+ & (?:Co\b\.?|Sons?\b|[A-Z][\w’'-]*)")
_GENITIVE = re.compile(r"['’]s\b")
_GENITIVE_ACTS = re.compile(
    r"['’]s(?:,\swhich|\s(?:said|says|had|would|will|reported|expects|declined|warned|announced|did|cut|raised))\b"
)
_PARTY = re.compile(r"[RDI]-(?=[A-Z])")  # "R-Ohio": a Republican of Ohio
# Words that begin with a capital in headlines and before titles ("City officials"), and name no place alone.
_NO_PLACES = frozenset("city council state county town district village street".split())


def put_right(names: Sequence[Name], text: str) -> list[Name]:
    """Return the names, each as what the words in and around it say.

    Of people only those of one word change, and none that belongs to somebody in full or that an honorific or a title
    precedes. What names a share at an exchange is no name.
    """
    tickers = [m.span() for m in _TICKER.finditer(text)]
    names = _with_firms([n for n in map(partial(_place_put_right, text=text), names) if n is not None], text)
    kept = [
        n for n in _bodies_put_right(names, text) if not any(a < n.span.start and n.span.end < b for a, b in tickers)
    ]
    genitives = _genitives(kept, text)
    kept = [_with_genitive(n, genitives, text) for n in _called_bodies(kept, text)]
    full = {n.span.start for n in kept if n.type == "person" and " " in n.span.of(text)}
    known = {word for n in kept if n.span.start in full for word in name_key(n.span.of(text)).split()}
    bodies = {name_key(n.span.of(text)).rpartition(" ")[0] for n in kept if _has_legal_form(n, text)}
    found: dict[str, set[str]] = defaultdict(set)
    for name in kept:
        key = name_key(name.span.of(text))
        if name.type == "person" and " " not in key and key not in known:
            found[key].update(_signs(name, text, full, tickers))
            found[key].update({"organization"} if key in bodies else ())
    return [_as(n, found.get(name_key(n.span.of(text)), set())) for n in kept]


def _genitives(names: Sequence[Name], text: str) -> set[str]:
    """Return the bodies whose name is a genitive ("Moody's said"): a verb follows it, and it stands nowhere without."""
    ends = [(name_key(n.span.of(text)), n.span.end) for n in names if n.type == "organization"]
    acts = {key for key, end in ends if _GENITIVE_ACTS.match(text, end)}
    return {key for key in acts if all(_GENITIVE.match(text, end) for other, end in ends if other == key)}


def _with_genitive(name: Name, genitives: set[str], text: str) -> Name:
    if name.type != "organization" or name_key(name.span.of(text)) not in genitives:
        return name
    span = Span(name.span.start, name.span.end + len("'s"))
    return replace(name, span=span, marks=(span,))


def _place_put_right(name: Name, text: str) -> Name | None:
    """Return a place without the letter of a party before it, or None for a word that names no place alone."""
    if name.type != "place":
        return name
    surface = name.span.of(text)
    if surface.casefold() in _NO_PLACES:
        return None
    party = _PARTY.match(surface)
    if party is None:
        return name
    span = Span(name.span.start + party.end(), name.span.end)
    return replace(name, span=span, marks=(span,))


def _with_firms(names: Sequence[Name], text: str) -> list[Name]:
    """Return the names with one body for each firm that is called by its owners ("Baker & Lowe")."""
    found = list(names)
    for firm in _FIRM.finditer(text):
        span = Span(*firm.span())
        inside = [n for n in found if n.span.overlaps(span)]
        owners = [n for n in inside if n.type in {"person", "organization"} and " " not in n.span.of(text)]
        if owners == inside and all(span.covers(n.span) for n in inside) and any(n.type == "person" for n in inside):
            score = max(n.score for n in inside)
            found = [n for n in found if n not in inside]
            found.append(Name(span, "organization", score, marks=(span,)))
    return sorted(found, key=lambda n: n.span)


def _called_bodies(names: Sequence[Name], text: str) -> list[Name]:
    """Return the names; a person in full whom the words before call a body is one, wherever the story names it."""
    called, titled = set[str](), set[str]()
    for name in names:
        if name.type == "person":
            key, before = name_key(name.span.of(text)), text[max(0, name.span.start - REACH) : name.span.start]
            if _CALLED_BODY.search(before):
                called.add(key)
            if HONORIFIC.search(before) or PERSON_AFTER.match(text, name.span.end):
                titled.add(key)
    return [
        replace(n, type="organization", marks=(n.span,), evidence=math.inf)
        if n.type == "person" and name_key(n.span.of(text)) in called - titled
        else n
        for n in names
    ]


def _bodies_put_right(names: Sequence[Name], text: str) -> Iterator[Name]:
    """Yield the names without bodies that are none, and bodies without the words that only describe them."""
    bodies = {name_key(n.span.of(text)) for n in names if n.type == "organization"}
    for name in names:
        surface = name.span.of(text)
        key = name_key(surface)
        if name.type != "organization":
            yield name
        elif capital_of(surface) is not None:
            yield replace(name, type="place")
        elif " " not in key or key.rpartition(" ")[2] not in _NO_BODIES:
            yield _undescribed(name, bodies, text)


def _undescribed(name: Name, bodies: set[str], text: str) -> Name:
    """Return a body without the common nouns after its name, where the story names it without them."""
    found = _DESCRIBED.fullmatch(text, name.span.start, name.span.end)
    if found is None or name_key(found[1]) not in bodies or found[0].rpartition(" ")[2] in _ANOTHER:
        return name
    span = Span(*found.span(1))
    return replace(name, span=span, marks=tuple(m for m in name.marks if span.covers(m)))


def _signs(name: Name, text: str, full: set[int], tickers: Sequence[tuple[int, int]]) -> Iterator[str]:
    """Yield what the words around one mention say that it is."""
    start, end = name.span.start, name.span.end
    before = text[max(0, start - REACH) : start]
    kind, last = _BEFORE.search(before), LAST_WORD.search(before)
    titled = kind is None and last is not None and is_titled(last[1])
    if titled or HONORIFIC.search(before) or PERSON_AFTER.match(text, end):
        yield "person"
    if kind or _AFTER.match(text, end) or any(a == end + 1 for a, _ in tickers):
        yield "organization"
    holder = _OF_BODY.match(text, end)
    if holder is not None and holder.end() in full:
        yield "organization"
    if capital_of(name.span.of(text)) is not None or country_of(name.span.of(text)) is not None:
        yield "place"


def _has_legal_form(name: Name, text: str) -> bool:
    first, _, last = name_key(name.span.of(text)).rpartition(" ")
    return name.type == "organization" and first != "" and last.strip(".") in LEGAL_FORMS


def _as(name: Name, signs: set[str]) -> Name:
    kind = next((k for k in ("organization", "place") if k in signs), name.type)
    if name.type != "person" or "person" in signs or kind == name.type:
        return name
    return replace(name, type=kind, marks=(name.span,), evidence=math.inf)
