"""How far reports reach that hold others."""

from __future__ import annotations

from dataclasses import replace

import pytest

from app.annotate.attribution import Attribution
from app.annotate.reach import reach_through
from tests.unit.annotate.readings import Scene, make_scene


def contents(scene: Scene, *attributions: Attribution) -> list[list[str]]:
    found = reach_through(attributions, scene.text)
    assert [a.cue for a in found] == [a.cue for a in attributions]
    return [[c.span.of(scene.text) for c in a.contents] for a in found]


@pytest.mark.parametrize(
    ("stub", "whole"),
    [
        ("that", "that Roe wanted the ban"),
        ("he has", "he has wanted the ban"),
        ("that on Monday, May 2,", "that on Monday, May 2, Roe wanted the ban"),
        ("that when it rained,", "that when it rained, Roe wanted the ban"),
        ("while it rained", "while it rained, Roe wanted the ban"),
    ],
)
def test_content_that_breaks_off_reaches_through_the_report_inside(stub: str, whole: str) -> None:
    text = f"Lee said {whole}. It froze."
    scene = make_scene(text)
    outer = scene.attribution(stub, "said", "Lee")
    inner = scene.attribution("the ban", "wanted", "Roe" if "Roe" in whole else "Lee")
    assert contents(scene, outer, inner) == [[whole], ["the ban"]]
    last = reach_through([outer, inner], text)[0].contents[0].last
    assert scene.words.span(last, last).of(text) == "ban"


@pytest.mark.parametrize(
    ("text", "stub", "cue"),
    [
        ("Lee said it rained, Roe wanted the ban.", "it rained", "said"),
        ("Lee said that it rained and Roe wanted the ban.", "that", "said"),
        ("That, Lee said. Roe wanted the ban.", "That", "said"),
        ("Lee said he has. Roe wanted the ban.", "he has", "said"),
        ("Lee said that Roe! Then wanted the ban.", "that", "said"),
        ("That Roe wanted the ban.", "That", None),
    ],
)
def test_content_that_is_whole_or_parted_stays(text: str, stub: str, cue: str | None) -> None:
    scene = make_scene(text)
    outer = scene.attribution(stub, cue)
    inner = scene.attribution("the ban", "wanted", "Roe")
    assert contents(scene, outer, inner)[0] == [stub]


def test_report_whose_content_comes_first_or_without_a_cue_is_not_reached_through() -> None:
    scene = make_scene("Lee said that the ban fell, Roe wanted.")
    outer = scene.attribution("that", "said", "Lee")
    assert contents(scene, outer, scene.attribution("the ban fell", "wanted", "Roe"))[0] == ["that"]
    assert contents(scene, outer, scene.attribution("the ban fell"))[0] == ["that"]


def test_content_reaches_to_the_end_of_the_sentence_only() -> None:
    scene = make_scene("Lee said that Roe wanted the ban and the tax. “It froze.”")
    outer = scene.attribution("that", "said", "Lee")
    inner = scene.attribution("the ban", "wanted", "Roe")
    more = (scene.chunk("the tax", "content"), scene.chunk("“It froze.”", "content"))
    inner = replace(inner, contents=(*inner.contents, *more))
    assert contents(scene, outer, inner)[0] == ["that Roe wanted the ban and the tax"]


def test_reports_inside_reports_are_reached_through_one_by_one() -> None:
    scene = make_scene("Lee said that Roe said that Poe wanted the ban.")
    found = contents(
        scene,
        scene.attribution("that", "said", "Lee"),
        scene.attribution("that#2", "said#2", "Roe"),
        scene.attribution("the ban", "wanted", "Poe"),
    )
    assert found == [["that Roe said that Poe wanted the ban"], ["that Poe wanted the ban"], ["the ban"]]


def idle(scene: Scene, cue: str, source: str | None) -> Attribution:
    """Return a cue that has no contents."""
    return replace(scene.attribution(cue, cue, source), contents=(), content_link=0.0)


@pytest.mark.parametrize(
    ("text", "source", "cue", "whole"),
    [
        ("Lee said Roe wanted the ban. It froze.", "Roe", "wanted", "Roe wanted the ban"),
        ("Lee said, wanted by Roe is the ban.", "Roe", "wanted", "wanted by Roe is the ban"),
    ],
)
def test_cue_of_speech_without_contents_holds_the_report_that_begins_right_after_it(
    text: str, source: str, cue: str, whole: str
) -> None:
    scene = make_scene(text)
    outer, inner = reach_through([idle(scene, "said", "Lee"), scene.attribution("the ban", cue, source)], text)
    assert inner.contents[0].span.of(text) == "the ban"
    assert outer.contents[0].span.of(text) == whole
    assert outer.content_link == inner.content_link
    content = outer.contents[0]
    assert scene.words.span(content.first, content.last) == content.span
    assert scene.words.pieces[content.first] == content.piece


@pytest.mark.parametrize(
    ("text", "cue", "source", "inner"),
    [
        ("Lee liked Roe wanted the ban.", "liked", "Lee", "Roe"),  # no cue of speech
        ("Said Roe wanted the ban.", "Said", None, "Roe"),  # nobody's
        ("Lee said. Roe wanted the ban.", "said", "Lee", "Roe"),  # another sentence
        ("Lee said it froze and Roe wanted the ban.", "said", "Lee", "Roe"),  # not beside it
        ("Lee said wanted the ban.", "said", "Lee", None),  # nobody's report
        ("Lee said wanted the ban.", "said", "Lee", "Lee"),  # the same source
        ("Said Lee Roe wanted the ban.", "Said", "Lee", "Roe"),  # its source stands between
    ],
)
def test_cue_without_contents_and_without_a_report_after_it_tells_nothing(
    text: str, cue: str, source: str | None, inner: str | None
) -> None:
    scene = make_scene(text)
    found = reach_through([idle(scene, cue, source), scene.attribution("the ban", "wanted", inner)], text)
    assert [(a.cue.span.of(text) if a.cue else None, [c.span.of(text) for c in a.contents]) for a in found] == [
        ("wanted", ["the ban"])
    ]
