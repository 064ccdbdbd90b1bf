"""Who may take a side where."""

from __future__ import annotations

from app.annotate.speakers import Speaker
from app.annotate.stance_cases import gather_cases
from app.annotate.takings import Voice
from tests.unit.annotate.readings import Scene, make_scene

TEXT = "“The ban is wrong. Cars are fine,” Ann Lee said. Acme makes cars. An aide said Acme lost."


def voice(scene: Scene, speaker: Speaker, *contents: str, cue: str | None = None) -> Voice:
    return Voice(0, speaker, 3, tuple(scene.span(c) for c in contents), None if cue is None else scene.span(cue))


def test_speaker_has_a_case_in_every_sentence_of_what_is_said() -> None:
    scene = make_scene(TEXT)
    lee = voice(scene, scene.speaker(0, "Ann Lee"), "“The ban is wrong. Cars are fine,”", cue="said")
    cases = gather_cases([lee], scene.cast(scene.group("person", "Ann Lee")), scene.document)
    assert [(c.kind, c.group, [p.of(TEXT) for p in c.parts]) for c in cases] == [
        ("speech", 0, ["“The ban is wrong."]),
        ("speech", 0, ["Cars are fine,”"]),
    ]
    assert {(c.cues, c.passage, c.name) for c in cases} == {((scene.span("said"),), 3, None)}


def test_two_passages_of_one_speaker_in_a_sentence_are_one_case() -> None:
    scene = make_scene("The ban is wrong and cars are fine, Ann Lee said.")
    lee = scene.speaker(0, "Ann Lee")
    voices = [voice(scene, lee, "The ban is wrong", cue="said"), voice(scene, lee, "cars are fine", cue="said")]
    (case,) = gather_cases(voices, scene.cast(scene.group("person", "Ann Lee")), scene.document)
    assert (len(case.parts), len(case.cues)) == (2, 1)


def test_two_cues_of_one_speaker_in_a_sentence_are_two_cases_with_a_clause_each() -> None:
    scene = make_scene("Ann Lee urged them to act and criticized the delay.")
    lee = scene.speaker(0, "Ann Lee")
    voices = [voice(scene, lee, "them to act", cue="urged"), voice(scene, lee, "the delay", cue="criticized")]
    cases = gather_cases(voices, scene.cast(scene.group("person", "Ann Lee")), scene.document)
    assert [(c.beside, c.clause.of(scene.text)) for c in cases] == [
        (True, "urged them to act"),
        (True, "criticized the delay"),
    ]
    assert [c.has(scene.span("the delay")) for c in cases] == [False, True]


def test_one_cue_alone_has_the_whole_sentence() -> None:
    scene = make_scene("Ann Lee criticized the delay.")
    voices = [voice(scene, scene.speaker(0, "Ann Lee"), "the delay", cue="criticized")]
    (case,) = gather_cases(voices, scene.cast(scene.group("person", "Ann Lee")), scene.document)
    assert (case.beside, case.clause) == (False, case.sentence)
    assert case.has(scene.span("Ann Lee"))


def test_report_inside_a_report_of_one_speaker_is_one_case() -> None:
    scene = make_scene("Ann Lee said she wanted them to act.")
    lee = scene.speaker(0, "Ann Lee")
    voices = [voice(scene, lee, "she wanted them to act", cue="said"), voice(scene, lee, "them to act", cue="wanted")]
    (case,) = gather_cases(voices, scene.cast(scene.group("person", "Ann Lee")), scene.document)
    assert [c.of(scene.text) for c in case.cues] == ["said", "wanted"]


def test_report_that_goes_on_in_a_relative_clause_is_one_case() -> None:
    scene = make_scene("Ann Lee pressed them for a plan that she said would save money.")
    lee = scene.speaker(0, "Ann Lee")
    voices = [
        voice(scene, lee, "for a plan that", cue="pressed"),
        voice(scene, lee, "would save money", cue="said"),
    ]
    (case,) = gather_cases(voices, scene.cast(scene.group("person", "Ann Lee")), scene.document)
    assert (case.beside, len(case.parts)) == (False, 2)


def test_one_who_is_only_named_has_a_case_by_name() -> None:
    scene = make_scene(TEXT)
    aide = Speaker("anonymous", None, scene.span("An aide"), "nominal", 0.9)
    cast = scene.cast(scene.group("organization", "Acme", "Acme#2"))
    cases = gather_cases([voice(scene, aide, "Acme lost")], cast, scene.document)
    assert [(c.kind, c.group, c.name, c.within) for c in cases] == [
        ("name", 0, 0, False),
        ("speech", None, None, False),
        ("name", 0, 1, True),
    ]
    assert [c.is_held_by(None, scene.span("An aide")) for c in cases] == [False, True, False]
    assert [c.is_held_by(0, scene.span("Acme")) for c in cases] == [True, False, True]


def test_nobody_known_and_no_words_make_no_case() -> None:
    scene = make_scene("“ ” she said. Ann Lee")
    nobody = Speaker("unresolved", None, scene.span("she"), "pronoun", 0.5)
    unnamed = Speaker("resolved", 0, None, "continued", 0.5)
    lee = scene.speaker(0, "Ann Lee")
    voices = [voice(scene, nobody, "said"), voice(scene, unnamed, "said"), voice(scene, lee, "“ ”")]
    assert gather_cases(voices, scene.cast(), scene.document) == ()


def test_name_outside_every_sentence_has_no_case() -> None:
    scene = make_scene("Ann Lee spoke.")
    bare = make_scene(type(scene.document)(scene.text, scene.document.paragraphs))
    assert gather_cases([], bare.cast(bare.group("person", "Ann Lee")), bare.document) == ()
