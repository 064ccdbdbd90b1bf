"""What an article adds to, and takes from, the rows that stories share: entities, their names, issues.

Those rows count the stories (issues: the stances) that use them. All changes of a transaction are applied at once
and in the order of their keys, so that no two transactions wait for each other; a row goes when its count comes
to nothing.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import delete, func, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from app.store.folding import folded, name_forms
from app.store.issues import issue_id
from app.store.tables import AppearanceRow, Base, EntityNameRow, EntityRow, IssueRow, PositionRow
from app.store.views import Json, LinkedAnalysis

ENTITY_KEYS = ("people", "organizations", "places", "groups")
_LONGEST_NAME = 200
NameKey = tuple[str, str, str]


@dataclass(slots=True)
class Shared:
    """What one story holds of the shared rows: its entities and issues, and the names it gives the entities."""

    entities: dict[str, Mapping[str, Any]] = field(default_factory=dict)
    names: set[NameKey] = field(default_factory=set)
    labels: dict[str, str] = field(default_factory=dict)
    stances: Counter[str] = field(default_factory=Counter)

    def add_entity(self, entity_id: str, kind: str, key: str, name: str, aliases: Iterable[str]) -> None:
        """Add one entity under its names."""
        self.entities[entity_id] = {"type": kind, "key": key, "name": name[:_LONGEST_NAME]}
        forms = [("name", name), *(("alias", a) for a in aliases), *name_forms(name)]
        self.names.update((entity_id, form_kind, form[:_LONGEST_NAME]) for form_kind, form in forms)

    def add_stances(self, label: str, number: int = 1) -> None:
        """Add stances on one issue."""
        self.labels.setdefault(issue_id(label), label)
        self.stances[issue_id(label)] += number


def shared_of_analysis(document: Json, linked: LinkedAnalysis) -> Shared:
    """Return what a serialised analysis will hold of the shared rows."""
    keys = {e.id: e.key for e in linked.entities.values()}
    shared = Shared()
    for entity in (e for key in ENTITY_KEYS for e in document[key]):
        shared.add_entity(entity["id"], entity["type"], keys[entity["id"]], entity["name"], entity["aliases"])
    for stance in linked.analysis.stances:
        shared.add_stances(stance.issue)
    return shared


def shared_of_article(session: Session, article_id: str) -> Shared:
    """Return what a stored article holds of the shared rows."""
    shared = Shared()
    found = select(EntityRow.id, EntityRow.type, EntityRow.key, AppearanceRow.name, AppearanceRow.aliases)
    found = found.join(AppearanceRow, AppearanceRow.entity_id == EntityRow.id)
    for row in session.execute(found.where(AppearanceRow.article_id == article_id)):
        shared.add_entity(*row)
    stances = select(IssueRow.label, func.count()).join(PositionRow, PositionRow.issue_id == IssueRow.id)
    for label, number in session.execute(stances.where(PositionRow.article_id == article_id).group_by(IssueRow.label)):
        shared.add_stances(label, number)
    return shared


def apply_changes(session: Session, old: Shared, new: Shared) -> None:
    """Change the shared rows from what a story held to what it holds; rows that come to nothing stay until pruned."""
    names = {n: (n in new.names) - (n in old.names) for n in old.names ^ new.names}
    entities = {e: (e in new.entities) - (e in old.entities) for e in old.entities.keys() ^ new.entities.keys()}
    # An entity whose names change is locked with the others, in their order, before its name is set below.
    touched = sorted({*entities, *(entity for entity, _, _ in names)})
    known = {**old.entities, **new.entities}
    _count(
        session,
        EntityRow,
        ("id",),
        "articles",
        [
            {"id": e, **known[e], "folded": folded(known[e]["name"]), "identifiers": [], "articles": entities.get(e, 0)}
            for e in touched
        ],
    )
    _count(
        session,
        EntityNameRow,
        ("entity_id", "kind", "name"),
        "articles",
        [
            {"entity_id": e, "kind": kind, "name": name, "folded": folded(name), "articles": names[e, kind, name]}
            for e, kind, name in sorted(names)
        ],
    )
    _set_names(session, touched)
    labels = {**old.labels, **new.labels}
    changed = {i: new.stances[i] - old.stances[i] for i in labels if new.stances[i] != old.stances[i]}
    _count(
        session,
        IssueRow,
        ("id",),
        "positions",
        [{"id": i, "label": labels[i], "folded": folded(labels[i]), "positions": changed[i]} for i in sorted(changed)],
    )


def prune(session: Session, old: Shared) -> None:
    """Delete the shared rows that a story held and no story holds any more; its own rows are gone by now."""
    for ids in _chunks(sorted(old.entities)):
        session.execute(delete(EntityNameRow).where(EntityNameRow.entity_id.in_(ids), EntityNameRow.articles <= 0))
        session.execute(delete(EntityRow).where(EntityRow.id.in_(ids), EntityRow.articles <= 0))
    for ids in _chunks(sorted(old.labels)):
        session.execute(delete(IssueRow).where(IssueRow.id.in_(ids), IssueRow.positions <= 0))


def insert_for(session: Session) -> Any:  # noqa: ANN401 (the two dialects' insert functions share no type)
    """Return the insert function of the session's database, which can say what to do on a conflict."""
    return sqlite.insert if session.get_bind().dialect.name == "sqlite" else postgresql.insert


def _count(session: Session, table: type[Base], key: tuple[str, ...], count: str, rows: list[dict[str, Any]]) -> None:
    if not rows:
        return
    statement = insert_for(session)(table)
    total = getattr(table, count) + statement.excluded[count]
    session.execute(statement.on_conflict_do_update(index_elements=key, set_={count: total}), rows)


def _set_names(session: Session, entities: list[str]) -> None:
    for ids in _chunks(entities):
        fullest = (
            select(EntityNameRow.name, EntityNameRow.folded)
            .where(EntityNameRow.entity_id == EntityRow.id, EntityNameRow.kind == "name", EntityNameRow.articles > 0)
            .order_by(EntityNameRow.articles.desc(), func.length(EntityNameRow.name).desc(), EntityNameRow.name)
            .limit(1)
        )
        values = {
            "name": fullest.with_only_columns(EntityNameRow.name).scalar_subquery(),
            "folded": fullest.with_only_columns(EntityNameRow.folded).scalar_subquery(),
        }
        named = update(EntityRow).where(EntityRow.id.in_(ids), EntityRow.articles > 0).values(values)
        session.execute(named, execution_options={"synchronize_session": False})


def _chunks(ids: list[str]) -> Iterable[list[str]]:
    return (ids[i : i + 500] for i in range(0, len(ids), 500))
