"""Identities: entries of authorities that say who somebody is, with ids, aliases, offices and dates."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache, cached_property, lru_cache
from pathlib import Path
from typing import Any

import orjson

from app.annotate.lexicons.countries import country_of
from app.annotate.titles import normal_title
from app.domain.annotation import EntityType
from app.knowledge.bodies import body_name
from app.knowledge.names import normal_name
from app.knowledge.profiles import Profile, keys_of

SHIPPED = Path(__file__).with_name("authorities")


@dataclass(frozen=True, slots=True)
class IdentityOffice:
    """A post that an authority states. Units: ``start`` and ``end`` as the authority gives them, ISO 8601."""

    title: str
    organization: str | None = None
    country: str | None = None
    start: str | None = None
    end: str | None = None


@dataclass(frozen=True)  # without slots, so that what is made of it is kept with it
class Identity:
    """An entry of an authority. ``identifiers`` are (scheme, id) pairs, ``source`` names where it comes from.

    Units: ``born`` and ``died`` are years.
    """

    id: str
    type: EntityType
    name: str
    source: str
    aliases: tuple[str, ...] = ()
    identifiers: tuple[tuple[str, str], ...] = ()
    offices: tuple[IdentityOffice, ...] = ()
    countries: tuple[str, ...] = ()
    born: int | None = None
    died: int | None = None

    @property
    def names(self) -> tuple[str, ...]:
        """The name and the aliases."""
        return (self.name, *self.aliases)

    @property
    def wikidata(self) -> str | None:
        """Its Wikidata id, where it has one."""
        return dict(self.identifiers).get("wikidata")

    def with_what(self, other: Identity) -> Identity:
        """Return it under the id of another entry of the same one, with what that one says besides."""
        return replace(
            self,
            id=other.id,
            aliases=tuple(dict.fromkeys(n for n in (*self.aliases, *other.names) if n != self.name)),
            identifiers=tuple({**dict(other.identifiers), **dict(self.identifiers)}.items()),
            offices=tuple(dict.fromkeys((*self.offices, *other.offices))),
            countries=tuple(dict.fromkeys((*self.countries, *other.countries))),
            born=self.born or other.born,
            died=self.died or other.died,
        )

    @cached_property
    def keys(self) -> frozenset[str]:
        """The keys under which it is found as a candidate."""
        return keys_of(self.type, self.names)

    @property
    def sought(self) -> frozenset[str]:
        """The keys under which those who may be it are sought."""
        return self.profile.sought

    @cached_property
    def profile(self) -> Profile:
        """What linking compares."""
        bodies, countries = set(), {c for n in self.countries if (c := country_of(n) or n)}
        for office in self.offices:
            if office.organization:
                bodies |= {body_name(office.organization).key, normal_name(office.organization, "place")}
            if office.country:
                countries.add(country_of(office.country) or office.country)
        return Profile(
            self.type,
            self.names,
            frozenset(normal_title(o.title).casefold() for o in self.offices),
            frozenset(bodies),
            frozenset(countries),
            born=self.born,
            died=self.died,
        )


@lru_cache(maxsize=10_000)
def identity_in(record: str) -> Identity:
    """Return the identity that a record holds, as JSON of what ``record_of`` makes; each is read once."""
    return identity_of(orjson.loads(record))


def identity_of(record: Mapping[str, Any]) -> Identity:
    """Return the identity that a record holds, as ``record_of`` writes it."""
    return Identity(
        id=record["id"],
        type=record["type"],
        name=record["name"],
        source=record["source"],
        aliases=tuple(record.get("aliases", ())),
        identifiers=tuple((scheme, key) for scheme, key in record.get("identifiers", ())),
        offices=tuple(IdentityOffice(**office) for office in record.get("offices", ())),
        countries=tuple(record.get("countries", ())),
        born=record.get("born"),
        died=record.get("died"),
    )


def record_of(identity: Identity) -> dict[str, Any]:
    """Return an identity as plain data; what is empty is left out."""
    offices = [
        {k: v for k in ("title", "organization", "country", "start", "end") if (v := getattr(o, k)) is not None}
        for o in identity.offices
    ]
    record = {
        "id": identity.id,
        "type": identity.type,
        "name": identity.name,
        "source": identity.source,
        "aliases": list(identity.aliases),
        "identifiers": [list(pair) for pair in identity.identifiers],
        "offices": offices,
        "countries": list(identity.countries),
        "born": identity.born,
        "died": identity.died,
    }
    return {key: value for key, value in record.items() if value not in (None, [])}


class IdentityIndex:
    """Identities by id and by the keys under which they are candidates."""

    def __init__(self, identities: Iterable[Identity]) -> None:
        self.by_id: dict[str, Identity] = {}
        self.by_wikidata: dict[str, Identity] = {}
        self._by_key: dict[str, list[str]] = {}
        for identity in identities:
            self.by_id[identity.id] = identity
            if identity.wikidata is not None:
                self.by_wikidata[identity.wikidata] = identity
            for key in identity.keys:
                self._by_key.setdefault(key, []).append(identity.id)

    def having(self, key: str) -> Sequence[str]:
        """Return the ids of the identities that have a key."""
        return self._by_key.get(key, ())

    def found(self, keys: Iterable[str]) -> tuple[Identity, ...]:
        """Return the identities that have one of ``keys``."""
        ids = dict.fromkeys(i for key in sorted(keys) for i in self._by_key.get(key, ()))
        return tuple(self.by_id[i] for i in ids)


@cache
def shipped_identities() -> IdentityIndex:
    """Return the identities that are in the package, read once.

    Source: the header of each file under ``authorities`` says its source, date and licence.
    """
    found: list[Identity] = []
    for path in sorted(SHIPPED.glob("*.json")):
        content = orjson.loads(path.read_bytes())
        found += [identity_of({"source": path.stem, **record}) for record in content["identities"]]
    return IdentityIndex(found)


@cache
def shipped_sources() -> tuple[dict[str, Any], ...]:
    """Return what each file of identities in the package says of itself: source, date, licence, how many."""
    contents = ((path.stem, orjson.loads(path.read_bytes())) for path in sorted(SHIPPED.glob("*.json")))
    return tuple(
        {"name": name, **content["about"], "identities": len(content["identities"])} for name, content in contents
    )
