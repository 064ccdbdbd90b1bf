"""Who an entity is, as far as one story, one authority or all stories so far tell: what linking compares."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from functools import lru_cache

from app.annotate.lexicons.countries import country_of, is_demonym, kind_of
from app.domain.analysis import Analysis
from app.domain.annotation import Entity, EntityType, Office
from app.domain.span import Span
from app.knowledge.bodies import body_keys, body_name, is_acronym, stands_for
from app.knowledge.lexicons.fields import FIELD_OF, Field
from app.knowledge.names import normal_name, person_keys, person_name, sought_person_keys

_NEAREST = 2
_LAST_NAME = "p:="
_LETTER: dict[EntityType, str] = {"person": "p", "organization": "o", "place": "l", "group": "g"}
_LOOSE_END = re.compile(r"(?:\s(?:of|for|to|at|in|and|the))+$")
_AMBIGUOUS_PLACES = frozenset({"georgia", "jordan", "chad"})
_OTHER_NAME = re.compile(
    r"\s*[,(]?\s*(?:n[ée]e|formerly(?: known as)?|born|also known as|better known as|whose maiden name (?:is|was))\s+"
    r"((?:[A-Z][\w'’-]+\s?){1,3})"
)
_SHARE_OF_ONE_COUNTRY = 0.6


@dataclass(frozen=True, slots=True)
class Profile:
    """Who an entity is: its names and what is told of it.

    ``titles`` and ``bodies`` are of its offices, in normal form; ``countries`` are those it belongs to, ``near`` those
    that its stories are mostly about; ``company`` are the keys of who stands in the same stories.
    ``born`` and ``died`` are years.
    """

    type: EntityType
    names: tuple[str, ...]
    titles: frozenset[str] = frozenset()
    bodies: frozenset[str] = frozenset()
    countries: frozenset[str] = frozenset()
    near: frozenset[str] = frozenset()
    company: frozenset[str] = frozenset()
    born: int | None = None
    died: int | None = None
    year: int | None = None

    @property
    def fields(self) -> frozenset[Field]:
        """The lines of work that its titles belong to."""
        return _fields(self.titles)

    @property
    def sought(self) -> frozenset[str]:
        """The keys under which candidates are sought; of a person whose last name alone is told, with an office only.

        Without one, nothing that a story tells is enough to say which of all who have the name it is.
        """
        if self.type == "person" and not any(person_name(n).is_full for n in self.names):
            single = (person_name(n).words for n in self.names)
            return frozenset(last_name_key(words[0]) for words in single if len(words) == 1 and self.titles)
        if self.type == "person":
            return frozenset(f"p:{key}" for key in sought_person_keys(self.names))
        return keys_of(self.type, self.names)

    def told_with(self, other: Profile) -> Profile:
        """Return it with what a story tells of the same one under another name."""
        return replace(
            self,
            names=tuple(dict.fromkeys((*self.names, *other.names))),
            titles=self.titles | other.titles,
            bodies=self.bodies | other.bodies,
            countries=self.countries | other.countries,
        )

    def context(self) -> frozenset[tuple[str, str]]:
        """Return what is told of it as (kind, value), as the store counts it."""
        kinds = {"title": self.titles, "body": self.bodies, "country": self.countries, "near": self.near}
        return frozenset((kind, value[:200]) for kind, values in kinds.items() for value in values)


@dataclass(slots=True)
class _Told:
    """What a story tells of one entity, while it is being read."""

    titles: set[str] = field(default_factory=set)
    bodies: set[str] = field(default_factory=set)
    countries: set[str] = field(default_factory=set)


@lru_cache(maxsize=10_000)
def _fields(titles: frozenset[str]) -> frozenset[Field]:
    return frozenset(found for title in titles for found in fields_of(title))


def keys_of(kind: EntityType, names: Iterable[str]) -> frozenset[str]:
    """Return the keys under which an entity of these names is kept; none for types that are told by name alone."""
    if kind == "person":
        full = [found for found in map(person_name, names) if found.is_full]
        alone = {last_name_key(found.words[-1]) for found in full}
        return frozenset(f"p:{key}" for key in person_keys(names)) | alone
    return frozenset(f"o:{key}" for key in body_keys(names)) if kind == "organization" else frozenset()


def last_name_key(word: str) -> str:
    """Return the key under which people of a last name are found."""
    return f"{_LAST_NAME}{word}"


def is_last_name_key(key: str) -> bool:
    """Say whether a key is that of a last name alone."""
    return key.startswith(_LAST_NAME)


def fields_of(title: str) -> frozenset[Field]:
    """Return the lines of work that a title belongs to."""
    words = title.replace(",", " ").split()
    return frozenset(FIELD_OF[w] for w in words if w in FIELD_OF)


def profiles_of(analysis: Analysis, text: str, year: int | None = None) -> Mapping[str, Profile]:
    """Return the profiles of the entities of a story, by their ids there."""
    told: dict[str, _Told] = defaultdict(_Told)
    for office in analysis.offices:
        if office.person.entity_id is not None:
            _tell(told[office.person.entity_id], office)
    near = countries_near(analysis)
    keys = {e.id: company_key(e.type, e.name) for e in analysis.entities}
    held = Counter(keys.values())
    company = frozenset(key for key in held if key)
    return {
        e.id: _profile(e, told[e.id], near, company - {keys[e.id]} if held[keys[e.id]] == 1 else company, text, year)
        for e in analysis.entities
    }


def company_key(kind: EntityType, name: str) -> str:
    """Return the key by which an entity counts as company of another; "" when its name is too little."""
    if kind == "organization":
        return f"o:{body_name(name).key}"
    if kind == "person" and not person_name(name).is_full:
        return ""
    place = country_of(name) if kind == "place" else None
    return f"{_LETTER[kind]}:{normal_name(place or name, kind)}"


def countries_near(analysis: Analysis) -> frozenset[str]:
    """Return the countries that a story is mostly about."""
    weights: Counter[str] = Counter()
    for place in analysis.of_type("place"):
        country = _country(place.name)
        if country is not None:
            weights[country] += len(place.mentions)
    return frozenset(country for country, _ in weights.most_common(_NEAREST))


def only_country(analysis: Analysis) -> str | None:
    """Return the one country that a story is about: most mentions of countries and of their bodies are of it."""
    weights: Counter[str] = Counter()
    for entity in (*analysis.of_type("place"), *analysis.of_type("organization")):
        body = entity.type == "organization"
        country = body_name(entity.name).country or stands_for(entity.name) if body else _country(entity.name)
        if country is not None:
            weights[country] += len(entity.mentions)
    top = weights.most_common(1)
    return top[0][0] if top and top[0][1] >= _SHARE_OF_ONE_COUNTRY * weights.total() else None


def telling_names(kind: EntityType, name: str, aliases: Iterable[str]) -> tuple[str, ...]:
    """Return the names of a story's entity that tell who it is: of a person the full ones, of a body its acronyms too.

    A body's other short forms are left out: "the Times" and "the university" are any number of bodies.
    """
    if kind == "organization":
        return tuple(dict.fromkeys((name, *(n for n in aliases if is_acronym(n)))))
    return tuple(dict.fromkeys(n for n in (name, *aliases) if person_name(n).is_full)) or (name,)


def _profile(
    entity: Entity, told: _Told, near: frozenset[str], company: frozenset[str], text: str, year: int | None
) -> Profile:
    names = telling_names(entity.type, entity.name, entity.aliases)
    if entity.type == "person":
        names = (*names, *other_names(entity, text))
    elif entity.type == "organization":
        countries = {body_name(n).country for n in names} | {stands_for(n) for n in names}
        told.countries |= {c for c in countries if c is not None}
    return Profile(
        entity.type,
        tuple(dict.fromkeys(names)),
        frozenset(told.titles),
        frozenset(told.bodies),
        frozenset(told.countries),
        near,
        company,
        year=year,
    )


def other_names(entity: Entity, text: str) -> tuple[str, ...]:
    """Return the names that a story says a person also has or had: "Kelly Clarkson (née Brianne)".

    A last name alone goes with the person's first name.
    """
    found: list[str] = []
    first = entity.name.split()[0]
    for mention in entity.mentions:
        match = _OTHER_NAME.match(text, mention.span.end)
        if match is not None and mention.kind == "name":
            words = match[1].strip()
            found.append(words if " " in words else f"{first} {words}")
    return tuple(dict.fromkeys(found))


def one_under_two_names(analysis: Analysis, text: str) -> dict[str, str]:
    """Return the people of a story whose name it says another one of it has or had, with that one, by their ids there.

    "Kelly Adjei (formerly Kelly Boateng)" is one woman, though she is called by both names.
    """
    people = analysis.of_type("person")
    named = {m.span: e.id for e in people for m in e.mentions if m.kind == "name"}
    found: dict[str, str] = {}
    for entity in people:
        for mention in entity.mentions:
            match = _OTHER_NAME.match(text, mention.span.end) if mention.kind == "name" else None
            other = None if match is None else named.get(Span(match.start(1), match.start(1) + len(match[1].strip())))
            if other is not None and other != entity.id and other not in found.values() and entity.id not in found:
                found[other] = entity.id
    return found


def _tell(told: _Told, office: Office) -> None:
    told.titles.add(_LOOSE_END.sub("", office.normal_title.casefold()))
    for word in office.title.split():
        country = _country(word) if is_demonym(word) else None
        if country is not None:
            told.countries.add(country)
    body = office.organization
    if body is None or not body.name:
        return
    if body.type == "place":
        country = _country(body.name)
        told.bodies.add(" ".join(normal_name(country or body.name, "place").split()))
        if country is not None:
            told.countries.add(country)
        return
    name = body_name(body.name)
    told.bodies.add(name.key)
    if name.country is not None:
        told.countries.add(name.country)


def _country(name: str) -> str | None:
    if name.casefold() in _AMBIGUOUS_PLACES:
        return None
    country = country_of(name)
    return None if country is None or kind_of(country) == "body" else country
