"""That no list, filter, facet or search scans a whole table: the plans of every statement that a route runs.

The routes and their parameters come from the OpenAPI document, so a new one is looked at too.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from random import Random
from typing import Any

import pytest
from fastapi import FastAPI
from sqlalchemy import event, text

from app.evaluation.bench.questions import Question, questions, samples_of
from app.store.made_stories import fill_store
from app.store.store import Store
from app.store.tables import Base
from tests.api.service import BRIDGE, FERRY, Service, client_of, make_service

STORIES, PEOPLE = 300, 200
SMALL = frozenset({"feeds", "webhooks", "reannotations", "workers", "api_keys", "keys"})
"""Tables that are read whole: they have as many rows as somebody made by hand."""
LAST = "\n\nFiled under {}."
NEWEST = re.compile(
    r"(\w+)\.seq IN \(SELECT \w+_search\.rowid \nFROM \w+ \nWHERE \(?\w+_search MATCH \?\)? ORDER BY \w+_search"
)
Steps = dict[str, list[str]]


async def filled(url: str) -> FastAPI:
    """Return the service on a store of some stories."""
    app = make_service(url, cache_bytes=0)
    async with client_of(app) as client:
        service = Service(app, client)
        for story, last in ((BRIDGE, "abcdefghi"), (FERRY, "bcdefghij")):
            await service.add(story + LAST.format(last), source="Sample", section="Sample", language="en")
    store: Store = app.state.parts.store
    fill_store(store, STORIES, PEOPLE, Random(3), lambda _done, _what: None)
    if store.engine.dialect.name == "postgresql":
        with store.writing() as session:
            session.execute(text("ANALYZE"))
    return app


async def asked(app: FastAPI) -> list[Question]:
    """Return every question, about what is in the store."""
    async with client_of(app) as client:

        async def ask(path: str) -> Any:  # noqa: ANN401 (a JSON value)
            return (await client.get(path)).json()

        samples = await samples_of(ask)
        return list(questions(app.openapi(), samples, variants=1))


async def statements(app: FastAPI) -> dict[str, tuple[str, Any]]:
    """Return the statements that all questions run, each once, with the first question that runs it."""
    found: dict[str, tuple[str, Any]] = {}
    running = ""

    def note(_connection: Any, _cursor: Any, statement: str, values: Any, *_: Any) -> None:  # noqa: ANN401
        if statement.startswith(("SELECT", "WITH")):
            found.setdefault(statement, (running, values))

    store: Store = app.state.parts.store
    event.listen(store.engine, "before_cursor_execute", note)
    async with client_of(app) as client:
        for question in await asked(app):
            running = question.name
            answer = await client.get(question.paths[0])
            assert answer.status_code == 200, (question, answer.text)
    event.remove(store.engine, "before_cursor_execute", note)
    return found


def sqlite_scans(store: Store, found: dict[str, tuple[str, Any]]) -> Steps:
    """Return the steps that read a whole table, by question."""
    scans: Steps = {}
    with store.reading() as session:
        for statement, (name, values) in found.items():
            rows = session.connection().exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", values)
            steps = [row[3] for row in rows]
            # The newest that hold the words are few: they lead to their rows, not the other way round.
            newest = [found[1] for found in NEWEST.finditer(statement)]
            scans_of = [
                t for t in newest if not any(s.startswith(f"SEARCH {t} USING INTEGER PRIMARY KEY") for s in steps)
            ]
            if scans_of:
                scans.setdefault(name, []).append(f"{steps} -- {statement}")
            for step in steps:
                words = step.split()
                # Along an index, or the table by its row number, in order and to the end of a page.
                in_order = "INDEX" in words or re.search(rf"ORDER BY {words[1]}\.(seq|position)\b", statement)
                walks = bool(in_order) and "LIMIT" in statement
                if words[0] == "SCAN" and words[1] in Base.metadata.tables and words[1] not in SMALL and not walks:
                    scans.setdefault(name, []).append(f"{step} -- {statement}")
    return scans


def postgres_scans(store: Store, found: dict[str, tuple[str, Any]]) -> Steps:
    """Return the steps that would read a whole table where it is large, by question."""
    scans: Steps = {}
    with store.reading() as session:
        connection = session.connection()
        # What a planner may choose for a few rows only: it is asked what it would do where there are very many.
        for step in ("seqscan", "sort", "hashjoin", "mergejoin", "bitmapscan"):
            connection.exec_driver_sql(f"SET enable_{step} = off")
        for statement, (name, values) in found.items():
            plan = connection.exec_driver_sql(f"EXPLAIN (FORMAT JSON) {statement}", values).scalar_one()
            for node in whole(plan[0]["Plan"], stops=False):
                if node["Relation Name"] not in SMALL:
                    step = f"{node['Node Type']} on {node['Relation Name']}"
                    scans.setdefault(name, []).append(f"{step} -- {statement}")
    return scans


def whole(plan: dict[str, Any], *, stops: bool) -> Iterator[dict[str, Any]]:
    """Yield the steps of a plan that read a whole table: without a condition, and with nothing that ``stops`` them."""
    kind = plan["Node Type"]
    if kind == "Seq Scan" or (kind in ("Index Scan", "Index Only Scan") and "Index Cond" not in plan and not stops):
        yield plan
    passes = kind in ("Limit", "Nested Loop", "Merge Join", "Incremental Sort", "Subquery Scan", "LockRows", "Unique")
    for place, part in enumerate(plan.get("Plans", ())):
        outer = place == 0 or kind == "Merge Join"
        yield from whole(part, stops=kind == "Limit" or (stops and passes and outer))


@pytest.mark.anyio
async def test_no_question_scans_a_table_of_sqlite(sqlite_url: str) -> None:
    app = await filled(sqlite_url)
    store: Store = app.state.parts.store
    found = await statements(app)
    assert len(found) > 100
    assert sqlite_scans(store, found) == {}
    store.close()


@pytest.mark.anyio
async def test_no_question_scans_a_table_of_postgresql(postgres_url: str) -> None:
    app = await filled(postgres_url)
    store: Store = app.state.parts.store
    found = await statements(app)
    assert len(found) > 100
    assert postgres_scans(store, found) == {}
    store.close()


def test_a_scan_would_be_seen(store: Store) -> None:
    is_sqlite = store.engine.dialect.name == "sqlite"
    bare = {"SELECT count(*) FROM quotes WHERE method = 'x'": ("made up", ())}
    assert list((sqlite_scans if is_sqlite else postgres_scans)(store, bare)) == ["made up"]


@pytest.mark.anyio
async def test_a_parameter_that_nothing_is_known_of_is_told(app: FastAPI) -> None:
    document = {"paths": {"/quotes": {"get": {"parameters": [{"in": "query", "name": "mood", "schema": {}}]}}}}
    with pytest.raises(LookupError):
        list(questions(document, {}))
