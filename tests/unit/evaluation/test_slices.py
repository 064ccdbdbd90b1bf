from __future__ import annotations

from typing import Any

import pytest

from app.annotate.lexicons.speech import is_speech_cue
from app.evaluation.slices import region_of, source_distance, source_form

TEXT = (
    "The mayor, who had as ever arrived late from the harbor, said in Oslo that the bridge will close. "
    "He hopes. Ruiz left."
)


def quote(source: str | None, status: str = "resolved", speaker: str | None = "Oslo") -> dict[str, Any]:
    start = TEXT.index(source) if source else 0
    content = TEXT.index("that the bridge")
    return {
        "source": [start, start + len(source)] if source else None,
        "contents": [[content, content + 25]],
        "status": status,
        "speaker": speaker,
    }


STORY = {"text": TEXT, "people": [{"name": "Ana Ruiz", "names": ["Ruiz"]}], "organizations": []}


@pytest.mark.parametrize(
    ("source", "form"),
    [("He", "pronoun"), ("The mayor", "description"), ("Ruiz", "name"), ("Oslo", "name"), (None, "none")],
)
def test_a_source_is_a_pronoun_a_name_or_a_description(source: str | None, form: str) -> None:
    assert source_form(STORY, quote(source)) == form


def test_the_words_for_an_unnamed_speaker_are_no_name() -> None:
    assert source_form(STORY, quote("The mayor", "anonymous", "The mayor")) == "description"


@pytest.mark.parametrize(
    ("source", "distance"),
    [("Oslo", "within 3 words"), ("late from", "4 to 10 words"), ("The mayor", "11 to 30 words"), (None, "no source")],
)
def test_distance_is_counted_in_words_between(source: str | None, distance: str) -> None:
    assert source_distance(TEXT, quote(source)) == distance


def test_a_source_may_lie_far_away() -> None:
    text = "Ruiz " + "and so on " * 11 + "left it."
    far = {"source": [0, 4], "contents": [[len(text) - 8, len(text)]]}

    assert source_distance(text, far) == "farther"


@pytest.mark.parametrize(
    ("story", "region"),
    [
        ("polnear/nyt_2016", "North America"),
        ("worldwide/kenya_thestandard_1", "Africa"),
        ("worldwide/nz_herald_2", "Asia and the Pacific"),
        ("israel_haaretz_8", "Middle East"),
        ("worldwide/atlantis_times", "other"),
    ],
)
def test_a_story_is_of_its_publishers_region(story: str, region: str) -> None:
    assert region_of(story) == region


@pytest.mark.parametrize(
    ("cue", "speech"),
    [("has said", True), ("According to", True), (":", True), ("believes", False), ("expected", False)],
)
def test_cues_report_speech_or_something_else(cue: str, *, speech: bool) -> None:
    assert is_speech_cue(cue) is speech
