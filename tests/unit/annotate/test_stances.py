"""Stances: who is for or against what."""

from __future__ import annotations

import pytest

from app.annotate.entities import Group
from app.annotate.speakers import Speaker
from app.annotate.stances import Taking, Voice, change_of, find_stances
from tests.unit.annotate.readings import TABLES, Pairs, Scene, make_scene

TEXT = "Ann Lee backs the ban on cars. Acme opposes the ban on cars."


def read(text: str, *stances: tuple[str, str], pairs: Pairs | None = None) -> Scene:
    return make_scene(text, {"stance": stances}, pairs)


def takings(scene: Scene, *groups: Group, voices: tuple[Voice, ...] = ()) -> tuple[Taking, ...]:
    return find_stances(scene.reading, scene.words, scene.links, TABLES, scene.cast(*groups), voices, scene.document)


def voice(scene: Scene, speaker: Speaker, contents: str, passage: int = 3) -> Voice:
    mention = speaker.mention
    piece = 0 if mention is None else scene.piece(mention.of(scene.text))
    return Voice(piece, speaker, passage, (scene.span(contents),))


def cast_of(scene: Scene) -> tuple[Group, Group]:
    return scene.group("person", "Ann Lee"), scene.group("organization", "Acme")


def test_stance_is_held_by_the_name_that_its_link_prefers() -> None:
    scene = read(TEXT, ("the ban on cars", "supports"), pairs={"stance_holder": [("the ban", "Ann", 5.0)]})
    (found,) = takings(scene, *cast_of(scene))
    assert (found.group, found.polarity, found.method) == (0, "supports", "learned")
    assert (found.mention, found.source, found.passage) == (scene.span("Ann Lee"), None, None)
    assert found.target == scene.span("the ban on cars")
    assert found.evidence == scene.span("Ann Lee backs the ban on cars.")
    assert found.score > 0.5


def test_stance_of_a_name_that_speaks_is_carried_by_its_passage() -> None:
    scene = read(TEXT, ("the ban on cars", "supports"), pairs={"stance_holder": [("the ban", "Ann", 5.0)]})
    speaks = voice(scene, Speaker("resolved", 0, None, "none", 0.9), "the ban on cars")
    assert takings(scene, *cast_of(scene), voices=(speaks,))[0].passage == 3


@pytest.mark.parametrize(("contents", "passage"), [("the ban on cars", 3), ("Acme opposes", None)])
def test_stance_may_be_held_by_a_source(contents: str, passage: int | None) -> None:
    text = f"An aide said: {TEXT}"
    scene = read(text, ("the ban on cars", "supports"), pairs={"stance_holder": [("the ban", "An aide", 5.0)]})
    aide = Speaker("anonymous", None, scene.span("An aide"), "nominal", 0.9)
    (found,) = takings(scene, *cast_of(scene), voices=(voice(scene, aide, contents),))
    assert (found.group, found.source, found.passage) == (None, aide, passage)
    assert found.mention == aide.mention


@pytest.mark.parametrize("words", ["it", "ban", "Ban"])
def test_target_of_a_small_word_says_nothing(words: str) -> None:
    scene = read(f"Ann Lee backs {words}. Acme", (words, "supports"))
    assert takings(scene, *cast_of(scene)) == ()


def test_target_of_one_name_says_something() -> None:
    scene = read("Ann Lee backs Acme. Then Kesterly", ("Kesterly", "supports"))
    assert len(takings(scene, *cast_of(scene))) == 1


def test_stance_without_a_holder_near_it_is_none() -> None:
    assert takings(read("They back the ban.", ("the ban", "supports"))) == ()


def test_name_inside_the_target_does_not_hold_it() -> None:
    scene = read("They back the Acme plan.", ("the Acme plan", "supports"))
    assert takings(scene, scene.group("organization", "Acme")) == ()


def test_stances_of_two_holders_stand_in_text_order() -> None:
    scene = read(
        TEXT,
        ("the ban on cars", "supports"),
        ("the ban on cars#2", "opposes"),
        pairs={"stance_holder": [("the ban", "Ann", 5.0), ("the ban on cars#2", "Acme", 9.0)]},
    )
    assert [(t.group, t.polarity) for t in takings(scene, *cast_of(scene))] == [(0, "supports"), (1, "opposes")]


@pytest.mark.parametrize(("polarity", "count"), [("supports", 1), ("opposes", 2)])
def test_stance_with_the_same_words_is_said_once(polarity: str, count: int) -> None:
    scene = read(
        TEXT,
        ("the ban on cars", "supports"),
        ("the ban on cars#2", polarity),
        pairs={"stance_holder": [("the ban", "Ann", 5.0), ("the ban on cars#2", "Ann", 5.0)]},
    )
    assert len(takings(scene, *cast_of(scene))) == count


def test_judgement_in_what_somebody_says_is_a_stance() -> None:
    scene = make_scene("“The ban is wrong,” Ann Lee said.")
    (found,) = takings(
        scene, scene.group("person", "Ann Lee"), voices=(voice(scene, scene.speaker(0, "Ann Lee"), "The ban is wrong"),)
    )
    assert (found.group, found.polarity, found.method, found.passage) == (0, "opposes", "rule", 3)


@pytest.mark.parametrize("named", [True, False])
def test_judgement_of_nobody_known_is_no_stance(*, named: bool) -> None:
    scene = make_scene("“The ban is wrong,” she said.")
    nobody = Speaker("unresolved", None, scene.span("she"), "pronoun", 0.5)
    group = Speaker("resolved", 0, None, "continued", 0.5)
    assert takings(scene, voices=(voice(scene, nobody if named else group, "The ban is wrong"),)) == ()


def test_read_stance_gives_way_to_a_rule_on_the_same_words() -> None:
    scene = read("“The ban is wrong,” Ann Lee said. Acme", ("The ban", "supports"))
    found = takings(scene, *cast_of(scene), voices=(voice(scene, scene.speaker(0, "Ann Lee"), "The ban is wrong"),))
    assert [t.method for t in found] == ["rule"]


@pytest.mark.parametrize(("contents", "passage"), [("The two sides agreed to stop the war", 3), ("she said", None)])
def test_agreement_is_held_by_both_sides(contents: str, passage: int | None) -> None:
    scene = make_scene("The two sides agreed to stop the war, she said.")
    she = Speaker("unresolved", None, scene.span("she"), "pronoun", 0.5)
    (found,) = takings(scene, voices=(voice(scene, she, contents),))
    assert found.source is not None
    assert (found.source.status, found.mention, found.passage) == ("collective", scene.span("The two sides"), passage)


def test_same_agreement_is_held_by_other_sides_too() -> None:
    scene = make_scene("The two sides agreed to stop the war. Both parties agreed to stop the war.")
    assert len(takings(scene)) == 2


def test_target_outside_every_sentence_is_its_own_evidence() -> None:
    scene = read(TEXT, ("the ban on cars", "supports"))
    bare = make_scene(
        type(scene.document)(TEXT, scene.document.paragraphs), {"stance": [("the ban on cars", "supports")]}
    )
    assert takings(bare, *cast_of(bare))[0].evidence == bare.span("the ban on cars")


@pytest.mark.parametrize(
    ("sentence", "change"),
    [
        ("He still backs it.", "unchanged"),
        ("He had not dropped his opposition.", "unchanged"),
        ("He abandoned it.", "reversed"),
        ("He backs it.", None),
    ],
)
def test_change_of_a_position(sentence: str, change: str | None) -> None:
    assert change_of(sentence) == change


@pytest.mark.parametrize("condition", ["if it rains", "unless it rains"])
def test_condition_in_the_sentence_makes_a_stance_conditional(condition: str) -> None:
    scene = read(f"Ann Lee backs the ban {condition}. Acme", ("the ban", "supports"))
    assert takings(scene, *cast_of(scene))[0].conditional
