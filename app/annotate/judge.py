"""The judge of stances: how likely it is that somebody takes a side in a sentence, and which.

Source: two layers of logistic regression, made by ``app.training.judge`` from the annotated training stories: one over
words, one over what that says and the reader's own scores. Shipped as numbers in JSON beside the reader's weights.
"""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from app.annotate.stance_signs import sides_of

SIDE = "side"
_MOST = 30.0  # log-odds beyond which nothing changes


@dataclass(frozen=True, slots=True, eq=False)
class Judge:
    """What decides on cases.

    Shape: ``words`` and ``stack`` have a table of weights for each kind of case and one for the side; the weight of
    ``bias`` is the constant. ``least`` is the probability from which on a case of a kind is a stance.
    """

    words: Mapping[str, Mapping[str, float]]
    stack: Mapping[str, Mapping[str, float]]
    least: Mapping[str, float]

    def sure(self, kind: str, signs: Mapping[str, float], scores: Mapping[str, float]) -> float:
        """Return the probability that a case of ``kind`` is a stance."""
        return _share(self.stack[kind], {"words": _sum(self.words[kind], signs), **scores})

    def supports(self, signs: Mapping[str, float], scores: Mapping[str, float]) -> float:
        """Return the probability that a stance, if it is one, is for rather than against."""
        told = {"words": _sum(self.words[SIDE], signs), **{f"lexicon {k}": v for k, v in sides_of(signs).items()}}
        return _share(self.stack[SIDE], {**told, **scores})


def load_judge(path: Path) -> Judge | None:
    """Return the judge that a file holds, None where there is none."""
    if not path.is_file():
        return None
    tables = json.loads(path.read_text(encoding="utf-8"))
    return Judge(tables["words"], tables["stack"], tables["least"])


def _sum(weights: Mapping[str, float], signs: Mapping[str, float]) -> float:
    return weights["bias"] + sum(weights[name] * value for name, value in signs.items() if name in weights)


def _share(weights: Mapping[str, float], scores: Mapping[str, float]) -> float:
    return 1 / (1 + math.exp(-max(-_MOST, min(_MOST, _sum(weights, scores)))))
