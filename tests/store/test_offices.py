"""A person's offices over time, put together from what stories state."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

from app.domain.annotation import Tense
from app.store.articles import add_article
from app.store.entities import entities
from app.store.filters import EntityFilter
from app.store.offices import MOST_SHOWN, tenures
from app.store.paging import PageRequest
from app.store.store import Store
from app.store.views import TenureView
from tests.store.stories import Story, linked, received


def add(store: Store, number: int, title: str, tense: Tense, day: int | None, body: str | None = None) -> None:
    """Store one story that states that Amara Venn holds or held a post."""
    bodies = () if body is None else (("organization", body, ()),)
    text = f"Amara Venn, {title} of {body}, spoke. {number}"
    story = Story(text, entities=(("person", "Amara Venn", ()), *bodies), offices=(("Amara Venn", title, body),))
    made = linked(story)
    made = replace(
        made, analysis=replace(made.analysis, offices=tuple(replace(o, tense=tense) for o in made.analysis.offices))
    )
    published = None if day is None else date(day)
    with store.writing() as session:
        add_article(session, received(story, published_at=published), made)


def date(day: int) -> datetime:
    return datetime(2024, 5, day, tzinfo=UTC)


def read(store: Store) -> tuple[TenureView, ...]:
    with store.reading() as session:
        (person,) = entities(session, EntityFilter(type="person"), PageRequest()).items
        return tenures(session, person.id)


def test_a_post_runs_from_its_first_story_to_its_last(store: Store) -> None:
    add(store, 1, "director", "current", 9, "Acme")
    add(store, 2, "Director", "former", 20, "Acme")
    add(store, 3, "director", "acting", 3, "Acme")
    (tenure,) = read(store)
    assert (tenure.title, tenure.normal_title, tenure.organization) == ("Director", "director", "Acme")
    assert (tenure.held_from, tenure.held_to, tenure.former_from) == (date(3), date(9), date(20))
    assert (tenure.tense, tenure.stories) == ("former", 3)
    assert [s.published_at for s in tenure.statements] == [date(20), date(9), date(3)]
    assert [s.tense for s in tenure.statements] == ["former", "current", "acting"]


def test_posts_come_in_the_order_of_time_and_undated_ones_last(store: Store) -> None:
    add(store, 1, "mayor", "current", None)
    add(store, 2, "director", "current", 9, "Acme")
    add(store, 3, "director", "former", 2, "Bolt")
    found = read(store)
    assert [(t.title, t.organization) for t in found] == [("director", "Bolt"), ("director", "Acme"), ("mayor", None)]
    assert (found[2].held_from, found[2].former_from, found[2].stories) == (None, None, 1)


def test_a_dated_story_says_what_is_so_now(store: Store) -> None:
    add(store, 1, "mayor", "former", 2)
    add(store, 2, "mayor", "current", None)
    (tenure,) = read(store)
    assert tenure.tense == "former"
    assert [s.published_at for s in tenure.statements] == [date(2), None]


def test_only_the_latest_statements_are_shown(store: Store) -> None:
    for number in range(MOST_SHOWN + 1):
        add(store, number, "mayor", "current", 1 + number)
    (tenure,) = read(store)
    assert tenure.stories == MOST_SHOWN + 1
    assert [s.published_at for s in tenure.statements] == [date(1 + n) for n in range(MOST_SHOWN, 0, -1)]
