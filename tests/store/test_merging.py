"""Entities merged and split: recorded, redirected, undone, and kept when stories are annotated again."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import Select, Table, select

from app.errors import ConflictError, InputError, MovedError, NotFoundError
from app.store.articles import add_article, add_run, analysis_of, articles, remove_article
from app.store.entities import entities, entity
from app.store.filters import ArticleFilter, EntityFilter, PositionFilter, QuoteFilter
from app.store.merging import changes, merge, split, undo
from app.store.paging import PageRequest
from app.store.positions import positions
from app.store.quotes import quotes
from app.store.store import Store
from app.store.tables import Base
from tests.store.stories import Story, linked, received

ALL = PageRequest()
FIRST = Story(
    text='Marta Oduya, the minister, opposed the toll. "No toll," Oduya said.',
    entities=(("person", "Marta Oduya", ("Oduya",)),),
    quotes=(("Marta Oduya", "No toll"),),
    offices=(("Marta Oduya", "minister", None),),
    stances=(("Marta Oduya", "opposes", "the toll"),),
)
SECOND = Story(
    text='Zora Lindqvist opposed the toll too. "Never," Lindqvist said.',
    entities=(("person", "Zora Lindqvist", ("Lindqvist",)),),
    quotes=(("Zora Lindqvist", "Never"),),
    stances=(("Zora Lindqvist", "opposes", "the toll"),),
)
TOGETHER = Story(
    text='Marta Oduya met Zora Lindqvist. "Welcome," Oduya said. "Thanks," Lindqvist said.',
    entities=(("person", "Marta Oduya", ("Oduya",)), ("person", "Zora Lindqvist", ("Lindqvist",))),
    quotes=(("Marta Oduya", "Welcome"), ("Zora Lindqvist", "Thanks")),
)


def put(store: Store, story: Story) -> str:
    with store.writing() as session:
        found, _ = add_article(session, received(story), linked(story))
    return found.id


def ids_of(store: Store) -> dict[str, str]:
    with store.reading() as session:
        return {e.name: e.id for e in entities(session, EntityFilter(type="person"), ALL).items}


def _but_when_changed(table: Table) -> Select[Any]:
    """Return all columns of a table but when a story was last changed, which an undone merge is as well."""
    return select(*(c for c in table.columns if (table.name, c.name) != ("articles", "updated_at")))


def everything(store: Store) -> dict[str, list[tuple[Any, ...]]]:
    """Return every row of what stories and people are made of; what happened to them, and when, is told elsewhere."""
    apart = {"knowledge_changes", "changed_articles", "redirects", "changes"}
    with store.reading() as session:
        return {
            t.name: sorted((tuple(map(repr, row)) for row in session.execute(_but_when_changed(t))), key=repr)
            for t in Base.metadata.sorted_tables
            if t.name not in apart
        }


def test_all_that_is_said_of_one_is_said_of_the_other(store: Store) -> None:
    first, second = put(store, FIRST), put(store, SECOND)
    ids = ids_of(store)
    source, target = ids["Zora Lindqvist"], ids["Marta Oduya"]

    with store.writing() as session:
        made = merge(session, source, target, "one woman")

    assert (made.action, made.from_id, made.to_id, made.note) == ("merge", source, target, "one woman")
    with store.reading() as session:
        view = entity(session, target)
        assert {view.name, *view.aliases} == {"Marta Oduya", "Oduya", "Zora Lindqvist", "Lindqvist"}
        assert view.articles == 2
        assert {q.article_id for q in quotes(session, QuoteFilter(speaker_id=target), ALL).items} == {first, second}
        assert len(positions(session, PositionFilter(holder_id=target), ALL).items) == 2
        assert len(articles(session, ArticleFilter(mentions=(target,)), ALL).items) == 2
        document = analysis_of(session, second)
        assert [p["id"] for p in document["people"]] == [target]
        assert document["quotes"][0]["speaker"]["entity_id"] == target


def test_the_old_id_leads_to_the_new_one(store: Store) -> None:
    put(store, FIRST)
    put(store, SECOND)
    ids = ids_of(store)
    with store.writing() as session:
        merge(session, ids["Zora Lindqvist"], ids["Marta Oduya"])
    with store.reading() as session, pytest.raises(MovedError) as moved:
        entity(session, ids["Zora Lindqvist"])
    assert moved.value.place == ids["Marta Oduya"]


@pytest.mark.parametrize("stories", [(FIRST, SECOND), (FIRST, SECOND, TOGETHER), (TOGETHER,)])
def test_an_undone_merge_leaves_everything_as_it_was(store: Store, stories: tuple[Story, ...]) -> None:
    for story in stories:
        put(store, story)
    before = everything(store)
    ids = ids_of(store)
    with store.writing() as session:
        made = merge(session, ids["Zora Lindqvist"], ids["Marta Oduya"])
    assert everything(store) != before

    with store.writing() as session:
        assert undo(session, made.id).undone_at is not None
    assert everything(store) == before


def test_two_of_one_story_become_one_in_it(store: Store) -> None:
    article_id = put(store, TOGETHER)
    ids = ids_of(store)
    with store.writing() as session:
        merge(session, ids["Zora Lindqvist"], ids["Marta Oduya"])
    with store.reading() as session:
        [person] = analysis_of(session, article_id)["people"]
        assert (person["name"], person["prominence"]) == ("Marta Oduya", 0.5)
        assert person["aliases"] == ["Oduya", "Zora Lindqvist", "Lindqvist"]
        assert [m["exact"] for m in person["mentions"]] == ["Marta Oduya", "Oduya", "Zora Lindqvist", "Lindqvist"]
        assert entity(session, ids["Marta Oduya"]).articles == 1
        assert len(quotes(session, QuoteFilter(speaker_id=ids["Marta Oduya"]), ALL).items) == 2


def test_a_merge_survives_annotating_again_and_coming_in_again(store: Store) -> None:
    put(store, FIRST)
    second = put(store, SECOND)
    ids = ids_of(store)
    with store.writing() as session:
        merge(session, ids["Zora Lindqvist"], ids["Marta Oduya"])
        add_run(session, second, linked(SECOND))
    assert set(ids_of(store).values()) == {ids["Marta Oduya"]}

    with store.writing() as session:
        remove_article(session, second)
    put(store, SECOND)
    assert set(ids_of(store).values()) == {ids["Marta Oduya"]}


def test_a_split_gives_the_stories_that_are_named_to_another(store: Store) -> None:
    stories = [
        Story(text=f"Ana Varga spoke on day {day}.", entities=(("person", "Ana Varga", ()),)) for day in range(3)
    ]
    found = [put(store, story) for story in stories]
    person = ids_of(store)["Ana Varga"]
    before = everything(store)

    with store.writing() as session:
        made = split(session, person, found[1:2])
    with store.reading() as session:
        assert (entity(session, person).articles, entity(session, made.to_id).articles) == (2, 1)
        assert analysis_of(session, found[1])["people"][0]["id"] == made.to_id

    with store.writing() as session:
        for article_id, story in zip(found, stories, strict=True):
            add_run(session, article_id, linked(story))
    with store.reading() as session:
        assert (entity(session, person).articles, entity(session, made.to_id).articles) == (2, 1)

    with store.writing() as session:
        undo(session, made.id)
    with store.reading() as session, pytest.raises(MovedError):
        entity(session, made.to_id)
    assert [r[3] for r in everything(store)["entities"]] == [r[3] for r in before["entities"]]
    assert ids_of(store) == {"Ana Varga": person}


def test_changes_are_listed_the_latest_first(store: Store) -> None:
    put(store, FIRST)
    put(store, SECOND)
    ids = ids_of(store)
    with store.writing() as session:
        first = merge(session, ids["Zora Lindqvist"], ids["Marta Oduya"])
        undo(session, first.id)
        second = merge(session, ids["Marta Oduya"], ids["Zora Lindqvist"])
    with store.reading() as session:
        page = changes(session, None, PageRequest(1))
        rest = changes(session, ids["Marta Oduya"], PageRequest(1, page.next))
    assert ([c.id for c in page.items], [c.id for c in rest.items]) == ([second.id], [first.id])


def test_what_cannot_be_merged_or_split_is_refused(store: Store) -> None:
    article_id = put(store, FIRST)
    body = Story(text="The Coastal Council met.", entities=(("organization", "Coastal Council", ()),))
    put(store, body)
    person = ids_of(store)["Marta Oduya"]
    with store.writing() as session:
        [council] = entities(session, EntityFilter(type="organization"), ALL).items
        with pytest.raises(InputError, match="the one that"):
            merge(session, person, person)
        with pytest.raises(InputError, match="cannot become"):
            merge(session, person, council.id)
        with pytest.raises(NotFoundError):
            merge(session, person, "per_none")
        with pytest.raises(InputError, match="some stories move"):
            split(session, person, [article_id])
        with pytest.raises(InputError, match="does not mention"):
            split(session, person, ["none"])
        with pytest.raises(NotFoundError):
            undo(session, "none")


def test_a_change_is_undone_once(store: Store) -> None:
    put(store, FIRST)
    put(store, SECOND)
    ids = ids_of(store)
    with store.writing() as session:
        made = merge(session, ids["Zora Lindqvist"], ids["Marta Oduya"])
        undo(session, made.id)
        with pytest.raises(ConflictError, match="undone already"):
            undo(session, made.id)


def test_what_was_merged_on_must_be_undone_first(store: Store) -> None:
    put(store, FIRST)
    put(store, SECOND)
    put(store, Story(text="Ana Varga spoke.", entities=(("person", "Ana Varga", ()),)))
    ids = ids_of(store)
    with store.writing() as session:
        made = merge(session, ids["Zora Lindqvist"], ids["Marta Oduya"])
        merge(session, ids["Marta Oduya"], ids["Ana Varga"])
        with pytest.raises(ConflictError, match="undo that first"):
            undo(session, made.id)
    with store.reading() as session, pytest.raises(MovedError) as moved:
        entity(session, ids["Zora Lindqvist"])
    assert moved.value.place == ids["Ana Varga"]
