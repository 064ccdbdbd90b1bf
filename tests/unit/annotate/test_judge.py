"""The judge of stances."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from app.annotate.judge import Judge, load_judge

TABLES = {
    "words": {"speech": {"bias": -1.0, "w=must": 3.0}, "side": {"bias": 0.0, "w=must": 1.0}},
    "stack": {
        "speech": {"bias": 0.0, "words": 1.0, "opens": 2.0},
        "side": {"bias": 0.0, "words": 1.0, "lexicon side": 2},
    },
    "least": {"speech": 0.5},
}


def judge() -> Judge:
    return Judge(TABLES["words"], TABLES["stack"], TABLES["least"])  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("signs", "scores", "share"),
    [
        ({}, {}, 0.269),
        ({"w=must": 1.0, "w=odd": 1.0}, {}, 0.881),
        ({}, {"opens": 0.5}, 0.5),
        ({}, {"opens": 99.0}, 1.0),
    ],
)
def test_words_and_scores_say_how_likely_a_stance_is(
    signs: dict[str, float], scores: dict[str, float], share: float
) -> None:
    assert judge().sure("speech", signs, scores) == pytest.approx(share, abs=1e-3)


def test_words_and_lexicons_say_which_side() -> None:
    assert judge().supports({}, {}) == 0.5
    assert judge().supports({"w=must": 1.0}, {}) > 0.7
    assert judge().supports({"w=must": 1.0, "side=opposes": 1.0}, {}) < 0.3


def test_judge_is_read_from_its_file(tmp_path: Path) -> None:
    path = tmp_path / "judge.json"
    path.write_text(json.dumps(TABLES))
    read = load_judge(path)
    assert read is not None
    assert (read.words, read.stack, read.least) == (TABLES["words"], TABLES["stack"], TABLES["least"])


def test_no_file_is_no_judge(tmp_path: Path) -> None:
    assert load_judge(tmp_path / "judge.json") is None
