"""Names of one story to entities: one person of several surface forms is one, two people of one surname stay two."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache

from app.annotate.lexicons.bodies import (
    ACRONYMS,
    BODY_ALIASES,
    BODY_NAMES,
    CHAMBERS,
    KNOWN_BODIES,
    LEGAL_FORMS,
    PLACE_ALIASES,
    SMALL_WORDS,
)
from app.annotate.lexicons.countries import country_of, kind_of
from app.annotate.lexicons.groups import BODY_NOUNS, GOVERNING
from app.annotate.lexicons.people import HONORIFICS, SHORT_FORMS, SUFFIXES
from app.annotate.names import Name, name_key
from app.annotate.roll import Roll
from app.domain.span import Span
from app.text.tokens import mended

_PART = re.compile(r"[^\W_]+(?:[-'’.][^\W_]+)*\.?")
_SPACE = re.compile(r"\s+")
_NO_WORD = re.compile(r"\W")
_EXCELLENCY = re.compile(r"H\.?\s?[EH]\.?\s+(?=\w)")

# What makes an entity worth keeping, in log-odds beside the evidence of its mentions.
PERSON_WORTH = 0.5
WORTH = 0.8
CALLED = 0.7  # a word of its name is a noun for bodies
ALONE = -0.65  # that noun is all of the name


@dataclass(slots=True)
class Group:
    """The named mentions that are taken for one entity while a story is being read."""

    type: str
    names: list[Name] = field(default_factory=list)
    surfaces: dict[str, int] = field(default_factory=dict)
    parts: tuple[str, ...] = ()
    last_seen: int = 0
    within: list[Name] = field(default_factory=list)  # people named in the name of a body: "the Biden administration"

    def add(self, name: Name, surface: str) -> None:
        """Take one more mention."""
        self.names.append(name)
        self.surfaces[surface] = self.surfaces.get(surface, 0) + 1
        self.last_seen = name.span.start

    def best_surface(self) -> str:
        """Return the fullest form: most parts, then longest, then first."""
        return max(
            self.surfaces,
            key=lambda s: (s.isascii() or not any(t.isascii() for t in self.surfaces), len(s.split()), len(s)),
        )


def group_names(names: Sequence[Name], text: str) -> tuple[Group, ...]:
    """Return the entities of a story in the order of their first mention.

    The adjective of a country ("Russian") is a mention of that country.

    A bare surname that two people share is the one's whom the story named in full first: news style gives the other's
    name in full each time.
    """
    found = _surnames_are_people(
        [_typed(n, text) for n in names if n.type in {"person", "organization", "place"}], text
    )
    people = [g for g in _group_people([n for n in found if n.type == "person"], text) if _surest(g) > PERSON_WORTH]
    bodies = [g for g in _group_bodies([n for n in found if n.type == "organization"], text) if _is_worth(g)]
    peoples = [n for n in names if n.type == "nationality"]
    places = _group_places([n for n in found if n.type == "place"], peoples, text)
    return tuple(sorted((*people, *bodies, *places), key=lambda g: g.names[0].span))


def _surnames_are_people(names: list[Name], text: str) -> list[Name]:
    """Return the names; a body that is called as a person in full ends is that person ("BENAVIDES:", "Ribas Roe")."""
    whole = [person_parts(surface_of(n, text)) for n in names if n.type == "person"]
    endings = {parts[n:] for parts in whole for n in range(1, len(parts))}
    return [
        replace(n, type="person")
        if n.type == "organization" and tuple(fold(surface_of(n, text)).split()) in endings
        else n
        for n in names
    ]


def _typed(name: Name, text: str) -> Name:
    if name.type == "person":
        return _untitled(name, text)
    surface = surface_of(name, text)
    country = country_of(surface)
    if name.type == "organization" and country is not None and kind_of(country) != "body":
        return replace(name, type="place")
    if name.type != "organization" and name_key(surface) in BODY_NAMES:
        return replace(name, type="organization")
    return name


def _untitled(name: Name, text: str) -> Name:
    """Return a person's mention without the honorifics that open it, when a name is left."""
    start, end = name.span.start, name.span.end
    excellency = _EXCELLENCY.match(text, start, end)
    if excellency is not None:
        start = excellency.end()
    found = list(_PART.finditer(text, start, end))
    while len(found) > 1 and fold(found[0].group()).rstrip(".") in HONORIFICS and text[found[1].start()].isupper():
        found = found[1:]
        start = found[0].start()
    if start == name.span.start:
        return name
    span = Span(start, end)
    marks = tuple(Span(max(m.start, start), m.end) for m in name.marks if m.end > start)
    return replace(name, span=span, marks=marks)


def surface_of(name: Name, text: str) -> str:
    """Return the words of a mention on one line, with those that a column broke made whole ("Serdyu- kov")."""
    return _SPACE.sub(" ", mended(name.span.of(text)))


@lru_cache(maxsize=4096)
def fold(word: str) -> str:
    """Return ``word`` without case and accents."""
    plain = unicodedata.normalize("NFKD", word.casefold())
    return "".join(c for c in plain if not unicodedata.combining(c))


def person_parts(surface: str) -> tuple[str, ...]:
    """Return the folded parts of a person's name without honorifics and suffixes."""
    parts = [fold(m.group()).replace("’", "'") for m in _PART.finditer(surface)]
    if all(p.rstrip(".") in HONORIFICS for p in parts):
        return ()
    while len(parts) > 1 and parts[0].rstrip(".") in HONORIFICS:
        parts = parts[1:]
    while len(parts) > 1 and parts[-1].rstrip(".") in SUFFIXES:
        parts = parts[:-1]
    return tuple(parts)


def same_given_name(a: str, b: str) -> bool:
    """Say whether two given names may be one person's: equal, an initial of it, or a short form."""
    x, y = a.rstrip("."), b.rstrip(".")
    if x == y or (len(x) == 1 and y.startswith(x)) or (len(y) == 1 and x.startswith(y)):
        return True
    long_x, long_y = SHORT_FORMS.get(x, frozenset({x})) | {x}, SHORT_FORMS.get(y, frozenset({y})) | {y}
    return bool(long_x & long_y)


def _compatible(a: tuple[str, ...], b: tuple[str, ...]) -> bool:
    """Say whether two full names (two parts or more) may be one person's."""
    if _bare(a) == _bare(b) or set(a) == set(b):
        return True
    short, long = sorted((a, b), key=len)
    if len(short) < len(long) and (long[-len(short) :] == short or (_is_run(short, long) and short[0] == long[0])):
        return True
    return a[-1] == b[-1] and same_given_name(a[0], b[0])


def _bare(parts: tuple[str, ...]) -> str:
    return _NO_WORD.sub("", "".join(parts))


def _is_run(short: tuple[str, ...], long: tuple[str, ...]) -> bool:
    return any(long[i : i + len(short)] == short for i in range(len(long) - len(short) + 1))


def _name_keys(parts: tuple[str, ...]) -> set[str]:
    """Return the words under which a person is looked for: of two names that may be one person's some are the same."""
    pieces = {piece for part in parts for piece in part.split("-")}
    return {*parts, *pieces, _bare(parts), parts[-1].replace("-", "")}


def _group_people(names: list[Name], text: str) -> Iterator[Group]:
    groups: list[Group] = []
    roll = Roll()
    for name in names:
        parts = person_parts(surface_of(name, text))
        if len(parts) < 2:  # noqa: PLR2004
            continue
        number = next((n for n in roll.under(_name_keys(parts)) if _compatible(groups[n].parts, parts)), None)
        if number is None:
            roll.put(len(groups), _name_keys(parts))
            groups.append(Group("person", parts=parts))
        elif len(parts) > len(groups[number].parts):
            groups[number].parts = parts
            roll.put(number, _name_keys(parts))
    for name in names:
        surface = surface_of(name, text)
        parts = person_parts(surface) or _as_surname(surface, groups)
        if not parts:
            continue
        group = _person_of(parts, name, [groups[n] for n in roll.under(_name_keys(parts))])
        if group is None:
            group = Group("person", parts=parts)
            roll.put(len(groups), _name_keys(parts))
            groups.append(group)
        group.add(name, surface)
    return iter(_join_bracketed([g for g in groups if g.names], text))


def _as_surname(surface: str, groups: Sequence[Group]) -> tuple[str, ...]:
    """Return the one part of a name that reads like an honorific and is somebody's surname: "King", "Pope", "Tan"."""
    part = fold(surface).strip(".")
    return (part,) if any(len(g.parts) > 1 and g.parts[-1] == part for g in groups) else ()


def _join_bracketed(groups: list[Group], text: str) -> list[Group]:
    """Return the people with a name in another script in brackets joined to the name before it."""
    kept = []
    ends = Roll()
    for number, group in enumerate(groups):
        ends.put(number, (n.span.end for n in group.names))
    for number, group in enumerate(groups):
        before = ends.under(_bracketed_after(group, text)) if len(group.parts) == 1 else []
        home = next((n for n in before if n != number), None)
        if home is None or group.best_surface().isascii():
            kept.append(group)
            continue
        for name in group.names:
            groups[home].surfaces[surface_of(name, text)] = groups[home].surfaces.get(surface_of(name, text), 0) + 1
            groups[home].names.append(name)
        groups[home].names.sort(key=lambda n: n.span)
        ends.put(home, (n.span.end for n in group.names))
    return kept


def _bracketed_after(group: Group, text: str) -> Iterator[int]:
    """Yield where a name may end that one of the group's follows in brackets."""
    for name in group.names:
        start = name.span.start
        if text.endswith("(", max(0, start - 2), start):
            yield from range(start - 3, start + 1)


def _person_of(parts: tuple[str, ...], name: Name, groups: list[Group]) -> Group | None:
    if len(parts) > 1:
        return next((g for g in groups if len(g.parts) > 1 and _compatible(g.parts, parts)), None)
    part = parts[0].rstrip(".")
    ways: tuple[Callable[[Group], bool], ...] = (
        lambda g: g.parts[-1].replace("-", "") == part.replace("-", ""),  # a column may have put a hyphen in
        lambda g: g.parts[0] == part,
        lambda g: part in g.parts or any(part in p.split("-") for p in g.parts),
    )
    for number, fits in enumerate(ways):
        found = [g for g in groups if fits(g)]
        if found and number == 0:
            return found[0]
        if found:
            seen = [g for g in found if g.names]
            before = [g for g in seen if g.last_seen < name.span.start]
            return max(before, key=lambda g: g.last_seen) if before else found[0]
    return None


def body_words(surface: str) -> tuple[str, ...]:
    """Return the folded words of an organization's name without article, legal form and stops."""
    words = [w.strip(".,") for w in fold(name_key(surface)).replace("-", " ").split()]
    while len(words) > 1 and words[-1] in LEGAL_FORMS:
        words = words[:-1]
    return tuple(w for w in words if w)


_STANDING = frozenset(body_words(name) for name in (*KNOWN_BODIES, *CHAMBERS))  # no short forms of longer names


def initials(words: Iterable[str]) -> str:
    """Return the first letters of the words that carry weight."""
    return "".join(w[0] for w in words if w not in SMALL_WORDS)


def _is_acronym(surface: str) -> bool:
    letters = surface.replace(".", "").replace("&", "")
    return 2 <= len(letters) <= 8 and " " not in letters and sum(c.isupper() for c in letters) >= len(letters) - 1  # noqa: PLR2004


def _group_bodies(names: list[Name], text: str) -> Iterator[Group]:
    groups: dict[tuple[str, ...], Group] = {}
    for name in names:
        surface = surface_of(name, text)
        words = body_words(surface)
        if not words:
            continue
        words = tuple(BODY_ALIASES.get(" ".join(words), "").split()) or words
        groups.setdefault(words, Group("organization", parts=words)).add(name, surface)
    bodies = list(groups.values())
    roll, gone = Roll(), set[int]()
    for number, group in enumerate(bodies):
        roll.put(number, (*_body_keys(group.parts), *(n.span.end for n in group.names)))
    for number in sorted(range(len(bodies)), key=lambda n: len(bodies[n].parts)):
        group = bodies[number]
        after = frozenset(_bracketed_after(group, text))
        keys = (group.parts[0], group.parts[-1], *_spellings(group), *after)
        longer = [n for n in roll.under(keys) if n not in gone and len(bodies[n].parts) > len(group.parts)]
        home = _body_of(group, [bodies[n] for n in longer], after, text)
        if home is not None:
            for name in group.names:
                home.add(name, surface_of(name, text))
            home.names.sort(key=lambda n: n.span)
            roll.put(next(n for n in longer if bodies[n] is home), (n.span.end for n in group.names))
            gone.add(number)
    return (group for number, group in enumerate(bodies) if number not in gone)


def _body_keys(parts: tuple[str, ...]) -> tuple[str, ...]:
    """Return the words under which a body is looked for: the ends of its name, its initials, and all of it."""
    return parts[0], parts[-1], "=" + initials(parts), "=" + " ".join(parts)


def _spellings(group: Group) -> tuple[str, ...]:
    """Return what a body whose name is an acronym may be spelled, as keys of the longer name."""
    surface = fold(group.best_surface())
    short = surface.replace(".", "")
    return "=" + short, "=" + (ACRONYMS.get(surface) or ACRONYMS.get(short) or "")


def _surest(group: Group) -> float:
    return max(n.evidence for n in group.names)


def _is_worth(group: Group) -> bool:
    """Say whether a body is more likely one than not, by its surest mention and whether its words are those of bodies.

    The weights were fitted on annotated training stories that the encoder had not seen; bodies of the kind of
    "the Bush administration" stay.
    """
    surfaces = [fold(s).split() for s in group.surfaces]
    if any(words[-1] in GOVERNING for words in surfaces):
        return True
    called = any(w in BODY_NOUNS for words in surfaces for w in words)
    alone = called and all(" " not in s for s in group.surfaces)
    return _surest(group) + CALLED * called + ALONE * alone > WORTH


def _body_of(group: Group, others: list[Group], after: Collection[int], text: str) -> Group | None:
    """Return the one of the longer-named ``others`` that ``group`` abbreviates, or None.

    ``after`` is where a name may end that one of the group's follows in brackets.
    """
    surface = group.best_surface()
    bracketed = [g for g in others if any(n.span.end in after for n in g.names)] if after else []
    if _is_acronym(surface):
        short = fold(surface).replace(".", "")
        spelled = ACRONYMS.get(fold(surface)) or ACRONYMS.get(short)
        found = [g for g in others if initials(g.parts) == short or " ".join(g.parts) == spelled]
        found = found or bracketed
        return found[0] if len(found) == 1 else None
    if group.parts in _STANDING:
        return None
    found = [g for g in others if g.parts[: len(group.parts)] == group.parts and _may_shorten(group, g, text)]
    found = found or [g for g in others if _is_last_part(group.parts, g.parts)]
    found = found or bracketed
    before = [g for g in found if g.names[0].span < group.names[0].span]
    return (
        max(before or found, key=lambda g: g.last_seen)
        if len(group.parts) == 1 and before
        else found[0]
        if len(found) == 1
        else None
    )


def _is_last_part(parts: tuple[str, ...], longer: tuple[str, ...]) -> bool:
    """Say whether a longer name ends with a shorter one that no preposition ties to it ("Bank of Japan")."""
    return longer[-len(parts) :] == parts and longer[-len(parts) - 1] not in SMALL_WORDS


def _may_shorten(group: Group, longer: Group, text: str) -> bool:
    """Say whether a story goes on with ``group`` for the ``longer`` name: given first, and no part or product of it."""
    if longer.parts[len(group.parts)] in SMALL_WORDS and len(group.parts) == 1 and group.parts[0] not in BODY_NOUNS:
        return False
    tail = surface_of(longer.names[0], text).split()[len(group.parts) :]
    return longer.names[0].span < group.names[0].span and all(w[0].isupper() or w in SMALL_WORDS for w in tail)


def _group_places(names: list[Name], peoples: list[Name], text: str) -> Iterator[Group]:
    groups: dict[str, Group] = {}
    for name in names:
        surface = surface_of(name, text)
        key = fold(name_key(surface))
        key = fold(country_of(surface) or PLACE_ALIASES.get(key, key))
        groups.setdefault(key, Group("place", parts=(key,))).add(name, surface)
    for name in peoples:
        country = country_of(surface_of(name, text))
        if country is not None:
            group = groups.setdefault(fold(country), Group("place", parts=(fold(country),)))
            group.names.append(name)
            if not group.surfaces:
                group.surfaces[country] = 0
    for group in groups.values():
        group.names.sort(key=lambda n: n.span)
    return iter(groups.values())
