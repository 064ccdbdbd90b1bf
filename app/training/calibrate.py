"""Fit confidences to how often they are right: weights of signs for quotes, tables for offices, stances and names.

A quote is right when its speaker is, on whole stories, and when its attribution is, on PolNeAR; one logistic regression
over both corpora serves both. Run as
``python -m app.training.calibrate --data ../shared/data --weights app/annotate/weights/reader-v1``. What is fitted goes
into ``decoder.json``; the error is printed as fitted and as cross-validated over parts of the texts, which is the
figure that counts: all of it is fitted on the same development texts that it is reported on.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import numpy.typing as npt

from app.annotate.confidence import quote_signs
from app.domain.analysis import Analysis
from app.domain.document import Document
from app.evaluation.calibration import Judged, expected_calibration_error, reliability_bins
from app.evaluation.measures import measure_polnear, measure_stories, measure_worldwide
from app.pipeline.assembly import assemble
from app.pipeline.engine import Engine, load_engine

Signs = npt.NDArray[np.float64]

KNOTS = 10
FEW = 400  # cases below which ten steps say more than there is to know
STEPS = 25
FOLDS = 10
RIDGE = 30.0
STORIES_WEIGHT = 4.0  # of a quote in a whole story beside one of PolNeAR, where there are more, and held to less
CURVE = (0.0, 0.02, 0.05, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 0.95, 0.98, 1.0)


def fit_monotone(judged: Sequence[Judged]) -> list[tuple[float, float]]:
    """Return the knots of the best non-decreasing step function (pool adjacent violators), joined by lines.

    Source: Zadrozny and Elkan, KDD 2002.
    """
    ordered = sorted(judged, key=lambda j: j[0])
    blocks: list[tuple[float, float, int]] = []
    for number in range(KNOTS):
        part = ordered[number * len(ordered) // KNOTS : (number + 1) * len(ordered) // KNOTS]
        if not part:
            continue
        blocks.append((sum(c for c, _ in part) / len(part), sum(r for _, r in part) / len(part), len(part)))
        while len(blocks) > 1 and blocks[-2][1] >= blocks[-1][1]:
            (xa, ya, na), (xb, yb, nb) = blocks[-2:]
            blocks[-2:] = [((xa * na + xb * nb) / (na + nb), (ya * na + yb * nb) / (na + nb), na + nb)]
    return [(round(x, 4), round(y, 4)) for x, y, _ in blocks]


def fit_logistic(judged: Sequence[Judged]) -> list[tuple[float, float]]:
    """Return knots of the logistic curve over log-odds that fits best: two parameters, for where cases are few.

    Source: Platt, Advances in Large Margin Classifiers, 1999; by Newton's method.
    """
    odds = np.array([_log_odds(c) for c, _ in judged])
    design = np.stack([odds, np.ones_like(odds)], axis=1)
    right = np.array([float(r) for _, r in judged])
    found = np.array([1.0, 0.0])
    for _ in range(STEPS):
        told = 1 / (1 + np.exp(-design @ found))
        curve = design.T @ (design * (told * (1 - told))[:, None]) + 1e-3 * np.eye(2)
        found = found - np.linalg.solve(curve, design.T @ (told - right) + 1e-3 * (found - np.array([1.0, 0.0])))
    return [(x, round(float(1 / (1 + np.exp(-(found[0] * _log_odds(x) + found[1])))), 4)) for x in CURVE]


def _log_odds(share: float) -> float:
    return float(np.log((share + 1e-3) / (1 - share + 1e-3)))


def fit_table(judged: Sequence[Judged]) -> list[tuple[float, float]]:
    """Return the curve of two parameters where cases are few, else the step function."""
    return fit_logistic(judged) if len(judged) < FEW else fit_monotone(judged)


def read_off(table: Sequence[tuple[float, float]], confidence: float) -> float:
    """Return the calibrated value of one confidence."""
    return float(np.interp(confidence, [x for x, _ in table], [y for _, y in table]))


def crossed_error(judged: Sequence[Judged]) -> float | None:
    """Return the calibration error of tables fitted without the tenth of the stories read (they stand in order).

    Tenths, as for quotes: with few stories, halves tell how unlike they are rather than how sure a table is.
    """
    read = []
    for fold in range(FOLDS):
        low, high = fold * len(judged) // FOLDS, (fold + 1) * len(judged) // FOLDS
        table = fit_table([*judged[:low], *judged[high:]])
        read += [(read_off(table, c), r) for c, r in judged[low:high]]
    return expected_calibration_error(reliability_bins(read))


@dataclass(frozen=True, slots=True)
class Seen:
    """The signs of quotes and whether each was right; ``documents`` number the text that each stands in."""

    name: str
    documents: npt.NDArray[np.int64]
    signs: Signs
    right: Signs
    weight: float


class Recorder:
    """An annotator that keeps the signs of every quote it finds, in order."""

    def __init__(self, engine: Engine) -> None:
        self.pipeline = engine.pipeline
        self.signs: list[dict[str, float]] = []
        self.documents: list[int] = []
        self._engine = engine

    def annotate_many(self, documents: Iterable[Document]) -> Iterator[Analysis]:
        """Yield the analyses of documents in their order."""
        for number, document in enumerate(documents):
            findings = replace(self._engine.find(document), least_sure=0.0)
            analysis = assemble(document, findings, self.pipeline)
            for passage, quote in zip(findings.passages, analysis.quotes, strict=True):
                self.signs.append(quote_signs(passage, quote.type, document.text))
                self.documents.append(number)
            yield analysis

    def seen(self, judged: Sequence[Judged], name: str, weight: float) -> Seen:
        """Return what was recorded beside whether it was right."""
        table = np.array([list(signs.values()) for signs in self.signs])
        right = np.array([float(r) for _, r in judged])
        return Seen(name, np.array(self.documents), table, right, weight)


def fit_weights(corpora: Sequence[Seen], left_out: int | None = None) -> Signs:
    """Return the weights of a logistic regression over all corpora, without the fold ``left_out`` of their texts."""
    tables, answers, weights = [], [], []
    for seen in corpora:
        kept = np.ones(len(seen.right), dtype=bool) if left_out is None else seen.documents % FOLDS != left_out
        tables.append(seen.signs[kept])
        answers.append(seen.right[kept])
        weights.append(np.full(int(kept.sum()), seen.weight))
    design, right, weight = np.vstack(tables), np.concatenate(answers), np.concatenate(weights)
    ridge = RIDGE * np.eye(design.shape[1])
    ridge[0, 0] = 1e-3  # the bias is free
    found: Signs = np.zeros(design.shape[1])
    for _ in range(STEPS):
        told = 1 / (1 + np.exp(-design @ found))
        curve = design.T @ (design * (weight * told * (1 - told))[:, None]) + ridge
        found = found - np.linalg.solve(curve, design.T @ (weight * (told - right)) + ridge @ found)
    return found


def error_of(seen: Seen, corpora: Sequence[Seen], *, crossed: bool) -> float | None:
    """Return the calibration error on one corpus: as fitted, or each fold of its texts by weights of the others."""
    told = np.zeros(len(seen.right))
    for fold in range(FOLDS):
        mine = seen.documents % FOLDS == fold
        told[mine] = 1 / (1 + np.exp(-seen.signs[mine] @ fit_weights(corpora, fold if crossed else None)))
    return expected_calibration_error(
        reliability_bins((float(t), bool(r)) for t, r in zip(told, seen.right, strict=True))
    )


def main() -> None:
    """Fit the tables and the weights of quotes, and write them."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, default=Path("../shared/data"))
    parser.add_argument("--weights", type=Path, required=True)
    arguments = parser.parse_args()
    path = arguments.weights / "decoder.json"
    tables = json.loads(path.read_text(encoding="utf-8"))
    for key in ("calibration", "quote_weights"):
        tables.pop(key, None)
    path.write_text(json.dumps(tables, indent=1) + "\n", encoding="utf-8")
    engine = load_engine(arguments.weights)
    told, reported = Recorder(engine), Recorder(engine)
    stories = measure_stories(arguments.data / "stories" / "dev.jsonl", told).judged
    polnear = measure_polnear(arguments.data / "polnear" / "dev.jsonl", reported).judged
    names = measure_worldwide(arguments.data / "worldwide" / "dev.jsonl", engine).judged
    sources = {"office": stories["offices"], "stance": stories["stances"], "name": names["mentions by name"]}
    tables["calibration"] = {kind: fit_table(judged) for kind, judged in sources.items()}
    corpora = (
        told.seen(stories["quotes (speaker right)"], "stories", STORIES_WEIGHT),
        reported.seen(polnear["quotes (attributed)"], "polnear", 1.0),
    )
    weights = zip(told.signs[0], fit_weights(corpora), strict=True)
    tables["quote_weights"] = {name: round(float(w), 4) for name, w in weights}
    path.write_text(json.dumps(tables, indent=1) + "\n", encoding="utf-8")
    for seen in corpora:
        fitted, crossed = (error_of(seen, corpora, crossed=c) for c in (False, True))
        print(f"quotes, {seen.name}: {len(seen.right)} judged; error {fitted:.3f} fitted, {crossed:.3f} crossed")
    for kind, judged in sources.items():
        before = expected_calibration_error(reliability_bins(judged))
        read = [(read_off(tables["calibration"][kind], c), r) for c, r in judged]
        after = expected_calibration_error(reliability_bins(read))
        crossed = crossed_error(judged)
        print(f"{kind}: {len(judged)} judged; error {before:.3f} raw, {after:.3f} fitted, {crossed:.3f} crossed")


if __name__ == "__main__":
    main()
