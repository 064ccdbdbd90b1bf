"""Stances: who is for or against what."""

from __future__ import annotations

from dataclasses import replace

import pytest

from app.annotate.entities import Group
from app.annotate.judge import Judge
from app.annotate.speakers import Speaker
from app.annotate.stances import change_of, find_stances, weigh_stances
from app.annotate.takings import Taking, Voice
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
        ("She remains opposed to it.", "unchanged"),
        ("The party has not changed its stance.", "unchanged"),
        ("They no longer back it.", "reversed"),
        ("She dropped her demand.", "reversed"),
        ("It withdrew its support.", "reversed"),
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


def test_attitude_that_is_held_or_dropped_is_a_stance_of_the_one_named() -> None:
    scene = make_scene("Acme had not dropped its opposition to the ban. Acme dropped its opposition to it.")
    (found,) = takings(scene, scene.group("organization", "Acme", "Acme#2"))
    assert (found.group, found.polarity, found.change, found.method) == (0, "opposes", "unchanged", "rule")
    assert found.target == scene.span("the ban")


def test_stance_by_its_cue_is_about_what_follows_the_preposition() -> None:
    scene = make_scene("Ann Lee complained about the ban.")
    lee = replace(voice(scene, scene.speaker(0, "Ann Lee"), "about the ban"), cue=scene.span("complained"))
    (found,) = takings(scene, scene.group("person", "Ann Lee"), voices=(lee,))
    assert (found.polarity, found.target) == ("opposes", scene.span("the ban"))


@pytest.mark.parametrize("words", ["The Russian position on the ban", "its view of the ban"])
def test_name_of_a_stance_is_no_target(words: str) -> None:
    scene = read(f"Ann Lee backs {words}. Acme", (words, "supports"))
    assert takings(scene, *cast_of(scene)) == ()


def judge(least: float = 0.5, word: str = "w=ban", sides: float = 1.0) -> Judge:
    kinds = ("speech", "name")
    words = {kind: {"bias": -2.0, word: 4.0} for kind in kinds} | {"side": {"bias": 0.0}}
    stack = {kind: {"bias": 0.0, "words": 1.0} for kind in kinds} | {"side": {"bias": sides}}
    return Judge(words, stack, dict.fromkeys(kinds, least))


def weighed(
    scene: Scene, *groups: Group, voices: tuple[Voice, ...] = (), by: Judge | None = None
) -> tuple[Taking, ...]:
    cast = scene.cast(*groups)
    found = find_stances(scene.reading, scene.words, scene.links, TABLES, cast, voices, scene.document)
    return weigh_stances(found, voices, scene.reading, scene.words, TABLES, cast, scene.document, by or judge())


def said(scene: Scene, contents: str = "“The ban must go,”") -> Voice:
    return voice(scene, scene.speaker(0, "Ann Lee"), contents)


def test_speech_that_the_judge_is_sure_of_is_a_stance_on_what_is_said() -> None:
    scene = make_scene("“The ban must go,” Ann Lee said.")
    (found,) = weighed(scene, scene.group("person", "Ann Lee"), voices=(said(scene),))
    assert (found.group, found.polarity, found.passage, found.method) == (0, "supports", 3, "learned")
    assert (found.target, found.evidence) == (scene.span("The ban must go"), scene.span(scene.text))
    assert found.score == pytest.approx(0.88, abs=0.01)


def test_side_is_the_judges() -> None:
    scene = make_scene("“The ban must go,” Ann Lee said.")
    (found,) = weighed(scene, scene.group("person", "Ann Lee"), voices=(said(scene),), by=judge(sides=-1.0))
    assert found.polarity == "opposes"


def test_target_is_what_was_read_as_one_in_what_is_said() -> None:
    scene = read("“The ban must go,” Ann Lee said.", ("The ban", "opposes"))
    (found,) = weighed(scene, scene.group("person", "Ann Lee"), voices=(said(scene),))
    assert found.target == scene.span("The ban")


def test_target_is_what_was_read_as_anybodys_when_nothing_was_read_as_the_holders() -> None:
    text = "“The ban must go,” Ann Lee told Acme."
    scene = read(text, ("The ban", "opposes"), pairs={"stance_holder": [("The ban", "Acme", 9.0)]})
    found = weighed(scene, *cast_of(scene), voices=(said(scene),))
    assert [(t.group, t.target.of(text)) for t in found] == [(0, "The ban")]


def test_speech_that_the_judge_doubts_is_no_stance() -> None:
    scene = read("“The ban must go,” Ann Lee said.", ("The ban", "opposes"))
    assert weighed(scene, scene.group("person", "Ann Lee"), voices=(said(scene),), by=judge(0.99)) == ()


def test_what_is_said_of_nothing_is_no_stance() -> None:
    scene = make_scene("“Ban,” Ann Lee said.")
    assert weighed(scene, scene.group("person", "Ann Lee"), voices=(said(scene, "“Ban,”"),)) == ()


def test_stance_by_rule_stays_as_it_is() -> None:
    scene = make_scene("“The ban is wrong,” Ann Lee said.")
    found = weighed(scene, scene.group("person", "Ann Lee"), voices=(said(scene, "The ban is wrong"),), by=judge(0.1))
    assert [t.method for t in found] == ["rule"]


def test_stance_told_outright_is_as_sure_as_its_rule_though_the_judge_doubts_it() -> None:
    scene = make_scene("Acme had not dropped its opposition to the levy.")
    (found,) = weighed(scene, scene.group("organization", "Acme"), by=judge(0.1))
    assert (found.method, found.score) == ("rule", 0.8)


def test_one_who_is_named_may_hold_what_was_read_as_a_target() -> None:
    scene = read(TEXT, ("the ban on cars", "supports"), pairs={"stance_holder": [("the ban", "Ann", 5.0)]})
    found = weighed(scene, *cast_of(scene))
    assert [(t.group, t.target) for t in found] == [(0, scene.span("the ban on cars"))]


def test_one_who_is_named_holds_what_the_noun_of_the_attitude_is_about() -> None:
    scene = make_scene("Acme's criticism of the ban grew.")
    (found,) = weighed(scene, scene.group("organization", "Acme"))
    assert (found.polarity, found.target) == ("opposes", scene.span("the ban grew"))


def test_side_of_a_speaker_is_that_of_the_noun_of_the_attitude() -> None:
    scene = read("He eased Paris’s objections to the new ban on cars.", ("the new ban on cars", "supports"))
    speaker = scene.speaker(0, "Paris’s")
    voice = Voice(0, speaker, 0, (scene.span("to the new ban on cars"),))
    (found,) = weighed(scene, scene.group("organization", "Paris"), voices=(voice,))
    assert (found.polarity, found.target) == ("opposes", scene.span("the new ban on cars"))


def test_one_who_is_asked_holds_nothing() -> None:
    scene = read("They urged Acme to lift the ban.", ("lift the ban", "supports"))
    assert weighed(scene, scene.group("organization", "Acme")) == ()


def test_the_same_side_on_the_same_words_is_told_once() -> None:
    scene = make_scene("“The ban must go,” Ann Lee said. “The ban must go,” she said.")
    she = Voice(0, scene.speaker(0, "she"), 4, (scene.span("“The ban must go,”#2"),))
    assert len(weighed(scene, scene.group("person", "Ann Lee"), voices=(said(scene), she))) == 1


def test_words_of_marks_alone_are_their_own_target() -> None:
    scene = make_scene("“A ban” Ann Lee said. 7")
    (found,) = weighed(scene, scene.group("person", "Ann Lee"), voices=(said(scene, "A ban"),))
    assert found.target == scene.span("A ban")


def test_what_is_not_clear_shows_no_side() -> None:
    text = "“We cleared up confusion about the ban on cars,” Ann Lee said."
    scene = read(text, ("the ban on cars", "opposes"))
    assert weighed(scene, scene.group("person", "Ann Lee"), voices=(said(scene, text[:48]),)) == ()


def test_side_of_who_has_not_said_whether_is_unclear() -> None:
    scene = read("Ann Lee has not said whether she backs the ban on cars.", ("the ban on cars", "supports"))
    lee = voice(scene, scene.speaker(0, "Ann Lee"), "whether she backs the ban on cars")
    assert [t.polarity for t in weighed(scene, scene.group("person", "Ann Lee"), voices=(lee,))] == ["unclear"]


def test_one_who_is_named_beside_no_target_holds_nothing() -> None:
    scene = make_scene("Ann Lee saw the ban.")
    assert weighed(scene, scene.group("person", "Ann Lee")) == ()


def test_change_is_read_in_what_is_reported_only() -> None:
    scene = make_scene("Undeterred, Bo Roe tried to calm Ann Lee's complaints about the ban if it rained again.")
    lee = replace(voice(scene, scene.speaker(0, "Ann Lee"), "about the ban"), cue=scene.span("complaints"))
    (found,) = takings(scene, scene.group("person", "Ann Lee"), voices=(lee,))
    assert (found.change, found.conditional) == (None, False)


@pytest.mark.parametrize(
    ("cue", "polarity"),
    [
        ("did not support", "opposes"),
        ("refused to back", "opposes"),
        ("never opposed", "supports"),
        ("backs", "supports"),
    ],
)
def test_negation_turns_the_side_of_a_cue(cue: str, polarity: str) -> None:
    scene = make_scene(f"Ann Lee {cue} the ban on cars.")
    lee = replace(voice(scene, scene.speaker(0, "Ann Lee"), "the ban on cars"), cue=scene.span(cue))
    assert [t.polarity for t in takings(scene, scene.group("person", "Ann Lee"), voices=(lee,))] == [polarity]


def test_support_on_a_condition_is_conditional() -> None:
    scene = make_scene("Ann Lee would support the ban on cars if buses came.")
    contents = "the ban on cars if buses came"
    lee = replace(voice(scene, scene.speaker(0, "Ann Lee"), contents), cue=scene.span("would support"))
    (found,) = takings(scene, scene.group("person", "Ann Lee"), voices=(lee,))
    assert (found.polarity, found.conditional) == ("supports", True)


def test_one_who_is_named_in_the_target_holds_nothing() -> None:
    scene = read("They back the Acme ban plan.", ("the Acme ban plan", "supports"))
    assert weighed(scene, scene.group("organization", "Acme")) == ()


def test_several_who_speak_together_hold_what_they_say_each() -> None:
    text = "Ann Lee and Acme said the ban is wrong."
    scene = read(text, ("the ban", "opposes"), pairs={"stance_holder": [("the ban", "Ann", 5.0)]})
    joint = ((0, scene.span("Ann Lee")), (1, scene.span("Acme")))
    both = Speaker("collective", None, scene.span("Ann Lee and Acme"), "name", 0.8, joint=joint)
    for contents in ("the ban is wrong", "wrong"):
        found = takings(scene, *cast_of(scene), voices=(voice(scene, both, contents),))
        assert [(t.group, t.mention) for t in found] == list(joint)


def test_two_cues_of_one_side_in_a_sentence_show_a_stance_each_in_a_clause_of_their_own() -> None:
    scene = make_scene("Ann Lee rejected the new toll and condemned the long delay.")
    lee = scene.speaker(0, "Ann Lee")
    voices = [
        replace(voice(scene, lee, content), cue=scene.span(cue))
        for cue, content in (("rejected", "the new toll"), ("condemned", "the long delay"))
    ]
    found = weighed(scene, scene.group("person", "Ann Lee"), voices=tuple(voices))
    assert [(t.target.of(scene.text), t.evidence.of(scene.text)) for t in found] == [
        ("the new toll", "rejected the new toll"),
        ("the long delay", "condemned the long delay"),
    ]


@pytest.mark.parametrize(
    ("content", "target"),
    [
        ("him of breaking the law", "breaking the law"),
        ("him", None),
        ("the appeal that", "the appeal"),
    ],
)
def test_target_of_a_cue_leaves_out_who_is_accused_and_what_dangles(content: str, target: str | None) -> None:
    scene = make_scene(f"Ann Lee rejected {content}.")
    lee = replace(voice(scene, scene.speaker(0, "Ann Lee"), content), cue=scene.span("rejected"))
    found = takings(scene, scene.group("person", "Ann Lee"), voices=(lee,))
    assert [t.target.of(scene.text) for t in found] == ([] if target is None else [target])


def test_who_wants_something_stopped_opposes_it() -> None:
    scene = read("“The city must stop the ban,” Ann Lee said.", ("stop the ban", "supports"))
    (found,) = weighed(scene, scene.group("person", "Ann Lee"), voices=(said(scene, "“The city must stop the ban,”"),))
    assert (found.polarity, found.target.of(scene.text)) == ("opposes", "the ban")


def test_words_right_before_the_target_go_before_what_the_judge_says() -> None:
    scene = read("“The city must ban cars,” Ann Lee said.", ("ban cars", "opposes"))
    voices = (said(scene, "“The city must ban cars,”"),)
    (found,) = weighed(scene, scene.group("person", "Ann Lee"), voices=voices, by=judge(sides=-1.0))
    assert found.polarity == "supports"


def test_cue_that_wants_something_stopped_shows_opposition() -> None:
    scene = make_scene("Ann Lee urged Acme to stop the noise.")
    lee = replace(voice(scene, scene.speaker(0, "Ann Lee"), "Acme to stop the noise"), cue=scene.span("urged"))
    (found,) = takings(scene, scene.group("person", "Ann Lee"), voices=(lee,))
    assert (found.polarity, found.target.of(scene.text), found.method) == ("opposes", "the noise", "rule")
