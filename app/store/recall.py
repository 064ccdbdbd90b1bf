"""What the store knows of those who are named in a few stories, while these are written in one transaction.

It is read for all of them at once, and each sees what those before it are going to add: so a story is linked as it
would be by itself, whatever it is written together with. Only indexed look-ups.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import cast

from sqlalchemy import Integer, bindparam, func, or_, select
from sqlalchemy.orm import Session

from app.domain.annotation import EntityType
from app.knowledge.identities import Identity, identity_of, shipped_identities
from app.knowledge.profiles import Profile, is_last_name_key, keys_of
from app.store.bulk import among, table_of
from app.store.changes import FULL_NAMES, LONGEST_NAME, Shared
from app.store.knowledge_tables import EntityContextRow, EntityKeyRow, IdentityKeyRow, IdentityRow
from app.store.known import CONTEXTS_READ, MOST_OF_A_NAME, PARENT, chunks, tells_who
from app.store.redirects import redirected
from app.store.tables import AppearanceRow, EntityNameRow, EntityRow
from app.store.views import LinkedAnalysis

_MOST_CANDIDATES = 2_000
_STORIES_READ = 20
_KEYS, _ENTITIES, _NAMES = table_of(EntityKeyRow), table_of(EntityRow), table_of(EntityNameRow)
_CONTEXTS, _APPEARANCES = table_of(EntityContextRow), table_of(AppearanceRow)
_IDENTITIES, _IDENTITY_KEYS = table_of(IdentityRow), table_of(IdentityKeyRow)
_THESE = among("these")
# Statements are made once: making one takes longer than SQLite takes to run it.
_BY_KEY = select(_KEYS.c.key, _KEYS.c.entity_id).where(_KEYS.c.key.in_(_THESE)).limit(bindparam("most", type_=Integer))
_IDENTITIES_BY_KEY = (
    select(_IDENTITY_KEYS.c.key, _IDENTITIES.c.record)
    .join(_IDENTITIES, _IDENTITIES.c.id == _IDENTITY_KEYS.c.identity_id)
    .where(_IDENTITY_KEYS.c.key.in_(_THESE))
    .limit(bindparam("most", type_=Integer))
)
_IDENTITY = select(_IDENTITIES.c.record).where(_IDENTITIES.c.id == bindparam("this"))
_BY_IDENTITY = select(_ENTITIES.c.identity_id, _ENTITIES.c.id).where(_ENTITIES.c.identity_id.in_(_THESE))
_NAMED = (
    select(_ENTITIES.c.id, _ENTITIES.c.type, _ENTITIES.c.identity_id, _NAMES.c.kind, _NAMES.c.name)
    .join(_NAMES, _NAMES.c.entity_id == _ENTITIES.c.id)
    .where(_ENTITIES.c.id.in_(_THESE), _NAMES.c.kind.in_(FULL_NAMES))
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
    .where(_CONTEXTS.c.entity_id.in_(_THESE), _CONTEXTS.c.kind != PARENT)
    .subquery()
)
# What the stories at hand may add counts from where it stands, however rare it is.
_TOLD = select(_RANKED.c.entity_id, _RANKED.c.kind, _RANKED.c.value, _RANKED.c.articles).where(
    or_(_RANKED.c.place <= CONTEXTS_READ, _RANKED.c.value.in_(among("values")))
)
_LATEST = (
    select(_APPEARANCES.c.article_id)
    .where(_APPEARANCES.c.entity_id == bindparam("this"))
    .order_by(_APPEARANCES.c.article_id.desc())
    .limit(_STORIES_READ)
)
_BESIDE = select(_APPEARANCES.c.article_id, _APPEARANCES.c.entity_id).where(_APPEARANCES.c.article_id.in_(_LATEST))


class Recall:
    """Reads what is asked for and keeps it; ``note`` adds what a story is going to write."""

    def __init__(self, session: Session, stories: int = 1) -> None:
        self.session = session
        self._most = _MOST_CANDIDATES * stories
        self._values: set[str] = set()
        self._keys: dict[str, list[str]] = {}
        self._identities: dict[str, Identity | None] = {}
        self._by_identity_key: dict[str, list[str]] = {}
        self._by_identity: dict[str, set[str]] = {}
        self._names: dict[str, set[tuple[str, str]]] = {}
        self._types: dict[str, str] = {}
        self._identity_of: dict[str, str] = {}
        self._profiles: dict[str, Profile] = {}
        self._contexts: dict[str, Counter[tuple[str, str]]] = {}
        self._beside: dict[str, dict[str, set[str]]] = {}
        self._redirects: dict[str, str] = {}
        self._added = _Added()

    def prepare(self, profiles: Iterable[Profile], ids: Collection[str]) -> None:
        """Read at once what will be asked for entities of these profiles, whose names alone make ``ids``."""
        told = list(profiles)
        self._values |= {value for profile in told for _, value in profile.context()}
        wanted = sorted({key for profile in told for key in profile.sought})
        near = {e for found in self.by_key(wanted).values() for e in found}
        near |= self.of_identities([i.id for i in self.identities(wanted)])
        self.profiles(near)
        self._redirects.update(redirected(self.session, ids))

    def redirect(self, entity_id: str) -> str:
        """Return the id that one of the ids given to ``prepare`` was merged into, or itself."""
        return self._redirects.get(entity_id, entity_id)

    def by_key(self, keys: Collection[str]) -> dict[str, list[str]]:
        """Return the settled entities that have these keys; those of a last name only while they are few."""
        unread = _new(keys, self._keys)
        for key in unread:
            self._keys[key] = []
        for chunk, most in self._parts(unread):
            for key, entity_id in self.session.execute(_BY_KEY, {"these": chunk, "most": most}):
                self._keys[key].append(entity_id)
        found = {key: list(dict.fromkeys((*self._keys[key], *self._added.keys.get(key, ())))) for key in keys}
        return {key: of if _tells(key, of) else [] for key, of in found.items()}

    def identities(self, keys: Collection[str]) -> list[Identity]:
        """Return the authorities' entries that have one of these keys: those in the package, and those imported."""
        unread = _new(keys, self._by_identity_key)
        for key in unread:
            self._by_identity_key[key] = []
        for chunk, most in self._parts(unread):
            for key, record in self.session.execute(_IDENTITIES_BY_KEY, {"these": chunk, "most": most}):
                imported = identity_of(record)
                self._identities[imported.id] = imported
                self._by_identity_key[key].append(imported.id)
        having = {
            key: [*(i.id for i in shipped_identities().found([key])), *self._by_identity_key[key]] for key in keys
        }
        ids = dict.fromkeys(i for key, of in having.items() if _tells(key, of) for i in of)
        return [found for i in ids if (found := self.identity(i)) is not None]

    def identity(self, identity_id: str) -> Identity | None:
        """Return one authority's entry, imported or shipped, or None."""
        if identity_id not in self._identities:
            record = self.session.execute(_IDENTITY, {"this": identity_id}).scalar_one_or_none()
            found = shipped_identities().by_id.get(identity_id) if record is None else identity_of(record)
            self._identities[identity_id] = found
        return self._identities[identity_id]

    def _parts(self, keys: Sequence[str]) -> Iterator[tuple[Sequence[str], int]]:
        """Yield keys that are read by one statement, with how many rows are read at most."""
        for chunk in chunks([key for key in keys if not is_last_name_key(key)]):
            yield chunk, self._most
        for key in filter(is_last_name_key, keys):
            yield [key], MOST_OF_A_NAME + 1

    def of_identities(self, identities: Collection[str]) -> set[str]:
        """Return the entities that were found to be these authorities' entries."""
        for chunk in chunks(_new(identities, self._by_identity)):
            for key in chunk:
                self._by_identity[key] = set()
            for key, entity_id in self.session.execute(_BY_IDENTITY, {"these": chunk}):
                self._by_identity[key].add(entity_id)
        return {e for key in identities for e in (*self._by_identity[key], *self._added.by_identity.get(key, ()))}

    def profiles(self, ids: Collection[str]) -> dict[str, tuple[Profile, str | None]]:
        """Return who entities are by name as all stories so far tell, with the identity of each."""
        for chunk in chunks(_new(ids, self._names)):
            for key in chunk:
                self._names[key] = set()
            for entity_id, kind, identity, form, name in self.session.execute(_NAMED, {"these": chunk}):
                self._names[entity_id].add((form, name))
                self._types[entity_id] = kind
                if identity is not None:
                    self._identity_of[entity_id] = identity
        found = {}
        for key in ids:
            if key not in self._profiles and (names := self._names[key] | self._added.names.get(key, set())):
                self._profiles[key] = _profile(cast(EntityType, self._types[key]), sorted(names))
            if key in self._profiles:
                found[key] = self._profiles[key], self._identity_of.get(key)
        return found

    def with_contexts(self, known: Mapping[str, Profile]) -> dict[str, Profile]:
        """Return profiles with what most stories tell of each."""
        for chunk in chunks(_new(known, self._contexts)):
            for key in chunk:
                self._contexts[key] = Counter()
            rows = self.session.execute(_TOLD, {"these": chunk, "values": sorted(self._values)})
            for entity_id, kind, value, articles in rows:
                self._contexts[entity_id][kind, value] = articles
        return {key: self._with_context(key, profile) for key, profile in known.items()}

    def _with_context(self, entity_id: str, profile: Profile) -> Profile:
        counts = self._contexts[entity_id]
        if entity_id in self._added.contexts:
            counts = counts + self._added.contexts[entity_id]
        told: dict[str, list[str]] = defaultdict(list)
        for kind, value in sorted(counts, key=lambda pair: (-counts[pair], pair)):
            if len(told[kind]) < CONTEXTS_READ:
                told[kind].append(value)
        return replace(
            profile,
            titles=frozenset(told["title"]),
            bodies=frozenset(told["body"]),
            countries=frozenset(told["country"]),
            near=frozenset(told["near"]),
        )

    def company_of(self, entity_id: str) -> set[str]:
        """Return who stands beside an entity in its latest stories."""
        if entity_id not in self._beside:
            beside: dict[str, set[str]] = defaultdict(set)
            for article_id, other in self.session.execute(_BESIDE, {"this": entity_id}):
                beside[article_id].add(other)
            self._beside[entity_id] = beside
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
                if row["state"] == "settled":
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
    return sorted({key for key in wanted if key not in known})


def _tells(key: str, having: Collection[str]) -> bool:
    return len(having) <= MOST_OF_A_NAME or not is_last_name_key(key)


def _profile(kind: EntityType, names: Sequence[tuple[str, str]]) -> Profile:
    told = [name for form, name in names if form == "name" or tells_who(kind, name)]
    return Profile(kind, tuple(told))
