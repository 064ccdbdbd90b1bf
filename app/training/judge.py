"""Fit the judge of stances to the annotated training stories.

Run as ``python -m app.training.judge --data ../shared/data --weights app/annotate/weights/reader-v1``; needs no torch.

Two layers of logistic regression. The first reads words and is fitted to all stories; the second weighs what the first
says, of stories that it was not fitted to, with the reader's own scores, and is fitted to the stories that the reader
was not trained on only (from line ``--unseen`` on): on the others the reader's scores are better than they will be.
Prints figures of the second layer cross-validated over those stories.
"""

from __future__ import annotations

import argparse
import json
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from app.annotate.attribution import Settings
from app.annotate.encoder import Encoder
from app.annotate.judge import SIDE
from app.annotate.phrases import called
from app.annotate.pieces import split_pieces
from app.annotate.stance_cases import Case, gather_cases
from app.annotate.stance_signs import scores_of, sides_of, signs_of
from app.domain.document import Document
from app.domain.span import Span
from app.evaluation.corpora import read_lines
from app.evaluation.names import Names
from app.pipeline.assembly import display_name, flat
from app.pipeline.engine import JUDGE
from app.pipeline.survey import Survey, survey
from app.text.document import build_document
from app.training.stories import corpus_texts

KINDS = ("speech", "name")
RARE = 4  # a sign seen in fewer cases is left out
ROUNDS, MORE_ROUNDS = 400, 1000  # of the first layer and of the second, whose scores hang together more
FEW = 100
FOLDS = 5
RIDGE = {"speech": 20.0, "name": 20.0, SIDE: 8.0, "stack": 3.0}
LEAST = {"speech": 0.3, "name": 0.3}
SMALL = 0.01  # a weight below this is left out

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Row:
    """One case of a story: its signs and scores, and the sides that gold stances take there (none for no stance)."""

    story: int
    kind: str
    signs: dict[str, float]
    scores: dict[str, float]
    sides: tuple[str, ...]


def story_rows(number: int, record: dict[str, Any], document: Document, seen: Survey) -> Iterator[Row]:
    """Yield the rows of one story."""
    cases = gather_cases(seen.voices, seen.cast, document)
    sides = _sides(record, cases, document, seen)
    for case, found in zip(cases, sides, strict=True):
        yield Row(
            number,
            case.kind,
            signs_of(case, seen.cast, document.text),
            scores_of(case, seen.takings, seen.reading, seen.words),
            tuple(found),
        )


def _sides(record: dict[str, Any], cases: Sequence[Case], document: Document, seen: Survey) -> list[list[str]]:
    """Return the sides of the gold stances of every case: those of its holder that its clause shows best."""
    names = Names([*record["people"], *record["organizations"]])
    holders = [_name(case, document, seen) for case in cases]
    found: list[list[str]] = [[] for _ in cases]
    for stance in record["stances"]:
        evidence = Span(*stance["evidence"])
        shared = [max(0, min(s.end, evidence.end) - max(s.start, evidence.start)) for s in document.sentences]
        if not any(shared):
            continue
        sentence = document.sentences[int(np.argmax(shared))]
        own = [n for n, c in enumerate(cases) if c.sentence == sentence and names.same(stance["holder"], holders[n])]
        if own:
            found[max(own, key=lambda n: _common(cases[n], stance["target"]))].append(stance["polarity"])
    return found


def _common(case: Case, target: Sequence[int]) -> int:
    """Return how many characters of a gold target stand in the clause of a case."""
    return min(case.clause.end, target[1]) - max(case.clause.start, target[0])


def _name(case: Case, document: Document, seen: Survey) -> str:
    if case.group is not None:
        return display_name(seen.groups[case.group])
    described = None if case.source is None else case.source.described
    return called(flat((described or case.mention).of(document.text)))


@dataclass(frozen=True, slots=True, eq=False)
class Table:
    """A sparse table of signs: for every row the columns that it has and what stands there."""

    names: tuple[str, ...]
    row: npt.NDArray[np.int64]
    column: npt.NDArray[np.int64]
    value: Floats
    count: int

    def times(self, weights: Floats) -> Floats:
        """Return the sum of every row under ``weights``, of which the last is the constant."""
        return np.bincount(self.row, self.value * weights[self.column], self.count) + weights[-1]

    def turned(self, rows: Floats) -> Floats:
        """Return the sum of every column under the weights of ``rows``, the constant's last."""
        return np.append(np.bincount(self.column, self.value * rows[self.row], len(self.names)), rows.sum())


def as_table(signs: Sequence[Mapping[str, float]], names: Sequence[str] | None = None) -> Table:
    """Return signs as a table; its columns are ``names``, or those signs that are not rare."""
    if names is None:
        seen = Counter(name for row in signs for name in row)
        names = sorted(name for name, count in seen.items() if count >= RARE)
    place = {name: at for at, name in enumerate(names)}
    cells = [(r, place[n], v) for r, row in enumerate(signs) for n, v in row.items() if n in place]
    rows, columns, values = zip(*cells, strict=True)
    return Table(tuple(names), np.array(rows), np.array(columns), np.array(values), len(signs))


def fit(table: Table, right: Floats, ridge: float, use: Floats) -> Floats:
    """Return the weights of the ridge-penalised logistic regression, the constant last, by accelerated gradients.

    ``use`` is 1 for the rows that count. Source: Nesterov 1983, restarted (O'Donoghue and Candes, 2015).
    """
    rounds = ROUNDS if len(table.names) > FEW else MORE_ROUNDS
    penalty = np.append(np.full(len(table.names), ridge), 0.0)
    size = np.bincount(table.row, table.value**2 * use[table.row], table.count).max() + 1
    mass = table.turned(use * table.times(np.append(np.ones(len(table.names)), 1.0))).max()
    step = 1 / (0.25 * max(mass, size) + ridge)
    weights = ahead = np.zeros(len(table.names) + 1)
    pace = 1.0
    for _ in range(rounds):
        told = 1 / (1 + np.exp(-table.times(ahead)))
        slope = table.turned(use * (told - right)) + penalty * ahead
        new = ahead - step * slope
        if slope @ (new - weights) > 0:
            pace = 1.0
        faster = (1 + np.sqrt(1 + 4 * pace**2)) / 2
        ahead = new + (pace - 1) / faster * (new - weights)
        weights, pace = new, faster
    return weights


def fit_apart(table: Table, right: Floats, story: npt.NDArray[np.int64], ridge: float, of: Floats) -> Floats:
    """Return what a regression says of every row when it was fitted to other stories (rows that ``of`` counts)."""
    told = np.zeros(table.count)
    for fold in range(FOLDS):
        out = story % FOLDS == fold
        told[out] = table.times(fit(table, right, ridge, of * ~out))[out]
    return told


def fit_judge(rows: Sequence[Row], unseen: int) -> dict[str, dict[str, object]]:
    """Return the tables of the judge, and print how well each part does on stories that it was not fitted to."""
    words: dict[str, object] = {}
    stack: dict[str, object] = {}
    for kind in (*KINDS, SIDE):
        part = [r for r in rows if kind in {r.kind, SIDE}]
        story = np.array([r.story for r in part])
        right = np.array([_target(r, kind) for r in part])
        counts = np.ones(len(part)) if kind != SIDE else np.array([float(bool(r.sides)) for r in part])
        table = as_table([r.signs for r in part])
        apart = fit_apart(table, right, story, RIDGE[kind], counts)
        words[kind] = _named(table, fit(table, right, RIDGE[kind], counts), SMALL)
        scores = [_stacked(r, kind, said) for r, said in zip(part, apart, strict=True)]
        second = as_table(scores, sorted(scores[0]))
        spread = np.sqrt(np.bincount(second.column, second.value**2, len(second.names)) / second.count) + 1e-6
        even = Table(second.names, second.row, second.column, second.value / spread[second.column], second.count)
        fresh = counts * (story >= unseen)
        told = fit_apart(even, right, story, RIDGE["stack"], fresh)
        found = fit(even, right, RIDGE["stack"], fresh)
        stack[kind] = _named(second, np.append(found[:-1] / spread, found[-1]), 0.0)
        _show(kind, right[fresh > 0], told[fresh > 0], apart[fresh > 0])
    return {"words": words, "stack": stack, "least": LEAST}


def _target(row: Row, kind: str) -> float:
    if kind == SIDE:
        return float(2 * sum(side == "supports" for side in row.sides) >= max(1, len(row.sides)))
    return float(bool(row.sides))


def _stacked(row: Row, kind: str, said: float) -> dict[str, float]:
    lexicon = {f"lexicon {k}": v for k, v in sides_of(row.signs).items()} if kind == SIDE else {}
    return {"words": said, **lexicon, **row.scores}


def _named(table: Table, weights: Floats, small: float) -> dict[str, float]:
    named = {n: round(float(w), 4) for n, w in zip(table.names, weights[:-1], strict=True) if abs(w) > small}
    return {"bias": round(float(weights[-1]), 4), **named}


def _show(kind: str, right: Floats, told: Floats, apart: Floats) -> None:
    shares = {name: _area(right, values) for name, values in (("words", apart), ("both", told))}
    correct = float(((told > 0) == (right > 0)).mean())
    print(f"{kind}: {len(right)} cases, {right.mean():.3f} of them so, {correct:.3f} right at even odds")
    print(f"  area under the curve {shares['words']:.3f} by words, {shares['both']:.3f} by both")


def _area(right: Floats, told: Floats) -> float:
    order = np.empty(len(told))
    order[np.argsort(told)] = np.arange(len(told))
    yes = right > 0
    return float((order[yes].mean() - order[~yes].mean()) / len(told) + 0.5)


def read_rows(data: Path, weights: Path, stories: Path) -> Iterator[Row]:
    """Yield the rows of all annotated stories, read by the weights in a folder."""
    encoder = Encoder(weights)
    settings = Settings(**encoder.tables.get("settings", {}))
    texts = corpus_texts(data)
    for number, record in enumerate(read_lines(stories)):
        document = build_document(texts[record["id"]])
        pieces = split_pieces(encoder.tokenizer, document)
        seen = survey(document, pieces, encoder.read(pieces), encoder.tables, settings)
        yield from story_rows(number, record, document, seen)


def main() -> None:
    """Read the arguments, fit, and write the judge beside the weights."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--weights", type=Path, required=True)
    parser.add_argument("--stories", type=Path, default=Path("app/training/data/stories-train.jsonl"))
    parser.add_argument("--unseen", type=int, default=360, help="the first story that the weights were not trained on")
    arguments = parser.parse_args()
    rows = list(read_rows(arguments.data, arguments.weights, arguments.stories))
    target = arguments.weights / JUDGE
    target.write_text(json.dumps(fit_judge(rows, arguments.unseen), indent=0, sort_keys=True) + "\n", encoding="utf-8")
    print(f"{target}: {target.stat().st_size / 1e3:.0f} kB")


if __name__ == "__main__":
    main()
