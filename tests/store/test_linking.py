"""People and organizations of new stories linked to those that are known, as stories are written."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import select

from app.domain.annotation import EntityType
from app.knowledge.link import link_entity
from app.store.articles import add_article, add_articles, add_run, analysis_of, remove_article
from app.store.entities import entities
from app.store.filters import EntityFilter
from app.store.knowledge_views import OpenLinkView
from app.store.merging import merge
from app.store.open_links import LinkDecision, decide_link, open_links
from app.store.paging import PageRequest
from app.store.store import Store
from app.store.tables import AppearanceRow
from app.store.views import EntityView, PartView
from tests.store.stories import Story, analysis, linked, received

ALL = PageRequest()


def told(name: str, title: str | None = None, *, place: str | None = None, also: str | None = None) -> Story:
    """Return a story about one person: the title held, where it plays, who else is in it."""
    words = [w for w in (title, name, "spoke in", place or "town", "beside", also or "nobody") if w]
    return Story(
        text=" ".join(words) + f". This was about {name} {title} {place} {also}.",
        entities=(
            ("person", name, ()),
            *((("place", place, ()),) if place else ()),
            *((("organization", also, ()),) if also else ()),
        ),
        offices=((name, title, None),) if title else (),
    )


def put(store: Store, story: Story, **metadata: Any) -> str:  # noqa: ANN401 (whatever a test needs to set)
    with store.writing() as session:
        found, _ = add_article(session, received(story, **metadata), linked(story))
    return found.id


def people(store: Store) -> list[EntityView]:
    with store.reading() as session:
        return list(entities(session, EntityFilter(type="person"), ALL).items)


def waiting(store: Store) -> list[OpenLinkView]:
    with store.reading() as session:
        return list(open_links(session, "open", ALL).items)


def reasons_in(store: Store, article_id: str) -> dict[str, tuple[float | None, list[str]]]:
    with store.reading() as session:
        rows = session.scalars(select(AppearanceRow).where(AppearanceRow.article_id == article_id))
        return {r.name: (r.score, [code for code, _, _ in r.reasons or ()]) for r in rows}


def test_a_short_first_name_in_the_same_office_is_the_same_person(store: Store) -> None:
    put(store, told("Robert M. Oduya", "Defense Secretary"))
    second = put(store, told("Bob Oduya", "Defense Secretary"))

    [person] = people(store)
    assert (person.name, person.articles, set(person.aliases)) == ("Robert M. Oduya", 2, {"Bob Oduya"})
    score, codes = reasons_in(store, second)["Bob Oduya"]
    assert score is not None
    assert score > 0.8
    assert {"short form", "same office"} <= set(codes)


def test_two_people_of_one_name_stay_two(store: Store) -> None:
    put(store, told("Mike Halloran", "Senator"))
    put(store, told("Mike Halloran", "Quarterback"))
    put(store, told("Mike Halloran", "quarterback", place="Varna"))

    assert sorted(person.articles for person in people(store)) == [1, 2]
    assert waiting(store) == []


def test_the_first_of_a_name_has_the_id_that_the_name_makes(store: Store) -> None:
    story = told("Mike Halloran", "Senator")
    put(store, story)
    put(store, told("Mike Halloran", "Quarterback"))

    made = link_entity(analysis(story).entities[0]).id
    assert made in {person.id for person in people(store)}


def test_a_doubtful_link_stays_open_and_is_listed(store: Store) -> None:
    put(store, told("John Smith"))
    put(store, told("John Smith", place="Varna"))

    [link] = waiting(store)
    assert len(people(store)) == 2
    assert (link.entity_name, link.candidate_name, link.candidate_kind) == ("John Smith", "John Smith", "entity")
    assert 0.3 <= link.score < 0.8
    assert "common name" in [reason.code for reason in link.reasons]


def test_an_accepted_link_makes_one_of_two(store: Store) -> None:
    put(store, told("John Smith"))
    put(store, told("John Smith", place="Varna"))
    [link] = waiting(store)

    with store.writing() as session:
        assert decide_link(session, link.id, "accept").state == "accepted"

    [person] = people(store)
    assert (person.id, person.articles) == (link.candidate_id, 2)
    assert waiting(store) == []


def test_a_rejected_link_leaves_a_person_of_their_own_whom_others_may_be(store: Store) -> None:
    put(store, told("John Smith", "plumber"))
    put(store, told("John Smith"))
    [link] = waiting(store)
    with store.writing() as session:
        assert decide_link(session, link.id, "reject").state == "rejected"

    put(store, told("John Smith", "quarterback"))
    assert len(people(store)) == 3
    with store.reading() as session:
        assert [found.id for found in open_links(session, "rejected", ALL).items] == [link.id]


def test_annotating_again_changes_no_link(store: Store) -> None:
    stories = [told("Mike Halloran", "Senator"), told("Mike Halloran", "Quarterback"), told("John Smith")]
    stories.append(told("John Smith", place="Varna"))
    ids = [put(store, story) for story in stories]
    before = [(p.id, p.articles) for p in people(store)], [link.entity_id for link in waiting(store)]

    with store.writing() as session:
        for article_id, story in zip(ids, stories, strict=True):
            add_run(session, article_id, linked(story))

    assert ([(p.id, p.articles) for p in people(store)], [link.entity_id for link in waiting(store)]) == before


def test_the_same_stories_give_the_same_ids_again(store: Store) -> None:
    stories = [told("Mike Halloran", "Senator"), told("Mike Halloran", "Quarterback")]
    ids = [put(store, story) for story in stories]
    before = {person.id for person in people(store)}
    with store.writing() as session:
        for article_id in ids:
            remove_article(session, article_id)
    assert people(store) == []

    for story in stories:
        put(store, story)
    assert {person.id for person in people(store)} == before


def test_two_whom_a_story_keeps_apart_are_not_linked_to_one(store: Store) -> None:
    put(store, told("Robert Oduya", "Defense Secretary"))
    both = Story(
        text="Robert Oduya and Bob Oduya, both Defense Secretary once, met.",
        entities=(("person", "Robert Oduya", ()), ("person", "Bob Oduya", ())),
        offices=(("Robert Oduya", "Defense Secretary", None), ("Bob Oduya", "Defense Secretary", None)),
    )
    article_id = put(store, both)
    with store.reading() as session:
        found = [person["id"] for person in analysis_of(session, article_id)["people"]]
    assert len(set(found)) == 2


def test_a_ministry_is_that_of_the_storys_country(store: Store) -> None:
    for place in ("Kenya", "Ghana"):
        put(store, told("Ana Otieno", None, place=place, also="Interior Ministry"))
    put(store, told("Ana Otieno", None, place="Kenya", also="Kenyan Interior Ministry"))
    with store.reading() as session:
        found = entities(session, EntityFilter(type="organization"), ALL).items
    assert sorted(body.articles for body in found) == [1, 2]


def test_a_ministry_of_no_country_is_the_storys_own(store: Store) -> None:
    for number in range(2):
        put(store, told(f"Ana Otieno{number}", also="Interior Ministry"))
    with store.reading() as session:
        found = entities(session, EntityFilter(type="organization"), ALL).items
    assert [body.articles for body in found] == [1, 1]


def test_an_acronym_that_a_story_spells_out_is_found_again(store: Store) -> None:
    spelled = Story(
        text="The Harbor Workers Alliance (HWA) met in Varna.",
        entities=(("organization", "Harbor Workers Alliance", ("HWA",)), ("place", "Varna", ())),
    )
    put(store, spelled)
    put(store, Story(text="HWA met again in Varna.", entities=(("organization", "HWA", ()), ("place", "Varna", ()))))
    with store.reading() as session:
        [body] = entities(session, EntityFilter(type="organization"), ALL).items
    assert (body.name, body.articles) == ("Harbor Workers Alliance", 2)


def minister(name: str, title: str = "Defense Minister", also: str = "Navy Works", place: str = "Kenya") -> Story:
    """Return a story about a minister of a country, beside whom a body and a person stand."""
    return Story(
        text=f"{place} said its {title} {name} met Ana Otieno of {also}.",
        entities=(
            ("person", name, ()),
            ("person", "Ana Otieno", ()),
            ("place", place, ()),
            ("organization", also, ()),
        ),
        offices=((name, title, place),),
    )


def test_a_last_name_alone_is_the_holder_of_the_same_office_in_the_same_company(store: Store) -> None:
    put(store, minister("Robert Oduya"))
    second = put(store, minister("Oduya"))
    person = next(p for p in people(store) if p.name == "Robert Oduya")
    assert person.articles == 2
    assert {"last name alone", "same office", "same organization"} <= set(reasons_in(store, second)["Oduya"][1])


def test_a_last_name_alone_without_company_waits_for_review(store: Store) -> None:
    put(store, minister("Robert Oduya"))
    put(
        store,
        Story(
            text="Kenya said its Defense Minister Oduya spoke.",
            entities=(("person", "Oduya", ()), ("place", "Kenya", ())),
            offices=(("Oduya", "Defense Minister", "Kenya"),),
        ),
    )
    assert sorted(p.articles for p in people(store) if "Oduya" in p.name) == [1, 1]
    assert [link.candidate_name for link in waiting(store)] == ["Robert Oduya"]


def test_a_last_name_alone_without_an_office_is_the_storys_own(store: Store) -> None:
    put(store, minister("Robert Oduya"))
    put(store, told("Oduya", place="Kenya"))
    assert sorted(p.articles for p in people(store) if "Oduya" in p.name) == [1, 1]
    assert waiting(store) == []


def test_a_last_name_alone_in_another_office_is_another(store: Store) -> None:
    put(store, minister("Robert Oduya"))
    put(store, minister("Oduya", "Coach"))
    assert sorted(p.articles for p in people(store) if "Oduya" in p.name) == [1, 1]


def test_a_last_name_that_many_have_finds_nobody(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("app.store.recall.MOST_OF_A_NAME", 1)
    put(store, minister("Robert Oduya"))
    put(store, minister("Susan Oduya", "Health Minister"))
    put(store, minister("Oduya"))
    assert sorted(p.articles for p in people(store) if "Oduya" in p.name) == [1, 1, 1]


def test_a_last_name_alone_finds_an_authoritys_entry_under_its_full_name(store: Store) -> None:
    put(store, minister("Nobody Else", also="Bundestag", place="Germany"))
    put(store, minister("Merkel", "Chancellor", also="Bundestag", place="Germany"))
    [link] = [link for link in waiting(store) if link.candidate_kind == "identity"]
    assert link.candidate_name == "Angela Merkel"
    with store.writing() as session:
        decide_link(session, link.id, "accept")
    person = next(p for p in people(store) if p.name == "Merkel")
    assert ("wikidata", "Q567") in person.identifiers


BODIES: tuple[tuple[EntityType, str, tuple[str, ...]], ...] = (
    ("organization", "Pesa Direct", ()),
    ("organization", "Savanna Telecom", ()),
)


def organizations(store: Store) -> dict[str, EntityView]:
    with store.reading() as session:
        return {e.name: e for e in entities(session, EntityFilter(type="organization"), ALL).items}


def test_what_stories_say_a_body_is_part_of_is_told(store: Store) -> None:
    put(store, Story(text="Pesa Direct, a unit of Savanna Telecom, cut its fees.", entities=BODIES))
    put(store, Story(text="Savanna Telecom's Kenyan unit, Pesa Direct, cut them again.", entities=BODIES))
    found = organizations(store)
    whole = found["Savanna Telecom"]
    assert [(p.id, p.name, p.relation) for p in found["Pesa Direct"].parents] == [(whole.id, whole.name, "part of")]
    assert whole.parents == ()
    assert whole.parts == (PartView(found["Pesa Direct"].id, "Pesa Direct"),)


def test_parts_without_a_name_are_told_by_their_words(store: Store) -> None:
    put(store, Story(text="Savanna Telecom said its Kenyan unit lost money.", entities=BODIES[1:]))
    put(store, Story(text="Savanna Telecom's Kenyan unit lost money again.", entities=BODIES[1:]))
    last = put(store, Story(text="Savanna Telecom's Ugandan arm did not.", entities=BODIES[1:]))
    parts = organizations(store)["Savanna Telecom"].parts
    assert parts == (PartView(None, "Kenyan unit", "Kenya"), PartView(None, "Ugandan arm", "Uganda"))
    with store.writing() as session:
        remove_article(session, last)
    assert organizations(store)["Savanna Telecom"].parts == parts[:1]


def test_a_part_keeps_its_whole_when_that_is_merged(store: Store) -> None:
    put(store, Story(text="Pesa Direct, a unit of Savanna Telecom, cut its fees.", entities=BODIES))
    put(store, Story(text="Savanna Group met.", entities=(("organization", "Savanna Group", ()),)))
    found = organizations(store)
    with store.writing() as session:
        merge(session, found["Savanna Telecom"].id, found["Savanna Group"].id)
    assert [p.id for p in organizations(store)["Pesa Direct"].parents] == [found["Savanna Group"].id]


def test_a_ministry_of_the_storys_country_is_part_of_it(store: Store) -> None:
    put(store, told("Ana Otieno", None, place="Kenya", also="Interior Ministry"))
    assert [(p.name, p.relation) for p in organizations(store)["Interior Ministry"].parents] == [("Kenya", "part of")]


def test_two_bodies_of_one_acronym_stay_two(store: Store) -> None:
    for long in ("Harbor Workers Alliance", "Highland Water Authority"):
        put(store, Story(text=f"The {long} (HWA) met.", entities=(("organization", long, ("HWA",)),)))
    with store.reading() as session:
        found = entities(session, EntityFilter(type="organization"), ALL).items
    assert [body.articles for body in found] == [1, 1]
    assert [reason.code for link in waiting(store) for reason in link.reasons] == ["same acronym, other names"]


@pytest.mark.parametrize("words", ["née Kaplan", "formerly Kaplan", "born Ana Kaplan"])
def test_a_name_that_a_story_says_was_theirs_is_theirs(store: Store, words: str) -> None:
    put(store, told("Ana Kaplan", "novelist"))
    married = Story(
        text=f"Ana Okonjo ({words}), the novelist, spoke.",
        entities=(("person", "Ana Okonjo", ()),),
        offices=(("Ana Okonjo", "novelist", None),),
    )
    put(store, married)
    assert [person.articles for person in people(store)] == [2]


def councilman(name: str, number: int) -> Story:
    """Return one of many stories about a councilman, beside whom the same few stand."""
    return Story(
        text=f"Vote {number}. Councilman {name} of Riverton met Ana Otieno of the Harbor Works.",
        entities=(
            ("person", name, ()),
            ("person", "Ana Otieno", ()),
            ("place", "Riverton", ()),
            ("organization", "Harbor Works", ()),
        ),
        offices=((name, "Councilman", "Harbor Works"),),
    )


def smiths(store: Store) -> dict[str, int]:
    return {p.id: p.articles for p in people(store) if p.name == "John Smith"}


def test_later_stories_join_one_that_waits_for_review_when_they_agree_with_it(store: Store) -> None:
    put(store, told("John Smith", place="Kenya"))
    [first] = smiths(store)
    articles = [put(store, councilman("John Smith", number)) for number in range(16)]

    [link] = waiting(store)
    assert link.candidate_id == first
    assert smiths(store) == {first: 1, link.entity_id: 16}
    score, codes = reasons_in(store, articles[-1])["John Smith"]
    assert score is not None
    assert score >= 0.8
    assert {"same name", "common name", "same office", "same organization", "same company"} <= set(codes)


def test_stories_that_are_written_together_join_one_that_waits_for_review(store: Store) -> None:
    stories = [told("John Smith", place="Kenya"), *(councilman("John Smith", number) for number in range(4))]
    with store.writing() as session:
        add_articles(session, [(received(story), linked(story)) for story in stories])
    assert sorted(smiths(store).values()) == [1, 4]
    assert len(waiting(store)) == 1


def test_a_better_told_one_joins_the_others_whatever_comes_of_one_first_told_without_an_office(store: Store) -> None:
    put(store, told("John Smith", place="Kenya"))
    put(store, told("John Smith", place="Peru"))
    for number in range(16):
        put(store, councilman("John Smith", number))
    assert sorted(smiths(store).values()) == [1, 1, 16]
    assert len({link.entity_id for link in waiting(store)}) == 2


def test_nobody_waits_for_one_that_waits_for_review(store: Store) -> None:
    for number in range(4):
        put(store, told("John Smith", place=("Kenya", "Peru", "Ghana", "Chile")[number]))
    assert len({link.candidate_id for link in waiting(store)}) == 1
    assert len(waiting(store)) == 3


def test_another_of_the_name_does_not_join_one_that_waits_for_review(store: Store) -> None:
    put(store, told("John Smith", place="Kenya"))
    put(store, councilman("John Smith", 1))
    put(store, told("John Smith", "Quarterback", place="Riverton"))
    assert sorted(smiths(store).values()) == [1, 1, 1]


def test_annotating_again_keeps_who_joined_one_that_waits_for_review(store: Store) -> None:
    stories = [told("John Smith", place="Kenya"), *(councilman("John Smith", number) for number in range(4))]
    ids = [put(store, story) for story in stories]
    before = smiths(store), [(link.entity_id, link.candidate_id, link.article_id) for link in waiting(store)]

    for order in (ids, ids[::-1]):
        with store.writing() as session:
            for article_id in order:
                add_run(session, article_id, linked(stories[ids.index(article_id)]))
        links = [(link.entity_id, link.candidate_id, link.article_id) for link in waiting(store)]
        assert (smiths(store), links) == before


@pytest.mark.parametrize("decision", ["accept", "reject"])
def test_what_is_decided_of_one_that_others_joined_holds_for_all(store: Store, decision: LinkDecision) -> None:
    stories = [told("John Smith", place="Kenya"), *(councilman("John Smith", number) for number in range(4))]
    ids = [put(store, story) for story in stories]
    [link] = waiting(store)
    with store.writing() as session:
        decide_link(session, link.id, decision)
    expected = {link.candidate_id: 5} if decision == "accept" else {link.candidate_id: 1, link.entity_id: 4}
    assert smiths(store) == expected
    with store.writing() as session:
        for article_id, story in zip(ids, stories, strict=True):
            add_run(session, article_id, linked(story))
    put(store, councilman("John Smith", 9))
    last = link.candidate_id if decision == "accept" else link.entity_id
    assert smiths(store) == {**expected, last: expected[last] + 1}
    assert waiting(store) == []


@pytest.mark.parametrize("change", ["delete", "rewrite"])
def test_a_doubt_stays_when_the_story_that_raised_it_goes(store: Store, change: str) -> None:
    put(store, told("John Smith", place="Kenya"))
    founding, other = (put(store, councilman("John Smith", number)) for number in range(2))
    [before] = waiting(store)
    with store.writing() as session:
        if change == "delete":
            remove_article(session, founding)
        else:
            add_run(session, founding, linked(Story(text=councilman("John Smith", 0).text)))
    [link] = waiting(store)
    assert (link.id, link.entity_id, link.article_id) == (before.id, before.entity_id, other)
    assert smiths(store) == {link.candidate_id: 1, link.entity_id: 1}


def test_a_doubt_turns_to_whom_the_other_was_merged_into(store: Store) -> None:
    put(store, told("John Smith", place="Kenya"))
    put(store, told("Ana Ruiz", place="Peru"))
    put(store, councilman("John Smith", 1))
    [link] = waiting(store)
    ruiz = next(p.id for p in people(store) if p.name == "Ana Ruiz")
    with store.writing() as session:
        merge(session, link.candidate_id, ruiz)
    assert [(found.id, found.candidate_id) for found in waiting(store)] == [(link.id, ruiz)]


def test_one_whose_doubt_ends_by_a_merge_is_settled(store: Store) -> None:
    put(store, told("John Smith", place="Kenya"))
    put(store, councilman("John Smith", 1))
    [link] = waiting(store)
    with store.writing() as session:
        merge(session, link.candidate_id, link.entity_id)
    assert waiting(store) == []
    put(store, told("John Smith", place="Peru"))
    assert [found.candidate_id for found in waiting(store)] == [link.entity_id]


def test_what_a_person_merged_into_one_that_waits_stays_there(store: Store) -> None:
    put(store, told("John Smith", place="Kenya"))
    put(store, councilman("John Smith", 1))
    story = told("Zora Lindqvist", place="Peru")
    article_id = put(store, story)
    [link] = waiting(store)
    zora = next(p.id for p in people(store) if p.name == "Zora Lindqvist")
    with store.writing() as session:
        merge(session, zora, link.entity_id)
    with store.writing() as session:
        add_run(session, article_id, linked(story))
    assert sorted(p.articles for p in people(store) if p.name != "Ana Otieno") == [1, 2]


@pytest.mark.parametrize("words", ["(n\u00e9e Ana Kaplan)", "(formerly Ana Kaplan)", ", born Ana Kaplan"])
def test_one_whom_a_story_calls_by_two_names_is_one(store: Store, words: str) -> None:
    put(store, told("Ana Kaplan", "novelist"))
    both = Story(
        text=f"Ana Okonjo {words}, the novelist, spoke.".replace(" ,", ","),
        entities=(("person", "Ana Okonjo", ()), ("person", "Ana Kaplan", ())),
        offices=(("Ana Okonjo", "novelist", None),),
    )
    article_id = put(store, both)
    [person] = people(store)
    assert person.articles == 2
    assert {person.name, *person.aliases} == {"Ana Kaplan", "Ana Okonjo"}
    put(store, told("Ana Okonjo", "novelist", place="Varna"))
    assert [found.articles for found in people(store)] == [3]
    with store.writing() as session:
        add_run(session, article_id, linked(both))
    assert [found.articles for found in people(store)] == [3]


@pytest.mark.parametrize(
    "text",
    [
        "Ana Okonjo, formerly Ana Kaplan's aide, spoke.",
        "Ana Okonjo and Ana Kaplan, born Okonjo, spoke.",
        "Ana Okonjo was born. Ana Kaplan was not.",
    ],
)
def test_two_whom_a_story_names_stay_two(store: Store, text: str) -> None:
    put(store, Story(text=text, entities=(("person", "Ana Okonjo", ()), ("person", "Ana Kaplan", ()))))
    assert [found.articles for found in people(store)] == [1, 1]
