"""Names as they are being typed: who has a name of which a word begins so, those that stories are most about first.

Both ways to look are bounded. What few names begin with is found by the index of names, whole. What many begin with,
such as one letter, is looked for among those that stories are most about, along their index.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import exists, func, select
from sqlalchemy.orm import Session

from app.domain.annotation import EntityType
from app.store.entities import entities_by_id
from app.store.folding import folded
from app.store.issues import LAST
from app.store.rows import read_rows
from app.store.tables import EntityNameRow, EntityRow
from app.store.views import EntityView

FEW = 500
"""Names that one beginning may have for all of them to be looked at."""
FOREMOST = 500
"""Entities of each kind that are looked at, at most, when there are more."""


@dataclass(frozen=True, slots=True)
class Suggestion:
    """Somebody with a name that begins so, and that name."""

    entity: EntityView
    match: str


def suggestions(session: Session, start: str, kinds: Sequence[EntityType], limit: int) -> tuple[Suggestion, ...]:
    """Return who has a name in which ``start`` begins a word, at most ``limit``.

    Case, accents and punctuation do not count.
    """
    return suggestions_of(session, start, (kinds,), limit)[0]


def suggestions_of(
    session: Session, start: str, groups: Sequence[Sequence[EntityType]], limit: int
) -> list[tuple[Suggestion, ...]]:
    """Return the suggestions of each group of types, all looked for at once."""
    begins = folded(start)
    within = (EntityNameRow.folded >= begins, EntityNameRow.folded < begins + LAST)
    few = select(EntityNameRow.entity_id).where(*within).order_by(EntityNameRow.folded).limit(FEW + 1)
    found = [row.entity_id for row in read_rows(session, few)]
    query = select(EntityRow.id).order_by(EntityRow.weight.desc(), EntityRow.id.desc()).limit(limit)
    chosen: list[list[str]] = []
    for kinds in groups:
        if not found:
            chosen.append([])
        elif len(found) <= FEW:
            of_kinds = query.where(EntityRow.id.in_(set(found)), EntityRow.type.in_(kinds))
            chosen.append([row.id for row in read_rows(session, of_kinds)])
        else:
            chosen.append(_foremost(session, begins, kinds, limit))
    ids = [key for keys in chosen for key in keys]
    entities = entities_by_id(session, ids) if ids else {}
    names = _names(session, ids, begins) if ids else {}
    return [tuple(Suggestion(entities[key], names.get(key, entities[key].name)) for key in keys) for keys in chosen]


def known_as(session: Session, name: str, limit: int) -> tuple[EntityView, ...]:
    """Return whom a name fits, at most ``limit``: a whole name, one without its initials, or the end of one ("Gates").

    Those that stories are most about come first. Case, accents and punctuation do not count.
    """
    named = select(EntityNameRow.entity_id).where(EntityNameRow.folded == folded(name)).limit(FEW)
    query = select(EntityRow.id).where(EntityRow.id.in_(named))
    ids = session.scalars(query.order_by(EntityRow.weight.desc(), EntityRow.id.desc()).limit(limit)).all()
    entities = entities_by_id(session, ids)
    return tuple(entities[key] for key in ids)


def _foremost(session: Session, begins: str, kinds: Sequence[EntityType], limit: int) -> list[str]:
    found: list[tuple[int, str]] = []
    for kind in kinds:
        top = (
            select(EntityRow.id, EntityRow.weight)
            .where(EntityRow.type == kind)
            .order_by(EntityRow.weight.desc(), EntityRow.id.desc())
            .limit(FOREMOST)
            .subquery()
        )
        named = exists().where(
            EntityNameRow.entity_id == top.c.id, EntityNameRow.folded >= begins, EntityNameRow.folded < begins + LAST
        )
        query = select(top.c.weight, top.c.id).where(named).order_by(top.c.weight.desc(), top.c.id.desc())
        found += [(weight, key) for weight, key in session.execute(query.limit(limit))]
    return [key for _, key in sorted(found, reverse=True)[:limit]]


def _names(session: Session, ids: Sequence[str], begins: str) -> dict[str, str]:
    """Return which whole name of each begins so, where one does: the most used one, of equals the shortest."""
    query = (
        select(EntityNameRow.entity_id, EntityNameRow.name)
        .where(
            EntityNameRow.entity_id.in_(ids),
            EntityNameRow.kind.in_(("name", "alias")),
            EntityNameRow.folded >= begins,
            EntityNameRow.folded < begins + LAST,
        )
        .order_by(EntityNameRow.articles, func.length(EntityNameRow.name).desc(), EntityNameRow.name.desc())
    )
    return {key: name for key, name in session.execute(query)}  # noqa: C416 (a row is no pair to a type checker)
