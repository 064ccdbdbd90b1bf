"""Articles: stored once, revised, annotated again, removed with all that came of them."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone
from threading import Barrier
from typing import Any

import pytest
from sqlalchemy import event, func, select

from app.domain.span import Span
from app.errors import BrokenAnalysisError, ConflictError, NotFoundError, TooLargeError
from app.store.articles import (
    add_article,
    add_revision,
    add_run,
    analysis_of,
    article,
    article_by_external_id,
    article_by_text,
    articles,
    remove_article,
    revision_of,
    revisions,
    sha256_of,
    text_of,
)
from app.store.documents import serialise_analysis
from app.store.entities import entities
from app.store.filters import ArticleFilter, EntityFilter, IssueFilter, QuoteFilter
from app.store.issues import issues
from app.store.paging import PageRequest
from app.store.quotes import quotes
from app.store.runs import run, runs
from app.store.store import Store, open_store
from app.store.tables import Base
from app.store.views import Counts, LinkedAnalysis, ReceivedArticle
from tests.store.stories import BASES, COUNCIL, PIPELINE, STARTED, Story, document, linked, numbered, received

ALL = PageRequest()


def put(store: Store, story: Story, **metadata: object) -> str:
    with store.writing() as session:
        found, created = add_article(session, received(story, **metadata), linked(story))
    assert created
    return found.id


def row_counts(store: Store) -> dict[str, int]:
    # What changed is told of what is gone too: that table only grows.
    tables = [table for table in Base.metadata.sorted_tables if table.name != "changes"]
    with store.reading() as session:
        return {t.name: session.scalar(select(func.count()).select_from(t)) or 0 for t in tables}


def test_what_comes_in_comes_out(store: Store) -> None:
    published = datetime(2024, 5, 6, 12, 30, tzinfo=timezone(timedelta(hours=2)))
    metadata = {
        "section": "World",
        "byline": "By A. Writer",
        "dateline": "VARNA",
        "authors": ("A. Writer", "B. Écrivain"),
        "source": "wire",
        "url": "https://example.org/1",
        "language": "en",
        "published_at": published,
        "external_id": "x-1",
        "media_type": "text/html",
    }
    article_id = put(store, BASES, **metadata)
    with store.reading() as session:
        found = article(session, article_id)
    assert {name: getattr(found, name) for name in metadata} == metadata
    assert found.published_at is not None
    assert found.published_at.tzinfo is UTC
    assert (found.title, found.head.title) == (BASES.title, Span(0, 17))
    assert (found.revision, found.length, found.sha256) == (1, len(BASES.text), sha256_of(BASES.text))
    assert found.received_at == found.updated_at
    assert found.received_at.tzinfo is UTC
    assert abs(found.received_at - datetime.now(UTC)) < timedelta(minutes=5)


def test_the_run_says_what_annotated_and_how_much_it_found(store: Store) -> None:
    article_id = put(store, BASES)
    with store.reading() as session:
        found = article(session, article_id).run
        assert run(session, found.id) == found
        assert runs(session, article_id) == (found,)
    assert (found.pipeline_version, found.weights) == (PIPELINE.version, PIPELINE.weights)
    assert (found.article_id, found.revision, found.started_at, found.seconds) == (article_id, 1, STARTED, 0.25)
    assert found.counts == Counts(people=1, organizations=1, places=1, quotes=2, positions=2)


def test_a_run_without_times_starts_when_it_is_stored(store: Store) -> None:
    with store.writing() as session:
        bare = replace(linked(BASES), started_at=None, seconds=None)
        found, _ = add_article(session, received(BASES), bare)
    assert found.run.started_at >= found.received_at
    assert found.run.seconds is None


@pytest.mark.parametrize(
    "text", ["a\r\nb\u00a0c", "e\u0301 \U0001f600 \u05e9\u05dc\u05d5\u05dd \ufeff \u2028", "\t'\"\\%_"]
)
def test_a_text_survives_to_the_byte(store: Store, text: str) -> None:
    article_id = put(store, Story(text))
    with store.reading() as session:
        assert text_of(session, article_id) == text


def test_the_analysis_is_stored_as_serialised(store: Store) -> None:
    article_id = put(store, BASES)
    with store.reading() as session:
        found = article(session, article_id)
        stored = analysis_of(session, article_id)
    assert stored == serialise_analysis(document(BASES), linked(BASES), article_id=article_id, run_id=found.run.id)


def test_the_same_text_again_is_the_article_that_is_stored(store: Store) -> None:
    article_id = put(store, BASES, source="wire")
    before = row_counts(store)
    with store.writing() as session:
        found, created = add_article(session, received(BASES, source="other"), linked(BASES))
    assert (found.id, found.source, created) == (article_id, "wire", False)
    assert row_counts(store) == before | {"sightings": 2}


def test_many_at_once_with_the_same_text_store_it_once(store: Store) -> None:
    together = Barrier(4)

    def add(_number: int) -> tuple[str, bool]:
        together.wait()
        with store.writing() as session:
            found, created = add_article(session, received(BASES), linked(BASES))
        return found.id, created

    with ThreadPoolExecutor(4) as pool:
        results = list(pool.map(add, range(4)))
    assert len({article_id for article_id, _ in results}) == 1
    assert sum(created for _, created in results) == 1


def test_a_text_that_goes_while_it_comes_in_again_is_stored_anew(postgres_url: str) -> None:
    store, other = open_store(postgres_url), open_store(postgres_url)
    first = put(store, BASES)
    gone: list[str] = []

    def remove(*event: object) -> None:
        if str(event[2]).startswith("INSERT INTO articles") and not gone:
            gone.append(first)
            with other.writing() as session:
                remove_article(session, first)

    event.listen(store.engine, "after_cursor_execute", remove)
    second = put(store, BASES)
    assert gone == [first]
    assert second != first
    assert row_counts(store)["articles"] == 1
    store.close()
    other.close()


def test_many_writers_of_the_same_people_do_not_block_each_other(store: Store) -> None:
    stories = [numbered(i) for i in range(16)]

    def write(story: Story) -> None:
        article_id = put(store, story)
        changed = replace(story, text=story.text + " Again.")
        with store.writing() as session:
            add_revision(session, article_id, received(changed), linked(changed))
        if int(article_id, 16) % 2:
            with store.writing() as session:
                remove_article(session, article_id)

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(write, stories))
    with store.reading() as session:
        left = articles(session, ArticleFilter(), ALL).items
        (silva,) = entities(session, EntityFilter(name="Ana Silva"), ALL).items or (None,)
    assert (silva.articles if silva else 0) == len(left)


def test_an_analysis_of_another_text_is_refused(store: Store) -> None:
    with pytest.raises(BrokenAnalysisError), store.writing() as session:
        add_article(session, received(BASES), linked(COUNCIL))
    article_id = put(store, BASES)
    with pytest.raises(BrokenAnalysisError), store.writing() as session:
        add_revision(session, article_id, received(numbered(1)), linked(COUNCIL))


def test_a_new_text_becomes_the_current_revision(store: Store) -> None:
    article_id = put(store, BASES, source="wire")
    with store.writing() as session:
        found = add_revision(session, article_id, received(COUNCIL, source="desk"), linked(COUNCIL))
    assert (found.id, found.revision, found.source) == (article_id, 2, "desk")
    assert found.updated_at > found.received_at
    with store.reading() as session:
        latest, first = revisions(session, article_id)
        assert (latest.number, latest.current, first.number, first.current) == (2, True, 1, False)
        assert (first.sha256, first.title, first.run.counts.quotes) == (sha256_of(BASES.text), BASES.title, 2)
        assert (revision_of(session, article_id), revision_of(session, article_id, 1)) == (latest, first)
        assert (text_of(session, article_id), text_of(session, article_id, 1)) == (COUNCIL.text, BASES.text)
        assert len(analysis_of(session, article_id)["quotes"]) == 1
        assert len(analysis_of(session, article_id, 1)["quotes"]) == 2
        assert [r.revision for r in runs(session, article_id)] == [2, 1]
        assert [q.text for q in quotes(session, QuoteFilter(), ALL).items] == ["They protect us"]
        assert [e.name for e in entities(session, EntityFilter(), ALL).items] == [
            "Coastal Council",
            "José Brandt",
            "Marta Oduya",
        ]
        assert article_by_text(session, sha256_of(BASES.text)) is None


def test_an_older_text_can_be_another_articles(store: Store) -> None:
    article_id = put(store, BASES)
    with store.writing() as session:
        add_revision(session, article_id, received(COUNCIL), linked(COUNCIL))
    other = put(store, BASES)
    with pytest.raises(ConflictError), store.writing() as session:
        add_revision(session, article_id, received(BASES), linked(BASES))
    with store.reading() as session:
        assert article(session, article_id).revision == 2
        assert {q.article_id for q in quotes(session, QuoteFilter(), ALL).items} == {article_id, other}


def test_the_same_text_in_a_revision_changes_only_the_metadata(store: Store) -> None:
    article_id = put(store, BASES, source="wire")
    before = row_counts(store)
    with store.writing() as session:
        found = add_revision(session, article_id, received(BASES, title="Talks begin"), linked(BASES))
    assert (found.revision, found.title, found.source) == (1, "Talks begin", None)
    assert row_counts(store) == before | {"sightings": 2}
    with store.reading() as session:
        assert articles(session, ArticleFilter(q="begin"), ALL).items == (found,)


def test_a_new_run_replaces_what_the_last_one_found(store: Store) -> None:
    article_id = put(store, BASES)
    made = linked(BASES)
    again = replace(made, analysis=replace(made.analysis, quotes=made.analysis.quotes[:1], stances=()))
    with store.writing() as session:
        found = add_run(session, article_id, again)
    assert (found.revision, found.run.counts.quotes, found.run.counts.positions) == (1, 1, 1)
    with store.reading() as session:
        assert analysis_of(session, article_id)["quotes"][0]["run_id"] == found.run.id
        assert len(runs(session, article_id)) == 2
        assert len(quotes(session, QuoteFilter(), ALL).items) == 1
        assert issues(session, IssueFilter(), ALL).items == ()


def test_a_run_over_a_text_that_has_changed_since_is_refused(store: Store) -> None:
    article_id = put(store, BASES)
    with pytest.raises(ConflictError), store.writing() as session:
        add_run(session, article_id, linked(COUNCIL))


def test_all_of_an_article_goes_with_it_and_what_others_share_stays(store: Store) -> None:
    article_id = put(store, BASES)
    alone = row_counts(store)
    other = put(store, COUNCIL)
    with store.writing() as session:
        remove_article(session, other)
    assert row_counts(store) == alone
    with store.reading() as session:
        (oduya,) = entities(session, EntityFilter(name="Marta Oduya"), ALL).items
    assert (oduya.name, oduya.articles) == ("Marta K. Oduya", 1)
    with store.writing() as session:
        remove_article(session, article_id)
    assert set(row_counts(store).values()) == {0}


def test_an_article_with_revisions_goes_whole(store: Store) -> None:
    article_id = put(store, BASES)
    with store.writing() as session:
        add_revision(session, article_id, received(COUNCIL), linked(COUNCIL))
    with store.writing() as session:
        remove_article(session, article_id)
    assert set(row_counts(store).values()) == {0}


@pytest.mark.parametrize("absent", ["nothing", "", "a\0b", "\ud800"])
def test_what_is_not_there_is_said_not_to_be(store: Store, absent: str) -> None:
    made = received(BASES), linked(BASES)
    with store.writing() as session:
        for ask in (article, revisions, revision_of, text_of, analysis_of, remove_article, runs, run):
            with pytest.raises(NotFoundError):
                ask(session, absent)
        with pytest.raises(NotFoundError):
            add_revision(session, absent, *made)
        with pytest.raises(NotFoundError):
            add_run(session, absent, made[1])
        assert article_by_external_id(session, absent) is None


@pytest.mark.parametrize("number", [-1, 0, 2, 2**31, 2**70])
def test_a_revision_that_is_not_there_is_said_not_to_be(store: Store, number: int) -> None:
    article_id = put(store, BASES)
    with store.reading() as session:
        for ask in (revision_of, text_of, analysis_of):
            with pytest.raises(NotFoundError, match=f"{article_id}/{number}"):
                ask(session, article_id, number)


def test_articles_are_found_by_text_and_by_external_id(store: Store) -> None:
    first = put(store, BASES, external_id="x")
    latest = put(store, COUNCIL, external_id="x")
    with store.reading() as session:
        by_text = article_by_text(session, sha256_of(BASES.text))
        by_external_id = article_by_external_id(session, "x")
        assert article_by_external_id(session, "y") is None
    assert by_text is not None
    assert by_external_id is not None
    assert (by_text.id, by_external_id.id) == (first, latest)


def test_articles_are_listed_newest_first(store: Store) -> None:
    ids = [put(store, numbered(i)) for i in range(3)]
    with store.reading() as session:
        assert [a.id for a in articles(session, ArticleFilter(), ALL).items] == ids[::-1]


def test_articles_by_date_count_the_undated_by_their_arrival(store: Store) -> None:
    days = [datetime(2024, 1, day, tzinfo=UTC) for day in (2, 3, 1)]
    second, third, first = (put(store, numbered(i), published_at=day) for i, day in enumerate(days))
    undated = put(store, numbered(3))
    by_date = ArticleFilter(sort="-published")
    with store.reading() as session:
        assert [a.id for a in articles(session, by_date, ALL).items] == [undated, third, second, first]
        since = replace(by_date, published_from=days[0])
        assert [a.id for a in articles(session, since, ALL).items] == [third, second]
        until = ArticleFilter(published_to=days[0])
        assert [a.id for a in articles(session, until, ALL).items] == [first]


@pytest.mark.parametrize("name", ["source", "section", "language", "url", "external_id"])
def test_articles_are_narrowed_by_what_came_with_them(store: Store, name: str) -> None:
    given: dict[str, Any] = {name: "a"}
    narrowed = ArticleFilter(**given)
    wanted = put(store, BASES, **{name: "a"})
    put(store, COUNCIL, **{name: "b"})
    with store.reading() as session:
        assert [a.id for a in articles(session, narrowed, ALL).items] == [wanted]


def test_the_articles_of_an_entity(store: Store) -> None:
    ids = [put(store, numbered(i)) for i in range(2)]
    put(store, BASES)
    with store.reading() as session:
        (silva,) = entities(session, EntityFilter(name="ana silva"), ALL).items
        of_silva = ArticleFilter(mentions=(silva.id,))
        assert [a.id for a in articles(session, of_silva, ALL).items] == ids[::-1]
        first = articles(session, of_silva, PageRequest(1))
        assert [a.id for a in articles(session, of_silva, PageRequest(1, first.next)).items] == [ids[0]]


def test_reading_a_story_takes_as_many_statements_whatever_is_in_it(store: Store) -> None:
    ids = [put(store, numbered(i)) for i in range(5)]
    statements: list[str] = []
    event.listen(store.engine, "before_cursor_execute", lambda _c, _u, statement, *_: statements.append(statement))
    with store.reading() as session:
        articles(session, ArticleFilter(), ALL)
        article(session, ids[0])
        analysis_of(session, ids[0])
        quotes(session, QuoteFilter(), ALL)
    assert sum(s.startswith("SELECT") for s in statements) == 4


def test_what_is_too_long_for_an_index_is_refused() -> None:
    with pytest.raises(TooLargeError) as caught:
        ReceivedArticle("text", url="h" * 2001)
    assert caught.value.field == "url"


def test_a_time_without_a_zone_is_refused() -> None:
    with pytest.raises(ValueError, match="time zone"):
        ReceivedArticle("text", published_at=datetime(2024, 1, 1))  # noqa: DTZ001 (that is the fault)


def test_the_longest_indexed_metadata_is_stored(store: Store) -> None:
    for i, word in enumerate(("\u4e00", "h")):
        put(store, numbered(i), url=(word * 2000).encode()[:1998].decode(), source="s" * 2000)


def test_an_analysis_whose_entities_are_not_linked_is_refused() -> None:
    made = linked(BASES)
    with pytest.raises(BrokenAnalysisError, match="not linked"):
        LinkedAnalysis(made.analysis, made.document, {})
