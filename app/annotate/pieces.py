"""Word pieces of a document with the features the encoder reads: case shape and quotation state.

The vocabulary is uncased, so each piece carries the case shape of its word; the state of the quotation marks is
exact and need not be learned. The same function serves training and running, so the two cannot drift apart.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import numpy as np
import numpy.typing as npt
from tokenizers import Tokenizer

from app.annotate.quotation import Quotation, find_quotations
from app.domain.document import Document

CLS, SEP = 101, 102
SHAPES = ("other", "lower", "title", "upper", "letter", "mixed", "digit", "mark")
QUOTE_STATES = ("outside", "inside", "opening", "closing", "open")

Ints = npt.NDArray[np.int32]
Bools = npt.NDArray[np.bool_]


@dataclass(frozen=True, slots=True, eq=False)
class Pieces:
    """The word pieces of one document.

    Shape: every array has one entry a piece; a separator stands between paragraphs (``first`` False, empty extent).
    Units: ``start`` and ``end`` are code points into the text; ``shape`` and ``quote`` index SHAPES and QUOTE_STATES.
    """

    ids: Ints
    start: Ints
    end: Ints
    first: Bools
    shape: Ints
    quote: Ints
    paragraph: Ints
    quotations: tuple[Quotation, ...]

    def __len__(self) -> int:
        """Return the number of pieces."""
        return len(self.ids)


def load_tokenizer(path: Path) -> Tokenizer:
    """Return the word-piece tokenizer stored at ``path``, without truncation or padding."""
    tokenizer = Tokenizer.from_file(str(path))
    tokenizer.no_truncation()
    tokenizer.no_padding()
    return tokenizer


@lru_cache(maxsize=65536)
def shape_of(word: str) -> int:
    """Return the index in SHAPES of the case shape of ``word``."""
    if word.islower():
        return 1
    if word.isupper():
        return 4 if len(word) == 1 else 3
    if word.istitle():
        return 2
    if any(c.isupper() for c in word):
        return 5
    if any(c.isdigit() for c in word):
        return 6
    return 0 if any(c.isalpha() for c in word) else 7


def split_pieces(tokenizer: Tokenizer, document: Document) -> Pieces:
    """Return the word pieces of the document's paragraphs with their features."""
    text = document.text
    encodings = tokenizer.encode_batch([p.of(text) for p in document.paragraphs], add_special_tokens=False)
    ids: list[int] = []
    start: list[int] = []
    end: list[int] = []
    words: list[int] = []
    shape: list[int] = []
    numbers: list[int] = []
    quotations: list[Quotation] = []
    for number, (paragraph, encoding) in enumerate(zip(document.paragraphs, encodings, strict=True)):
        if number:
            ids.append(SEP)
            start.append(paragraph.start)
            end.append(paragraph.start)
            words.append(-1)
            shape.append(0)
            numbers.append(number)
        piece_ids = encoding.ids
        ids.extend(piece_ids)
        numbers.extend([number] * len(piece_ids))
        base = paragraph.start
        extents = encoding.offsets
        start.extend(base + a for a, _ in extents)
        end.extend(base + b for _, b in extents)
        word_ids = [-1 if w is None else w for w in encoding.word_ids]
        words.extend(word_ids)
        shape.extend(_shapes(text, base, word_ids, extents))
        quotations.extend(find_quotations(text, paragraph))
    word = np.asarray(words, dtype=np.int32)
    first = word >= 0
    first[1:] &= word[1:] != word[:-1]
    starts, ends = np.asarray(start, dtype=np.int32), np.asarray(end, dtype=np.int32)
    return Pieces(
        ids=np.asarray(ids, dtype=np.int32),
        start=starts,
        end=ends,
        first=first,
        shape=np.asarray(shape, dtype=np.int32),
        quote=_states(starts, ends, quotations),
        paragraph=np.asarray(numbers, dtype=np.int32),
        quotations=tuple(quotations),
    )


def _shapes(text: str, base: int, word_ids: list[int], extents: list[tuple[int, int]]) -> list[int]:
    found: list[int] = []
    position, count = 0, len(word_ids)
    while position < count:
        stop = position + 1
        while stop < count and word_ids[stop] == word_ids[position]:
            stop += 1
        word = text[base + extents[position][0] : base + extents[stop - 1][1]]
        found.extend([shape_of(word)] * (stop - position))
        position = stop
    return found


def _states(start: Ints, end: Ints, quotations: list[Quotation]) -> Ints:
    states = np.zeros(len(start), dtype=np.int32)
    for quotation in quotations:
        low = int(np.searchsorted(start, quotation.outer.start, side="left"))
        high = int(np.searchsorted(start, quotation.outer.end, side="left"))
        part = states[low:high]
        part[:] = 1 if quotation.closed else 4
        part[end[low:high] <= quotation.inner.start] = 2
        part[start[low:high] >= quotation.inner.end] = 3
    return states
