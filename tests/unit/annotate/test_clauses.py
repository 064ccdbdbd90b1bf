"""Links that sentences and paragraphs show, and such as they show to be none."""

from __future__ import annotations

from dataclasses import replace

import pytest

from app.annotate.clauses import with_shared_sources, without_the_far
from tests.unit.annotate.readings import Scene, make_scene


def source_of_second(scene: Scene, first: tuple[str, str, str], second: tuple[str, str]) -> str | None:
    attributions = (scene.attribution(*first), scene.attribution(*second))
    found = with_shared_sources(attributions, scene.document.sentences, scene.text)
    assert found[0] == attributions[0]
    source = found[1].source
    return None if source is None else source.span.of(scene.text)


@pytest.mark.parametrize(
    "text",
    [
        "It rained. Lee called it a shame and accused the club of greed.",
        "Lee called it a shame, but also accused the club of greed.",
        "Lee called it “a shame” and later angrily accused the club of greed.",
    ],
)
def test_second_verb_of_a_subject_has_its_source(text: str) -> None:
    scene = make_scene(text)
    assert source_of_second(scene, ("a shame", "called", "Lee"), ("the club of greed", "accused")) == "Lee"


@pytest.mark.parametrize(
    "text",
    [
        "Lee called it a shame. And accused the club of greed.",
        "Lee called it a shame, accused the club of greed.",
        "Lee called it a shame and Roe accused the club of greed.",
        "It was a shame, called out Lee and accused the club of greed.",
        "Lee called it a shame to be mean and accused the club of greed.",
    ],
)
def test_verb_of_another_clause_stays_without_a_source(text: str) -> None:
    scene = make_scene(text)
    contents = "a shame to be mean and accused" if "mean" in text else "a shame"
    assert source_of_second(scene, (contents, "called", "Lee"), ("the club of greed", "accused")) is None


def test_passive_is_no_second_verb_and_a_source_that_is_there_stays() -> None:
    scene = make_scene("Lee called it a shame and was accused of greed.")
    assert source_of_second(scene, ("a shame", "called", "Lee"), ("of greed", "was accused")) is None
    attributions = (scene.attribution("a shame", "called", "Lee"), scene.attribution("of greed", None))
    assert with_shared_sources(attributions, scene.document.sentences, scene.text) == attributions
    alone = (scene.attribution("of greed", "accused"), scene.attribution("a shame", "called"))
    assert with_shared_sources(alone, scene.document.sentences, scene.text) == alone


def test_words_paragraphs_away_from_a_cue_are_not_what_it_tells() -> None:
    scene = make_scene("They were “kind to all”.\n\nIt rained.\n\nLee said it froze.\n\n“It snowed.”\n\n“It hailed.”")
    told = scene.attribution("it froze", "said", "Lee")
    far, near, last = (scene.chunk(words) for words in ("“kind to all”", "“It snowed.”", "“It hailed.”"))
    whole = replace(told, contents=(far, *told.contents, near, last))

    kept, alone = without_the_far([whole], scene.document.paragraphs)

    assert kept.contents == (*told.contents, near, last)
    assert (kept.cue, kept.source) == (told.cue, told.source)
    assert (alone.cue, alone.source, alone.contents) == (None, None, (far,))


def test_words_without_a_cue_stay_together() -> None:
    scene = make_scene("“Kind”.\n\nIt rained.\n\n“Good”.")
    alone = scene.attribution("“Kind”", None)
    idle = replace(scene.attribution("It", "rained"), contents=())
    assert without_the_far([alone, idle], scene.document.paragraphs) == (alone, idle)
