"""Fit confidences to how often they are right: monotone tables for quotes, offices, stances and names.

Run as ``python -m app.training.calibrate --data ../shared/data --weights app/annotate/weights/reader-v1``. The tables
go into ``decoder.json``; the error is printed as fitted and as cross-validated over halves of the stories, which is the
figure that counts: the tables are fitted on the same development stories that they are reported on.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from app.evaluation.calibration import Judged, expected_calibration_error, reliability_bins
from app.evaluation.measures import measure_stories, measure_worldwide
from app.pipeline.engine import load_engine

KNOTS = 10
FEW = 300  # cases below which ten steps say more than there is to know
STEPS = 25
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
    """Return the calibration error of tables fitted on the other half of the stories (they stand in order)."""
    middle = len(judged) // 2
    halves = (judged[:middle], judged[middle:])
    read = []
    for mine, other in (halves, halves[::-1]):
        table = fit_table(other)
        read += [(read_off(table, c), r) for c, r in mine]
    return expected_calibration_error(reliability_bins(read))


def main() -> None:
    """Fit the tables and write them."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, default=Path("../shared/data"))
    parser.add_argument("--weights", type=Path, required=True)
    arguments = parser.parse_args()
    path = arguments.weights / "decoder.json"
    tables = json.loads(path.read_text(encoding="utf-8"))
    tables.pop("calibration", None)
    path.write_text(json.dumps(tables, indent=1) + "\n", encoding="utf-8")
    engine = load_engine(arguments.weights)
    stories = measure_stories(arguments.data / "stories" / "dev.jsonl", engine).judged
    names = measure_worldwide(arguments.data / "worldwide" / "dev.jsonl", engine).judged
    sources = {
        "quote": stories["quotes (speaker right)"],
        "office": stories["offices"],
        "stance": stories["stances"],
        "name": names["mentions by name"],
    }
    tables["calibration"] = {kind: fit_table(judged) for kind, judged in sources.items()}
    path.write_text(json.dumps(tables, indent=1) + "\n", encoding="utf-8")
    for kind, judged in sources.items():
        before = expected_calibration_error(reliability_bins(judged))
        fitted = [(read_off(tables["calibration"][kind], c), r) for c, r in judged]
        after = expected_calibration_error(reliability_bins(fitted))
        crossed = crossed_error(judged)
        print(f"{kind}: {len(judged)} judged; error {before:.3f} raw, {after:.3f} fitted, {crossed:.3f} crossed")


if __name__ == "__main__":
    main()
