"""Attributions, labels and continued speech joined into passages."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from app.annotate.attribution import Attribution
from app.annotate.entities import Group
from app.annotate.quotes import Passage
from app.pipeline.speech import find_passages
from tests.unit.annotate.readings import Pairs, Scene, make_scene

Passages = tuple[tuple[Passage, ...], tuple[tuple[int, int], ...]]


def passages_of(scene: Scene, attributions: Sequence[Attribution], *groups: Group) -> Passages:
    return find_passages(
        scene.document, scene.pieces.quotations, scene.words, attributions, scene.cast(*groups), scene.links, ()
    )


def test_passage_has_the_speaker_of_its_attribution_and_its_source_piece() -> None:
    scene = make_scene("It rained, Ann Lee said.")
    lee = scene.group("person", "Ann Lee")
    (passage,), sources = passages_of(scene, [scene.attribution("It rained", "said", "Ann Lee")], lee)
    assert (passage.speaker.group, passage.cue) == (0, scene.span("said"))
    assert sources == ((0, scene.piece("Ann Lee")),)


def test_words_without_cue_and_marks_are_no_passage() -> None:
    scene = make_scene("It rained.")
    assert passages_of(scene, [scene.attribution("It rained")]) == ((), ())


def test_words_without_cue_in_marks_are_a_passage_without_source() -> None:
    scene = make_scene("“It rained.”")
    (passage,), sources = passages_of(scene, [scene.attribution("It rained")])
    assert passage.contents == (scene.span("“It rained.”"),) or passage.contents == (scene.span("“It rained"),)
    assert sources == ()


def test_pronoun_prefers_the_speaker_of_the_passage_before() -> None:
    pairs: Pairs = {"antecedent": [("She", "Beth Roe", 5.0)]}
    scene = make_scene("It rained, Ann Lee told Beth Roe. She said it snowed.", pairs=pairs)
    groups = scene.group("person", "Ann Lee"), scene.group("person", "Beth Roe")
    told, said = scene.attribution("It rained", "told", "Ann Lee"), scene.attribution("it snowed", "said", "She")
    assert [p.speaker.group for p in passages_of(scene, [said, told], *groups)[0]] == [0, 0]
    assert [p.speaker.group for p in passages_of(scene, [said], *groups)[0]] == [1]


@pytest.mark.parametrize(("label", "group"), [("ANN LEE", 0), ("LEE", 0), ("ROE", None), ("JUDGE", None)])
def test_label_is_the_person_whose_name_it_is(label: str, group: int | None) -> None:
    scene = make_scene(f"Kesterly saw Ann Lee.\n\n{label}: It rained.")
    people = scene.group("place", "Kesterly"), scene.group("person", "Ann Lee")
    (passage,), sources = passages_of(scene, [], *people)
    assert passage.speaker.group == (None if group is None else 1)
    assert (passage.method, passage.contents) == ("label", (scene.span("It rained."),))
    assert sources == ((0, scene.piece(label)),)


def test_label_that_comes_again_is_the_same_person() -> None:
    scene = make_scene("Kesterly saw Ann Lee.\n\nLEE: It rained.\n\nLEE: It snowed.")
    passages, _ = passages_of(scene, [], scene.group("person", "Ann Lee"))
    assert [p.speaker.group for p in passages] == [0, 0]


def test_in_an_interview_q_asks_and_a_is_who_was_labelled_last() -> None:
    scene = make_scene("Ann Lee met Beth Roe.\n\nQ: Why?\n\nA: It rained.\n\nROE: It did.\n\nA: It snowed.")
    people = scene.group("person", "Ann Lee"), scene.group("person", "Beth Roe")
    found, _ = passages_of(scene, [], *people)
    assert [(p.speaker.status, p.speaker.group) for p in found] == [
        ("anonymous", None),
        ("resolved", 0),
        ("resolved", 1),
        ("resolved", 1),
    ]


def test_in_an_interview_a_is_of_whom_the_story_speaks_around_it() -> None:
    scene = make_scene("Ann Lee runs the port.\n\nQ: Beth Roe?\n\nA: Beth Roe swam.")
    people = scene.group("person", "Ann Lee"), scene.group("person", "Beth Roe", "Beth Roe#2")
    found, _ = passages_of(scene, [], *people)
    assert [p.speaker.group for p in found] == [None, 0]


def test_in_an_interview_without_people_nobody_answers() -> None:
    found, _ = passages_of(make_scene("A: It rained."), [])
    assert [(p.speaker.status, p.speaker.group) for p in found] == [("unresolved", None)]


def test_label_that_names_a_body_is_the_body() -> None:
    scene = make_scene("PORT AUTHORITY: It rained.")
    (passage,), _ = passages_of(scene, [], scene.group("organization", "PORT AUTHORITY"))
    assert passage.speaker.group == 0


def test_signed_quotation_is_its_signers_whatever_was_read() -> None:
    scene = make_scene("Kesterly saw Ann Lee, who spoke.\n\n“It rained.”\n\n― Ann Lee")
    read = scene.attribution("“It rained.”", "spoke", "who")
    ((passage,), _) = passages_of(scene, [read], scene.group("person", "Ann Lee", "Ann Lee#2"))
    assert (passage.contents, passage.cue) == ((scene.span("“It rained.”"),), scene.span("―"))
    assert (passage.speaker.group, passage.method) == (0, "label")


def test_label_that_is_a_mention_is_its_person() -> None:
    scene = make_scene("MAYOR LEE: It rained.")
    (passage,), _ = passages_of(scene, [], scene.group("person", "LEE"))
    assert passage.speaker.group == 0


def test_attribution_that_is_the_label_itself_is_dropped() -> None:
    scene = make_scene("LEE: It rained.")
    (passage,), _ = passages_of(scene, [scene.attribution("It rained", ":", "LEE")])
    assert passage.method == "label"


def test_attribution_inside_labelled_speech_stays() -> None:
    scene = make_scene("LEE: Roe said it rained.")
    found, _ = passages_of(scene, [scene.attribution("it rained", "said", "Roe")])
    assert [p.method for p in found] == ["label", ""]


def test_contents_inside_labelled_speech_without_cue_are_dropped() -> None:
    scene = make_scene("LEE: “It rained.”")
    found, _ = passages_of(scene, [scene.attribution("It rained")])
    assert [p.method for p in found] == ["label"]


def test_first_person_inside_a_quotation_is_its_speaker() -> None:
    scene = make_scene("“I think it rained,” Ann Lee said.")
    attributions = [
        scene.attribution("I think it rained,", "said", "Ann Lee"),
        scene.attribution("it rained", "think", "I"),
    ]
    found, _ = passages_of(scene, attributions, scene.group("person", "Ann Lee"))
    assert [(p.speaker.group, p.speaker.method) for p in found] == [(0, "name"), (0, "pronoun")]


@pytest.mark.parametrize("said", [True, False])
def test_first_person_of_nobody_known_stays_open(*, said: bool) -> None:
    scene = make_scene("“I think it rained,” they said.", pairs={"antecedent": [("they", None, 5.0)]})
    outer = [scene.attribution("I think it rained,", "said", "they")] if said else []
    found, _ = passages_of(scene, [*outer, scene.attribution("it rained", "think", "I")])
    assert [(p.speaker.status, p.speaker.method) for p in found][-1] == ("unresolved", "self")


def test_speech_that_goes_on_has_no_second_source() -> None:
    scene = make_scene("“It rained,” Ann Lee said. “It rained on us all day.”")
    found, sources = passages_of(
        scene, [scene.attribution("It rained,", "said", "Ann Lee")], scene.group("person", "Ann Lee")
    )
    assert [len(p.contents) for p in found] == [2]
    assert len(sources) == 1
