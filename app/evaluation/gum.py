"""GUM's documents: running text with the mentions of people, organizations and places, and who is who.

Source: GUM (Zeldes 2017), annotations CC BY 4.0; the bracket format of its ``Entity`` column.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

TYPES = frozenset({"person", "organization", "place"})

_PART = re.compile(
    r"\((?P<opened>\d+)-(?P<type>[a-z]+)(?:-[^()-]*){3}-(?P<core>[\d,]+)[^()]*|(?P<closed>\d+)?\)",
)
_RANGE = re.compile(r"(\d+)-(\d+)")
_COLUMNS = 10

Extent = tuple[int, int]


@dataclass(frozen=True, slots=True, order=True)
class GumMention:
    """A whole noun phrase, as GUM marks it, and the words in it without which it names nobody."""

    start: int
    end: int
    core: Extent

    def matches(self, span: Extent) -> bool:
        """Say whether ``span`` is this mention, whole or cut down to no less than its core."""
        return self.start <= span[0] <= self.core[0] and self.core[1] <= span[1] <= self.end


@dataclass(frozen=True, slots=True)
class GumDocument:
    """A document with its chains: the mentions of one person, organization or place, in text order."""

    id: str
    text: str
    chains: tuple[tuple[GumMention, ...], ...]


def align(document: GumDocument, spans: Iterable[Extent]) -> dict[Extent, GumMention]:
    """Return the gold mention that each of ``spans`` stands for: the shortest one it matches, where there is any."""
    mentions = sorted((m for chain in document.chains for m in chain), key=lambda m: m.end - m.start)
    found = ((span, next((m for m in mentions if m.matches(span)), None)) for span in spans)
    return {span: mention for span, mention in found if mention is not None}


def read_gum(folder: Path) -> Iterator[GumDocument]:
    """Yield the documents of a folder of CoNLL-U files, by name."""
    for path in sorted(folder.glob("*.conllu")):
        yield read_document(path.stem, path.read_text(encoding="utf-8"))


def read_document(name: str, conllu: str) -> GumDocument:
    """Return one document: its sentences as running text, two line ends between its paragraphs."""
    return _Reader(name).read(conllu)


class _Reader:
    """Joins words to text and keeps the mentions that are open on the way."""

    def __init__(self, name: str) -> None:
        self._name = name
        self._parts: list[str] = []
        self._length = 0
        self._gap = ""
        self._words: list[Extent] = []
        self._open: list[_Open] = []
        self._chains: dict[str, list[GumMention]] = {}
        self._range_end = 0
        self._range_glued = False

    def read(self, conllu: str) -> GumDocument:
        """Return the document that the lines hold."""
        for line in conllu.splitlines():
            if line.startswith("# newpar"):
                self._gap = "\n\n" if self._parts and not line.startswith("# newpar_block") else self._gap
            elif line and not line.startswith("#"):
                self._take(line.split("\t"))
            elif not line:
                self._range_end = 0
        chains = sorted(tuple(sorted(mentions)) for mentions in self._chains.values())
        return GumDocument(self._name, "".join(self._parts), tuple(chains))

    def _take(self, columns: list[str]) -> None:
        number, word, misc = columns[0], columns[1], columns[_COLUMNS - 1]
        glued = "SpaceAfter=No" in misc.split("|")
        several = _RANGE.fullmatch(number)
        if several is not None:  # "don't": its words follow, each on a line of its own
            self._range_end, self._range_glued = int(several[2]), glued
            return
        if "." in number:  # a word that the grammar supplies
            return
        self._add(word)
        inside = int(number) < self._range_end
        if int(number) == self._range_end:
            glued, self._range_end = self._range_glued, 0
        self._gap = "" if glued or inside else " "
        entity = next((m.removeprefix("Entity=") for m in misc.split("|") if m.startswith("Entity=")), "")
        self._bracket(entity)

    def _add(self, word: str) -> None:
        self._parts += [self._gap, word] if self._parts else [word]
        start = self._length + (len(self._gap) if self._words else 0)
        self._length = start + len(word)
        self._words.append((start, self._length))

    def _bracket(self, entity: str) -> None:
        """Open and close the mentions that begin or end at the word just added."""
        for match in _PART.finditer(entity):
            if match["opened"] is not None:
                core = tuple(int(number) for number in match["core"].split(",") if number)
                self._open.append(_Open(match["opened"], match["type"], len(self._words) - 1, core))
                continue
            place = self._innermost(match["closed"])
            if place is not None:
                self._close(self._open.pop(place))

    def _close(self, opened: _Open) -> None:
        if opened.type not in TYPES:
            return
        words = self._words[opened.first :]
        core = [words[number - 1] for number in opened.core if number <= len(words)] or words
        mention = GumMention(words[0][0], words[-1][1], (core[0][0], core[-1][1]))
        self._chains.setdefault(opened.chain, []).append(mention)

    def _innermost(self, chain: str | None) -> int | None:
        """Return the place of the mention that a bracket closes: the last one opened, of a chain where it says."""
        places = (i for i in reversed(range(len(self._open))) if chain is None or self._open[i].chain == chain)
        return next(places, None)


@dataclass(frozen=True, slots=True)
class _Open:
    """A mention that has begun: its chain, its type, the number of its first word, its core by words of its own."""

    chain: str
    type: str
    first: int
    core: tuple[int, ...]
