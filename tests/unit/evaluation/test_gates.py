from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from app.evaluation.gates import Floors, count_head, find_faults, main, pin_floors, read_floors, score_gold
from app.evaluation.gold import SEEDS, gold_digest, read_seeds
from app.evaluation.scores import Counts
from tests.unit.evaluation.stand_ins import NameSpotter

SCORE = {"people": Counts(found=9, spurious=1, missed=1), "stances": Counts()}


def test_floors_are_pinned_below_what_is_reached_and_never_below_nothing(tmp_path: Path) -> None:
    path = tmp_path / "floors.json"
    pinned = pin_floors(SCORE, "abc", 0.02, path)

    assert pinned == read_floors(path) == Floors("abc", {"people": 0.88, "stances": 0.0})


@pytest.mark.parametrize(
    ("floors", "fault"),
    [
        (Floors("abc", {"people": 0.9, "stances": 0.0}), None),
        (Floors("abc", {"people": 0.91, "stances": 0.0}), "people: F1 90.0 is below its floor 91.0"),
        (Floors("abc", {"people": 0.9, "stances": 0.1}), "stances: F1 - is below its floor 10.0"),
        (Floors("abc", {"people": 0.9}), "stances: has no floor"),
        (Floors("abc", {"people": 0, "stances": 0, "x": 0}), "x: a floor for a figure that nothing measures"),
        (Floors("old", {"people": 0, "stances": 0}), "the gold corpus is not the one that the floors were pinned on"),
    ],
)
def test_a_gate_stays_shut_for_a_reason(floors: Floors, fault: str | None) -> None:
    faults = find_faults(SCORE, "abc", floors)

    assert len(faults) == (fault is not None)
    assert all(said.startswith(fault or "") for said in faults)


def test_pinned_floors_pass_and_higher_ones_fail(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "floors.json"
    for kind, ending in (("stories", "txt"), ("gold", "json")):
        (tmp_path / kind).mkdir()
        shutil.copy(SEEDS / kind / f"01-water-rationing.{ending}", tmp_path / kind)
    seeds = ["--seeds", str(tmp_path)]

    assert main([*seeds, "--pin", "--margin", "0.01"], engine=NameSpotter(), floors=path) == 0
    assert main(seeds, engine=NameSpotter(), floors=path) == 0
    content = json.loads(path.read_text(encoding="utf-8"))
    content["f1"]["quotes.speaker"] = 0.99
    path.write_text(json.dumps(content), encoding="utf-8")
    assert main(seeds, engine=NameSpotter(), floors=path) == 1
    assert "quotes.speaker: F1" in capsys.readouterr().out


def test_every_figure_is_measured_over_all_stories() -> None:
    gold = read_seeds()
    score = score_gold(gold, NameSpotter())

    assert score["quotes.found"].gold == sum(len(s.record["quotes"]) for s in gold)
    assert score["attribution"].gold == score["quotes.found"].gold
    assert score["quotes.found"].found > 0
    assert score["head"].gold == sum(words is not None for s in gold for words in s.head.values())


def test_a_head_is_right_part_by_part_whatever_the_dash_after_its_dateline() -> None:
    story = next(s for s in read_seeds() if s.record["id"] == "01-water-rationing")

    assert count_head(story) == Counts(found=4)


def test_the_pinned_corpus_is_the_one_in_the_project() -> None:
    assert read_floors().gold == gold_digest()
