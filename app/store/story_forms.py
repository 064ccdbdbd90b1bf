"""Stored stories as forms: the same story can be told again with other names and words, and every span still holds.

What is to change is marked by a private character each: ids, times, the words of names, one word of each issue and of
each quote. Whatever stands in place of a word is as long as it, so no offset moves.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import orjson
from sqlalchemy import JSON, Table, select
from sqlalchemy.orm import Session

from app.store.bulk import table_of
from app.store.folding import folded, name_forms
from app.store.story_tables import SightingRow
from app.store.tables import (
    AnalysisRow,
    AppearanceRow,
    ArticleRow,
    Base,
    EntityRow,
    MentionRow,
    PositionRow,
    QuoteRow,
    RevisionRow,
    RunRow,
)
from app.store.views import Json

TABLES: tuple[type[Base], ...] = (
    ArticleRow,
    RevisionRow,
    RunRow,
    AnalysisRow,
    AppearanceRow,
    MentionRow,
    QuoteRow,
    PositionRow,
    SightingRow,
)
"""The tables of a story's own rows, those that others refer to first."""

ARTICLE, RUN, RECEIVED, PUBLISHED, SOURCE, SECTION, DIGEST, REVIEW = range(8)
"""The marks that every form has."""
_FIRST = 0xE000
_MARKS = re.compile("[\ue000-\uf8ff]")
_WORD = re.compile(r"[^\W\d_]+")
_FEWEST_IN_NAME, _FEWEST_IN_QUOTE = 3, 6
_NUMBERED = frozenset({RevisionRow, MentionRow, QuoteRow, PositionRow})
_COLUMNS = {
    "published_at": PUBLISHED,
    "dated_at": PUBLISHED,
    "source": SOURCE,
    "section": SECTION,
    "sha256": DIGEST,
    "review": REVIEW,
    "key": DIGEST,
}
_NAMED = ("person", "organization")


@dataclass(frozen=True, slots=True)
class Word:
    """A word that changes: its length, and the marks of its forms by how they are written."""

    length: int
    marks: tuple[tuple[str, int], ...]


@dataclass(frozen=True, slots=True)
class Named:
    """Somebody in a form: the mark of the id (None: always the same one), the name's words, what it adds to counts."""

    id: str
    mark: int | None
    type: str
    name: str
    words: tuple[int, ...]
    forms: tuple[tuple[str, str], ...]
    quotes: int
    prominence: float | None


@dataclass(frozen=True, slots=True)
class About:
    """An issue in a form: the mark of the id, its label, the word that changes (None: none does), its stances."""

    id: str
    mark: int
    label: str
    word: int | None
    stances: int


@dataclass(frozen=True, slots=True)
class Said:
    """A saying in a form: the mark of its id, its words, the mark of its first quote, who speaks, how many quotes."""

    mark: int
    text: str
    quote: int
    speaker: str | None
    quotes: int


@dataclass(slots=True)
class Form:
    """A stored story with marks in place of what changes. ``rows`` are of ``TABLES``, in one text.

    The first of the ``words`` is the last of the text: every copy has its own.
    """

    words: list[Word] = field(default_factory=list)
    people: list[Named] = field(default_factory=list)
    issues: list[About] = field(default_factory=list)
    sayings: list[Said] = field(default_factory=list)
    quotes: list[int] = field(default_factory=list)
    positions: list[int] = field(default_factory=list)
    text: str = ""
    rows: str = ""
    size: int = 0


def columns_of(table: type[Base]) -> list[str]:
    """Return the names of the columns that a form has values for: those that the database numbers are left out."""
    return [c.name for c in table_of(table).columns if not (table in _NUMBERED and c.name == "seq")]


def filled(marked: str, values: Sequence[str]) -> str:
    """Return a text with the value of each mark in its place."""
    return _MARKS.sub(lambda found: values[ord(found[0]) - _FIRST], marked)


def read_form(session: Session, article_id: str) -> Form:
    """Return a stored story as a form."""
    return _Marker(session, article_id).form()


class _Marker:
    """Reads one story's rows and marks in them what changes."""

    def __init__(self, session: Session, article_id: str) -> None:
        self.session = session
        self.article_id = article_id
        self.made = Form()
        self.size = REVIEW + 1
        self.exact: dict[str, str] = {article_id: chr(_FIRST + ARTICLE)}
        self.variants: dict[str, str] = {}
        self.rows = {table: self._rows(table) for table in TABLES}
        self.last = _WORD.findall(self.rows[RevisionRow][0]["text"])[-1]

    def form(self) -> Form:
        """Return the form."""
        self.exact[self.rows[RunRow][0]["id"]] = chr(_FIRST + RUN)
        self._mark_word(self.last)
        self._mark_names()
        self._mark_quotes()
        self._mark_issues()
        self.made.positions = [self._mark_id(row["id"]) for row in self.rows[PositionRow]]
        pattern = "|".join(re.escape(word) for word in sorted(self.variants, key=len, reverse=True))
        self.pattern = re.compile(rf"(?<!\w)(?:{pattern})(?!\w)")
        made = self.made
        made.people = [self._named(person) for person in made.people]
        made.sayings = [
            Said(s.mark, self._text(s.text), s.quote, self.exact.get(s.speaker or "", s.speaker), s.quotes)
            for s in made.sayings
        ]
        made.issues = [About(i.id, i.mark, self._text(i.label), i.word, i.stances) for i in made.issues]
        made.text = self._text(self.rows[RevisionRow][0]["text"])
        kept = [[self._row(table, row) for row in self.rows[table]] for table in TABLES]
        made.rows = orjson.dumps(kept).decode()
        made.size = self.size
        return made

    def _rows(self, table: type[Base]) -> list[Json]:
        made = table_of(table)
        where = (made.c.id if table is ArticleRow else made.c.article_id) == self.article_id
        return [dict(row) for row in self.session.execute(select(made).where(where)).mappings()]

    def _mark(self) -> int:
        self.size += 1
        return self.size - 1

    def _mark_id(self, key: str) -> int:
        mark = self._mark()
        self.exact[key] = chr(_FIRST + mark)
        return mark

    def _mark_word(self, word: str) -> int | None:
        """Mark a word however it is written and return its place among the words; None when it cannot be."""
        plain = folded(word)
        if len(plain) != len(word):
            return None
        ways = {word.title(): "title", word.lower(): "lower", word.upper(): "upper", plain: "lower"}
        if word not in ways:
            ways[word] = "title"
        if any(way in self.variants for way in ways):
            return next((i for i, w in enumerate(self.made.words) if self._is(w, ways)), None)
        marks = []
        for written, way in ways.items():
            mark = self._mark()
            self.variants[written] = chr(_FIRST + mark)
            marks.append((way, mark))
        self.made.words.append(Word(len(word), tuple(marks)))
        return len(self.made.words) - 1

    def _is(self, word: Word, ways: Iterable[str]) -> bool:
        marks = {mark for _, mark in word.marks}
        return any(way in self.variants and ord(self.variants[way]) - _FIRST in marks for way in ways)

    def _mark_names(self) -> None:
        rows = self.rows[AppearanceRow]
        known = select(EntityRow.id, EntityRow.type).where(EntityRow.id.in_([r["entity_id"] for r in rows]))
        kinds = {key: kind for key, kind in self.session.execute(known)}  # noqa: C416 (a row is no pair to mypy)
        stay = {w for r in rows if kinds[r["entity_id"]] not in _NAMED for w in _words(r["name"], *r["aliases"])}
        for row in rows:
            key, name, words = row["entity_id"], row["name"], []
            if kinds[key] in _NAMED:
                found = (w for w in _words(name) if len(w) >= _FEWEST_IN_NAME and w[0].isupper() and w not in stay)
                found = (w for w in found if w.casefold() != self.last.casefold())
                words = [i for w in found if (i := self._mark_word(w)) is not None]
            mark = self._mark_id(key) if words else None
            forms = [("name", name), *(("alias", a) for a in row["aliases"]), *name_forms(name)]
            forms = list(dict.fromkeys(forms))
            self.made.people.append(
                Named(key, mark, kinds[key], name, tuple(words), tuple(forms), row["quotes"], row["prominence"])
            )

    def _named(self, person: Named) -> Named:
        forms = tuple((kind, self._text(form)) for kind, form in person.forms)
        name = self._text(person.name)
        return Named(person.id, person.mark, person.type, name, person.words, forms, person.quotes, person.prominence)

    def _mark_quotes(self) -> None:
        said: dict[str, list[Json]] = {}
        for row in self.rows[QuoteRow]:
            self.made.quotes.append(self._mark_id(row["id"]))
            if row["saying_id"] is not None:
                said.setdefault(row["saying_id"], []).append(row)
            words = (w for w in _words(row["text"]) if w.islower() and len(w) >= _FEWEST_IN_QUOTE)
            word = _longest(words, self.last)
            if word is not None:
                self._mark_word(word)
        for key, rows in said.items():
            quote = ord(self.exact[rows[0]["id"]]) - _FIRST
            speaker = rows[0]["speaker_entity_id"]
            self.made.sayings.append(Said(self._mark_id(key), rows[0]["text"], quote, speaker, len(rows)))

    def _mark_issues(self) -> None:
        counts: dict[str, int] = {}
        labels: dict[str, str] = {}
        for row in self.rows[PositionRow]:
            if row["issue_id"] is not None:
                counts[row["issue_id"]] = counts.get(row["issue_id"], 0) + 1
                labels.setdefault(row["issue_id"], row["document"]["issue"]["label"])
        for key, number in counts.items():
            word = _longest((w for w in _words(labels[key]) if len(w) >= _FEWEST_IN_NAME), self.last)
            place = None if word is None else self._mark_word(word)
            self.made.issues.append(About(key, self._mark_id(key), labels[key], place, number))

    def _text(self, text: str) -> str:
        return self.pattern.sub(lambda found: self.variants[found[0]], text)

    def _value(self, value: Any) -> Any:  # noqa: ANN401 (a JSON value)
        if isinstance(value, str):
            return self.exact[value] if value in self.exact else self._text(value)
        if isinstance(value, list):
            return [self._value(part) for part in value]
        if isinstance(value, dict):
            return {key: self._value(part) for key, part in value.items()}
        return value

    def _row(self, table: type[Base], row: Json) -> list[Any]:
        return [self._column(table_of(table), name, row[name]) for name in columns_of(table)]

    def _column(self, table: Table, name: str, value: Any) -> Any:  # noqa: ANN401 (a column's value)
        if name in _COLUMNS:
            return chr(_FIRST + _COLUMNS[name])
        if value is None or (table.name == "analyses" and name == "machine"):
            return None
        if isinstance(value, datetime):
            return chr(_FIRST + RECEIVED)
        if isinstance(table.c[name].type, JSON):
            return orjson.dumps(self._value(_unreviewed(value))).decode()
        return self._value(value)


def _unreviewed(value: Any) -> Any:  # noqa: ANN401 (a JSON value)
    """Return an annotation, or a document of them, with a mark for what people made of it."""
    if not isinstance(value, dict):
        return value
    made: dict[str, Any] = dict(value)
    for key in ("quotes", "positions"):
        if isinstance(made.get(key), list):
            made[key] = [_unreviewed(part) for part in made[key]]
    if isinstance(made.get("review"), Mapping):
        made["review"] = {**made["review"], "status": chr(_FIRST + REVIEW)}
    return made


def _words(*texts: str) -> Iterator[str]:
    for text in texts:
        yield from _WORD.findall(text)


def _longest(words: Iterable[str], but: str) -> str | None:
    """Return the longest of the words that is not the story's own last one."""
    return max((w for w in words if w.casefold() != but.casefold()), key=len, default=None)
