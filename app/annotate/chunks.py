"""Tag scores to chunks: Viterbi over whole words with B/I/O constraints."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
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
    start: Ints
    end: Ints
    paragraph: Ints

    def span(self, first: int, last: int) -> Span:
        """Return the span from the word ``first`` to the word ``last`` inclusive."""
        return Span(int(self.start[first]), int(self.end[last]))

    def covered(self, span: Span) -> range:
        """Return the numbers of the words that overlap ``span``."""
        low = int(np.searchsorted(self.end, span.start, side="right"))
        high = int(np.searchsorted(self.start, span.end, side="left"))
        return range(low, max(low, high))


def find_words(pieces: Pieces) -> Words:
    """Return the words that ``pieces`` make up."""
    firsts = np.flatnonzero(pieces.first).astype(np.int32)
    real = np.flatnonzero(pieces.end > pieces.start)
    stops = np.append(firsts[1:], len(pieces))[: len(firsts)]
    last = real[np.searchsorted(real, stops, side="left") - 1]
    return Words(firsts, pieces.start[firsts], pieces.end[last], pieces.paragraph[firsts])


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


def best_path(scores: Floats, steps: Floats, begin: Floats) -> Ints:
    """Return the best tag of every word. ``scores`` (words, tags), ``steps`` (from, to), ``begin`` (tags)."""
    count, tags = scores.shape
    back = np.zeros((count, tags), dtype=np.int8)
    state = begin + scores[0]
    for t in range(1, count):
        table = state[:, None] + steps
        best = table.argmax(axis=0)
        back[t] = best
        state = table[best, np.arange(tags)] + scores[t]
    path = np.zeros(count, dtype=np.int32)
    path[-1] = int(state.argmax())
    for t in range(count - 1, 0, -1):
        path[t - 1] = back[t, path[t]]
    return path


def doubtful_runs(scores: Floats, certain: np.float32) -> list[tuple[int, int]]:
    """Return the runs (first word, end) between words that are outside by more than ``certain``, in order."""
    doubtful = np.zeros(len(scores) + 2, dtype=np.int8)
    doubtful[1:-1] = scores[:, 0] - scores[:, 1:].max(axis=1) <= certain
    edges = np.flatnonzero(np.diff(doubtful))
    return [(int(a), int(b)) for a, b in zip(edges[::2], edges[1::2], strict=True)]


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
    path = np.zeros(len(picked), dtype=np.int32)
    for low, high in runs:
        path[low:high] = best_path(picked[low:high], steps, begin)
    found: list[Chunk] = []
    word, count = 0, len(path)
    while word < count:
        if path[word] == 0:
            word += 1
            continue
        last = word
        inside = path[word] + path[word] % 2
        while last + 1 < count and words.paragraph[last + 1] == words.paragraph[word]:
            again = joined and path[last + 1] == inside - 1 and words.start[last + 1] - words.end[last] <= 1
            if path[last + 1] != inside and not again:
                break
            last += 1
        score = float(picked[np.arange(word, last + 1), path[word : last + 1]].mean())
        label = labels[(int(path[word]) - 1) // 2]
        found.append(Chunk(label, words.span(word, last), int(words.pieces[word]), word, last, score))
        word = last + 1
    return tuple(found)
