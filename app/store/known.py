"""What is known of entities and identities, read as the profiles that linking compares."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from typing import cast

from sqlalchemy import Integer, Text, bindparam, func, select
from sqlalchemy import cast as as_type
from sqlalchemy.orm import Session

from app.domain.annotation import EntityType
from app.knowledge.bodies import is_acronym
from app.knowledge.identities import Identity, identity_in, identity_of, shipped_identities
from app.knowledge.names import person_name
from app.knowledge.profiles import Profile, is_last_name_key
from app.store.among import is_among
from app.store.bulk import table_of
from app.store.knowledge_tables import EntityContextRow, IdentityKeyRow, IdentityRow
from app.store.tables import EntityNameRow, EntityRow

PARENT = "parent"
"""The kind of context that names what stories say a body is part of, by its id."""
PART = "part"
"""The kind of context that names what stories say is part of a body, by its id."""
UNIT = "unit"
"""The kind of context that names a part of a body that has no name of its own, by its words."""
COMPARED = ("title", "body", "country", "near")
"""The kinds of context that linking compares."""
MOST_OF_A_NAME = 60
"""People known of one last name, from which on the last name alone finds nobody."""
CONTEXTS_READ = 12
"""Of what stories tell of an entity, so many values of each kind are looked at: those that most tell."""
_CHUNK = 400
_MOST = 2_000  # entries that have any of the keys
_ENTITIES, _NAMES, _TOLD = table_of(EntityRow), table_of(EntityNameRow), table_of(EntityContextRow)
_ENTRIES, _ENTRY_KEYS = table_of(IdentityRow), table_of(IdentityKeyRow)
_HAVING = (
    select(as_type(_ENTRIES.c.record, Text))
    .join(_ENTRY_KEYS, _ENTRY_KEYS.c.identity_id == _ENTRIES.c.id)
    .where(is_among(_ENTRY_KEYS.c.key, "wanted"))
    .limit(bindparam("most", type_=Integer))
)
_FORMS = (
    select(_ENTITIES.c.id, _ENTITIES.c.type, _ENTITIES.c.identity_id, _NAMES.c.kind, _NAMES.c.name)
    .join(_NAMES, _NAMES.c.entity_id == _ENTITIES.c.id)
    .where(is_among(_ENTITIES.c.id, "wanted"), _NAMES.c.kind.in_(("name", "alias")))
)
_PLACE = func.row_number().over(partition_by=(_TOLD.c.entity_id, _TOLD.c.kind), order_by=_TOLD.c.articles.desc())
_RANKED = (
    select(_TOLD.c.entity_id, _TOLD.c.kind, _TOLD.c.value, _PLACE.label("place"))
    .where(is_among(_TOLD.c.entity_id, "wanted"), _TOLD.c.kind.in_(COMPARED))
    .subquery()
)
_CONTEXTS = select(_RANKED.c.entity_id, _RANKED.c.kind, _RANKED.c.value).where(_RANKED.c.place <= CONTEXTS_READ)


def identities_found(session: Session, keys: Collection[str]) -> tuple[Identity, ...]:
    """Return the identities that have one of ``keys``: those in the package, and those that were imported."""
    alone = [key for key in sorted(keys) if is_last_name_key(key)]
    others = sorted(set(keys).difference(alone))
    found = {i.id: i for i in shipped_identities().found(others)}
    imported: dict[str, Identity] = {}
    for chunk in chunks(others):
        imported |= {i.id: i for i in _having(session, chunk, _MOST)}
    for key in alone:
        having = _having(session, [key], MOST_OF_A_NAME + 1)
        shipped = shipped_identities().found([key])
        if len(having) + len(shipped) <= MOST_OF_A_NAME:
            found |= {i.id: i for i in shipped}
            imported |= {i.id: i for i in having}
    return tuple((found | imported).values())


def _having(session: Session, keys: Sequence[str], most: int) -> list[Identity]:
    """Return imported entries that have one of ``keys``, by so many keys at most."""
    return [identity_in(record) for record in session.scalars(_HAVING, {"wanted": keys, "most": most})]


def identity_by_id(session: Session, identity_id: str) -> Identity | None:
    """Return one identity, imported or shipped, or None."""
    row = session.get(IdentityRow, identity_id)
    return identity_of(row.record) if row is not None else shipped_identities().by_id.get(identity_id)


def profiles_known(session: Session, ids: Collection[str]) -> dict[str, tuple[Profile, str | None]]:
    """Return the profiles of entities as all stories so far tell, with the identity of each."""
    names: dict[str, list[str]] = defaultdict(list)
    types: dict[str, tuple[EntityType, str | None]] = {}
    for chunk in chunks(sorted(ids)):
        for entity_id, kind, identity, form, name in session.execute(_FORMS, {"wanted": chunk}).all():
            types[entity_id] = (cast(EntityType, kind), identity)
            names[entity_id] += (name,) if form == "name" or tells_who(kind, name) else ()
    return {key: (Profile(kind, tuple(names[key])), identity) for key, (kind, identity) in types.items()}


def tells_who(kind: str, alias: str) -> bool:
    """Say whether an alias tells by itself who an entity is."""
    return is_acronym(alias) if kind == "organization" else person_name(alias).is_full


def with_contexts(session: Session, known: Mapping[str, Profile]) -> dict[str, Profile]:
    """Return profiles with what most stories tell of each."""
    told: dict[str, dict[str, set[str]]] = defaultdict(lambda: defaultdict(set))
    for chunk in chunks(sorted(known)):
        for entity_id, kind, value in session.execute(_CONTEXTS, {"wanted": chunk}).all():
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
    other = identity.profile
    return Profile(
        profile.type,
        tuple(dict.fromkeys((*profile.names, *other.names))),
        profile.titles | other.titles,
        profile.bodies | other.bodies,
        profile.countries | other.countries,
        profile.near,
        profile.company,
        other.born,
        other.died,
        profile.year,
    )


def chunks(values: Sequence[str]) -> Iterable[Sequence[str]]:
    """Yield ``values`` in pieces that a statement can name one by one."""
    return (values[i : i + _CHUNK] for i in range(0, len(values), _CHUNK))
