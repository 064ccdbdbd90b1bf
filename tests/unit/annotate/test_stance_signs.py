"""What shows that somebody takes a side."""

from __future__ import annotations

from dataclasses import replace

import pytest

from app.annotate.lexicons.leanings import FAMILIES, leanings_of
from app.annotate.speakers import Speaker
from app.annotate.stance_cases import Case
from app.annotate.stance_signs import scores_of, sides_of, signs_of
from app.annotate.takings import Taking
from tests.unit.annotate.readings import Scene, make_scene

TEXT = "Ann Lee said: We must stop the ban. Acme's criticism of the ban grew."


def scene_of(*stances: tuple[str, str]) -> Scene:
    return make_scene(TEXT, {"stance": stances})


def speech(scene: Scene) -> Case:
    sentence = scene.span("Ann Lee said: We must stop the ban.")
    part = scene.span("We must stop the ban.")
    lee = scene.speaker(0, "Ann Lee")
    return Case(sentence, scene.span("Ann Lee"), 0, lee, (part,), (scene.span("said"),), 3)


def naming(scene: Scene) -> Case:
    return Case(scene.span("Acme's criticism of the ban grew."), scene.span("Acme"), 1, name=1)


def signs(scene: Scene, case: Case) -> dict[str, float]:
    cast = scene.cast(scene.group("person", "Ann Lee"), scene.group("organization", "Acme"))
    return signs_of(case, cast, scene.text)


def taking(scene: Scene, words: str, group: int | None, mention: str, method: str = "learned") -> Taking:
    target = scene.span(words)
    return Taking("supports", target, target, group, scene.span(mention), None, None, None, False, 0.4, method)


def test_words_of_speech_and_its_cue_are_signs() -> None:
    scene = scene_of()
    found = signs(scene, speech(scene))
    assert {"w=must", "b=must_stop", "first=we", "cue=said", "status=resolved", "how=name", "has duty"} <= set(found)
    assert (found["cue here"], found["length"], found["quoted"], found["body=None"]) == (1.0, 0.25, 0.0, 1.0)
    assert "far=said" not in found


def test_cue_in_another_sentence_is_told_apart() -> None:
    scene = scene_of()
    found = signs(scene, replace(speech(scene), cues=(scene.span("grew"),)))
    assert found["cue here"] == 0.0
    assert "far=grew" in found


def test_speech_without_a_source_has_no_status() -> None:
    scene = scene_of()
    assert not any(name.startswith("status=") for name in signs(scene, replace(speech(scene), source=None, cues=())))


def test_words_around_a_name_are_signs() -> None:
    scene = scene_of()
    found = signs(scene, naming(scene))
    assert {"after1=criticism", "after=criticism", "after has blame", "type=organization", "noun=opposes"} <= set(found)
    assert (found["opens"], found["within"]) == (1.0, 0.0)
    assert not any(name.startswith("b=") for name in found)


def test_word_before_a_name_is_a_sign() -> None:
    scene = make_scene("Then he met Ann Lee.")
    case = Case(scene.span("Then he met Ann Lee."), scene.span("Ann Lee"), 0, name=0, within=True)
    found = signs_of(case, scene.cast(scene.group("person", "Ann Lee")), scene.text)
    assert {"before=he", "before=met"} <= set(found)
    assert (found["opens"], found["within"]) == (0.0, 1.0)


def test_lexicons_say_sides() -> None:
    assert sides_of({"side=supports": 1.0, "noun=opposes": 1.0, "body=None": 1.0}) == {
        "side": 1,
        "body": 0,
        "noun": -1,
        "near": 0,
        "by": 0,
    }


def test_reader_marks_and_stances_are_scores() -> None:
    scene = scene_of(("the ban", "supports"))
    case = speech(scene)
    nothing = scores_of(replace(case, parts=(scene.span("We must"),)), (), scene.reading, scene.words)
    marked = scores_of(case, (taking(scene, "the ban", 0, "Ann Lee"),), scene.reading, scene.words)
    assert marked["opens"] > nothing["opens"]
    assert marked["leans"] > 0.5
    assert (marked["held"], marked["ruled"], marked["of another"]) == (1.0, 0.0, 0.0)
    assert (marked["held surely"], marked["held side"], nothing["held"]) == (0.4, 0.4, 0.0)


@pytest.mark.parametrize(("method", "group", "key"), [("rule", 0, "ruled"), ("learned", 1, "of another")])
def test_stances_by_rule_and_of_others_count_apart(method: str, group: int, key: str) -> None:
    scene = scene_of()
    found = scores_of(speech(scene), (taking(scene, "the ban", group, "Acme", method),), scene.reading, scene.words)
    assert (found[key], found["held"]) == (1.0, 0.0)


def test_stance_elsewhere_counts_nothing() -> None:
    scene = scene_of()
    far = taking(scene, "the ban#2", 0, "Ann Lee")
    assert scores_of(speech(scene), (far,), scene.reading, scene.words)["held"] == 0.0


def test_case_of_no_words_scores_nothing() -> None:
    scene = make_scene("Ann Lee —")
    gap = Case(scene.span("Ann Lee —"), scene.span("Ann Lee"), 0, Speaker("resolved", 0, None, "name", 1.0))
    found = scores_of(replace(gap, parts=(scene.span(" "),)), (), scene.reading, scene.words)
    assert found["mass"] == 0.0


def test_word_may_belong_to_several_families_or_none() -> None:
    assert leanings_of("plans") == ("want", "policy")
    assert leanings_of("don’t") == ("not",)
    assert leanings_of("table") == ()
    assert len(FAMILIES) == 14


def test_one_who_does_what_is_told_of_another_is_told_apart() -> None:
    text = "The ban was swiftly condemned by Acme."
    scene = make_scene(text)
    case = Case(scene.span(text), scene.span("Acme"), 0, name=0)
    found = signs_of(case, scene.cast(scene.group("organization", "Acme")), text)
    assert (found["passive"], found["by=opposes"], found["near=None"]) == (1.0, 1.0, 1.0)
    assert {"before has blame", "by has blame"} <= set(found)
