"""Reporting clauses beside quotation marks."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.annotate.inquits import cue_beside
from tests.unit.annotate.readings import make_scene


def beside(text: str, content: str, *cues: str, sources: tuple[str, ...] = ()) -> int | None:
    scene = make_scene(text)
    return cue_beside(
        scene.chunk(content), [scene.chunk(c) for c in cues], [scene.chunk(s) for s in sources], scene.text
    )


@pytest.mark.parametrize(
    "text",
    [
        "Ann said. “It rains,” Tom added. It fell.",
        "Ann said. “It rains,” added Tom. It fell.",
        "Ann said. “It rains,” Tom also added. It fell.",
        "Ann said. “It rains”, Tom added. It fell.",
        "Ann said. “It rains,” he added to Tom. It fell.",
        "Ann said. “It rains!” he added to Tom. It fell.",
        "Ann said. “It rains —” Tom added. It fell.",
    ],
)
def test_cue_that_follows_in_the_sentence_is_the_quotations(text: str) -> None:
    content = text[text.index("“") : text.index("”") + 1]
    assert beside(text, content, "said", "added", sources=("Ann", "Tom")) == 1


def test_quotation_whose_chunk_ends_before_its_marks_is_read_with_them() -> None:
    assert beside("Ann said. “It rains,” he added.", "“It rains,", "said", "added") == 1


@pytest.mark.parametrize("text", ["Ann said, “It rains,” and fell.", "Ann said: “It rains.” Tom fell."])
def test_cue_that_leads_to_a_quotation_is_its_own(text: str) -> None:
    content = text[text.index("“") : text.index("”") + 1]
    assert beside(text, content, "said", "fell", sources=("Ann",)) == 0


@pytest.mark.parametrize(
    "text",
    [
        "“It rains.” Tom added that it fell.",
        "“It rains!” Tom added that it fell.",
        "“It rains,” and Tom added that it fell.",
        "“It rains,”\n\nTom added that it fell.",
        "“It rains” on Tom, who added that it fell.",
    ],
)
def test_cue_of_another_sentence_is_not_the_quotations(text: str) -> None:
    content = text[: text.index("”") + 1]
    assert beside(text, content, "added", sources=("Tom",)) is None


def test_cue_without_a_source_beside_it_is_not_the_quotations() -> None:
    assert beside("“It rains,” adding that it fell.", "“It rains,”", "adding") is None


def test_words_without_marks_have_no_cue_beside_them() -> None:
    assert beside("It rains, he added.", "It rains", "added") is None


@given(st.lists(st.sampled_from(["“", "”", '"', "’", ",", ".", "?", " ", "he", "Ann", "said", "\n\n"])), st.data())
def test_cue_beside_is_one_of_the_cues(parts: list[str], data: st.DataObject) -> None:
    text = f"“It” {' '.join(parts)} he said."
    scene = make_scene(text)
    cues = [scene.chunk(f"said#{n + 1}") for n in range(text.count("said"))]
    sources = [scene.chunk(f"he#{n + 1}") for n in range(text.count("he"))]
    number = data.draw(st.integers(1, text.count("“")))
    found = cue_beside(scene.chunk(f"“#{number}"), cues, sources, text)
    assert found is None or 0 <= found < len(cues)
