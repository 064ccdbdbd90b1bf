"""What the store knows of those who are named in a few stories, while these are written in one transaction.

It is read for all of them at once, and each sees what those before it are going to add: so a story is linked as it
would be by itself, whatever it is written together with. Only indexed look-ups.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any, cast

from sqlalchemy import (
    Executable,
    Integer,
    Row,
    Text,
    bindparam,
    func,
    literal_column,
    null,
    or_,
    select,
    true,
    union_all,
)
from sqlalchemy import cast as as_type
from sqlalchemy.orm import Session

from app.domain.annotation import EntityType
from app.knowledge.identities import Identity, identity_in, shipped_identities
from app.knowledge.profiles import Profile, is_last_name_key, keys_of
from app.store.among import as_written, is_among
from app.store.bulk import table_of
from app.store.changes import FULL_NAMES, LONGEST_NAME, Shared
from app.store.knowledge_tables import EntityContextRow, EntityKeyRow, IdentityKeyRow, IdentityRow, RedirectRow
from app.store.known import COMPARED, CONTEXTS_READ, MOST_OF_A_NAME, tells_who
from app.store.redirects import redirected
from app.store.tables import AppearanceRow, EntityNameRow, EntityRow
from app.store.views import LinkedAnalysis

_MOST_CANDIDATES = 2_000
_STORIES_READ = 20
_KEYS, _ENTITIES, _NAMES = table_of(EntityKeyRow), table_of(EntityRow), table_of(EntityNameRow)
_CONTEXTS, _APPEARANCES = table_of(EntityContextRow), table_of(AppearanceRow)
_IDENTITIES, _IDENTITY_KEYS = table_of(IdentityRow), table_of(IdentityKeyRow)
_REDIRECTS = table_of(RedirectRow)
# Statements are made once: making one takes longer than SQLite takes to run it. Values that never change stand in them
# as they are: a list of parameters would be put into them anew each time.
_BY_KEY = select(_KEYS.c.key, _KEYS.c.entity_id).where(is_among(_KEYS.c.key, "keys"))
_BY_KEY = _BY_KEY.limit(bindparam("most", type_=Integer))
_RECORD = as_type(_IDENTITIES.c.record, Text).label("record")
_IDENTITIES_BY_KEY = (
    select(_IDENTITY_KEYS.c.key, _IDENTITIES.c.id, _RECORD)
    .join(_IDENTITIES, _IDENTITIES.c.id == _IDENTITY_KEYS.c.identity_id)
    .where(is_among(_IDENTITY_KEYS.c.key, "keys"))
    .limit(bindparam("most", type_=Integer))
)
_MOVED = select(_REDIRECTS.c.old_id, _REDIRECTS.c.new_id).where(is_among(_REDIRECTS.c.old_id, "ids"))
_ENTITY, _ENTRY, _MOVE, _NAME, _CONTEXT = range(5)
_HELD, _HELD_BY_ENTRIES = _BY_KEY.subquery(), _IDENTITIES_BY_KEY.subquery()
# Three questions in one, since each asked alone is a round trip.
_LOOKED_UP = union_all(
    select(literal_column(f"{_ENTITY}"), _HELD.c.key, _HELD.c.entity_id, as_type(null(), Text)),
    select(literal_column(f"{_ENTRY}"), *_HELD_BY_ENTRIES.c),
    _MOVED.with_only_columns(literal_column(f"{_MOVE}"), *_MOVED.selected_columns, as_type(null(), Text)),
)
_RECORDS = select(_IDENTITIES.c.id, _RECORD).where(is_among(_IDENTITIES.c.id, "these"))
_WHO = (
    select(_ENTITIES.c.id, _ENTITIES.c.type, _ENTITIES.c.state, _ENTITIES.c.identity_id)
    .where(or_(is_among(_ENTITIES.c.id, "these"), is_among(_ENTITIES.c.identity_id, "identities")))
    .cte("who")
)
_NAMED = (
    select(literal_column(f"{_NAME}"), _WHO, _NAMES.c.kind, _NAMES.c.name, as_type(null(), Integer))
    .join(_NAMES, _NAMES.c.entity_id == _WHO.c.id)
    .where(_NAMES.c.kind.in_(as_written(FULL_NAMES)))
)
_RANKED = (
    select(
        _CONTEXTS,
        func.row_number()
        .over(
            partition_by=(_CONTEXTS.c.entity_id, _CONTEXTS.c.kind),
            order_by=(_CONTEXTS.c.articles.desc(), _CONTEXTS.c.value),
        )
        .label("place"),
    )
    .join(_WHO, _WHO.c.id == _CONTEXTS.c.entity_id)
    .where(_CONTEXTS.c.kind.in_(as_written(COMPARED)))
    .subquery()
)
# What the stories at hand may add counts from where it stands, however rare it is.
_TOLD = select(
    literal_column(f"{_CONTEXT}"),
    _RANKED.c.entity_id,
    *(as_type(null(), Text) for _ in range(3)),
    _RANKED.c.kind,
    _RANKED.c.value,
    _RANKED.c.articles,
).where(or_(_RANKED.c.place <= CONTEXTS_READ, is_among(_RANKED.c.value, "values")))
_KNOWN = union_all(_NAMED, _TOLD)
_OWN = _APPEARANCES.alias("own")
_LATEST = (
    select(_OWN.c.article_id)
    .where(_OWN.c.entity_id == _ENTITIES.c.id)
    .order_by(_OWN.c.article_id.desc())
    .limit(_STORIES_READ)
    .correlate(_ENTITIES)
)
_BESIDE = select(_ENTITIES.c.id, _APPEARANCES.c.article_id, _APPEARANCES.c.entity_id)
_BESIDE = _BESIDE.select_from(_ENTITIES).where(is_among(_ENTITIES.c.id, "these"))
_STORIES = _LATEST.lateral()
_BESIDE_IN = {
    "sqlite": _BESIDE.join(_APPEARANCES, _APPEARANCES.c.article_id.in_(_LATEST.scalar_subquery())),
    "postgresql": _BESIDE.join(_STORIES, true()).join(_APPEARANCES, _APPEARANCES.c.article_id == _STORIES.c.article_id),
}


_NOTHING: Counter[tuple[str, str]] = Counter()


class Recall:
    """Reads what is asked for and keeps it; ``note`` adds what a story is going to write."""

    def __init__(self, session: Session, stories: int = 1) -> None:
        self.session = session
        self._connection = session.connection()
        self._most = _MOST_CANDIDATES * stories
        self._values: set[str] = set()
        self._keys: dict[str, list[str]] = {}
        self._identities: dict[str, Identity | None] = {}
        self._by_identity_key: dict[str, list[str]] = {}
        self._by_identity: dict[str, set[str]] = {}
        self._names: dict[str, set[tuple[str, str]]] = {}
        self._types: dict[str, str] = {}
        self._open: set[str] = set()
        self._identity_of: dict[str, str] = {}
        self._profiles: dict[str, Profile] = {}
        self._contexts: dict[str, Counter[tuple[str, str]]] = {}
        self._beside: dict[str, dict[str, set[str]]] = {}
        self._redirects: dict[str, str] = {}
        self._added = _Added()

    def prepare(self, profiles: Iterable[Profile], keys: Collection[str], ids: Collection[str]) -> None:
        """Read at once what will be asked for entities of these profiles and keys, whose names alone make ``ids``."""
        self._values |= {value for profile in profiles for _, value in profile.context()}
        self._look_up(keys, ids)
        near = {e for found in self.by_key(keys).values() for e in found}
        self.profiles(near.union(ids), {i.id for of in self.identities(keys).values() for i in of})

    def redirect(self, entity_id: str) -> str:
        """Return the id that one of the ids given to ``prepare`` was merged into, or itself."""
        return self._redirects.get(entity_id, entity_id)

    def by_key(self, keys: Collection[str]) -> dict[str, list[str]]:
        """Return the entities that have these keys; those of a last name only while they are few."""
        return {key: self._having(key) for key in keys}

    def _having(self, key: str) -> list[str]:
        found = self._keys[key]
        if added := self._added.keys.get(key):
            found = list(dict.fromkeys((*found, *added)))
        return found if _tells(key, found) else []

    def identities(self, keys: Collection[str]) -> dict[str, list[Identity]]:
        """Return the authorities' entries that have these keys, in the package or imported; as ``by_key`` does."""
        having = {key: dict.fromkeys(of) for key in keys if (of := self._by_identity_key[key])}
        having = {key: of for key, of in having.items() if _tells(key, of)}
        self._read_identities({i for of in having.values() for i in of})
        return {key: [found for i in having.get(key, ()) if (found := self._identities[i]) is not None] for key in keys}

    def identity(self, identity_id: str) -> Identity | None:
        """Return one authority's entry, imported or shipped, or None."""
        if identity_id not in self._identities:
            self._read_identities({identity_id})
        return self._identities[identity_id]

    def _look_up(self, keys: Collection[str], ids: Collection[str]) -> None:
        """Read who has these keys, and where entities of these ids went."""
        shipped = shipped_identities()
        for key in keys:
            self._keys[key] = []
            self._by_identity_key[key] = list(shipped.having(key))
        alone = [key for key in keys if is_last_name_key(key)]
        together = [key for key in keys if not is_last_name_key(key)]
        moved = False
        for kind, one, other, record in self._rows(_LOOKED_UP, keys=together, most=self._most, ids=sorted(ids)):
            if kind == _ENTITY:
                self._keys[one].append(other)
            elif kind == _ENTRY:
                self._keep(one, other, record)
            else:
                moved = True
        for key in alone:
            for _, entity_id in self._rows(_BY_KEY, keys=[key], most=MOST_OF_A_NAME + 1):
                self._keys[key].append(entity_id)
            for _, identity_id, record in self._rows(_IDENTITIES_BY_KEY, keys=[key], most=MOST_OF_A_NAME + 1):
                self._keep(key, identity_id, record)
        if moved:  # and perhaps moved again
            self._redirects.update(redirected(self.session, ids))

    def _keep(self, key: str, identity_id: str, record: str) -> None:
        if identity_id not in self._identities:
            self._identities[identity_id] = identity_in(record)
        self._by_identity_key[key].append(identity_id)

    def _read_identities(self, ids: Collection[str]) -> None:
        """Read entries by their ids; one that was imported counts, not the one of its id in the package."""
        unread = _new(ids, self._identities)
        for key in unread:
            self._identities[key] = shipped_identities().by_id.get(key)
        if unread:
            for key, record in self._rows(_RECORDS, these=unread):
                self._identities[key] = identity_in(record)

    def _rows(self, statement: Executable, **values: Any) -> Sequence[Row[*tuple[Any, ...]]]:  # noqa: ANN401 (a statement's parameters)
        return self._connection.execute(statement, values).all()

    def profiles(self, ids: Collection[str], identities: Collection[str] = ()) -> dict[str, tuple[Profile, str | None]]:
        """Return who entities are by name as all stories so far tell, with the identity of each.

        They are those of ``ids``, and those that were found to be entries of ``identities``.
        """
        unread, entries = _new(ids, self._names), _new(identities, self._by_identity)
        for key in unread:
            self._names[key] = set()
        for key in entries:
            self._by_identity[key] = set()
        if unread or entries:
            self._read_known(unread, entries)
        being = {e for key in identities for e in self._by_identity[key]}
        if self._added.by_identity:
            being.update(e for key in identities for e in self._added.by_identity.get(key, ()))
        asked = being.union(ids)
        for key in asked.difference(self._profiles):
            if names := self._names[key] | self._added.names.get(key, set()):
                self._profiles[key] = _profile(cast(EntityType, self._types[key]), sorted(names))
        return {key: (self._profiles[key], self._identity_of.get(key)) for key in asked if key in self._profiles}

    def _read_known(self, ids: Sequence[str], identities: Sequence[str]) -> None:
        """Read the names of entities and what most stories tell of each: in one question."""
        wanted = set()
        asked = {"these": ids, "identities": identities, "values": sorted(self._values)}
        for part, entity_id, kind, state, identity, form, value, articles in self._rows(_KNOWN, **asked):
            if part == _CONTEXT:
                self._contexts.setdefault(entity_id, Counter())[form, value] = articles
                continue
            self._names.setdefault(entity_id, set()).add((form, value))
            self._types[entity_id] = kind
            if state == "open":
                self._open.add(entity_id)
            if identity is not None:
                self._identity_of[entity_id] = identity
                wanted.add(identity)
                if identity in self._by_identity:
                    self._by_identity[identity].add(entity_id)
        self._read_identities(wanted)

    def is_open(self, entity_id: str) -> bool:
        """Say whether an entity whose profile was asked for waits for review: it may be another."""
        return entity_id in self._open

    def with_contexts(self, known: Mapping[str, Profile]) -> dict[str, Profile]:
        """Return profiles that were asked for with what most stories tell of each."""
        return {key: self._with_context(key, profile) for key, profile in known.items()}

    def _with_context(self, entity_id: str, profile: Profile) -> Profile:
        counts = self._contexts.get(entity_id, _NOTHING)
        if entity_id in self._added.contexts:
            counts = counts + self._added.contexts[entity_id]
        told: dict[str, list[str]] = defaultdict(list)
        for kind, value in sorted(counts, key=lambda pair: (-counts[pair], pair)):
            if len(told[kind]) < CONTEXTS_READ:
                told[kind].append(value)
        titles, bodies, countries, near = (frozenset(told[kind]) for kind in COMPARED)
        return Profile(profile.type, profile.names, titles, bodies, countries, near)

    def company_of(self, ids: Collection[str]) -> dict[str, set[str]]:
        """Return who stands beside entities in the latest stories of each."""
        unread = _new(ids, self._beside)
        for key in unread:
            self._beside[key] = defaultdict(set)
        if unread:
            statement = _BESIDE_IN[self._connection.dialect.name]
            for entity_id, article_id, other in self._rows(statement, these=unread):
                self._beside[entity_id][article_id].add(other)
        return {key: self._company(key) for key in ids}

    def _company(self, entity_id: str) -> set[str]:
        stories = {**self._beside[entity_id], **self._added.stories.get(entity_id, {})}
        latest = sorted(stories, reverse=True)[:_STORIES_READ]
        return {other for article_id in latest for other in stories[article_id] if other != entity_id}

    def note(self, article_id: str, linked: LinkedAnalysis, shared: Shared) -> None:
        """Add what a story is going to write to what is known."""
        added = self._added
        for entity_id, kind, name in shared.names:
            if kind in FULL_NAMES:
                added.names.setdefault(entity_id, set()).add((kind, name))
                row = shared.entities[entity_id]
                self._types.setdefault(entity_id, row["type"])
                if row["state"] == "open":
                    self._open.add(entity_id)
                for key in keys_of(cast(EntityType, row["type"]), [name]):
                    added.keys.setdefault(key[:LONGEST_NAME], {})[entity_id] = None
        for entity_id, kind, value in shared.contexts:
            added.contexts.setdefault(entity_id, Counter())[kind, value] += 1
        for entity in linked.entities.values():
            if entity.identity is not None and entity.type in ("person", "organization"):
                self.profiles([entity.id])  # one that the store knows may have another
                if self._identity_of.setdefault(entity.id, entity.identity) == entity.identity:
                    added.by_identity.setdefault(entity.identity, set()).add(entity.id)
        inside = set(shared.entities)
        for entity_id in inside:
            self._profiles.pop(entity_id, None)
            added.stories.setdefault(entity_id, {})[article_id] = inside


class _Added:
    """What the stories so far are going to write."""

    def __init__(self) -> None:
        self.keys: dict[str, dict[str, None]] = {}
        self.names: dict[str, set[tuple[str, str]]] = {}
        self.contexts: dict[str, Counter[tuple[str, str]]] = {}
        self.by_identity: dict[str, set[str]] = {}
        self.stories: dict[str, dict[str, set[str]]] = {}


def _new(wanted: Iterable[str], known: Mapping[str, object]) -> Sequence[str]:
    return list(dict.fromkeys(key for key in wanted if key not in known))


def _tells(key: str, having: Collection[str]) -> bool:
    return len(having) <= MOST_OF_A_NAME or not is_last_name_key(key)


def _profile(kind: EntityType, names: Sequence[tuple[str, str]]) -> Profile:
    told = [name for form, name in names if form == "name" or tells_who(kind, name)]
    return Profile(kind, tuple(told))
