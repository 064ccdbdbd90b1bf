"""What an article adds to, and takes from, the rows that stories share: entities, names, contexts, issues, sayings.

Those rows count the stories (issues: the stances; sayings: the quotes) that use them. All changes of a transaction are
applied at once and in the order of their keys, so that no two transactions wait for each other; a row goes when its
count comes to nothing.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import delete, func, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from app.domain.annotation import EntityType
from app.knowledge.issues import is_telling
from app.knowledge.profiles import keys_of
from app.store.bulk import add_counts, insert_unknown
from app.store.folding import folded, name_forms
from app.store.knowledge_tables import EntityContextRow, EntityKeyRow, IssueLabelRow
from app.store.tables import AppearanceRow, EntityNameRow, EntityRow, IssueRow, PositionRow
from app.store.views import Json, LinkedAnalysis

ENTITY_KEYS = ("people", "organizations", "places", "groups")
WEIGHT = 10_000
LONGEST_NAME = 200
_TALLIES = ("articles", "quotes", "weight")
FULL_NAMES = ("name", "alias")
NameKey = tuple[str, str, str]


@dataclass(slots=True)
class Shared:
    """What one story holds of the shared rows: its entities with their tallies, names and contexts, and its labels.

    ``tallies`` are 1 story, its quotes by the entity, and the entity's share of its weight in ten thousandths.
    """

    entities: dict[str, Mapping[str, Any]] = field(default_factory=dict)
    tallies: dict[str, tuple[int, int, int]] = field(default_factory=dict)
    names: set[NameKey] = field(default_factory=set)
    contexts: set[NameKey] = field(default_factory=set)
    labels: dict[str, tuple[str, str]] = field(default_factory=dict)
    stances: Counter[str] = field(default_factory=Counter)

    def add_entity(self, row: Mapping[str, Any], names: tuple[str, Iterable[str]]) -> None:
        """Add one entity under its name and aliases; ``row`` has the entity's values and those of its appearance."""
        key, (name, aliases) = row["id"], names
        self.entities[key] = {
            "type": row["type"],
            "key": row["key"],
            "state": row["state"],
            "name": name[:LONGEST_NAME],
        }
        self.tallies[key] = (1, row["quotes"], round(WEIGHT * (row["prominence"] or 0.0)))
        forms = [("name", name), *(("alias", a) for a in aliases), *name_forms(name)]
        self.names.update((key, form_kind, form[:LONGEST_NAME]) for form_kind, form in forms)
        self.contexts.update((key, kind, value) for kind, value in row["context"] or ())

    def add_stances(self, label: str, issue_id: str, number: int = 1) -> None:
        """Add stances on one issue under one label."""
        # A label without a telling word is the story's own: another story's is another issue.
        key = folded(label) if is_telling(label) else f"{folded(label)} #{issue_id}"
        self.labels.setdefault(key, (label, issue_id))
        self.stances[key] += number


def shared_of_analysis(document: Json, linked: LinkedAnalysis) -> Shared:
    """Return what a serialised analysis will hold of the shared rows."""
    known = {e.id: e for e in linked.entities.values()}
    spoken = quotes_spoken(document)
    shared = Shared()
    for entity in (e for key in ENTITY_KEYS for e in document[key]):
        of = known[entity["id"]]
        row = {
            "id": of.id,
            "type": entity["type"],
            "key": of.key,
            "state": of.state,
            "quotes": spoken[of.id],
            "prominence": entity["prominence"],
            "context": linked.contexts.get(of.id, ()),
        }
        shared.add_entity(row, (entity["name"], entity["aliases"]))
    for position in document["positions"]:
        if position["kind"] == "stance":
            shared.add_stances(position["issue"]["label"], position["issue"]["id"])
    return shared


def quotes_spoken(document: Json) -> Counter[str]:
    """Return how many quotes of a serialised analysis each entity speaks."""
    return Counter(q["speaker"]["entity_id"] for q in document["quotes"] if q["speaker"]["entity_id"])


def shared_of_article(session: Session, article_id: str, only: Collection[str] | None = None) -> Shared:
    """Return what a stored article holds of the shared rows; of some entities and nothing else with ``only``."""
    shared = Shared()
    columns = (EntityRow.id, EntityRow.type, EntityRow.key, EntityRow.state, AppearanceRow.quotes)
    found = select(
        *columns, AppearanceRow.prominence, AppearanceRow.context, AppearanceRow.name, AppearanceRow.aliases
    ).join(AppearanceRow, AppearanceRow.entity_id == EntityRow.id)
    found = found.where(AppearanceRow.article_id == article_id)
    if only is not None:
        found = found.where(AppearanceRow.entity_id.in_(only))
    for row in session.execute(found).mappings():
        shared.add_entity(dict(row), (row["name"], row["aliases"]))
    if only is not None:
        return shared
    label = PositionRow.document["issue"]["label"].as_string()
    stances = select(label, PositionRow.issue_id, func.count()).where(
        PositionRow.article_id == article_id, PositionRow.kind == "stance"
    )
    for words, issue_id, number in session.execute(stances.group_by(label, PositionRow.issue_id)):
        shared.add_stances(words, str(issue_id), number)
    return shared


def apply_changes(session: Session, *changes: tuple[Shared, Shared]) -> None:
    """Change the shared rows from what stories held to what they hold; rows that come to nothing stay until pruned.

    Each change is one story's, before and after. Of stories that found the same row, the first says what is in it.
    """
    names: Counter[NameKey] = Counter()
    contexts: Counter[NameKey] = Counter()
    tallies: dict[str, tuple[int, ...]] = {}
    known: dict[str, Mapping[str, Any]] = {}
    none = (0, 0, 0)
    for old, new in changes:
        names.update({n: (n in new.names) - (n in old.names) for n in old.names ^ new.names})
        contexts.update({c: (c in new.contexts) - (c in old.contexts) for c in old.contexts ^ new.contexts})
        for e in old.entities.keys() | new.entities.keys():
            sums = zip(tallies.get(e, none), new.tallies.get(e, none), old.tallies.get(e, none), strict=True)
            tallies[e] = tuple(so_far + n - o for so_far, n, o in sums)
        known = {**old.entities, **new.entities, **known}
    # An entity whose names change is locked with the others, in their order, before its name is set below.
    named = {entity for entity, _, _ in names}
    touched = sorted({e for e in tallies if any(tallies[e])} | named | {entity for entity, _, _ in contexts})
    add_counts(
        session,
        EntityRow,
        ("id",),
        _TALLIES,
        [
            {
                "id": e,
                **known[e],
                "folded": folded(known[e]["name"]),
                "identifiers": [],
                **dict(zip(_TALLIES, tallies[e], strict=True)),
            }
            for e in touched
        ],
    )
    add_counts(
        session,
        EntityNameRow,
        ("entity_id", "kind", "name"),
        ("articles",),
        [
            {"entity_id": e, "kind": kind, "name": name, "folded": folded(name), "articles": names[e, kind, name]}
            for e, kind, name in sorted(names)
        ],
    )
    add_counts(
        session,
        EntityContextRow,
        ("entity_id", "kind", "value"),
        ("articles",),
        [
            {"entity_id": e, "kind": kind, "value": value, "articles": contexts[e, kind, value]}
            for e, kind, value in sorted(contexts)
        ],
    )
    _set_names(session, sorted(named))
    add_keys(
        session, {(e, name) for (e, kind, name), change in names.items() if kind in FULL_NAMES and change > 0}, known
    )
    _apply_labels(session, changes)


def add_keys(session: Session, names: Iterable[tuple[str, str]], known: Mapping[str, Mapping[str, Any]]) -> None:
    """Let entities be found as candidates by these names too; ``known`` has their types."""
    rows = sorted(
        {
            (key[:LONGEST_NAME], entity)
            for entity, name in names
            for key in keys_of(_type(known[entity]["type"]), [name])
        }
    )
    insert_unknown(session, EntityKeyRow, [{"key": key, "entity_id": entity} for key, entity in rows])


def _type(kind: Any) -> EntityType:  # noqa: ANN401 (a column's value)
    found: EntityType = kind
    return found


def _apply_labels(session: Session, changes: Sequence[tuple[Shared, Shared]]) -> None:
    changed: Counter[str] = Counter()
    labels: dict[str, tuple[str, str]] = {}
    by_issue: Counter[str] = Counter()
    names: dict[str, str] = {}
    for old, new in changes:
        both = {**old.labels, **new.labels}
        differ = {k for k in both if new.stances[k] != old.stances[k]}
        moved = {k for k in old.labels.keys() & new.labels.keys() if old.labels[k][1] != new.labels[k][1]}
        for key in sorted(differ | moved):
            for side, sign in ((old, -1), (new, 1)):
                if key in side.labels:
                    label, issue = side.labels[key]
                    by_issue[issue] += sign * side.stances[key]
                    names.setdefault(issue, label)
        for key in differ:
            changed[key] += new.stances[key] - old.stances[key]
            labels.setdefault(key, both[key])
    add_counts(
        session,
        IssueRow,
        ("id",),
        ("positions",),
        [{"id": i, "label": names[i], "folded": folded(names[i]), "positions": by_issue[i]} for i in sorted(by_issue)],
    )
    add_counts(
        session,
        IssueLabelRow,
        ("folded",),
        ("positions",),
        [
            {
                "folded": k,
                "label": labels[k][0],
                "issue_id": labels[k][1],
                "positions": changed[k],
                "reasons": [],
                "fixed": False,
            }
            for k in sorted(changed)
        ],
    )


def prune(session: Session, old: Shared) -> None:
    """Delete the shared rows that a story held and no story holds any more; its own rows are gone by now."""
    for ids in _chunks(sorted(old.entities)):
        unused = delete(EntityNameRow).where(EntityNameRow.entity_id.in_(ids), EntityNameRow.articles <= 0)
        _drop_keys(session, set(session.scalars(unused.returning(EntityNameRow.entity_id))))
        contexts = EntityContextRow.entity_id.in_(ids)
        session.execute(delete(EntityContextRow).where(contexts, EntityContextRow.articles <= 0))
        session.execute(delete(EntityRow).where(EntityRow.id.in_(ids), EntityRow.articles <= 0))
    for keys in _chunks(sorted(old.labels)):
        session.execute(delete(IssueLabelRow).where(IssueLabelRow.folded.in_(keys), IssueLabelRow.positions <= 0))
    for ids in _chunks(sorted({issue for _, issue in old.labels.values()})):
        session.execute(delete(IssueRow).where(IssueRow.id.in_(ids), IssueRow.positions <= 0))


def _drop_keys(session: Session, entities: Collection[str]) -> None:
    """Let entities that lost a name be found by the names that are left to them only."""
    for ids in _chunks(sorted(entities)):
        rows = (
            select(EntityRow.id, EntityRow.type, EntityNameRow.name)
            .join(EntityNameRow, EntityNameRow.entity_id == EntityRow.id)
            .where(EntityRow.id.in_(ids), EntityNameRow.kind.in_(FULL_NAMES))
        )
        left = {
            (entity, key[:LONGEST_NAME])
            for entity, kind, name in session.execute(rows)
            for key in keys_of(_type(kind), [name])
        }
        had = session.execute(select(EntityKeyRow.entity_id, EntityKeyRow.key).where(EntityKeyRow.entity_id.in_(ids)))
        for entity, key in [(e, k) for e, k in had if (e, k) not in left]:
            session.execute(delete(EntityKeyRow).where(EntityKeyRow.key == key, EntityKeyRow.entity_id == entity))


def insert_for(session: Session) -> Any:  # noqa: ANN401 (the two dialects' insert functions share no type)
    """Return the insert function of the session's database, which can say what to do on a conflict."""
    return sqlite.insert if session.get_bind().dialect.name == "sqlite" else postgresql.insert


def _set_names(session: Session, entities: list[str]) -> None:
    for ids in _chunks(entities):
        fullest = (
            select(EntityNameRow.name, EntityNameRow.folded)
            .where(EntityNameRow.entity_id == EntityRow.id, EntityNameRow.kind == "name", EntityNameRow.articles > 0)
            .order_by(EntityNameRow.articles.desc(), func.length(EntityNameRow.name).desc(), EntityNameRow.name)
            .limit(1)
        )
        name = fullest.with_only_columns(EntityNameRow.name).scalar_subquery()
        values = {"name": name, "folded": fullest.with_only_columns(EntityNameRow.folded).scalar_subquery()}
        # Mostly it is what it was: a row that is written again costs PostgreSQL as much as a new one.
        changed = (EntityRow.id.in_(ids), EntityRow.articles > 0, EntityRow.name != name)
        named = update(EntityRow).where(*changed).values(values)
        session.execute(named, execution_options={"synchronize_session": False})


def _chunks(ids: list[str]) -> Iterable[list[str]]:
    return (ids[i : i + 500] for i in range(0, len(ids), 500))
