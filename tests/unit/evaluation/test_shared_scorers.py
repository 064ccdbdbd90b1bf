"""Our figures are those of the scorers that every reported figure comes from."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest

from app.evaluation.attributions import score_attributions
from app.evaluation.entities import score_entities
from app.evaluation.scores import Counts
from app.evaluation.stories import score_stories
from tests.unit.evaluation.generated import Record, make_attributions, make_entities, make_stories

SCORERS = Path(__file__).resolve().parents[4] / "shared" / "evaluation"

pytestmark = pytest.mark.skipif(not SCORERS.is_dir(), reason="the shared scorers do not lie beside this checkout")

Make = Callable[[int], tuple[list[Record], list[Record]]]
Scorer = Callable[[list[Record], Mapping[str, Record]], dict[str, Counts]]


@pytest.mark.parametrize("seed", range(6))
@pytest.mark.parametrize(
    ("script", "make", "score"),
    [
        ("score_attributions.py", make_attributions, score_attributions),
        ("score_entities.py", make_entities, score_entities),
        ("score_stories.py", make_stories, score_stories),
    ],
    ids=["attributions", "entities", "stories"],
)
def test_every_figure_is_the_shared_scorers(script: str, make: Make, score: Scorer, seed: int, tmp_path: Path) -> None:
    gold, predicted = make(seed)
    theirs = run(SCORERS / script, write(tmp_path / "gold.jsonl", gold), write(tmp_path / "pred.jsonl", predicted))
    ours = score(gold, {record["id"]: record for record in predicted})

    assert list(ours) == list(theirs)
    for name, figures in theirs.items():
        counts = ours[name]
        assert [counts.precision or 0.0, counts.recall or 0.0, counts.f1 or 0.0] == pytest.approx(
            [figures["p"], figures["r"], figures["f"]], abs=5.1e-5
        ), name
        assert counts.gold == figures.get("gold", counts.gold)


def test_what_is_compared_holds_hits_inventions_and_misses_of_every_figure() -> None:
    made: list[tuple[Scorer, Make]] = [
        (score_attributions, make_attributions),
        (score_entities, make_entities),
        (score_stories, make_stories),
    ]
    for score, make in made:
        gold, predicted = make(0)
        for name, counts in score(gold, {record["id"]: record for record in predicted}).items():
            assert min(counts.found, counts.spurious, counts.missed) > 0, name


def write(path: Path, records: list[Record]) -> Path:
    path.write_text("".join(json.dumps(r) + "\n" for r in records), encoding="utf-8")
    return path


def run(script: Path, gold: Path, predicted: Path) -> dict[str, Any]:
    command = [sys.executable, str(script), str(gold), str(predicted), "--json"]
    answer = subprocess.run(command, check=True, capture_output=True, text=True)  # noqa: S603 (our own files)
    found: dict[str, Any] = json.loads(answer.stdout)
    return found
