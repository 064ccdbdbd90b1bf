"""The seeds' hand annotations hold together, and the engine that ships does not fall below its floors on them."""

from __future__ import annotations

from itertools import chain, pairwise

import pytest

from app.evaluation.gates import find_faults, read_floors, score_gold
from app.evaluation.gold import GoldStory, gold_digest, read_seeds
from app.evaluation.matching import WORD
from app.pipeline.engine import WEIGHTS_FOLDER, load_engine

SEEDS = read_seeds()

LEAST_STORIES = 12


def test_there_are_stories_enough() -> None:
    assert len(SEEDS) >= LEAST_STORIES


@pytest.mark.parametrize("story", SEEDS, ids=[s.record["id"] for s in SEEDS])
def test_names_stand_in_the_story_as_whole_words(story: GoldStory) -> None:
    text = f"{story.received.article.title or ''}\n{story.record['text']}"
    words = " ".join(WORD.findall(text))
    for entity in (*story.record["people"], *story.record["organizations"]):
        assert entity["name"] in entity["names"]
        for name in entity["names"]:
            assert " ".join(WORD.findall(name)) in words, name


@pytest.mark.parametrize("story", SEEDS, ids=[s.record["id"] for s in SEEDS])
def test_resolved_speakers_have_a_source_and_unresolved_ones_none(story: GoldStory) -> None:
    for quote in story.record["quotes"]:
        assert (quote["status"] == "unresolved") == (quote["speaker"] is None), quote
        assert quote["source"] is not None or quote["status"] in {"unresolved", "resolved"}, quote


@pytest.mark.parametrize("story", SEEDS, ids=[s.record["id"] for s in SEEDS])
def test_contents_keep_to_a_paragraph_and_parts_do_not_share_words(story: GoldStory) -> None:
    for quote in story.record["quotes"]:
        assert all("\n\n" not in story.record["text"][a:b] for a, b in quote["contents"]), quote
        spans = sorted(map(tuple, chain(quote["contents"], filter(None, (quote["cue"], quote["source"])))))
        assert all(left[1] <= right[0] for left, right in pairwise(spans)), quote


@pytest.mark.skipif(not (WEIGHTS_FOLDER / "encoder.onnx").is_file(), reason="the weights are not in this checkout")
def test_the_engine_keeps_its_floors() -> None:
    assert find_faults(score_gold(SEEDS, load_engine()), gold_digest(), read_floors()) == ()
