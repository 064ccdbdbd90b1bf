"""Named mentions."""

from __future__ import annotations

import itertools
import math
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.annotate.chunks import find_words
from app.annotate.encoder import Reading, log_softmax
from app.annotate.names import Name, bare_bodies, find_actors, find_names, name_key
from tests.unit.annotate.readings import HEADS, TABLES, Scene, make_scene, story, word_pieces


def named(text: str, *tags: tuple[str, str]) -> list[tuple[str, str]]:
    return [(n.span.of(text), n.type) for n in names_of(make_scene(text, {"name": tags}))]


def names_of(scene: Scene) -> tuple[Name, ...]:
    return find_names(scene.reading, scene.words, TABLES, scene.text)


def actors_of(scene: Scene, names: tuple[Name, ...]) -> list[tuple[str, str]]:
    found = find_actors(scene.reading, scene.words, TABLES, scene.text, names)
    return [(n.span.of(scene.text), n.type) for n in found]


@pytest.mark.parametrize(
    ("text", "tagged", "name"),
    [
        ("(Ann Lee) won", "(Ann Lee)", "Ann Lee"),
        ("Striker Ann Lee won", "Striker Ann Lee", "Ann Lee"),
        ("Acme, won", "Acme,", "Acme"),
        ("the U.S. won", "U.S.", "U.S."),
        ("the Lee. Then", "Lee.", "Lee"),
        ("Lee's dog", "Lee's", "Lee"),
        ("Lee’s dog", "Lee’s", "Lee"),
        ("LEE'S DOG", "LEE'S", "LEE"),
        ("the Lees' dog", "Lees'", "Lees"),
        ("Acme Works (AW", "Acme Works (AW", "Acme Works"),
        ("Acme Works (AW) met", "Acme Works (AW) met", "Acme Works (AW) met"),
    ],
)
def test_marks_and_possessive_endings_are_no_part_of_a_name(text: str, tagged: str, name: str) -> None:
    assert named(text, (tagged, "person")) == [(name, "person")]


@pytest.mark.parametrize(("text", "tagged"), [("won ... it", "..."), ("won the it", "the"), ("— x", "—")])
def test_marks_and_small_words_are_no_names(text: str, tagged: str) -> None:
    assert named(text, (tagged, "person")) == []


def test_name_that_is_tagged_in_two_ways_gets_the_type_of_most_weight() -> None:
    text = "Lee won. Lee ran. Lee left."
    assert {t for _, t in named(text, ("Lee", "place"), ("Lee#2", "person"), ("Lee#3", "person"))} == {"person"}


def test_a_surname_that_reads_like_a_word_is_a_part_of_the_name_around_it() -> None:
    text = "Kevin So Kam-wai won. He met So, Said bin Roe and Lo Ka-lok."
    tags = [("Kevin", "person"), ("Kam-wai", "person"), ("Said bin", "person"), ("Roe", "person")]
    found = named(text, *tags, ("Lo", "organization"), ("Ka-lok", "person"))
    people = [("Kevin So Kam-wai", "person"), ("So", "person"), ("Said bin Roe", "person")]
    assert found == [*people, ("Lo", "organization"), ("Ka-lok", "person")]


def test_untagged_copy_of_a_name_of_several_words_is_found() -> None:
    scene = make_scene("Ann Lee won. Then Ann Lee left.", {"name": [("Ann Lee", "person")]})
    first, second = names_of(scene)
    assert (first.spread, second.spread) == (False, True)
    assert second.span == scene.span("Ann Lee#2")
    assert second.score == pytest.approx(first.score * 0.9)


def test_untagged_copy_follows_the_surest_one() -> None:
    scene = make_scene("Lee, Lee, Lee", {"name": [("Lee", "person"), ("Lee#2", "person")]})
    scene.reading.tags["name"][0] += 0.05
    assert names_of(scene)[2].score == pytest.approx(names_of(scene)[0].score * 0.9)


@pytest.mark.parametrize(
    ("text", "tags"),
    [
        ("Lee won. Lee left.", [("Lee", "person")]),
        ("Storm Ann hit. Storm Ann left.", [("Storm Ann", "other")]),
        ("acme steel won. acme steel left.", [("acme steel", "organization")]),
        ("Ed, Ed, Ed", [("Ed", "person"), ("Ed#2", "person")]),
        ("Ann Lee won the Ann Leerburg.", [("Ann Lee", "person")]),
    ],
)
def test_copies_that_may_be_other_words_are_left(text: str, tags: list[tuple[str, str]]) -> None:
    assert len(named(text, *tags)) == len(tags)


def test_a_last_name_inside_of_another_word_is_none_that_the_story_uses() -> None:
    assert named("Ann Lee slept. A fleet came. Lee left.", ("Ann Lee", "person")) == [
        ("Ann Lee", "person"),
        ("Lee", "person"),
    ]


def test_copies_are_told_by_their_first_word_and_the_longest_wins() -> None:
    text = "O'Neil Steel and O'Neil. Then O'Neil Steel, O'Neil and O'Neill met."
    tags = [("O'Neil Steel", "organization"), ("O'Neil#2", "person"), ("O'Neil#4", "person")]
    assert named(text, *tags) == [
        ("O'Neil Steel", "organization"),
        ("O'Neil", "person"),
        ("O'Neil Steel", "organization"),
        ("O'Neil", "person"),
    ]


def test_copy_outside_every_paragraph_is_left() -> None:
    text = "Ann Lee\n\nAnn Lee won."
    document = replace(story(text), paragraphs=story(text).paragraphs[1:])
    scene = make_scene(document, {"name": [("Ann Lee#2", "person")]})
    assert [n.span for n in names_of(scene)] == [scene.span("Ann Lee#2")]


def test_body_is_named_wider_than_the_name_in_it() -> None:
    scene = make_scene(
        "The Kesterly harbor club met Ann Lee.", {"actor": [("The Kesterly harbor club", "organization")]}
    )
    inside = Name(scene.span("harbor"), "organization", 0.5)
    place = Name(scene.span("Kesterly"), "place", 0.5)
    (found,) = find_actors(scene.reading, scene.words, TABLES, scene.text, (place, inside))
    assert found.span == scene.span("The Kesterly harbor club")
    assert found.marks == (inside.span,)


def test_person_and_the_noun_of_a_body_make_a_body() -> None:
    scene = make_scene("the Roe administration said", {"actor": [("Roe", "person")]})
    assert actors_of(scene, ()) == [("Roe administration", "organization")]


def test_what_a_body_is_owned_by_is_no_part_of_its_name() -> None:
    tags = {"actor": [("Ann Lee", "person"), ("'s Acme Works", "organization")]}
    scene = make_scene("They met Ann Lee's Acme Works.", tags)
    assert actors_of(scene, ()) == [("Ann Lee", "person"), ("Acme Works", "organization")]


def test_noun_that_somebody_owns_is_no_name() -> None:
    tags = {"actor": [("Ann Lee", "person"), ("'s cabinet post", "organization")]}
    scene = make_scene("They met Ann Lee's cabinet post.", tags)
    assert actors_of(scene, ()) == [("Ann Lee", "person")]


def test_person_and_a_body_that_begins_with_its_noun_are_one_body() -> None:
    tags = {"actor": [("Roe", "person"), ("administration", "organization")]}
    scene = make_scene("the Roe administration said", tags)
    body = scene.name("Roe administration", "organization")
    assert actors_of(scene, (body,)) == [("Roe administration", "organization")]


@pytest.mark.parametrize("kind", ["place", "other"])
def test_actor_that_is_a_part_of_a_proper_name_is_that_name(kind: str) -> None:
    scene = make_scene("the U S met", {"actor": [("U", "organization")]})
    assert actors_of(scene, (scene.name("U S", kind),)) == [("U", "organization") if kind == "other" else ("U S", kind)]


def test_body_is_named_without_owner_and_description() -> None:
    scene = make_scene("the libertarian Acme Institute")
    (found,) = bare_bodies(scene.name(scene.text, "organization"), scene.text)
    assert found.span == scene.span("Acme Institute")


def test_proper_name_outside_every_actor_is_named_bare_and_marked_whole() -> None:
    scene = make_scene("the libertarian Acme Institute met.")
    scene.reading.tags["actor"][:, 1:] = -2.0
    (found,) = find_actors(
        scene.reading, scene.words, TABLES, scene.text, (scene.name("libertarian Acme Institute", "organization"),)
    )
    assert found.span == scene.span("Acme Institute")
    assert found.marks == (scene.span("libertarian Acme Institute"),)


def test_chamber_stays_bare_beside_a_wider_proper_name() -> None:
    scene = make_scene("Senate Majority met.", {"actor": [("Senate", "organization")]})
    assert actors_of(scene, (scene.name("Senate Majority", "organization"),)) == [("Senate", "organization")]


@pytest.mark.parametrize("kind", ["place", "person"])
def test_body_known_by_name_is_one_whatever_the_tags_say(kind: str) -> None:
    scene = make_scene("ISIS met.")
    assert actors_of(scene, (scene.name("ISIS", kind),)) == [("ISIS", "organization")]
    assert actors_of(scene, ()) == [("ISIS", "organization")]


def test_body_known_by_name_inside_a_longer_name_is_no_other() -> None:
    scene = make_scene("UN Harbor Council met.", {"actor": [("UN Harbor Council", "organization")]})
    assert actors_of(scene, ()) == [("UN Harbor Council", "organization")]


def test_evidence_tells_a_body_that_every_head_sees_from_one_that_none_does() -> None:
    scene = make_scene("Acme met Kesterly.", {"actor": [("Acme", "organization")], "name": [("Acme", "organization")]})
    names = (scene.name("Acme", "organization"), scene.name("Kesterly", "organization"))
    scene.reading.tags["actor"][2:, 1:] = -2.0
    sure, unsure = find_actors(scene.reading, scene.words, TABLES, scene.text, names)
    assert sure.evidence > 1 > -1 > unsure.evidence


def test_evidence_for_a_place_is_not_asked() -> None:
    scene = make_scene("Kesterly met.")
    (place,) = find_actors(scene.reading, scene.words, TABLES, scene.text, (scene.name("Kesterly", "place"),))
    assert place.evidence == math.inf


def test_person_is_named_as_it_is() -> None:
    scene = make_scene("the Ann Lee")
    assert bare_bodies(scene.name("the Ann Lee"), scene.text) == (scene.name("the Ann Lee"),)


def test_actor_has_the_type_that_the_surer_readings_of_the_story_give_it() -> None:
    scene = make_scene("Acme met.", {"actor": [("Acme", "person")]})
    assert actors_of(scene, (replace(scene.name("Acme", "organization"), score=2.0),)) == [("Acme", "organization")]
    assert actors_of(scene, (replace(scene.name("Acme", "other"), score=2.0),)) == [("Acme", "person")]


@pytest.mark.parametrize("kind", ["place", "nationality", "other"])
def test_name_outside_every_actor_stays(kind: str) -> None:
    scene = make_scene("Kesterly won.")
    assert actors_of(scene, (scene.name("Kesterly", kind),)) == [("Kesterly", kind)]


@pytest.mark.parametrize("kind", ["person", "organization"])
def test_person_or_body_without_support_of_the_actor_head_goes(kind: str) -> None:
    scene = make_scene("Kesterly won.")
    scene.reading.tags["actor"][:, 1:] = -2.0
    assert actors_of(scene, (scene.name("Kesterly", kind),)) == [("Kesterly", kind)]
    scene.reading.tags["actor"][:, 1:] = -9.0
    assert actors_of(scene, (scene.name("Kesterly", kind),)) == []


@pytest.mark.parametrize(
    ("surface", "key"),
    [
        ("The Acme's", "acme"),
        ("“Ann\nLee”", "ann lee"),
        ("O’Neil", "o'neil"),
        ("AN APPLE", "apple"),
        ("Republican Party", "republican party"),
        ("", ""),
    ],
)
def test_key_of_a_name(surface: str, key: str) -> None:
    assert name_key(surface) == key


TEXTS = st.text() | st.lists(st.sampled_from(["Ann Lee", "'s", "(", "U.S.", "the", "\n\n", " ", "é", "😀"])).map(
    "".join
)


@given(TEXTS, st.integers(0, 2**32 - 1))
def test_mentions_verify_over_any_text_and_any_scores(text: str, seed: int) -> None:
    pieces = word_pieces(story(text))
    numbers = np.random.default_rng(seed)
    tags = {
        head: log_softmax(numbers.normal(size=(len(pieces), 2 * len(labels) + 1)).astype(np.float32) * 3)
        for head, labels in HEADS.items()
    }
    reading, words = Reading(pieces, tags, (), (0,)), find_words(pieces)
    names = find_names(reading, words, TABLES, text)
    actors = find_actors(reading, words, TABLES, text, names)
    for found in (names, actors):
        assert all(n.span.of(text).strip() == n.span.of(text) and n.span.end <= len(text) for n in found)
        assert all(a.span.end <= b.span.start for a, b in itertools.pairwise(found))
    assert names == find_names(reading, words, TABLES, text)
