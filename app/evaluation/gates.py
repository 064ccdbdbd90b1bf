"""The floors that accuracy may not fall below, on the project's own gold: ``python -m app.evaluation.gates``."""

from __future__ import annotations

import argparse
import json
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from rich.table import Table as RichTable

from app.evaluation import attributions, stories
from app.evaluation.gold import HEAD_PARTS, SEEDS, GoldStory, gold_attributions, gold_digest, read_seeds
from app.evaluation.predictions import Annotator, annotation_record
from app.evaluation.scores import Counts, add_scores
from app.evaluation.tables import wide_console
from app.pipeline.engine import load_engine

FLOORS = Path(__file__).with_name("floors.json")
MARGIN = 0.02
HEAD = "head"

_ATTRIBUTION_FIGURES = ("attribution", "attributed", "direct.found", "direct.attributed")
_FIGURES = (HEAD, *stories.FIGURES, *_ATTRIBUTION_FIGURES)


@dataclass(frozen=True, slots=True)
class Floors:
    """The least F1 of each figure, and the digest of the gold corpus that they hold for."""

    gold: str
    figures: Mapping[str, float]


def score_gold(gold: Sequence[GoldStory], engine: Annotator) -> dict[str, Counts]:
    """Return the counts of every figure over gold stories, the lines above them included."""
    analyses = engine.annotate_many([story.received.document for story in gold])
    scores: list[Mapping[str, Counts]] = []
    for story, analysis in zip(gold, analyses, strict=True):
        predicted = annotation_record(story.received.document, analysis, story.record["id"])
        parts = attributions.score_document(gold_attributions(story.record), predicted).counts
        scores += [
            {HEAD: count_head(story)},
            stories.score_story(story.record, predicted).counts,
            {name: parts[name] for name in _ATTRIBUTION_FIGURES},
        ]
    return add_scores(scores, _FIGURES)


def count_head(story: GoldStory) -> Counts:
    """Return how many of section, headline, byline and dateline were read as they are by hand.

    The dash after a dateline belongs to neither side.
    """
    article = story.received.article
    read = {part: (getattr(article, part) or "").rstrip(" -–—") or None for part in HEAD_PARTS}
    right = sum(read[part] == words for part, words in story.head.items() if words is not None)
    return Counts.of(
        right,
        predicted=sum(words is not None for words in read.values()),
        gold=sum(words is not None for words in story.head.values()),
    )


def read_floors(path: Path = FLOORS) -> Floors:
    """Return the floors that are pinned."""
    content = json.loads(path.read_text(encoding="utf-8"))
    return Floors(content["gold_sha256"], content["f1"])


def pin_floors(score: Mapping[str, Counts], digest: str, margin: float = MARGIN, path: Path = FLOORS) -> Floors:
    """Write floors ``margin`` below what ``score`` reaches, rounded down to three digits, and return them."""
    floors = {name: max(0.0, math.floor(1000 * ((counts.f1 or 0.0) - margin)) / 1000) for name, counts in score.items()}
    content = {"gold_sha256": digest, "f1": floors}
    path.write_text(json.dumps(content, indent=2) + "\n", encoding="utf-8")
    return Floors(digest, floors)


def find_faults(score: Mapping[str, Counts], digest: str, floors: Floors) -> tuple[str, ...]:
    """Return what keeps the gates shut, a line each: a figure below its floor or without one, or another corpus."""
    faults = [
        f"{name}: F1 {_percent(counts.f1)} is below its floor {_percent(floors.figures[name])}"
        for name, counts in score.items()
        if name in floors.figures and (counts.f1 or 0.0) < floors.figures[name]
    ]
    faults += [f"{name}: has no floor" for name in score if name not in floors.figures]
    faults += [f"{name}: a floor for a figure that nothing measures" for name in floors.figures if name not in score]
    if digest != floors.gold:
        faults.append("the gold corpus is not the one that the floors were pinned on: review it, then pin them anew")
    return tuple(faults)


def main(arguments: Sequence[str] | None = None, *, engine: Annotator | None = None, floors: Path = FLOORS) -> int:
    """Score the engine on the seeds, print figures and floors, and return 1 when a gate stays shut."""
    parser = argparse.ArgumentParser(prog="gates", description="Hold the extraction to the floors that are pinned.")
    parser.add_argument("--pin", action="store_true", help="rewrite the floors to what is reached now, less the margin")
    parser.add_argument("--margin", type=float, default=MARGIN, help="how far below to pin (default: %(default)s)")
    parser.add_argument("--seeds", type=Path, default=SEEDS, help="where stories/ and gold/ lie")
    asked = parser.parse_args(arguments)
    score, digest = score_gold(read_seeds(asked.seeds), engine or load_engine()), gold_digest(asked.seeds)
    pinned = pin_floors(score, digest, asked.margin, floors) if asked.pin else read_floors(floors)
    faults = find_faults(score, digest, pinned)
    console = wide_console()
    console.print(_table(score, pinned))
    for fault in faults:
        console.print(fault, highlight=False)
    return 1 if faults else 0


def _table(score: Mapping[str, Counts], floors: Floors) -> RichTable:
    table = RichTable("figure", title="gold in the project", title_justify="left")
    for column in ("precision", "recall", "f1", "floor", "gold"):
        table.add_column(column, justify="right")
    for name, counts in score.items():
        shares = (counts.precision, counts.recall, counts.f1, floors.figures.get(name))
        table.add_row(name, *map(_percent, shares), str(counts.gold))
    return table


def _percent(value: float | None) -> str:
    return "-" if value is None else f"{100 * value:.1f}"


if __name__ == "__main__":
    raise SystemExit(main())
