"""Quotes, people, organizations, positions and issues across stories: single ones, lists, what narrows them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime

import pytest

from app.errors import InputError, NotFoundError
from app.store.articles import add_article, analysis_of
from app.store.entities import entities, entity
from app.store.filters import ArticleFilter, EntityFilter, IssueFilter, PositionFilter, QuoteFilter
from app.store.issues import issue, issue_id, issues
from app.store.paging import PageRequest
from app.store.positions import position, positions
from app.store.quotes import quote, quotes
from app.store.store import Store
from app.store.views import PositionView
from tests.store.stories import BASES, COUNCIL, Story, linked, numbered, received

ALL = PageRequest()


@pytest.fixture
def bases(store: Store) -> str:
    """Store two stories and return the id of the first."""
    with store.writing() as session:
        found, _ = add_article(session, received(BASES), linked(BASES))
        add_article(session, received(COUNCIL), linked(COUNCIL))
    return found.id


def ids(store: Store) -> dict[str, str]:
    with store.reading() as session:
        return {e.name: e.id for e in entities(session, EntityFilter(), ALL).items}


def quoted(store: Store, narrowed: QuoteFilter) -> list[str]:
    with store.reading() as session:
        return [q.text for q in quotes(session, narrowed, ALL).items]


def named(store: Store, narrowed: EntityFilter) -> list[str]:
    with store.reading() as session:
        return [e.name for e in entities(session, narrowed, ALL).items]


def stated(store: Store, narrowed: PositionFilter) -> list[str]:
    with store.reading() as session:
        found = positions(session, narrowed, ALL).items
    return [p.title or f"{p.actor_name} {p.polarity}" for p in found]


def test_a_quote_is_served_as_its_story_has_it(store: Store, bases: str) -> None:
    with store.reading() as session:
        shown = analysis_of(session, bases)["quotes"]
        found = [quote(session, q["id"]) for q in shown]
    assert [q.document for q in found] == shown
    assert (found[0].type, found[0].speaker_status, found[0].speaker_name) == ("direct", "resolved", "Marta K. Oduya")
    assert found[0].speaker_entity_id == ids(store)["Marta K. Oduya"]
    assert (found[1].speaker_entity_id, found[1].speaker_status, found[1].confidence) == (None, "anonymous", None)


def test_quotes_come_by_story_the_newest_first_and_then_in_text_order(store: Store, bases: str) -> None:
    assert quoted(store, QuoteFilter()) == ["They protect us", "We will not sign", "Not this year"]
    assert quoted(store, QuoteFilter(article_id=bases)) == ["We will not sign", "Not this year"]


def test_quotes_are_narrowed(store: Store, bases: str) -> None:
    oduya = ids(store)["Marta K. Oduya"]
    assert quoted(store, QuoteFilter(speaker_id=oduya)) == ["We will not sign"]
    assert quoted(store, QuoteFilter(status="anonymous")) == ["Not this year"]
    assert quoted(store, QuoteFilter(type="indirect")) == []
    assert quoted(store, QuoteFilter(confidence=0.8)) == ["They protect us", "We will not sign"]
    assert quoted(store, QuoteFilter(confidence=0.81)) == []
    assert quoted(store, QuoteFilter(q="signing", article_id=bases)) == ["We will not sign"]
    assert quoted(store, QuoteFilter(q="sign", speaker_id=ids(store)["José Brandt"])) == []


def test_an_entity_is_one_across_stories(store: Store, bases: str) -> None:
    with store.reading() as session:
        (oduya,) = entities(session, EntityFilter(name="marta oduya"), ALL).items
        assert entity(session, oduya.id) == entity(session, oduya.id, "person") == oduya
        with pytest.raises(NotFoundError):
            entity(session, oduya.id, "organization")
    assert (oduya.name, oduya.aliases, oduya.articles) == ("Marta K. Oduya", ("Marta Oduya", "Oduya"), 2)
    assert [(o.title, o.organization, o.tense, o.article_id) for o in oduya.offices] == [
        ("Defense Minister", None, "current", bases)
    ]
    assert oduya.identifiers == ()


def test_an_entity_shows_an_office_once_the_latest_storys_first(store: Store) -> None:
    with store.writing() as session:
        made = [add_article(session, received(s), linked(s))[0] for s in (numbered(1), numbered(2))]
    with store.reading() as session:
        (silva,) = entities(session, EntityFilter(type="person"), ALL).items
    assert [(o.title, o.article_id) for o in silva.offices] == [("time", made[1].id)]


def test_the_office_names_its_organization(store: Store, bases: str) -> None:
    known = ids(store)
    with store.reading() as session:
        (office,) = entity(session, known["José Brandt"]).offices
    assert (office.title, office.organization, office.organization_id) == (
        "director",
        "Coastal Council",
        known["Coastal Council"],
    )


def test_entities_are_narrowed(store: Store, bases: str) -> None:
    assert named(store, EntityFilter()) == ["Coastal Council", "José Brandt", "Marta K. Oduya", "Varna"]
    assert named(store, EntityFilter(type="person")) == ["José Brandt", "Marta K. Oduya"]
    assert named(store, EntityFilter(article_id=bases)) == ["Coastal Council", "Marta K. Oduya", "Varna"]
    assert named(store, EntityFilter(name="JOSE BRANDT")) == ["José Brandt"]
    assert named(store, EntityFilter(name="brandt")) == ["José Brandt"]
    assert named(store, EntityFilter(name="bran")) == []
    assert named(store, EntityFilter(title="minister")) == ["Marta K. Oduya"]
    assert named(store, EntityFilter(title="harbor")) == []


@pytest.mark.parametrize("prefix", ["Marta", "marta k", "Marta Od", "odu", "K. Oduya", "The Coastal"])
def test_a_name_is_found_from_the_start_of_any_of_its_words(store: Store, bases: str, prefix: str) -> None:
    assert len(named(store, EntityFilter(prefix=prefix))) == 1


def test_a_name_is_not_found_from_inside_a_word(store: Store, bases: str) -> None:
    assert named(store, EntityFilter(prefix="duya")) == []


def test_a_person_of_one_name_stays_with_the_story(store: Store) -> None:
    with store.writing() as session:
        for text in ("Gates spoke.", "Gates left."):
            story = Story(text, entities=(("person", "Gates", ()),))
            add_article(session, received(story), linked(story))
    assert named(store, EntityFilter()) == ["Gates", "Gates"]


def test_the_name_that_most_stories_use_is_shown(store: Store) -> None:
    texts = {"NATO met.": "NATO", "Nato met.": "Nato", "Nato left.": "Nato"}
    with store.writing() as session:
        for text, name in texts.items():
            story = Story(text, entities=(("organization", name, ()),))
            add_article(session, received(story), linked(story))
        (nato,) = entities(session, EntityFilter(), ALL).items
    assert (nato.name, nato.aliases, nato.articles) == ("Nato", ("NATO",), 3)


def test_positions_are_served_as_their_story_has_them(store: Store, bases: str) -> None:
    with store.reading() as session:
        shown = analysis_of(session, bases)["positions"]
        office, stance = (position(session, p["id"]) for p in shown)
    assert [office.document, stance.document] == shown
    assert (office.kind, office.title, office.tense, office.polarity) == ("office", "Defense Minister", "current", None)
    assert (stance.kind, stance.polarity, stance.title) == ("stance", "opposes", None)
    assert stance.issue_id == issue_id("The harbor bases!")
    assert stance.quote_id == shown[1]["quote_id"]
    assert office.actor_entity_id == stance.actor_entity_id == ids(store)["Marta K. Oduya"]


def test_positions_are_narrowed(store: Store, bases: str) -> None:
    known = ids(store)
    oduya, council, brandt = known["Marta K. Oduya"], known["Coastal Council"], known["José Brandt"]
    supports, opposes = "Coastal Council supports", "Marta K. Oduya opposes"
    assert stated(store, PositionFilter()) == [supports, "director", "Defense Minister", opposes]
    assert stated(store, PositionFilter(kind="office")) == ["director", "Defense Minister"]
    assert stated(store, PositionFilter(article_id=bases)) == ["Defense Minister", opposes]
    assert stated(store, PositionFilter(holder_id=oduya)) == [opposes]
    assert stated(store, PositionFilter(person_id=oduya)) == ["Defense Minister"]
    assert stated(store, PositionFilter(organization_id=council)) == ["director"]
    assert stated(store, PositionFilter(entity_id=council)) == [supports, "director"]
    assert stated(store, PositionFilter(entity_id=brandt)) == ["director"]
    assert stated(store, PositionFilter(entity_id=oduya, kind="office")) == ["Defense Minister"]
    assert stated(store, PositionFilter(polarity="supports")) == [supports]
    assert stated(store, PositionFilter(reporter_id=oduya)) == [opposes]
    assert stated(store, PositionFilter(country="Moscow")) == []
    assert stated(store, PositionFilter(tense="former")) == []
    assert stated(store, PositionFilter(issue_id=issue_id("the harbor bases"))) == [supports, opposes]
    assert stated(store, PositionFilter(confidence=0.65)) == ["director", "Defense Minister"]
    assert stated(store, PositionFilter(title="defence minister")) == ["Defense Minister"]
    assert stated(store, PositionFilter(title="Ministers")) == ["Defense Minister"]
    assert stated(store, PositionFilter(title="harbor")) == []
    assert stated(store, PositionFilter(q="harbor")) == [supports, opposes]


def test_the_positions_of_an_entity_page_in_order(store: Store) -> None:
    with store.writing() as session:
        for i in range(3):
            add_article(session, received(numbered(i)), linked(numbered(i)))
    (silva,) = ids(store).values()
    narrowed = PositionFilter(entity_id=silva)
    with store.reading() as session:
        whole = positions(session, narrowed, ALL).items
        paged: list[PositionView] = []
        page = PageRequest(2)
        while True:
            found = positions(session, narrowed, page)
            paged += found.items
            if found.next is None:
                break
            page = PageRequest(2, found.next)
    assert len(whole) == 6
    assert tuple(paged) == whole


def test_an_issue_is_one_across_stories(store: Store, bases: str) -> None:
    again = replace(COUNCIL, text=COUNCIL.text + " Again.", stances=(("Coastal Council", "opposes", "HARBOR bases"),))
    with store.writing() as session:
        add_article(session, received(again), linked(again))
    with store.reading() as session:
        found = issues(session, IssueFilter(), ALL).items
        assert issues(session, IssueFilter(article_id=bases), ALL).items == found
        assert issue(session, found[0].id) == found[0]
    assert [(i.id, i.positions) for i in found] == [(issue_id("the harbor bases"), 3)]


def test_two_entities_of_a_story_that_are_one_across_stories_are_stored_as_one(store: Store) -> None:
    story = Story(
        "Robert M. Gates left. Robert Gates spoke.",
        entities=(
            ("person", "Robert Gates", ()),
            ("person", "Robert M. Gates", ()),
        ),
    )
    with store.writing() as session:
        found, _ = add_article(session, received(story), linked(story))
    assert found.run.counts.people == 1
    with store.reading() as session:
        (gates,) = analysis_of(session, found.id)["people"]
    assert (gates["name"], gates["aliases"], gates["prominence"]) == ("Robert M. Gates", ["Robert Gates"], 0.5)
    assert [m["exact"] for m in gates["mentions"]] == ["Robert M. Gates", "Robert Gates"]


def test_the_longest_names_are_stored(store: Store) -> None:
    words = " ".join(chr(0x4E00 + i) * (1 + i % 7) for i in range(400))
    story = Story(words, entities=(("organization", words, ()),), offices=(), stances=())
    with store.writing() as session:
        found, _ = add_article(session, received(story), linked(story))
    with store.reading() as session:
        assert analysis_of(session, found.id)["organizations"][0]["name"] == words
    assert named(store, EntityFilter(prefix=words[:20])) == [words[:200]]


@pytest.mark.parametrize("absent", ["nothing", "", "a\0b", "\udfff"])
def test_what_is_not_there_is_said_not_to_be(store: Store, absent: str) -> None:
    with store.reading() as session:
        for ask in (quote, position, entity, issue):
            with pytest.raises(NotFoundError):
                ask(session, absent)


def test_empty_lists_are_empty(store: Store) -> None:
    assert quoted(store, QuoteFilter()) == []
    assert named(store, EntityFilter()) == []
    assert stated(store, PositionFilter(entity_id="nobody")) == []


@pytest.mark.parametrize(
    ("make", "field"),
    [
        (lambda: QuoteFilter(q="a\0"), "q"),
        (lambda: ArticleFilter(source="\ud800"), "source"),
        (lambda: QuoteFilter(confidence=1.5), "confidence"),
        (lambda: ArticleFilter(published_from=datetime(2024, 1, 1)), "published_from"),  # noqa: DTZ001 (the fault)
    ],
)
def test_a_filter_that_no_row_can_meet_names_its_field(make: Callable[[], object], field: str) -> None:
    with pytest.raises(InputError) as caught:
        make()
    assert caught.value.field == field
