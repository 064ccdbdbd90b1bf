"""Attributions: who is said to have said or thought what; sources, cues and contents linked to each other.

Source: the scheme of PolNeAR (Newell, Margolin and Ruths, LREC 2018), learned by the shared encoder.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import pairwise
from typing import Any

import numpy as np
import numpy.typing as npt

from app.annotate.chunks import Chunk, Words, allowed_steps, find_chunks
from app.annotate.encoder import Floats, Reading, View, distance_bucket, log_softmax
from app.annotate.inquits import cue_beside
from app.annotate.pieces import Ints

BESIDE = 0.9  # how sure the link is from a quotation to the cue right beside it
REACH = 254  # pieces; links do not leave a window
Wide = npt.NDArray[np.int64]
_OUT = np.float32(-1e9)  # the score of an answer that the asking window does not see


@dataclass(frozen=True, slots=True)
class Settings:
    """Biases of decoding, chosen on development data: added to the scores of opening a source, cue or content."""

    source: float = 1.0
    cue: float = 1.0
    content: float = -2.0
    orphan: float = 0.0  # a content goes when "no cue" beats its best cue by more than this


@dataclass(frozen=True, slots=True)
class Attribution:
    """One cue with its contents and its source.

    ``cue`` or ``source`` is None where the text has none; ``contents`` is empty for a cue that the reader gave nothing.
    ``link`` is the probability of the source link, and ``content_link`` the probability of the contents' links to the
    cue.
    """

    cue: Chunk | None
    contents: tuple[Chunk, ...]
    source: Chunk | None
    link: float
    content_link: float


@cache
def _bias(distance: tuple[float, ...], buckets: int) -> Floats:
    """Return the bias of every distance from ``-REACH`` to ``REACH`` pieces."""
    gaps = np.arange(-REACH, REACH + 1, dtype=np.int32)
    found: Floats = np.asarray(distance, dtype=np.float32)[distance_bucket(gaps, buckets)]
    return found


@dataclass(frozen=True, slots=True)
class Links:
    """Link scores of a reading: asking piece to answering pieces."""

    reading: Reading
    tables: Mapping[str, Any]
    names: tuple[str, ...]
    buckets: int

    def scores(self, name: str, asking: Sequence[int], answering: Sequence[int]) -> Floats:
        """Return (asking, answering + 1) scores; the last column is "none"; out of reach is very low."""
        number = self.names.index(name)
        bias = _bias(tuple(self.tables[name]["distance"]), self.buckets)
        places = np.asarray(answering, dtype=np.int64)
        order = np.argsort(places, kind="stable")
        places = places[order]
        table = np.full((len(asking), len(places) + 1), _OUT, dtype=np.float32)
        for first, last in self._runs(asking):
            view = self.reading.view_of(asking[first])
            pieces = np.asarray(asking[first:last], dtype=np.int64)
            asks, rows, table[first:last, -1] = self._asking(view, number, pieces)
            if not len(view.anchors) or not len(rows):
                continue
            place, seen = _find(places, view.anchors)
            right = view.vectors[place[seen], number, 1].astype(np.float32)
            near = bias[places[seen] - pieces[rows][:, None] + REACH]
            table[(first + rows)[:, None], order[seen]] = asks @ right.T + near
        return table

    def _runs(self, asking: Sequence[int]) -> Iterator[tuple[int, int]]:
        """Yield runs (first row, end) of asking pieces that one window sees most centrally."""
        windows = [bisect_right(self.reading.cuts, piece) for piece in asking]
        yield from pairwise([0, *(n for n in range(1, len(asking)) if windows[n] != windows[n - 1]), len(asking)])

    def _asking(self, view: View, number: int, pieces: Wide) -> tuple[Floats, Wide, Floats]:
        """Return the vectors of the pieces that ask, their places in ``pieces``, and every piece's score of no answer.

        A piece that cannot ask scores 0 for no answer.
        """
        if self.names[number] == "content":
            at = pieces - view.start
            return view.dense[at].astype(np.float32), np.arange(len(pieces)), view.dense_none[at]
        none = np.zeros(len(pieces), dtype=np.float32)
        place, rows = _find(pieces, view.anchors)
        none[rows] = view.none[place[rows], number]
        return view.vectors[place[rows], number, 0].astype(np.float32), rows, none


def _find(pieces: Wide, anchors: Ints) -> tuple[Wide, Wide]:
    """Return where each of ``pieces`` stands, or would stand, among sorted ``anchors``, and which of them are there."""
    place = anchors.searchsorted(pieces)
    return place, (anchors.searchsorted(pieces, side="right") > place).nonzero()[0]


def find_attributions(
    reading: Reading, words: Words, links: Links, tables: Mapping[str, Any], settings: Settings, text: str
) -> tuple[Attribution, ...]:
    """Return the attributions of a document in the order of their contents, or of their cues where they have none."""
    chunks = _tagged(reading, words, tables, settings)
    cues = [c for c in chunks if c.label == "cue"]
    contents = [c for c in chunks if c.label == "content"]
    sources = [c for c in chunks if c.label == "source"]
    owners = [
        (owner, sure) if beside is None or beside == owner else (beside, BESIDE)
        for content, (owner, sure) in zip(contents, _content_links(contents, cues, words, links, settings), strict=True)
        for beside in (cue_beside(content, cues, sources, text),)
    ]
    answers = _source_links(cues, sources, links)
    found: list[Attribution] = []
    owned: dict[int, list[tuple[Chunk, float]]] = defaultdict(list)
    for content, (owner, sure) in zip(contents, owners, strict=True):
        if owner is None:
            found.append(Attribution(None, (content,), None, 1.0, sure))
        else:
            owned[owner].append((content, sure))
    for number, (cue, (source, link)) in enumerate(zip(cues, answers, strict=True)):
        own = owned.get(number, [])
        sure = float(np.mean([p for _, p in own])) if own else 0.0
        found.append(Attribution(cue, tuple(c for c, _ in own), source, link, sure))
    return tuple(sorted(found, key=_place))


def _place(attribution: Attribution) -> int:
    """Return where an attribution's contents begin, or its cue where it has none."""
    return next(c.span.start for c in (*attribution.contents, attribution.cue) if c is not None)


def _tagged(reading: Reading, words: Words, tables: Mapping[str, Any], settings: Settings) -> tuple[Chunk, ...]:
    head = tables["tags"]["attribution"]
    crf = tables["crf"]
    scores = reading.tags["attribution"].copy()
    for column, bias in ((1, settings.source), (3, settings.cue), (5, settings.content)):
        scores[:, column] += bias
    steps = np.asarray(crf["step"], dtype=np.float32) + allowed_steps(head["width"])
    begin = np.asarray(crf["begin"], dtype=np.float32)
    begin[2::2] = -1e9
    return find_chunks(words, scores, head["labels"], steps, begin)


def _source_links(cues: list[Chunk], sources: list[Chunk], links: Links) -> list[tuple[Chunk | None, float]]:
    found: list[tuple[Chunk | None, float]] = []
    pieces = [s.piece for s in sources]
    for cue in cues:
        near = _within_reach(pieces, cue.piece, cue.piece)
        row = log_softmax(links.scores("source", [cue.piece], pieces[near.start : near.stop]))[0]
        best = int(row.argmax())
        found.append((sources[near[best]] if best < len(near) else None, float(np.exp(row[best]))))
    return found


def _content_links(
    contents: list[Chunk], cues: list[Chunk], words: Words, links: Links, settings: Settings
) -> list[tuple[int | None, float]]:
    found: list[tuple[int | None, float]] = []
    pieces = [c.piece for c in cues]
    for content in contents:
        asking = words.pieces[content.first : content.last + 1]
        near = _within_reach(pieces, int(asking[0]), int(asking[-1]))
        table = log_softmax(links.scores("content", asking.tolist(), pieces[near.start : near.stop])).mean(axis=0)
        best = int(table[:-1].argmax()) if near else -1
        if best < 0 or table[-1] > table[best] + settings.orphan:
            found.append((None, float(np.exp(table[-1]))))
        else:
            found.append((near[best], float(np.exp(table[best]))))
    return found


def _within_reach(pieces: Sequence[int], first: int, last: int) -> range:
    """Return the numbers of the sorted ``pieces`` that a window may show beside the pieces from first to last."""
    return range(bisect_left(pieces, first - REACH), bisect_right(pieces, last + REACH))
