"""Readings by hand: a story whose tags are given by its words and whose links by pairs of them. No weights.

Words are found by their text; "Lee#2" is the second "Lee". A pair that is not given scores 0, "nobody" scores -1.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np

from app.annotate.attribution import Attribution, Links
from app.annotate.cast import Cast, gather_cast
from app.annotate.chunks import Chunk, Words, find_words
from app.annotate.encoder import Floats, Reading, View
from app.annotate.entities import Group, person_parts
from app.annotate.names import Name
from app.annotate.pieces import SEP, Pieces
from app.annotate.quotation import find_quotations
from app.annotate.speakers import Speaker
from app.domain.document import Document, Head
from app.domain.span import Span

HEADS: dict[str, tuple[str, ...]] = {
    "attribution": ("source", "cue", "content"),
    "name": ("person", "organization", "place", "nationality", "other"),
    "actor": ("person", "organization"),
    "title": ("title",),
    "stance": ("supports", "opposes"),
}
LINKS = ("source", "content", "antecedent", "title_person", "title_organization", "stance_holder")
BUCKETS = 10
TABLES: dict[str, Any] = {
    "tags": {name: {"labels": list(labels), "width": 2 * len(labels) + 1} for name, labels in HEADS.items()},
    "links": {name: {"distance": [0.0] * (2 * BUCKETS + 1), "none": 0.0} for name in LINKS},
    "buckets": BUCKETS,
    "crf": {"step": np.zeros((7, 7)).tolist(), "begin": [0.0] * 7},
}
LIKELY = 0.9  # the probability of a tag that is given

Tags = Mapping[str, Sequence[tuple[str, str]]]
Pairs = Mapping[str, Sequence[tuple[str, str | None, float]]]

_WORD = re.compile(r"\w+(?:\.\w+)*|[^\w\s]")
_SENTENCE = re.compile(r"[^\s.!?](?:[^.!?\n]|[.!?](?!\s|$|[\"”]))*[.!?]*[\"”]?")


def story(text: str, head: Head | None = None) -> Document:
    """Return a document: paragraphs part at blank lines, sentences at their stops."""
    paragraphs = tuple(Span(*m.span()) for m in re.finditer(r"[^\s](?:.|\n(?!\n))*", text))
    return Document(
        text,
        paragraphs,
        tuple(Span(*m.span()) for p in paragraphs for m in _SENTENCE.finditer(text, p.start, p.end)),
        head=head or Head(),
    )


def word_pieces(document: Document) -> Pieces:
    """Return pieces of which every word and every mark is one, with separators between paragraphs."""
    rows: list[tuple[int, int, int, bool, int]] = []
    for number, paragraph in enumerate(document.paragraphs):
        if number:
            rows.append((SEP, paragraph.start, paragraph.start, False, number))
        found = _WORD.finditer(document.text, paragraph.start, paragraph.end)
        rows.extend((1000, *word.span(), True, number) for word in found)
    table = np.array(rows, dtype=np.int32).reshape(-1, 5)
    return Pieces(
        ids=table[:, 0],
        start=table[:, 1],
        end=table[:, 2],
        first=table[:, 3].astype(bool),
        shape=np.zeros(len(rows), dtype=np.int32),
        quote=np.zeros(len(rows), dtype=np.int32),
        paragraph=table[:, 4],
        quotations=tuple(q for p in document.paragraphs for q in find_quotations(document.text, p)),
    )


@dataclass(frozen=True, eq=False)
class Scene:
    """A story with what its encoder would say of it."""

    document: Document
    pieces: Pieces
    reading: Reading

    @property
    def text(self) -> str:
        return self.document.text

    @cached_property
    def words(self) -> Words:
        return find_words(self.pieces)

    @cached_property
    def links(self) -> Links:
        return Links(self.reading, TABLES["links"], LINKS, BUCKETS)

    def span(self, words: str) -> Span:
        """Return the span of ``words``; a number after "#" says which of their copies."""
        return span_of(self.text, words)

    def piece(self, words: str) -> int:
        """Return the first piece of ``words``."""
        return int(np.searchsorted(self.pieces.end, self.span(words).start, side="right"))

    def chunk(self, words: str, label: str = "", score: float = 0.0) -> Chunk:
        """Return ``words`` as a chunk."""
        span = self.span(words)
        covered = self.words.covered(span)
        return Chunk(label, span, self.piece(words), covered.start, covered.stop - 1, score)

    def name(self, words: str, kind: str = "person", score: float = LIKELY) -> Name:
        """Return ``words`` as a proper name."""
        return Name(self.span(words), kind, score, marks=(self.span(words),))

    def group(self, kind: str, *copies: str) -> Group:
        """Return the entity that all of ``copies`` name."""
        found = Group(kind, parts=max((person_parts(c.split("#")[0]) for c in copies), key=len))
        for words in copies:
            found.add(self.name(words, kind), words.split("#", maxsplit=1)[0])
        return found

    def cast(self, *groups: Group) -> Cast:
        """Return the cast that ``groups`` make up."""
        return gather_cast(groups, self.words)

    def attribution(self, content: str, cue: str | None = None, source: str | None = None) -> Attribution:
        """Return an attribution of ``content``."""
        return Attribution(
            None if cue is None else self.chunk(cue, "cue"),
            (self.chunk(content, "content"),),
            None if source is None else self.chunk(source, "source"),
            LIKELY,
            LIKELY,
        )

    def speaker(self, group: int, mention: str) -> Speaker:
        """Return the speaker that ``group`` is by the name ``mention``."""
        return Speaker("resolved", group, self.span(mention), "name", LIKELY)


def span_of(text: str, words: str) -> Span:
    """Return the span of ``words`` in ``text``; a number after "#" says which of their copies."""
    wanted, _, number = words.partition("#")
    found = [m.start() for m in re.finditer(re.escape(wanted), text)]
    start = found[int(number or 1) - 1]
    return Span(start, start + len(wanted))


def make_scene(story_or_text: str | Document, tags: Tags | None = None, pairs: Pairs | None = None) -> Scene:
    """Return a story read as ``tags`` (head to words and label) and ``pairs`` (link to asker, answer, score) say.

    An answer None is "nobody".
    """
    document = story_or_text if isinstance(story_or_text, Document) else story(story_or_text)
    pieces = word_pieces(document)
    scores = {
        name: _scores(document.text, pieces, labels, (tags or {}).get(name, ())) for name, labels in HEADS.items()
    }
    scene = Scene(document, pieces, Reading(pieces, scores, (), (0,)))
    return Scene(document, pieces, Reading(pieces, scores, (_view(scene, pairs or {}),), (0,)))


def _scores(text: str, pieces: Pieces, labels: Sequence[str], tags: Sequence[tuple[str, str]]) -> Floats:
    width = 2 * len(labels) + 1
    chosen = np.zeros(len(pieces), dtype=np.int32)
    for words, label in tags:
        span = span_of(text, words)
        inside = np.flatnonzero((pieces.start < span.end) & (pieces.end > span.start))
        chosen[inside] = 2 * labels.index(label) + 2
        chosen[inside[0]] -= 1
    table = np.full((len(pieces), width), np.log((1 - LIKELY) / (width - 1)), dtype=np.float32)
    table[np.arange(len(pieces)), chosen] = np.log(LIKELY)
    return table


def _view(scene: Scene, pairs: Pairs) -> View:
    count = len(scene.pieces)
    asked = np.zeros((count, len(LINKS), count), dtype=np.float16)
    nobody = np.full((count, len(LINKS)), -1.0, dtype=np.float32)
    for link, rows in pairs.items():
        for asker, answer, score in rows:
            place = scene.piece(asker), LINKS.index(link)
            if answer is None:
                nobody[place] = score
            else:
                asked[(*place, scene.piece(answer))] = score
    answers = np.broadcast_to(np.eye(count, dtype=np.float16)[:, None], asked.shape)
    content = LINKS.index("content")
    return View(
        0,
        np.arange(count, dtype=np.int32),
        np.stack([asked, answers], axis=2),
        nobody,
        asked[:, content],
        nobody[:, content],
    )
