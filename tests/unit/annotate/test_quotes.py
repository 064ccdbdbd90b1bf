"""Quotes: marks, labels, continued speech."""

from __future__ import annotations

import itertools
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.annotate.quotes import (
    Passage,
    as_passage,
    continue_speech,
    find_labels,
    joined,
    loose_quotations,
    quote_type,
    snap,
)
from app.annotate.speakers import Speaker
from app.domain.document import Head
from app.domain.span import Span
from tests.unit.annotate.readings import Scene, make_scene, story

NOBODY = Speaker("unresolved", None, None, "none", 0.5)


def passage(scene: Scene, *contents: str, speaker: Speaker = NOBODY) -> Passage:
    return Passage(tuple(scene.span(c) for c in contents), None, speaker, 0.9)


def continued(scene: Scene, *passages: Passage) -> list[tuple[list[str], str]]:
    found = continue_speech(scene.document, scene.pieces.quotations, passages, scene.words)
    return [([c.of(scene.text) for c in p.contents], p.method) for p in found]


def labels(text: str, head: Head | None = None) -> list[tuple[str, str, str]]:
    document = story(text, head)
    return [(a.of(text), b.of(text), c.of(text)) for a, b, c in find_labels(document)]


@pytest.mark.parametrize(
    ("words", "grown"),
    [
        ("Rain fell", "“Rain fell,”"),
        ("Rain", "“Rain"),
        ("fell,", "fell,”"),
        ("“Rain fell,”", "“Rain fell,”"),
        ("he", "he"),
    ],
)
def test_contents_grow_to_the_marks_that_they_touch(words: str, grown: str) -> None:
    scene = make_scene("“Rain fell,” he said. “Snow too.”")
    span = scene.span(words if words != "Rain fell" else "Rain fell,")
    assert snap(span, scene.pieces.quotations).of(scene.text) == grown


def test_spans_that_overlap_are_joined_and_those_that_touch_are_not() -> None:
    assert joined([Span(6, 9), Span(0, 3), Span(2, 5), Span(5, 6)]) == (Span(0, 5), Span(5, 6), Span(6, 9))


def test_contents_that_grow_to_one_mark_are_one() -> None:
    scene = make_scene("He said so: “It rained.”")
    found = replace(scene.attribution("so: “"), contents=(scene.chunk("so: “"), scene.chunk("It rained.")))
    assert as_passage(found, NOBODY, scene.pieces.quotations, scene.document.text).contents == (
        scene.span("so: “It rained.”"),
    )


@pytest.mark.parametrize(
    ("contents", "kind"),
    [
        (["“Rain fell,”"], "direct"),
        (["“Rain fell,”", "“Snow too.”"], "direct"),
        (["that “ice” came"], "mixed"),
        (["“Rain fell,”", "came"], "mixed"),
        (["came"], "indirect"),
    ],
)
def test_type_of_a_quote_is_what_its_marks_hold(contents: list[str], kind: str) -> None:
    scene = make_scene("“Rain fell,” he said. “Snow too.” He added that “ice” came.")
    assert quote_type([scene.span(c) for c in contents], scene.pieces.quotations, scene.words) == kind


def test_label_in_capitals_opens_a_passage() -> None:
    assert labels("MS. LEE (D): It rained.") == [("MS. LEE", ":", "It rained.")]


@pytest.mark.parametrize("letter", ["Q", "A"])
def test_questions_and_answers_are_labelled_by_a_letter(letter: str) -> None:
    assert labels(f"{letter}: It rained?") == [(letter, ":", "It rained?")]


def test_label_in_small_letters_counts_from_three_on() -> None:
    line = "Ann Lee: It rained."
    assert labels(f"{line}\n\n{line}") == []
    assert len(labels(f"{line}\n\n{line}\n\n{line}")) == 3


def test_names_that_each_head_one_entry_of_a_list_are_no_labels() -> None:
    assert labels("Lee: Tax cuts.\n\nRoe: Schools.\n\nPoe: Roads.") == []


@pytest.mark.parametrize(
    "text", ["It rained.", "LEE:", "LEE: ", "At 5:30 it rained.", "https://kesterly.example", "LEE:now", "lee: now"]
)
def test_paragraph_without_label_is_no_passage(text: str) -> None:
    assert labels(text) == []


def test_headline_is_no_passage() -> None:
    assert labels("LIVE: It rains", Head(title=Span(0, 14))) == []


def test_closed_quotation_that_reads_as_speech_is_loose() -> None:
    scene = make_scene("Then: “It rained on us all day.” Nobody spoke.")
    assert loose_quotations(scene.document, scene.pieces.quotations, (), scene.words) == scene.pieces.quotations


@pytest.mark.parametrize(
    "text",
    [
        "The so-called “very big and very bad club” met.",
        "“Rain,” of all things.",
        "'It rained on us all day.' Nobody spoke.",
    ],
)
def test_names_scare_quotes_and_single_marks_are_not_loose(text: str) -> None:
    scene = make_scene(text)
    assert loose_quotations(scene.document, scene.pieces.quotations, (), scene.words) == ()


def test_quotation_that_a_passage_holds_is_not_loose() -> None:
    scene = make_scene("“It rained on us all day,” he said.")
    held = passage(scene, "“It rained")
    assert loose_quotations(scene.document, scene.pieces.quotations, (held,), scene.words) == ()


def test_quotation_left_open_is_loose_without_a_stop() -> None:
    scene = make_scene("“It rained on us all day")
    assert len(loose_quotations(scene.document, scene.pieces.quotations, (), scene.words)) == 1


def test_loose_quotation_is_a_quote_of_nobody() -> None:
    scene = make_scene("Then: “It rained on us all day.”")
    assert continued(scene) == [(["“It rained on us all day.”"], "marks")]


def test_speech_goes_on_in_the_same_paragraph() -> None:
    scene = make_scene("“It rained,” he said. “It rained on us all day.”")
    assert continued(scene, passage(scene, "“It rained,”")) == [
        (["“It rained,”", "“It rained on us all day.”"], "continued")
    ]


def test_speech_goes_on_from_the_passage_that_holds_the_quotation_before() -> None:
    scene = make_scene("Roe said it snowed. “It rained,” Lee said. “It rained on us all day.”")
    assert continued(scene, passage(scene, "it snowed"), passage(scene, "“It rained,”")) == [
        (["it snowed"], ""),
        (["“It rained,”", "“It rained on us all day.”"], "continued"),
    ]


def test_speech_goes_on_in_the_next_paragraph_when_its_marks_stay_open() -> None:
    scene = make_scene("“It rained.\n\n“It rained on us all day.”")
    assert continued(scene, passage(scene, "“It rained.")) == [
        (["“It rained.", "“It rained on us all day.”"], "continued")
    ]


@pytest.mark.parametrize(
    "text",
    [
        "“It rained.”\n\n“It rained on us all day.”",
        "“It rained.\n\nThen “it rained on us all day.”",
        "“It rained.\n\nThen.\n\n“It rained on us all day.”",
        "“It rained,” he said. He left. She came. “It rained on us all day.”",
        f"“It rained,” he said {'and went on ' * 12}“it rained on us all day.”",
        "“It rained,” “it rained on us all day.”",
    ],
)
def test_quotation_elsewhere_is_its_own(text: str) -> None:
    scene = make_scene(text)
    held = () if "rained,” “" in text else (passage(scene, "“It rained"),)
    assert continued(scene, *held)[-1][1] == "marks"
    assert len(continued(scene, *held)) == len(held) + 1


def test_passages_stand_in_text_order() -> None:
    scene = make_scene("“It rained on us all day.” Lee said it snowed.")
    assert continued(scene, passage(scene, "it snowed")) == [
        (["“It rained on us all day.”"], "marks"),
        (["it snowed"], ""),
    ]


def test_attribution_is_a_passage_with_its_marks() -> None:
    scene = make_scene("“It rained,” Lee said.")
    found = as_passage(
        scene.attribution("It rained,", "said", "Lee"), NOBODY, scene.pieces.quotations, scene.document.text
    )
    assert replace(found, score=0.0, attribution=None) == Passage(
        (scene.span("“It rained,”"),), scene.span("said"), NOBODY, 0.0
    )
    assert found.score == pytest.approx(0.81)


def test_attribution_without_cue_is_a_passage_without_cue() -> None:
    scene = make_scene("It rained.")
    assert as_passage(scene.attribution("It rained"), NOBODY, (), scene.document.text).cue is None


@pytest.mark.parametrize(
    ("tagged", "kept"),
    [
        ("the money would stay, while", "the money would stay"),
        ("the money would stay and", "the money would stay"),
        ("as", "as"),
        ("9:58 p.m. - the money would stay", "the money would stay"),
        ("21.58 GMT – the money would stay", "the money would stay"),
        ("10:15 trains", "10:15 trains"),
        ("the money would stay", "the money would stay"),
    ],
)
def test_times_before_and_conjunctions_after_are_not_said(tagged: str, kept: str) -> None:
    scene = make_scene(f"Lee said {tagged} Roe left.")
    found = as_passage(scene.attribution(tagged, "said", "Lee"), NOBODY, (), scene.document.text)
    assert [c.of(scene.document.text) for c in found.contents] == [kept]


@given(
    st.text()
    | st.lists(st.sampled_from(["“", "”", '"', "It rained on us all day.", "\n\n", "LEE: ", " "])).map("".join)
)
def test_passages_verify_over_any_text(text: str) -> None:
    scene = make_scene(story(text))
    found = continue_speech(scene.document, scene.pieces.quotations, (), scene.words)
    contents = sorted(c for p in found for c in p.contents)
    assert all(a.end <= b.start for a, b in itertools.pairwise(contents))
    assert all(any(p.covers(c) for p in scene.document.paragraphs) for c in contents)
    assert all(label.end <= cue.start < contents.start for label, cue, contents in find_labels(scene.document))
    assert found == continue_speech(scene.document, scene.pieces.quotations, (), scene.words)
    assert all(replace(p, method="marks") == p or p.method == "continued" for p in found)


@pytest.mark.parametrize(
    ("text", "parts", "contents"),
    [
        ("“Roe asked if it rained,” Lee said.", ["Roe", "if it rained,"], ["“Roe asked if it rained,”"]),
        ("“It,” Lee said, “rained.”", ["It,", "rained."], ["“It,”", "“rained.”"]),
        ("It, Lee said, rained.", ["It", "rained"], ["It", "rained"]),
        ("It, “well, Lee said, rained.”", ["well", "rained"], ["“well", "rained"]),
    ],
)
def test_what_stands_between_two_parts_of_a_quotation_was_said_as_well(
    text: str, parts: list[str], contents: list[str]
) -> None:
    scene = make_scene(text)
    one = scene.attribution(parts[0], "said", "Lee")
    whole = replace(one, contents=(*one.contents, scene.chunk(parts[1], "content")))
    assert [c.of(text) for c in as_passage(whole, NOBODY, scene.pieces.quotations, text).contents] == contents
