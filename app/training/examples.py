"""Training examples: documents as word pieces with the labels that their corpus gives, and windows over them."""

from __future__ import annotations

import random
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
from tokenizers import Tokenizer

from app.annotate.pieces import CLS, SEP, SHAPES, Ints, Pieces, split_pieces
from app.domain.document import Document
from app.domain.span import Span
from app.evaluation.corpora import TaggedStory, read_lines
from app.evaluation.gum import GumDocument

IGNORED = -100
NOWHERE = -1  # the right answer of a link is "none": it points at [CLS]
WINDOW = 384
PRONOUN = 4  # letters that a silver mention has at most to count as a pronoun
LEFTOVER = 63  # pieces at a document's end that are not worth a window of their own

TAGS: dict[str, tuple[str, ...]] = {
    "attribution": ("source", "cue", "content"),
    "name": ("person", "organization", "place", "nationality", "other"),
    "actor": ("person", "organization"),
    "title": ("title",),
    "stance": ("supports", "opposes"),
}
LINKS = ("source", "content", "antecedent", "title_person", "title_organization", "stance_holder")
NAME_CLASSES = {
    "Person": "person",
    "Organization": "organization",
    "Location": "place",
    "NORP": "nationality",
    "Facility": "other",
    "Product": "other",
    "Misc": "other",
}

PRONOUNS = frozenset("he she it they him her them his hers its their theirs who which that this these those".split())
SPOKEN = frozenset("i you we me us my your our mine yours ours myself yourself ourselves".split())  # by whom, GUM's texts rarely say

_LINE = re.compile(r"\S(?:[^\n]*\S)?")


def width(head: str) -> int:
    """Return the number of B/I/O tags of a tag head."""
    return 1 + 2 * len(TAGS[head])


@dataclass(slots=True, eq=False)
class Example:
    """One document's pieces and labels.

    Shape: ``tags[head]`` one class a piece, IGNORED where the corpus says nothing. ``links[name]`` one piece index a
    piece (NOWHERE for "none", IGNORED where not asked). Antecedents are sets: ``asks`` and ``clusters`` hold cluster
    numbers (0 none) of the mentions that ask and of the names that may answer. ``share`` is the part of its windows
    that an epoch sees.
    """

    id: str
    pieces: Pieces
    tags: dict[str, Ints] = field(default_factory=dict)
    links: dict[str, Ints] = field(default_factory=dict)
    asks: Ints | None = None
    clusters: Ints | None = None
    weight: float = 1.0
    share: float = 1.0

    def first_piece(self, start: int, end: int) -> int | None:
        """Return the index of the first word's piece that overlaps ``[start, end)``, or None."""
        low = int(np.searchsorted(self.pieces.end, start, side="right"))
        while low < len(self.pieces) and self.pieces.start[low] < end:
            if self.pieces.first[low]:
                return low
            low += 1
        return None

    def firsts(self, start: int, end: int) -> list[int]:
        """Return the first pieces of all words that overlap ``[start, end)``."""
        low = int(np.searchsorted(self.pieces.end, start, side="right"))
        high = int(np.searchsorted(self.pieces.start, end, side="left"))
        return [i for i in range(low, high) if self.pieces.first[i]]

    def open_tags(self, head: str) -> Ints:
        """Start a tag head: outside everywhere, ignored on pieces that continue a word."""
        self.tags[head] = np.where(self.pieces.first, 0, IGNORED).astype(np.int32)
        return self.tags[head]

    def open_link(self, name: str) -> Ints:
        """Start a link: nothing is asked anywhere."""
        self.links[name] = np.full(len(self.pieces), IGNORED, dtype=np.int32)
        return self.links[name]

    def tag(self, head: str, label: str, start: int, end: int) -> None:
        """Mark the words of ``[start, end)`` as one chunk."""
        number = TAGS[head].index(label)
        for place, piece in enumerate(self.firsts(start, end)):
            self.tags[head][piece] = 1 + 2 * number + (place > 0)


def plain_document(text: str) -> Document:
    """Return a document whose paragraphs are the lines of ``text``: all that the encoder reads."""
    return Document(text, paragraphs=tuple(Span(*m.span()) for m in _LINE.finditer(text)))


def make_example(tokenizer: Tokenizer, name: str, text: str) -> Example:
    """Return an example without labels."""
    return Example(name, split_pieces(tokenizer, plain_document(text)))


def label_attributions(example: Example, attributions: Iterable[dict[str, Any]]) -> None:
    """Add source, cue and content tags, and the links cue to source and content to cue."""
    example.open_tags("attribution")
    sources, contents = example.open_link("source"), example.open_link("content")
    for record in attributions:
        for label in ("source", "cue", "content"):
            for start, end in record[label + "s"]:
                example.tag("attribution", label, start, end)
        cue = example.first_piece(*record["cues"][0]) if record["cues"] else None
        source = example.first_piece(*record["sources"][0]) if record["sources"] else None
        if cue is not None:
            sources[cue] = NOWHERE if source is None else source
        for start, end in record["contents"]:
            for piece in example.firsts(start, end):
                contents[piece] = NOWHERE if cue is None else cue


def read_attributions(tokenizer: Tokenizer, path: Path) -> Iterator[Example]:
    """Yield PolNeAR documents as examples."""
    for record in read_lines(path):
        example = make_example(tokenizer, "polnear/" + record["id"], record["text"])
        label_attributions(example, record["attributions"])
        yield example


def label_silver_antecedents(example: Example, record: dict[str, Any]) -> None:
    """Add antecedents of pronouns from machine coreference: only chains that hold a recognised name count."""
    names = {(s, e): k for s, e, k in record["ner"] if k in {"PERSON", "ORGANIZATION", "LOCATION", "COUNTRY"}}
    asks = np.zeros(len(example.pieces), dtype=np.int32)
    clusters = np.zeros(len(example.pieces), dtype=np.int32)
    for number, chain in enumerate(record["coref"], start=1):
        named = [(s, e) for s, e in chain if any(s <= a and b <= e and e - s <= (b - a) + 5 for a, b in names)]
        if not named:
            continue
        for start, end in named:
            inside = [(a, b) for a, b in names if start <= a and b <= end]
            piece = example.first_piece(*inside[0])
            if piece is not None:
                clusters[piece] = number
        for start, end in chain:
            piece = example.first_piece(start, end)
            if piece is not None and end - start <= PRONOUN and (start, end) not in named:
                asks[piece] = number
    example.asks, example.clusters = asks, clusters


def label_silver_people(example: Example, record: dict[str, Any]) -> None:
    """Add machine-made people to the names; other names and capital letters outside of them say nothing."""
    tags = example.open_tags("name")
    pieces = example.pieces
    for start, end, kind in record["ner"]:
        if kind == "PERSON":
            example.tag("name", "person", start, end)
        else:
            tags[example.firsts(start, end)] = IGNORED
    loud = np.isin(pieces.shape, [SHAPES.index(s) for s in ("title", "upper", "letter", "mixed")])
    tags[(tags == 0) & loud] = IGNORED


def label_chains(example: Example, document: GumDocument) -> None:
    """Add antecedents from GUM's chains: pronouns of the third person and descriptions ask, names may answer."""
    asks = np.zeros(len(example.pieces), dtype=np.int32)
    clusters = np.zeros(len(example.pieces), dtype=np.int32)
    for number, chain in enumerate(document.chains, start=1):
        cores = [(mention, document.text[slice(*mention.core)]) for mention in chain]
        named = [mention for mention, core in cores if core[:1].isupper() and core.lower() not in SPOKEN | PRONOUNS]
        if not named:
            continue
        for mention in named:
            piece = example.first_piece(*mention.core)
            if piece is not None:
                clusters[piece] = number
        for mention, core in cores:
            piece = example.first_piece(mention.start, mention.end)
            if mention not in named and core.lower() not in SPOKEN and piece is not None and not clusters[piece]:
                asks[piece] = number
    example.asks, example.clusters = asks, clusters


def name_example(tokenizer: Tokenizer, story: TaggedStory, rng: random.Random) -> Example:
    """Return a world story as an example; some paragraph breaks fall away, since its units are often sentences."""
    text = story.text
    breaks = [m.start() for m in re.finditer("\n\n", text)]
    letters = list(text)
    for position in breaks:
        if rng.random() < 0.3:  # noqa: PLR2004
            letters[position : position + 2] = [" ", " "]
    example = make_example(tokenizer, story.id, "".join(letters))
    example.open_tags("name")
    for start, end, kind in story.entities:
        if kind in NAME_CLASSES:
            example.tag("name", NAME_CLASSES[kind], start, end)
    return example


def cut_window(example: Example, start: int) -> dict[str, Any]:
    """Return one window of an example as arrays; indices are within the window, 0 is [CLS].

    Shape: every array is WINDOW long, padded with zeros (labels with IGNORED); ``length`` counts the real pieces.
    """
    pieces = example.pieces
    stop = min(len(pieces), start + WINDOW - 2)
    count = stop - start
    out: dict[str, Any] = {"length": count + 2, "weight": example.weight}
    ids = np.zeros(WINDOW, dtype=np.int64)
    ids[0], ids[1 : count + 1], ids[count + 1] = CLS, pieces.ids[start:stop], SEP
    out["ids"] = ids
    for key in ("shape", "quote"):
        values = np.zeros(WINDOW, dtype=np.int64)
        values[1 : count + 1] = getattr(pieces, key)[start:stop]
        out[key] = values
    for head, tags in example.tags.items():
        values = np.full(WINDOW, IGNORED, dtype=np.int64)
        values[1 : count + 1] = tags[start:stop]
        out["tag." + head] = values
    for name, targets in example.links.items():
        values = np.full(WINDOW, IGNORED, dtype=np.int64)
        part = targets[start:stop]
        inside = (part >= start) & (part < stop)
        values[1 : count + 1] = np.where(inside, part - start + 1, np.where(part == NOWHERE, 0, IGNORED))
        out["link." + name] = values
    if example.asks is not None and example.clusters is not None:
        for key, source in (("asks", example.asks), ("clusters", example.clusters)):
            values = np.zeros(WINDOW, dtype=np.int64)
            values[1 : count + 1] = source[start:stop]
            out[key] = values
    return out


def epoch_windows(examples: list[Example], rng: random.Random) -> list[tuple[int, int]]:
    """Return one epoch's windows as (example, start), each document from a random offset, shuffled."""
    step = WINDOW - 2
    windows: list[tuple[int, int]] = []
    for number, example in enumerate(examples):
        count = len(example.pieces)
        if count <= step:
            windows.append((number, 0))
            continue
        offset = rng.randrange(step)
        starts = (
            sorted({0, *range(offset, count - LEFTOVER, step)})
            if offset > step // 3
            else list(
                range(offset, count - LEFTOVER, step),
            )
        )
        windows.extend((number, start) for start in starts)
    windows = [w for w in windows if examples[w[0]].share >= 1 or rng.random() < examples[w[0]].share]
    rng.shuffle(windows)
    return windows
