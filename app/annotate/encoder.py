"""The learned encoder at run time: word pieces in, tag scores and link vectors out, by ONNX Runtime.

A document is read in overlapping windows and each piece keeps the reading of the window where it is most central.
Every window runs by itself: dynamic quantization scales its numbers by what it sees, so a window that shared a batch
with others would read differently in other company, and the same text must always give the same analysis.
"""

from __future__ import annotations

import json
from bisect import bisect_right
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import onnxruntime
from tokenizers import Tokenizer

from app.annotate.pieces import CLS, SEP, SHAPES, Ints, Pieces, load_tokenizer

WINDOW = 256
MARGIN = 31  # pieces that a window sees at least on both sides of what it decides
BEFORE, AFTER = 64, 48  # and at most: a sentence leans more on what stands before it
DECIDED = WINDOW - 2 - 2 * MARGIN  # pieces that a window between two others decides at most
LIKELY = 0.01  # a piece that opens a chunk with at least this probability can be linked
_LIKELY = np.log(np.float32(LIKELY))
_CAPITAL = np.isin(SHAPES, ("title", "upper", "letter", "mixed"))

Floats = npt.NDArray[np.float32]
Halves = npt.NDArray[np.float16]


@dataclass(frozen=True, slots=True, eq=False)
class View:
    """What one window keeps for links: vectors compare only inside a window, for they carry its positions.

    Shape: ``anchors`` are the sorted indices of the pieces that may open a chunk; ``vectors`` is (anchors, links, 2,
    width), asking and answering; ``none`` is (anchors, links), the score of no answer. ``dense`` and ``dense_none``
    hold the asking vector and the score of no answer of the one link that every word asks, for all pieces from
    ``start`` on.
    """

    start: int
    anchors: Ints
    vectors: Halves
    none: Floats
    dense: Halves
    dense_none: Floats


@dataclass(frozen=True, slots=True, eq=False)
class Reading:
    """What the encoder says of every piece of a document.

    Shape: ``tags[head]`` is (pieces, tags of the head), log-probabilities; ``views`` has one entry a window and
    ``cuts`` the first piece that each window sees most centrally.
    """

    pieces: Pieces
    tags: dict[str, Floats]
    views: tuple[View, ...]
    cuts: tuple[int, ...]

    def view_of(self, piece: int) -> View:
        """Return the window that sees ``piece`` most centrally."""
        return self.views[bisect_right(self.cuts, piece) - 1]


class Encoder:
    """The encoder's weights and the tables that decoding reads. Thread-safe."""

    def __init__(self, folder: Path, threads: int = 1) -> None:
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = 1
        options.inter_op_num_threads = 1
        options.log_severity_level = 3
        self._session = onnxruntime.InferenceSession(
            str(folder / "encoder.onnx"),
            options,
            providers=["CPUExecutionProvider"],
            disabled_optimizers=["SkipLayerNormFusion"],  # the fused kernel takes seven times what its parts take
        )
        self.tables: dict[str, Any] = json.loads((folder / "decoder.json").read_text(encoding="utf-8"))
        self.tokenizer: Tokenizer = load_tokenizer(folder / "tokenizer.json")
        self.links: tuple[str, ...] = tuple(self.tables["links"])
        self._pool = ThreadPoolExecutor(threads) if threads > 1 else None

    @cached_property
    def heads(self) -> tuple[tuple[str, int, int], ...]:
        """Name, first column and last column of every tag head."""
        found, column = [], 0
        for name, head in self.tables["tags"].items():
            found.append((name, column, column + head["width"]))
            column += head["width"]
        return tuple(found)

    def read(self, pieces: Pieces) -> Reading:
        """Return the reading of one document's pieces."""
        count = len(pieces)
        windows = find_windows(pieces)
        tags = np.zeros((count, self.heads[-1][2]), dtype=np.float32)
        views: list[View] = []
        read = self._map(pieces, [(start, stop) for start, stop, _, _ in windows])
        for (start, _, low, high), (scores, found) in zip(windows, read, strict=True):
            tags[low:high] = scores[0, low - start + 1 : high - start + 1]
            views.append(self._view(pieces, start, scores[0, 1:-1], found[0]))
        split = {name: log_softmax(tags[:, a:b]) for name, a, b in self.heads}
        return Reading(pieces, split, tuple(views), tuple(low for _, _, low, _ in windows))

    def _view(self, pieces: Pieces, start: int, scores: Floats, found: Floats) -> View:
        stop = start + len(scores)
        likely = _CAPITAL[pieces.shape[start:stop]]
        for _, a, b in self.heads:
            likely |= log_softmax(scores[:, a:b])[:, 1::2].max(axis=1) > _LIKELY
        rows = np.flatnonzero(likely & pieces.first[start:stop])
        table = found.reshape(len(found), len(self.links), 2, -1)
        nobody = table[0, :, 1]
        vectors = table[rows + 1]
        dense = table[1:-1, self._dense, 0]
        return View(
            start,
            (rows + start).astype(np.int32),
            vectors.astype(np.float16),
            np.einsum("nld,ld->nl", vectors[:, :, 0], nobody) + self._none,
            dense.astype(np.float16),
            dense @ nobody[self._dense] + self._none[self._dense],
        )

    @cached_property
    def _dense(self) -> int:
        return self.links.index("content")

    @cached_property
    def _none(self) -> Floats:
        return np.array([self.tables["links"][n]["none"] for n in self.links], dtype=np.float32)

    def _map(self, pieces: Pieces, stretches: list[tuple[int, int]]) -> Iterable[list[Floats]]:
        def run(stretch: tuple[int, int]) -> list[Floats]:
            start, stop = stretch
            feed = {
                "ids": np.concatenate(([CLS], pieces.ids[start:stop], [SEP])),
                "shape": np.concatenate(([0], pieces.shape[start:stop], [0])),
                "quote": np.concatenate(([0], pieces.quote[start:stop], [0])),
            }
            found: list[Floats] = self._session.run(None, {k: v[None, :].astype(np.int32) for k, v in feed.items()})
            return found

        return map(run, stretches) if self._pool is None or len(stretches) == 1 else self._pool.map(run, stretches)


def find_windows(pieces: Pieces) -> tuple[tuple[int, int, int, int], ...]:
    """Return (start, stop, low, high) of each window: the pieces ``[start, stop)`` it sees, ``[low, high)`` it decides.

    A window decides whole paragraphs where they fit, so that a cue and its source are read with the same context on
    both sides; it sees MARGIN pieces beyond what it decides, where the document has them, and up to BEFORE and AFTER
    where there is room.
    """
    count, room = len(pieces), WINDOW - 2
    breaks = np.flatnonzero(pieces.ids == SEP)
    found: list[tuple[int, int, int, int]] = []
    low = 0
    while low < count:
        high = low + DECIDED
        if count - low <= (DECIDED + MARGIN if low else room):
            high = count
        else:
            inside = breaks[(breaks > low + DECIDED // 3) & (breaks <= high)]
            high = int(inside[-1]) if len(inside) else high
        start = max(0, min(count - room, (low + high - room) // 2))
        found.append((max(start, low - BEFORE), min(count, start + room, high + AFTER), low, high))
        low = high
    return tuple(found)


def log_softmax(scores: Floats) -> Floats:
    """Return log-probabilities along the last axis."""
    shifted = scores - scores.max(axis=-1, keepdims=True)
    result: Floats = shifted - np.log(np.exp(shifted).sum(axis=-1, keepdims=True))
    return result


def distance_bucket(gap: Ints, buckets: int) -> Ints:
    """Return the bucket of signed distances in pieces, as in training."""
    size = np.minimum(np.floor(np.log2(np.maximum(np.abs(gap), 1))) + 1, buckets).astype(np.int32)
    result: Ints = np.where(gap == 0, 0, size) * np.sign(gap).astype(np.int32) + buckets
    return result
