"""Entities linked to entries of authorities: those in the package, and a user's own, before and after stories."""

from __future__ import annotations

from dataclasses import replace

from sqlalchemy import delete

from app.knowledge.identities import Identity, IdentityOffice
from app.store.articles import add_article
from app.store.entities import entities
from app.store.filters import EntityFilter
from app.store.identities import import_identities, relink
from app.store.knowledge_tables import EntityKeyRow
from app.store.open_links import decide_link, open_links
from app.store.paging import PageRequest
from app.store.store import Store
from app.store.views import EntityView
from tests.store.stories import Story, linked, received
from tests.store.test_linking import put, told

ALL = PageRequest()
ODUYA = Identity(
    "local:1",
    "person",
    "Robert Oduya",
    "people",
    aliases=("Bob Oduya",),
    identifiers=(("wikidata", "Q1"),),
    offices=(IdentityOffice("Defense Secretary", country="Kenya"),),
)
SMITH = Identity("local:2", "person", "John Smith", "people", identifiers=(("isni", "2"),))


def people(store: Store) -> list[EntityView]:
    with store.reading() as session:
        return list(entities(session, EntityFilter(type="person"), ALL).items)


def test_a_legislator_has_a_wikidata_id(store: Store) -> None:
    put(store, told("Maria Cantwell", "Senator"))
    [person] = people(store)
    assert ("wikidata", "Q22250") in person.identifiers


def test_a_leader_and_a_body_have_wikidata_ids(store: Store) -> None:
    put(store, told("Emmanuel Macron", "President", place="France", also="World Health Organization"))
    [person] = people(store)
    assert ("wikidata", "Q3052772") in person.identifiers
    with store.reading() as session:
        [body] = entities(session, EntityFilter(type="organization"), ALL).items
    assert ("wikidata", "Q7817") in body.identifiers


def test_a_country_has_the_codes_of_the_factbook(store: Store) -> None:
    put(store, told("Ana Otieno", place="Kenya"))
    with store.reading() as session:
        [place] = entities(session, EntityFilter(type="place"), ALL).items
    assert ("internet-country-code", "ke") in place.identifiers


def test_stories_that_are_stored_are_linked_to_what_is_imported(store: Store) -> None:
    put(store, told("Robert Oduya", "Defense Secretary"))
    with store.writing() as session:
        done = import_identities(session, [ODUYA])
    [person] = people(store)
    assert (done.identities, done.linked, done.merged, done.open) == (1, 1, 0, 0)
    assert person.identifiers == (("wikidata", "Q1"),)


def test_new_stories_are_linked_to_what_was_imported(store: Store) -> None:
    with store.writing() as session:
        import_identities(session, [ODUYA])
    put(store, told("Bob Oduya", "Defense Secretary"))
    put(store, told("Robert Oduya"))
    [person] = people(store)
    assert (person.articles, person.identifiers) == (2, (("wikidata", "Q1"),))


def test_two_who_are_one_entry_become_one(store: Store) -> None:
    put(store, told("Robert Oduya", "Defense Secretary"))
    put(store, told("Bob Oduya"))
    assert len(people(store)) == 2
    with store.writing() as session:
        done = import_identities(session, [ODUYA])
    assert done.merged == 1
    [person] = people(store)
    assert person.articles == 2


MERKEL = Identity(
    "mine:1",
    "person",
    "Angela Merkel",
    "mine",
    aliases=("Angela Dorothea Merkel",),
    identifiers=(("wikidata", "Q567"), ("isni", "1")),
)


def test_an_entry_with_the_wikidata_id_of_one_in_the_package_is_that_one(store: Store) -> None:
    put(store, told("Angela Merkel", "Chancellor", place="Germany"))
    with store.writing() as session:
        import_identities(session, [MERKEL])
    put(store, told("Angela Merkel", "Chancellor", place="Germany", also="Harbor Council"))
    [person] = people(store)
    assert (person.articles, person.identifiers) == (2, (("wikidata", "Q567"), ("isni", "1")))
    with store.reading() as session:
        assert open_links(session, "open", ALL).items == ()


def test_an_entry_with_the_wikidata_id_of_one_imported_takes_its_place(store: Store) -> None:
    with store.writing() as session:
        import_identities(session, [ODUYA])
    put(store, told("Robert Oduya", "Defense Secretary"))
    again = replace(ODUYA, id="other:7", identifiers=(("wikidata", "Q1"), ("isni", "9")))
    with store.writing() as session:
        import_identities(session, [again, replace(SMITH, identifiers=())])
    put(store, told("Bob Oduya", "Defense Secretary"))
    [person] = people(store)
    assert (person.articles, person.identifiers) == (2, (("wikidata", "Q1"), ("isni", "9")))


def test_what_is_not_sure_is_left_for_review(store: Store) -> None:
    put(store, told("John Smith"))
    with store.writing() as session:
        assert import_identities(session, [SMITH]).open == 1
        assert import_identities(session, [SMITH]).open == 0
    with store.reading() as session:
        [link] = open_links(session, "open", ALL).items
    assert (link.candidate_kind, link.candidate_name) == ("identity", "John Smith")
    with store.writing() as session:
        decide_link(session, link.id, "accept")
    [person] = people(store)
    assert person.identifiers == (("isni", "2"),)


def test_a_database_without_keys_gets_them(store: Store) -> None:
    put(store, told("Maria Cantwell", "Senator"))
    with store.writing() as session:
        session.execute(delete(EntityKeyRow))
        relink(session)
    again = told("Maria Cantwell", "Senator", place="Varna")
    with store.writing() as session:
        add_article(session, received(again), linked(again))
    [person] = people(store)
    assert person.articles == 2


def test_a_body_has_its_acronym(store: Store) -> None:
    for name in ("African Union", "AU"):
        put(store, Story(text=f"The {name} met.", entities=(("organization", name, ()),)))
    with store.reading() as session:
        [body] = entities(session, EntityFilter(type="organization"), ALL).items
    assert body.articles == 2
