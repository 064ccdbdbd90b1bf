"""Rows of made-up stories in bulk, as many as a benchmark needs: articles, entities, names, keys, appearances."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta

from sqlalchemy import insert, text
from sqlalchemy.orm import Session

from app.knowledge.link import id_of
from app.knowledge.names import normal_name
from app.knowledge.profiles import keys_of
from app.store.changes import insert_for
from app.store.folding import folded
from app.store.knowledge_tables import EntityContextRow, EntityKeyRow
from app.store.tables import AppearanceRow, ArticleRow, EntityNameRow, EntityRow

_TOGETHER = 5_000
_EACH = 3  # people in a story
_FIRST = datetime(2020, 1, 1, tzinfo=UTC)


def add_rows(session: Session, first: int, last: int, people: Mapping[str, str]) -> None:
    """Add stories number ``first`` to ``last`` (exclusive), each about a few of ``people``, without texts.

    ``people`` are names, each with the id of the authority's entry that the person is.
    """
    entities = [id_of("person", f"person:{normal_name(name, 'person')}") for name in people]
    if first == 0:
        _add_entities(session, dict(zip(people, entities, strict=True)), people)
    for start in range(first, last, _TOGETHER):
        numbers = range(start, min(last, start + _TOGETHER))
        session.execute(insert(ArticleRow), [_article(number) for number in numbers])
        rows = {
            (f"made{number:012}", entities[(number * 7 + i * 13) % len(people)])
            for number in numbers
            for i in range(_EACH)
        }
        session.execute(
            insert(AppearanceRow),
            [
                {"article_id": a, "entity_id": e, "name": "x", "aliases": [], "prominence": 0.2, "dated_at": _FIRST}
                for a, e in sorted(rows)
            ],
        )
    if session.get_bind().dialect.name == "postgresql":
        session.execute(text("ANALYZE"))  # what autovacuum does within minutes


def _add_entities(session: Session, entities: Mapping[str, str], identities: Mapping[str, str]) -> None:
    ignore = insert_for(session)
    rows = [
        {
            "id": key,
            "type": "person",
            "key": name,
            "name": name,
            "folded": folded(name),
            "articles": 10,
            "identifiers": [],
            "identity_id": identities[name],
        }
        for name, key in entities.items()
    ]
    session.execute(ignore(EntityRow).on_conflict_do_nothing(), rows)
    forms = [
        {"entity_id": key, "kind": "name", "name": name, "folded": folded(name), "articles": 10}
        for name, key in entities.items()
    ]
    session.execute(ignore(EntityNameRow).on_conflict_do_nothing(), forms)
    keys = [{"key": k, "entity_id": key} for name, key in entities.items() for k in sorted(keys_of("person", [name]))]
    session.execute(ignore(EntityKeyRow).on_conflict_do_nothing(), keys)
    contexts = [
        {"entity_id": key, "kind": kind, "value": value, "articles": 5}
        for key in entities.values()
        for kind, value in (("title", "minister"), ("country", "Kenya"))
    ]
    session.execute(ignore(EntityContextRow).on_conflict_do_nothing(), contexts)


def _article(number: int) -> dict[str, object]:
    moment = _FIRST + timedelta(minutes=number)
    return {
        "id": f"made{number:012}",
        "revision": 1,
        "sha256": f"{number:064}",
        "length": 1,
        "authors": [],
        "dated_at": moment,
        "media_type": "text/plain",
        "head": {},
        "received_at": moment,
        "updated_at": moment,
    }
