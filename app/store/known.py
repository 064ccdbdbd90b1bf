"""What is known of entities and identities, read as the profiles that linking compares."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from typing import cast

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.domain.annotation import EntityType
from app.knowledge.bodies import is_acronym
from app.knowledge.identities import Identity, identity_of, shipped_identities
from app.knowledge.names import person_name
from app.knowledge.profiles import Profile
from app.store.knowledge_tables import EntityContextRow, IdentityKeyRow, IdentityRow
from app.store.tables import EntityNameRow, EntityRow

_CONTEXTS_READ = 12
_CHUNK = 400


def identities_found(session: Session, keys: Collection[str]) -> tuple[Identity, ...]:
    """Return the identities that have one of ``keys``: those in the package, and those that were imported."""
    found = {i.id: i for i in shipped_identities().found(keys)}
    for chunk in chunks(sorted(keys)):
        rows = select(IdentityRow.record).join(IdentityKeyRow, IdentityKeyRow.identity_id == IdentityRow.id)
        for record in session.scalars(rows.where(IdentityKeyRow.key.in_(chunk))):
            identity = identity_of(record)
            found[identity.id] = identity
    return tuple(found.values())


def identity_by_id(session: Session, identity_id: str) -> Identity | None:
    """Return one identity, imported or shipped, or None."""
    row = session.get(IdentityRow, identity_id)
    return identity_of(row.record) if row is not None else shipped_identities().by_id.get(identity_id)


def profiles_known(session: Session, ids: Collection[str]) -> dict[str, tuple[Profile, str | None]]:
    """Return the profiles of entities as all stories so far tell, with the identity of each."""
    names: dict[str, list[str]] = defaultdict(list)
    types: dict[str, tuple[EntityType, str | None]] = {}
    for chunk in chunks(sorted(ids)):
        rows = (
            select(EntityRow.id, EntityRow.type, EntityRow.identity_id, EntityNameRow.kind, EntityNameRow.name)
            .join(EntityNameRow, EntityNameRow.entity_id == EntityRow.id)
            .where(EntityRow.id.in_(chunk), EntityNameRow.kind.in_(("name", "alias")))
        )
        for entity_id, kind, identity, form, name in session.execute(rows):
            types[entity_id] = (cast(EntityType, kind), identity)
            names[entity_id] += (name,) if form == "name" else (name,)[: _few(kind, name)]
    return {key: (Profile(kind, tuple(names[key])), identity) for key, (kind, identity) in types.items()}


def _few(kind: str, name: str) -> int:
    """Return 1 when an alias tells who an entity is, else 0."""
    return int(is_acronym(name) if kind == "organization" else person_name(name).is_full)


def with_contexts(session: Session, known: Mapping[str, Profile]) -> dict[str, Profile]:
    """Return profiles with what most stories tell of each."""
    told: dict[str, dict[str, set[str]]] = defaultdict(lambda: defaultdict(set))
    place = func.row_number().over(
        partition_by=(EntityContextRow.entity_id, EntityContextRow.kind), order_by=EntityContextRow.articles.desc()
    )
    for chunk in chunks(sorted(known)):
        of = EntityContextRow
        ranked = select(of.entity_id, of.kind, of.value, place.label("place")).where(of.entity_id.in_(chunk)).subquery()
        rows = select(ranked.c.entity_id, ranked.c.kind, ranked.c.value).where(ranked.c.place <= _CONTEXTS_READ)
        for entity_id, kind, value in session.execute(rows):
            told[entity_id][kind].add(value)
    return {
        key: replace(
            profile,
            titles=frozenset(told[key]["title"]),
            bodies=frozenset(told[key]["body"]),
            countries=frozenset(told[key]["country"]),
            near=frozenset(told[key]["near"]),
        )
        for key, profile in known.items()
    }


def joined(profile: Profile, identity: Identity | None) -> Profile:
    """Return what stories and an authority tell together."""
    if identity is None:
        return profile
    other = identity.profile()
    return replace(
        profile,
        names=tuple(dict.fromkeys((*profile.names, *other.names))),
        titles=profile.titles | other.titles,
        bodies=profile.bodies | other.bodies,
        countries=profile.countries | other.countries,
        born=other.born,
        died=other.died,
    )


def chunks(values: Sequence[str]) -> Iterable[Sequence[str]]:
    """Yield ``values`` in pieces that a statement can name one by one."""
    return (values[i : i + _CHUNK] for i in range(0, len(values), _CHUNK))
