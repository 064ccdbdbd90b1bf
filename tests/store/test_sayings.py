"""The same words in several stories: one saying, its longest form, every place."""

from __future__ import annotations

import pytest

from app.errors import NotFoundError
from app.store.articles import add_article, add_run, remove_article
from app.store.filters import QuoteFilter
from app.store.paging import PageRequest
from app.store.quotes import quotes
from app.store.sayings import saying, saying_of_quote, sayings
from app.store.store import Store
from tests.store.stories import Story, linked, received

WHOLE = "The harbor bridge will stay closed until every cable has been replaced, whatever the ferry company wants"
CUT = "stay closed until every cable has been replaced"
OTHER = "The ferry company can start its summer timetable as soon as the council has signed the lease"
ALL = PageRequest()


def said(words: str, by: str = "Amara Venn", more: str = "") -> Story:
    return Story(text=f'"{words}," {by} told reporters. {more}', entities=(("person", by, ()),), quotes=((by, words),))


def put(store: Store, story: Story) -> str:
    with store.writing() as session:
        return add_article(session, received(story), linked(story))[0].id


def quote_in(store: Store, article_id: str) -> str:
    with store.reading() as session:
        [found] = quotes(session, QuoteFilter(article_id=article_id), ALL).items
    return found.id


def test_a_cut_and_another_punctuation_are_sightings_of_the_longest_form(store: Store) -> None:
    short = put(store, said(CUT))
    whole = put(store, said(WHOLE, more="Again."))
    marked = put(store, said(WHOLE.replace(",", " \u2014").upper()))
    with store.reading() as session:
        found = saying_of_quote(session, quote_in(store, short))
    assert (found.text, found.sightings) == (WHOLE, 3)
    assert [place.article_id for place in found.places] == [marked, whole, short]


def test_two_quotes_stay_two(store: Store) -> None:
    first, second = put(store, said(WHOLE)), put(store, said(OTHER))
    with store.reading() as session:
        ids = {saying_of_quote(session, quote_in(store, a)).id for a in (first, second)}
    assert len(ids) == 2


def test_a_short_phrase_of_two_speakers_stays_theirs(store: Store) -> None:
    words = "we will never comment on pending litigation"
    put(store, said(words))
    second = put(store, said(words, "Tom Okafor"))
    with store.reading() as session:
        assert saying_of_quote(session, quote_in(store, second)).sightings == 1


def test_what_is_too_short_to_be_known_again_is_its_only_sighting(store: Store) -> None:
    article_id = put(store, said("No toll"))
    with store.reading() as session:
        found = saying_of_quote(session, quote_in(store, article_id))
    assert (found.id, found.sightings, [p.article_id for p in found.places]) == (None, 1, [article_id])


def test_the_longest_form_that_is_left_is_shown(store: Store) -> None:
    short, whole = put(store, said(CUT)), put(store, said(WHOLE))
    with store.writing() as session:
        remove_article(session, whole)
    with store.reading() as session:
        found = saying_of_quote(session, quote_in(store, short))
        assert (found.text, found.sightings) == (CUT, 1)
    with store.writing() as session:
        remove_article(session, short)
    with store.reading() as session, pytest.raises(NotFoundError):
        saying(session, str(found.id))


def test_annotating_again_changes_no_saying(store: Store) -> None:
    story = said(WHOLE)
    article_id = put(store, story)
    put(store, said(CUT))
    with store.reading() as session:
        before = saying_of_quote(session, quote_in(store, article_id))
    with store.writing() as session:
        add_run(session, article_id, linked(story))
    with store.reading() as session:
        assert saying_of_quote(session, quote_in(store, article_id)) == before


def test_sayings_are_listed_by_the_number_of_places(store: Store) -> None:
    for story in (said(WHOLE), said(CUT), said(OTHER, more="1"), said(OTHER, more="2"), said(OTHER, more="3")):
        put(store, story)
    with store.reading() as session:
        first = sayings(session, PageRequest(1))
        second = sayings(session, PageRequest(1, first.next))
        speaker = first.items[0].speaker_entity_id
        assert [view.sightings for view in (*first.items, *second.items)] == [3, 2]
        assert len(sayings(session, ALL, speaker).items) == 2
        assert len(sayings(session, ALL, "per_none").items) == 0


def test_a_quote_that_is_not_there_has_no_sightings(store: Store) -> None:
    with store.reading() as session, pytest.raises(NotFoundError):
        saying_of_quote(session, "quo_none")
