"""Full text over articles, quotes and positions: what is asked for, what is found, and that it follows changes."""

from __future__ import annotations

import pytest
from sqlalchemy import text

from app.store import walks
from app.store.articles import add_article, add_revision, articles, remove_article
from app.store.filters import ArticleFilter, PositionFilter, QuoteFilter
from app.store.paging import PageRequest
from app.store.positions import positions
from app.store.quotes import quotes
from app.store.search import terms_of
from app.store.store import Store, open_store
from tests.store.stories import BASES, COUNCIL, Story, linked, numbered, received

TEXT = "Café owners in São Paulo won't sign the “harbor bases” deal; U.S. officials were signing it. Łódź 2024 שלום"


def put(store: Store, story: Story, **metadata: object) -> str:
    with store.writing() as session:
        return add_article(session, received(story, **metadata), linked(story))[0].id


def found(store: Store, query: str) -> set[str]:
    with store.reading() as session:
        return {a.id for a in articles(session, ArticleFilter(q=query), PageRequest()).items}


@pytest.mark.parametrize(
    "query",
    [
        "harbor",
        "HARBOR deals",
        "signed",
        '"harbor bases"',
        '"bases deal" harbor',
        "cafe",
        "café",
        "cafe\u0301",
        "sao paulo",
        "2024",
        "שלום",
        "harbor -",
        "harbor ' ; *",
        "(harbor)",
        "harbor\nbases",
        "bases harbor",
        'harbor "',
    ],
)
def test_words_and_phrases_are_found(store: Store, query: str) -> None:
    article_id = put(store, Story(TEXT))
    put(store, BASES if "harbor" not in query.lower() and query != "signed" else Story("Nothing of the kind."))
    assert found(store, query) == {article_id}


@pytest.mark.parametrize("query", ["", " ", '"', '""', "*", "- ( )", "harbor nowhere", '"bases harbor"', "harb", "NOT"])
def test_what_is_not_there_is_not_found(store: Store, query: str) -> None:
    put(store, Story(TEXT))
    assert found(store, query) == set()


@pytest.mark.parametrize(
    "query", ["OR", "harbor OR nowhere", "NEAR(harbor bases)", "title: harbor", "harbor*zzz", "a:b"]
)
def test_no_word_of_a_query_is_a_command(store: Store, query: str) -> None:
    put(store, Story("Quiet."))
    assert found(store, query) == set()


def test_the_headline_is_searched_with_the_text(store: Store) -> None:
    article_id = put(store, COUNCIL, title="Elsewhere")
    assert found(store, "elsewhere council") == {article_id}


def test_only_the_current_text_is_found(store: Store) -> None:
    article_id = put(store, BASES)
    with store.writing() as session:
        add_revision(session, article_id, received(COUNCIL), linked(COUNCIL))
    assert found(store, "Varna") == set()
    assert found(store, "director") == {article_id}
    with store.writing() as session:
        remove_article(session, article_id)
    assert found(store, "director") == set()


def test_the_index_of_sqlite_agrees_with_its_tables_after_changes(sqlite_url: str) -> None:
    store = open_store(sqlite_url)
    article_id = put(store, BASES)
    gone = put(store, Story(TEXT))
    with store.writing() as session:
        add_revision(session, article_id, received(COUNCIL), linked(COUNCIL))
        add_revision(session, article_id, received(COUNCIL, title="Other"), linked(COUNCIL))
        remove_article(session, gone)
    with store.writing() as session:
        for index in ("quotes_search", "positions_search"):
            check = f"INSERT INTO {index}({index}, rank) VALUES ('integrity-check', 1)"
            session.execute(text(check))
        # Only current revisions are indexed, so the check against the table does not hold; a count does.
        session.execute(text("INSERT INTO revisions_search(revisions_search) VALUES ('integrity-check')"))
        assert session.scalar(text("SELECT count(*) FROM revisions_search_docsize")) == 1
    store.close()


@pytest.mark.parametrize("piece", ["\u4e00 ", "\ufdfa ", "ab ", "\U0001f600", "x"])
def test_a_text_of_a_megabyte_is_stored_and_searched(store: Store, piece: str) -> None:
    size = 1_000_000 // len(piece.encode())
    text = "harbor " + (piece * size)[: 1_000_000 - 10]
    article_id = put(store, Story(text))
    assert found(store, "harbor") == {article_id}


def test_a_text_of_as_many_different_words_as_fit_is_stored(store: Store) -> None:
    words = (chr(0x10000 + i) if i < 0x800 else chr(0x20000 + i) for i in range(0xA000))
    article_id = put(store, Story("harbor " + " ".join(words) + "".join(f" {i:x}" for i in range(60_000))))
    assert found(store, "harbor") == {article_id}


def test_terms_are_words_and_phrases() -> None:
    assert terms_of('one "two three"  four" - ""') == ("one", "two three", "four")
    assert terms_of("a\0b\u202ec") == ("a", "b", "c")


@pytest.mark.parametrize("query", ["cooperation", "missile", '"missile defense"', '"well known"', "cooper"])
@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_words_that_a_column_broke_are_found_whole_and_as_they_stand(store: Store, query: str, end: str) -> None:
    text = f"Talks on cooper-{end}ation over mis-{end}sile defense, said a well-{end}known envoy."
    article_id = put(store, Story(text))
    put(store, COUNCIL)
    assert found(store, query) == {article_id}
    with store.writing() as session:
        add_revision(session, article_id, received(BASES), linked(BASES))
    assert found(store, query) == set()


def test_rare_words_are_found_however_many_stories_came_after(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(walks, "STRETCH", 1)
    article_id = put(store, BASES, source="A")
    for i in range(5):
        put(store, numbered(i), source="A")
    with store.reading() as session:
        for narrowed in (ArticleFilter(q="Varna"), ArticleFilter(q="Varna", source="A", sort="published")):
            assert [a.id for a in articles(session, narrowed, PageRequest()).items] == [article_id]
        assert [q.article_id for q in quotes(session, QuoteFilter(q="sign"), PageRequest()).items] == [article_id]
        titled = positions(session, PositionFilter(title="defense minister"), PageRequest())
        assert [p.article_id for p in titled.items] == [article_id]
        assert titled.next is None
