"""Speakers: whom the source of an attribution means."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import pytest

from app.annotate.entities import Group
from app.annotate.speakers import Speaker, find_speaker
from tests.unit.annotate.readings import Pairs, Scene, make_scene

LEE, ROE, ACME, WORKS, RUSSIA, MOSCOW = range(6)
CAST = "Ann Lee met Tom Roe of Acme Steel, Kesterly Works, Russia and Moscow. It rained, "


def scene_of(source: str, pairs: Pairs | None = None, text: str = CAST) -> Scene:
    return make_scene(f"{text}{source} said.", pairs=pairs)


def groups_of(scene: Scene, *more: Group) -> tuple[Group, ...]:
    return (
        scene.group("person", "Ann Lee"),
        scene.group("person", "Tom Roe"),
        scene.group("organization", "Acme Steel"),
        scene.group("organization", "Kesterly Works"),
        scene.group("place", "Russia"),
        scene.group("place", "Moscow"),
        *more,
    )


def speaker_of(
    scene: Scene,
    source: str,
    *more: Group,
    titles: Sequence[tuple[str, int]] = (),
    before: int | None = None,
) -> Speaker:
    """Return the speaker that ``source`` means in a story of the cast above; ``more`` names stand in the source."""
    found = scene.attribution("It rained", "said", source)
    return find_speaker(found, scene.cast(*groups_of(scene, *more)), scene.links, scene.text, titles, before)


def named(source: str, *names: tuple[str, str]) -> Speaker:
    """Return the speaker that ``source`` means, which holds ``names``: groups from number 6 on."""
    scene = scene_of(source)
    return speaker_of(scene, source, *(scene.group(kind, words) for kind, words in names))


def test_attribution_without_source_has_no_speaker() -> None:
    scene = scene_of("Ann")
    found = find_speaker(scene.attribution("It rained", "said"), scene.cast(), scene.links, scene.text)
    assert replace(found, score=0.0) == Speaker("unresolved", None, None, "none", 0.0)
    assert found.score == pytest.approx(0.1)


def test_name_is_its_person() -> None:
    scene = scene_of("Beth Poe")
    found = speaker_of(scene, "Beth Poe", scene.group("person", "Beth Poe"))
    assert found == Speaker("resolved", 6, scene.span("Beth Poe"), "name", 0.9)


@pytest.mark.parametrize(
    "source",
    [
        "the mayor Beth Poe",
        "Ford campaign spokesman Beth Poe",
        "Ford's manager, Beth Poe, who left",
        "Beth Poe, the head of Ford",
    ],
)
def test_person_that_heads_a_part_of_the_phrase_speaks(source: str) -> None:
    found = named(source, ("person", "Beth Poe"), *([("organization", "Ford")] if "Ford" in source else []))
    assert (found.status, found.group) == ("resolved", 6)


@pytest.mark.parametrize(
    ("source", "kind"), [("Ford", "organization"), ("Ford", "place"), ("an aide, Ford", "organization")]
)
def test_body_or_place_that_heads_the_phrase_speaks(source: str, kind: str) -> None:
    assert named(source, (kind, "Ford")).group == 6


@pytest.mark.parametrize(("source", "kind"), [("an aide, Ford", "place"), ("an aide, Ford man", "organization")])
def test_name_in_a_later_part_does_not_speak(source: str, kind: str) -> None:
    assert named(source, (kind, "Ford")).group is None


def test_name_that_runs_on_beyond_the_source_does_not_speak() -> None:
    scene = make_scene("It rained, said Ann Lee.")
    cast = scene.cast(scene.group("person", "Ann Lee"))
    found = find_speaker(scene.attribution("It rained", "said", "Ann"), cast, scene.links, scene.text)
    assert found.method == "nominal"


@pytest.mark.parametrize(("word", "status"), [("and", "collective"), ("of", "resolved")])
def test_two_people_joined_by_and_are_several(word: str, status: str) -> None:
    found = named(f"Beth Poe {word} Jim Coe", ("person", "Beth Poe"), ("person", "Jim Coe"))
    assert found.status == status


def test_one_person_by_two_names_is_one() -> None:
    scene = scene_of("Beth Poe and Poe")
    found = speaker_of(scene, "Beth Poe and Poe", scene.group("person", "Beth Poe", "Poe#2"))
    assert (found.status, found.group) == ("resolved", 6)


def test_capital_speaks_for_the_country_of_the_story() -> None:
    scene = make_scene("Russia and Moscow. It rained, Moscow said.")
    cast = scene.cast(scene.group("place", "Russia"), scene.group("place", "Moscow", "Moscow#2"))
    found = find_speaker(scene.attribution("It rained", "said", "Moscow#2"), cast, scene.links, scene.text)
    assert found.group == 0


@pytest.mark.parametrize(("name", "kind"), [("Kyiv", "place"), ("Moscow", "organization"), ("Kesterly", "place")])
def test_other_names_speak_for_themselves(name: str, kind: str) -> None:
    scene = make_scene(f"Russia. It rained, {name} said.")
    cast = scene.cast(scene.group("place", "Russia"), scene.group(kind, name))
    assert find_speaker(scene.attribution("It rained", "said", name), cast, scene.links, scene.text).group == 1


@pytest.mark.parametrize("word", ["I", "we"])
def test_first_person_is_left_to_the_caller(word: str) -> None:
    assert speaker_of(scene_of(word), word).method == "self"


@pytest.mark.parametrize("word", ["she", "You", "who", "one"])
def test_pronoun_of_one_person_means_the_person_that_its_link_prefers(word: str) -> None:
    scene = scene_of(word, {"antecedent": [(word, "Tom Roe", 5.0)]}, text=CAST.replace("It rained", "It RAINED"))
    found = find_speaker(
        scene.attribution("It RAINED", "said", word), scene.cast(*groups_of(scene)), scene.links, scene.text
    )
    assert (found.status, found.group, found.method) == ("resolved", ROE, "pronoun")
    assert found.score > 0.9


def test_pronoun_of_one_person_is_never_left_to_nobody() -> None:
    assert speaker_of(scene_of("she", {"antecedent": [("she", None, 9.0)]}), "she").status == "resolved"


def test_pronoun_means_a_body_or_a_place_when_it_is_neuter() -> None:
    text = CAST.replace("It rained", "Rain fell")
    scene = make_scene(f"{text}it said.", pairs={"antecedent": [("it said", "Ann", 9.0), ("it said", "Acme", 5.0)]})
    found = find_speaker(
        scene.attribution("Rain fell", "said", "it"), scene.cast(*groups_of(scene)), scene.links, scene.text
    )
    assert found.group is not None


@pytest.mark.parametrize(("word", "group"), [("they", ACME), ("their", ACME)])
def test_pronoun_of_several_means_a_body(word: str, group: int) -> None:
    scene = scene_of(word, {"antecedent": [(word, "Ann", 9.0), (word, "Acme", 5.0)]})
    assert speaker_of(scene, word).group == group


def test_pronoun_of_several_may_mean_nobody_named() -> None:
    found = speaker_of(scene_of("they", {"antecedent": [("they", None, 9.0)]}), "they")
    assert (found.status, found.group) == ("collective", None)


def test_pronoun_prefers_who_spoke_before() -> None:
    scene = scene_of("she", {"antecedent": [("she", "Tom Roe", 0.5)]})
    assert speaker_of(scene, "she").group == ROE
    assert speaker_of(scene, "she", before=LEE).group == LEE


def test_shares_of_one_persons_mentions_add_up() -> None:
    scene = make_scene(
        "Lee, Roe, Lee. It rained, she said.",
        pairs={"antecedent": [("she", "Lee", 1.0), ("she", "Lee#2", 1.0), ("she", "Roe", 1.5)]},
    )
    cast = scene.cast(scene.group("person", "Lee", "Lee#2"), scene.group("person", "Roe"))
    assert find_speaker(scene.attribution("It rained", "said", "she"), cast, scene.links, scene.text).group == 0


def test_pronoun_in_a_story_without_people_is_unresolved() -> None:
    scene = make_scene("It rained, she said.")
    found = find_speaker(scene.attribution("It rained", "said", "she"), scene.cast(), scene.links, scene.text)
    assert (found.status, found.group, found.mention) == ("unresolved", None, scene.span("she"))


@pytest.mark.parametrize(
    ("text", "group"), [("Ann Lee left. It rained, she said.", 0), ("It rained, she said. Ann Lee left.", None)]
)
def test_pronoun_beyond_every_window_means_the_person_before_it(text: str, group: int | None) -> None:
    scene = make_scene(text)
    view = scene.reading.views[0]
    view.anchors[:] = -1
    view.anchors[-1] = scene.piece("she")
    cast = scene.cast(scene.group("person", "Ann Lee"))
    assert find_speaker(scene.attribution("It rained", "said", "she"), cast, scene.links, scene.text).group == group


def test_document_speaks_for_the_one_named_with_it() -> None:
    found = named("a Ford report", ("organization", "Ford"))
    assert (found.group, found.method) == (6, "document")


def test_document_that_names_nobody_speaks_for_a_body_of_the_story() -> None:
    scene = scene_of("the report", {"antecedent": [("the report", "Acme", 5.0), ("the report", "Ann", 9.0)]})
    found = speaker_of(scene, "the report")
    assert (found.group, found.method) == (ACME, "document")


def test_side_of_a_country_is_that_country() -> None:
    scene = scene_of("the Russian side")
    cast = scene.cast(*groups_of(scene))
    groups = groups_of(scene)
    groups[RUSSIA].names.append(scene.name("Russian", "nationality"))
    cast = scene.cast(*groups)
    found = find_speaker(scene.attribution("It rained", "said", "the Russian side"), cast, scene.links, scene.text)
    assert found.group == RUSSIA


def test_side_of_nobody_named_is_several() -> None:
    found = speaker_of(scene_of("the other side", {"antecedent": [("the other", None, 9.0)]}), "the other side")
    assert (found.status, found.group) == ("collective", None)


def test_noun_for_bodies_means_the_body_with_that_noun_in_its_name() -> None:
    scene = make_scene("The Kesterly Harbor Ministry met. It rained, the ministry said.")
    cast = scene.cast(scene.group("organization", "Kesterly Harbor Ministry"))
    assert (
        find_speaker(scene.attribution("It rained", "said", "the ministry"), cast, scene.links, scene.text).group == 0
    )


def test_noun_for_bodies_means_the_body_that_its_link_prefers() -> None:
    scene = scene_of("the company", {"antecedent": [("the company", "Kesterly", 5.0)]})
    found = speaker_of(scene, "the company")
    assert (found.group, found.method) == (WORKS, "nominal")


def test_noun_for_bodies_may_mean_nobody_named() -> None:
    found = speaker_of(scene_of("the company", {"antecedent": [("the company", None, 9.0)]}), "the company")
    assert (found.status, found.group) == ("anonymous", None)


def test_noun_for_bodies_in_a_story_without_bodies_means_nobody() -> None:
    scene = make_scene("It rained, the company said.")
    found = find_speaker(scene.attribution("It rained", "said", "the company"), scene.cast(), scene.links, scene.text)
    assert found.group is None


@pytest.mark.parametrize("source", ["the mayor", "the city mayor", "Mayor", "his mayor"])
def test_title_means_its_holder(source: str) -> None:
    found = speaker_of(scene_of(source), source, titles=[("city mayor", LEE), ("...", ROE), ("judge", ROE)])
    assert (found.group, found.method) == (LEE, "title")


def test_title_of_several_means_the_one_named_last() -> None:
    scene = scene_of("the mayor")
    assert speaker_of(scene, "the mayor", titles=[("mayor", LEE), ("mayor", ROE)]).group == ROE


def test_title_of_several_of_whom_none_was_named_yet_is_left_to_the_link() -> None:
    scene = make_scene(
        "It rained, the mayor said. Ann Lee and Tom Roe left.", pairs={"antecedent": [("the mayor", None, 9.0)]}
    )
    cast = scene.cast(scene.group("person", "Ann Lee"), scene.group("person", "Tom Roe"))
    found = find_speaker(
        scene.attribution("It rained", "said", "the mayor"), cast, scene.links, scene.text, [("mayor", 0), ("mayor", 1)]
    )
    assert (found.status, found.group) == ("anonymous", None)


def test_possessive_title_means_its_holder() -> None:
    found = speaker_of(scene_of("kesterly's mayor"), "kesterly's mayor", titles=[("mayor", LEE)])
    assert found.group == LEE


def test_title_with_the_article_alone_means_nobody() -> None:
    found = speaker_of(scene_of("the", {"antecedent": [("the", None, 9.0)]}), "the", titles=[("mayor", LEE)])
    assert found.group is None


@pytest.mark.parametrize(("source", "status"), [("a senior official", "anonymous"), ("two officials", "collective")])
def test_indefinite_description_is_nobody_named(source: str, status: str) -> None:
    found = speaker_of(scene_of(source), source)
    assert (found.status, found.group, found.method) == (status, None, "nominal")


def test_definite_description_means_whom_its_link_prefers() -> None:
    found = speaker_of(scene_of("the man", {"antecedent": [("the man", "Tom Roe", 5.0)]}), "the man")
    assert (found.group, found.method) == (ROE, "nominal")


def test_source_without_words_is_nobody_named() -> None:
    assert speaker_of(scene_of("1984", {"antecedent": [("1984", None, 9.0)]}), "1984").status == "anonymous"


def test_mention_without_words_of_the_story_has_the_first_piece() -> None:
    scene = make_scene("Ann Lee won. ** Tom")
    cast = scene.cast(scene.group("person", "Ann Lee"))
    assert cast.pieces == (0,)
