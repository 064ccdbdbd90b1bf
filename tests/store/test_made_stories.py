"""That a store that is filled for a benchmark is one that stories could have made."""

from __future__ import annotations

from dataclasses import replace
from random import Random
from typing import Any

from sqlalchemy import func, select, text
from sqlalchemy.orm import Session

from app.store.articles import add_article, articles
from app.store.entities import entities
from app.store.filters import ArticleFilter, EntityFilter, QuoteFilter
from app.store.knowledge_tables import SayingRow
from app.store.made_stories import fill_store, is_full
from app.store.paging import PageRequest
from app.store.quotes import quotes
from app.store.revisions import analysis_of, text_of
from app.store.store import Store
from app.store.tables import (
    AppearanceRow,
    ArticleRow,
    EntityRow,
    IssueRow,
    PositionRow,
    QuoteRow,
)
from tests.store.stories import COUNCIL, linked, numbered, received

STORIES = 60
LAST = "\n\nFiled under {}"


def filled(store: Store) -> list[str]:
    """Fill a store with copies of two stories and return what was told of the steps."""
    told: list[str] = []
    with store.writing() as session:
        # A cue of the stories by hand is their first "o": it has to stand in a word that stays.
        for story, first, last in ((COUNCIL, "So: ", "abcdefghij"), (numbered(3), "", "bcdefghijk")):
            own = replace(story, text=f"{first}{story.text}{LAST.format(last)}")
            add_article(session, received(own, source="The Coast"), linked(own))
    fill_store(store, STORIES, 40, Random(7), lambda _number, what: told.append(what))
    return told


def spans_in(part: Any) -> list[dict[str, Any]]:  # noqa: ANN401 (a JSON value)
    """Return every span in an analysis."""
    if isinstance(part, list):
        return [span for one in part for span in spans_in(one)]
    if not isinstance(part, dict):
        return []
    return [*([part] if "exact" in part else []), *(s for one in part.values() for s in spans_in(one))]


def test_every_span_of_a_copy_covers_its_words(store: Store) -> None:
    told = filled(store)
    with store.reading() as session:
        keys = session.scalars(select(ArticleRow.id)).all()
        for key in keys:
            whole = text_of(session, key)
            spans = spans_in(analysis_of(session, key))
            assert spans
            assert all(whole[s["start"] : s["end"]] == s["exact"] for s in spans)
        assert len(keys) == STORIES
        assert len({text_of(session, key) for key in keys}) == STORIES
    assert told[-1] == "names"
    assert is_full(store, STORIES)
    assert not is_full(store, STORIES + 1)


def test_counts_are_those_of_the_rows(store: Store) -> None:
    filled(store)

    def counted(session: Session, row: Any) -> dict[str, int]:  # noqa: ANN401 (a column)
        rows = session.execute(select(row, func.count()).where(row.is_not(None)).group_by(row))
        return {key: number for key, number in rows}  # noqa: C416 (a row is no pair to a type checker)

    with store.reading() as session:
        for told, row in (
            (select(EntityRow.id, EntityRow.articles), AppearanceRow.entity_id),
            (select(EntityRow.id, EntityRow.quotes).where(EntityRow.quotes > 0), QuoteRow.speaker_entity_id),
            (select(IssueRow.id, IssueRow.positions), PositionRow.issue_id),
            (select(SayingRow.id, SayingRow.sightings), QuoteRow.saying_id),
        ):
            assert dict(tuple(r) for r in session.execute(told)) == counted(session, row)  # type: ignore[arg-type]


def test_rows_lead_to_rows_that_are_there(store: Store) -> None:
    filled(store)
    if store.engine.dialect.name == "sqlite":
        with store.reading() as session:
            assert session.execute(text("PRAGMA foreign_key_check")).all() == []
            assert session.execute(text("PRAGMA integrity_check")).all() == [("ok",)]


def test_copies_are_listed_found_and_known_like_any_story(store: Store) -> None:
    filled(store)
    with store.reading() as session:
        page = articles(session, ArticleFilter(), PageRequest(STORIES))
        assert sorted((view.received_at, view.id) for view in page.items[:-2]) == sorted(
            ((view.received_at, view.id) for view in page.items[:-2]), key=lambda pair: pair[1]
        )
        found = quotes(session, QuoteFilter(q="protect"), PageRequest())
        assert all("protect" in view.text for view in found.items)
        speakers = entities(session, EntityFilter(type="person", sort="-articles"), PageRequest()).items
        assert len(speakers) > 4
        one = speakers[0]
        assert entities(session, EntityFilter(type="person", name=one.name), PageRequest()).items[0].name == one.name
        assert {q.speaker_entity_id for q in quotes(session, QuoteFilter(speaker_id=one.id), PageRequest()).items} <= {
            one.id
        }
