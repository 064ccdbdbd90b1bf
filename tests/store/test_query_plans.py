"""That lists walk an index, on SQLite and on PostgreSQL: no table is scanned, and no list is sorted whole."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest
from sqlalchemy import event, text
from sqlalchemy.orm import Session

from app.store import suggestions as suggesting
from app.store.articles import add_article, analysis_of, article, articles, relevant_articles, text_of
from app.store.entities import entities, entity
from app.store.filters import ArticleFilter, EntityFilter, IssueFilter, PositionFilter, QuoteFilter
from app.store.highlights import highlights
from app.store.issues import issues, issues_of_words
from app.store.paging import PageRequest, encode_cursor
from app.store.positions import positions
from app.store.quotes import quote, quotes
from app.store.review_views import ReviewFilter
from app.store.search import Wanted
from app.store.store import open_store
from app.store.suggestions import known_as, suggestions
from app.store.tables import Base
from app.store.waiting import waiting
from tests.store.stories import linked, numbered, received

DAY = datetime(2024, 1, 1, tzinfo=UTC)
FIRST = PageRequest(1)
READS: dict[str, Callable[[Session, str, PageRequest], Any]] = {
    "an article": lambda s, i, _: article(s, i),
    "an analysis": lambda s, i, _: analysis_of(s, i),
    "an older analysis": lambda s, i, _: analysis_of(s, i, 1),
    "a text": lambda s, i, _: text_of(s, i),
    "articles": lambda s, _, p: articles(s, ArticleFilter(), p),
    "articles by source": lambda s, _, p: articles(s, ArticleFilter(source="x"), p),
    "articles by date": lambda s, _, p: articles(s, ArticleFilter(sort="-published"), p),
    "articles of a day": lambda s, _, p: articles(
        s, ArticleFilter(sort="-published", published_from=DAY, published_to=DAY), p
    ),
    "articles of an entity": lambda s, _, p: articles(s, ArticleFilter(mentions=("x",)), p),
    "quotes": lambda s, _, p: quotes(s, QuoteFilter(), p),
    "quotes of an article": lambda s, i, p: quotes(s, QuoteFilter(article_id=i), p),
    "quotes of a speaker": lambda s, _, p: quotes(s, QuoteFilter(speaker_id="x"), p),
    "quotes of a type": lambda s, _, p: quotes(s, QuoteFilter(type="direct"), p),
    "quotes by review": lambda s, _, p: quotes(s, QuoteFilter(review="corrected"), p),
    "quotes by confidence": lambda s, _, p: quotes(s, QuoteFilter(confidence=0.5), p),
    "positions": lambda s, _, p: positions(s, PositionFilter(), p),
    "positions of a kind": lambda s, _, p: positions(s, PositionFilter(kind="office"), p),
    "positions by review": lambda s, _, p: positions(s, PositionFilter(review="corrected"), p),
    "positions of a holder": lambda s, _, p: positions(s, PositionFilter(holder_id="x"), p),
    "positions at an organization": lambda s, _, p: positions(s, PositionFilter(organization_id="x"), p),
    "positions of a country": lambda s, _, p: positions(s, PositionFilter(country="Russia"), p),
    "positions of a reporter": lambda s, _, p: positions(s, PositionFilter(reporter_id="x"), p),
    "positions of a day": lambda s, _, p: positions(s, PositionFilter(published_from=DAY, published_to=DAY), p),
    "positions on an issue": lambda s, _, p: positions(s, PositionFilter(issue_id="x"), p),
    "people": lambda s, _, p: entities(s, EntityFilter(type="person"), p),
    "entities": lambda s, _, p: entities(s, EntityFilter(), p),
    "entities of a country": lambda s, _, p: entities(s, EntityFilter(country="Russia"), p),
    "issues by side": lambda s, _, p: issues(s, IssueFilter(polarity="opposes"), p),
    "issues": lambda s, _, p: issues(s, IssueFilter(), p),
    "issues by prefix": lambda s, _, p: issues(s, IssueFilter(prefix="x"), p),
}
# What narrows these to few rows comes first; those few are sorted.
SORTED: dict[str, Callable[[Session, str, PageRequest], Any]] = {
    "articles by words": lambda s, _, p: articles(s, ArticleFilter(q="x"), p),
    "quotes by words": lambda s, _, p: quotes(s, QuoteFilter(q="x"), p),
    "positions by title": lambda s, _, p: positions(s, PositionFilter(title="x"), p),
    "positions of an entity": lambda s, _, p: positions(s, PositionFilter(entity_id="x"), p),
    "people by prefix": lambda s, _, p: entities(s, EntityFilter(type="person", prefix="x"), p),
    "people by name": lambda s, _, p: entities(s, EntityFilter(type="person", name="x"), p),
    "people by title": lambda s, _, p: entities(s, EntityFilter(type="person", title="x"), p),
    "entities of an article": lambda s, i, p: entities(s, EntityFilter(article_id=i), p),
    "quotes about something": lambda s, _, p: quotes(s, QuoteFilter(about="x"), p),
    "quotes of a speaker about something": lambda s, _, p: quotes(s, QuoteFilter(about="x", speaker_id="x"), p),
    "quotes of several speakers": lambda s, _, p: quotes(s, QuoteFilter(speakers=("x", "y")), p),
    "quotes by relevance": lambda s, _, p: quotes(s, QuoteFilter(about="x", q="y", relevance=True), p),
    "quotes of speakers by relevance": lambda s, _, p: quotes(
        s, QuoteFilter(about="x", relevance=True, speakers=("x", "y")), p
    ),
    "quotes of a source by relevance": lambda s, _, p: quotes(s, QuoteFilter(q="x", relevance=True, source="x"), p),
    "where quotes hold words": lambda s, _, _p: highlights(
        s, [q.document for q in quotes(s, QuoteFilter(), PageRequest()).items], Wanted(about="x")
    ),
    "articles by relevance": lambda s, _, _p: relevant_articles(s, "x", 1),
    "issues of words": lambda s, _, _p: issues_of_words(s, "x", 1),
    "names that few begin with": lambda s, _, _p: suggestions(s, "a", ("person", "organization"), 1),
    "whom a name fits": lambda s, _, _p: known_as(s, "silva", 1),
    "issues of an article": lambda s, i, p: issues(s, IssueFilter(article_id=i), p),
}


def plans(url: str, read: Callable[[Session, str, PageRequest], Any], page: PageRequest) -> list[str]:
    """Return the steps of every statement that ``read`` runs."""
    store = open_store(url)
    with store.writing() as session:
        add_article(session, received(numbered(0), source="x"), linked(numbered(0)))
        found, _ = add_article(session, received(numbered(1), source="x"), linked(numbered(1)))
    asked: list[tuple[str, Any]] = []
    event.listen(store.engine, "before_cursor_execute", lambda _c, _u, s, values, *_: asked.append((s, values)))
    with store.reading() as session:
        read(session, found.id, page)
        selects = [(s, values) for s, values in asked if s.startswith("SELECT")]
        connection = session.connection()
        steps = [row[3] for s, v in selects for row in connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {s}", v)]
    store.close()
    assert steps
    return steps


def walks_a_table(step: str) -> bool:
    """Say whether a step reads a whole table: not one that walks an index in order and stops at the page's end."""
    words = step.split()
    return words[0] == "SCAN" and words[1] in Base.metadata.tables and "INDEX" not in words


def walks_an_index(step: str) -> bool:
    """Say whether a step reads an index from its start."""
    words = step.split()
    return words[0] == "SCAN" and words[1] in Base.metadata.tables


@pytest.mark.parametrize("name", READS | SORTED)
def test_nothing_scans_a_table(sqlite_url: str, name: str) -> None:
    assert not [s for s in plans(sqlite_url, (READS | SORTED)[name], FIRST) if walks_a_table(s)]


@pytest.mark.parametrize("name", READS)
def test_nothing_is_sorted_whole(sqlite_url: str, name: str) -> None:
    steps = plans(sqlite_url, READS[name], FIRST)
    # Within one story an order is sorted piece by piece ("... FOR LAST TERM"); names and offices of one page are put
    # in order once they are read.
    of_a_page = 2 if name in ("people", "entities", "entities of a country") else 0
    assert steps.count("USE TEMP B-TREE FOR ORDER BY") <= of_a_page


@pytest.mark.parametrize(
    "name", ["articles", "articles by date", "quotes", "positions", "entities", "issues", "people"]
)
def test_a_later_page_seeks_its_start(sqlite_url: str, name: str) -> None:
    store = open_store(sqlite_url)
    with store.writing() as session:
        for i in range(5, 8):
            add_article(session, received(numbered(i)), linked(numbered(i)))
    store.close()
    tags: dict[str, tuple[str | int, ...]] = {
        "articles": ("a",),
        "articles by date": (1, "a"),
        "quotes": ("a", 1),
        "positions": ("a", 1),
        "entities": ("a", "b"),
        "people": ("a", "b"),
        "issues": ("a", "b"),
    }
    cursor = encode_cursor("entities" if name == "people" else name, tags[name])
    steps = plans(sqlite_url, READS[name], PageRequest(1, cursor))
    assert not [s for s in steps if walks_an_index(s)]


def test_what_waits_is_found_by_its_story_or_kind(sqlite_url: str) -> None:
    of_story = plans(sqlite_url, lambda s, i, p: waiting(s, ReviewFilter(article_id=i), p), FIRST)
    of_kind = plans(sqlite_url, lambda s, _, p: waiting(s, ReviewFilter(kind="office"), p), FIRST)
    assert [s.endswith("(article_id=?)") for s in of_story if s.startswith("SEARCH")] == [True, True]
    assert any(s.endswith("ix_positions_review_kind_review_rank_id (review=? AND kind=?)") for s in of_kind)


def test_a_scan_would_be_seen(sqlite_url: str) -> None:
    steps = plans(sqlite_url, lambda s, _i, _p: s.execute(text("SELECT * FROM quotes WHERE method = 'x'")), FIRST)
    assert any(walks_a_table(s) for s in steps)


def postgres_plans(url: str, read: Callable[[Session, str, PageRequest], Any]) -> list[dict[str, Any]]:
    """Return the steps of every statement that ``read`` runs, as they are where a table is too large to be scanned."""
    store = open_store(url)
    with store.writing() as session:
        add_article(session, received(numbered(0), source="x"), linked(numbered(0)))
        found, _ = add_article(session, received(numbered(1), source="x"), linked(numbered(1)))
    asked: list[tuple[str, Any]] = []
    event.listen(store.engine, "before_cursor_execute", lambda _c, _u, s, values, *_: asked.append((s, values)))
    steps: list[dict[str, Any]] = []
    with store.reading() as session:
        read(session, found.id, FIRST)
        connection = session.connection()
        for setting in ("enable_seqscan", "enable_sort", "enable_bitmapscan"):
            connection.exec_driver_sql(f"SET {setting} = off")
        for statement, values in [(s, v) for s, v in asked if s.startswith("SELECT")]:
            plan = connection.exec_driver_sql(f"EXPLAIN (FORMAT JSON) {statement}", values).scalar_one()
            steps += _nodes(plan[0]["Plan"])
    store.close()
    assert steps
    return steps


def _nodes(plan: dict[str, Any]) -> list[dict[str, Any]]:
    return [plan, *(node for part in plan.get("Plans", ()) for node in _nodes(part))]


@pytest.mark.parametrize("name", READS | SORTED)
def test_nothing_scans_a_table_of_postgresql(postgres_url: str, name: str) -> None:
    steps = postgres_plans(postgres_url, (READS | SORTED)[name])
    assert [s["Relation Name"] for s in steps if s["Node Type"] == "Seq Scan"] == []


@pytest.mark.parametrize("name", READS)
def test_nothing_is_sorted_whole_by_postgresql(postgres_url: str, name: str) -> None:
    steps = postgres_plans(postgres_url, READS[name])
    of_a_page = 2 if name in ("people", "entities", "entities of a country") else 0
    assert [s["Node Type"] for s in steps].count("Sort") <= of_a_page


def test_a_scan_of_postgresql_would_be_seen(postgres_url: str) -> None:
    steps = postgres_plans(postgres_url, lambda s, _i, _p: s.execute(text("SELECT * FROM quotes WHERE method = 'x'")))
    assert "Seq Scan" in {s["Node Type"] for s in steps}


@pytest.mark.parametrize("database", ["sqlite_url", "postgres_url"])
def test_names_that_many_begin_with_are_looked_for_among_the_foremost(
    request: pytest.FixtureRequest, database: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(suggesting, "FEW", 0)
    url = request.getfixturevalue(database)

    def read(session: Session, _id: str, _page: PageRequest) -> None:
        found = suggestions(session, "s", ("person", "organization"), 5)
        assert [s.entity.name for s in found] == ["Ana Silva"]

    if database == "sqlite_url":
        assert not [s for s in plans(url, read, FIRST) if walks_a_table(s)]
    else:
        assert "Seq Scan" not in {s["Node Type"] for s in postgres_plans(url, read)}


def test_single_reads_scan_nothing(sqlite_url: str) -> None:
    for read in (lambda s, i, _p: quote(s, _known(s, i)), lambda s, i, _p: entity(s, _entity(s, i))):
        assert not [s for s in plans(sqlite_url, read, FIRST) if walks_a_table(s)]


def _known(session: Session, article_id: str) -> str:
    return str(analysis_of(session, article_id)["quotes"][0]["id"])


def _entity(session: Session, article_id: str) -> str:
    return str(analysis_of(session, article_id)["people"][0]["id"])
