"""Tag scores to chunks: Viterbi over whole words with B/I/O constraints."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from itertools import pairwise
from typing import Any

import numpy as np

from app.annotate.encoder import Floats
from app.annotate.pieces import Ints, Pieces
from app.domain.span import Span

CERTAIN = np.float32(7.0)  # how much likelier, in logarithms, a word is outside for no chunk to be looked for there
_NEVER = np.float32(-1e9)


@dataclass(frozen=True, slots=True)
class Chunk:
    """A run of words with one label.

    ``piece`` is the index of its first word's first piece; ``first`` and ``last`` are word numbers (inclusive);
    ``score`` is the mean log-probability of its tags.
    """

    label: str
    span: Span
    piece: int
    first: int
    last: int
    score: float


@dataclass(frozen=True, slots=True, eq=False)
class Words:
    """The words of a document as the encoder sees them: first pieces and extents in code points."""

    pieces: Ints
    start: tuple[int, ...]
    end: tuple[int, ...]
    paragraph: tuple[int, ...]

    def span(self, first: int, last: int) -> Span:
        """Return the span from the word ``first`` to the word ``last`` inclusive."""
        return Span(self.start[first], self.end[last])

    def covered(self, span: Span) -> range:
        """Return the numbers of the words that overlap ``span``."""
        low = bisect_right(self.end, span.start)
        return range(low, max(low, bisect_left(self.start, span.end)))


def find_words(pieces: Pieces) -> Words:
    """Return the words that ``pieces`` make up."""
    firsts = np.flatnonzero(pieces.first).astype(np.int32)
    real = np.flatnonzero(pieces.end > pieces.start)
    stops = np.append(firsts[1:], len(pieces))[: len(firsts)]
    last = real[np.searchsorted(real, stops, side="left") - 1]
    start, end, paragraph = pieces.start[firsts], pieces.end[last], pieces.paragraph[firsts]
    return Words(firsts, tuple(start.tolist()), tuple(end.tolist()), tuple(paragraph.tolist()))


@cache
def allowed_steps(tags: int) -> Floats:
    """Return the (tags, tags) table of B/I/O constraints: 0 where a step is allowed, very low elsewhere."""
    table = np.zeros((tags, tags), dtype=np.float32)
    for inside in range(2, tags, 2):
        table[:, inside] = _NEVER
        table[inside - 1, inside] = table[inside, inside] = 0.0
    return table


def label_chunks(
    reading_tags: Floats, head: Mapping[str, Any], words: Words, *, bias: float = 0.0
) -> tuple[Chunk, ...]:
    """Return the chunks of a head without learned steps; ``bias`` is added to the scores of opening a chunk."""
    begin = np.zeros(head["width"], dtype=np.float32)
    begin[2::2] = _NEVER
    scores = reading_tags
    if bias:
        scores = scores.copy()
        scores[:, 1:] += bias
    steps = allowed_steps(head["width"])
    found = find_chunks(words, scores, head["labels"], steps, begin, joined=True, certain=CERTAIN)
    return tuple(replace(c, score=c.score - bias) for c in found) if bias else found


def best_paths(scores: Floats, runs: Sequence[tuple[int, int]], steps: Floats, begin: Floats) -> Ints:
    """Return the best tag of every word: each of ``runs`` (first word, end) by itself, and 0 outside of them.

    Shape: ``scores`` is (words, tags), ``steps`` (from, to), ``begin`` (tags). The runs are read side by side, the
    longest first: the words that are first in their run, then those that are second, and so on.
    """
    path = np.zeros(len(scores), dtype=np.int32)
    if not runs:
        return path
    starts, ends = np.array(sorted(runs, key=lambda run: run[0] - run[1])).T
    lengths = ends - starts
    place = np.arange(lengths.sum()) - np.repeat(np.cumsum(lengths) - lengths, lengths)  # of each word in its run
    turn = np.argsort(place, kind="stable")
    sizes = np.bincount(place)
    lows = np.cumsum(sizes) - sizes
    order = (np.repeat(starts, lengths) + place)[turn]
    before = (lows[place - 1] + np.repeat(np.arange(len(runs)), lengths))[turn][len(runs) :]
    state = scores[order]  # of the best sequence up to each word, by the word's tag
    state[: len(runs)] += begin
    if len(runs) == 1:
        for last, word in pairwise(state):
            np.add(word, np.maximum.reduce(last[:, None] + steps), out=word)
    else:
        for low, last, size in zip(lows[1:].tolist(), lows[:-1].tolist(), sizes[1:].tolist(), strict=True):
            state[low : low + size] += np.maximum.reduce(state[last : last + size, :, None] + steps, axis=1)
    best = (state[before, None, :] + steps.T).argmax(axis=2).tolist()
    found = state.argmax(axis=1).tolist()
    for word, tags, last in zip(range(len(found) - 1, 0, -1), reversed(best), reversed(before.tolist()), strict=False):
        found[last] = tags[found[word]]
    path[order] = found
    return path


def doubtful_runs(scores: Floats, certain: np.float32) -> list[tuple[int, int]]:
    """Return the runs (first word, end) between words that are outside by more than ``certain``, in order."""
    doubtful = np.zeros(len(scores) + 2, dtype=np.bool_)
    doubtful[1:-1] = scores[:, 0] - scores[:, 1:].max(axis=1) <= certain
    edges = np.flatnonzero(doubtful[1:] != doubtful[:-1]).tolist()
    return list(zip(edges[::2], edges[1::2], strict=True))


def find_chunks(
    words: Words,
    scores: Floats,
    labels: Sequence[str],
    steps: Floats,
    begin: Floats,
    *,
    joined: bool = False,
    certain: np.float32 | None = None,
) -> tuple[Chunk, ...]:
    """Return the chunks of the best tag sequence in text order.

    ``scores`` holds log-probabilities for every piece; a chunk never crosses a paragraph. ``joined`` makes one chunk of
    two with one label that only a space parts: right for names and titles, which no two of stand so. Words that are
    outside by more than ``certain`` are outside in any sequence; with None the best sequence is of all words together.
    """
    if not len(words.pieces):
        return ()
    picked = scores[words.pieces]
    runs = [(0, len(picked))] if certain is None else doubtful_runs(picked, certain)
    path = best_paths(picked, runs, steps, begin)
    own = picked[np.arange(len(path)), path]
    tags, pieces = path.tolist(), words.pieces.tolist()
    found: list[Chunk] = []
    end = 0
    for word in np.flatnonzero(path).tolist():
        if word < end:
            continue
        end, begins = word + 1, tags[word] - 1 + tags[word] % 2
        while end < len(tags) and words.paragraph[end] == words.paragraph[word]:
            again = joined and tags[end] == begins and words.start[end] - words.end[end - 1] <= 1
            if tags[end] != begins + 1 and not again:
                break
            end += 1
        score = float(np.add.reduce(own[word:end]) / (end - word))
        span = words.span(word, end - 1)
        found.append(Chunk(labels[begins // 2], span, pieces[word], word, end - 1, score))
    return tuple(found)
