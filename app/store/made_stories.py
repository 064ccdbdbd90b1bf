"""A full store for a benchmark: stories that are in it told again, with other names and words, until there are enough.

A copy is whole: its rows, the counts of who is in it, its issues and sayings, its place in the log of changes. Left out
are what the machine found before corrections (as in stories of older versions) and the indexes by which the same words
and stories alike are found again when a story comes in.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from hashlib import blake2b, sha256
from itertools import accumulate, count
from random import Random
from typing import Any

import orjson
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.store.access_tables import ChangeRow
from app.store.bulk import add_counts, table_of
from app.store.bulk_load import Load, loading
from app.store.changes import WEIGHT, add_keys
from app.store.folding import folded
from app.store.issues import issue_id
from app.store.knowledge_tables import IssueLabelRow, OpenLinkRow, SayingRow
from app.store.store import Store
from app.store.story_forms import (
    ARTICLE,
    DIGEST,
    PUBLISHED,
    RECEIVED,
    REVIEW,
    RUN,
    SECTION,
    SOURCE,
    TABLES,
    Form,
    Word,
    columns_of,
    filled,
    read_form,
)
from app.store.story_tables import StoryGroupRow
from app.store.tables import ArticleRow, Base, CorrectionRow, EntityNameRow, EntityRow, IssueRow

TOGETHER = 500
_FIRST_DAY = datetime(2021, 1, 1, tzinfo=UTC)
_DAYS = 1_500
_SOURCES = tuple(f"{place} {kind}" for kind in ("Courier", "Post", "Wire", "Herald") for place in (
    "Harbor", "Coast", "Valley", "Capital", "Northern", "Lake", "Mountain", "Market", "River", "Island",
))  # fmt: skip
_SECTIONS = ("Politics", "World", "Business", "Sports", "Culture", "Science")
_REPRINTED = 0.2
"""The share of stories that are another's words in another paper."""
_REVIEWED = (("confirmed", 0.01), ("corrected", 0.005))
_LINKED = 0.1
"""Links that somebody must look at, for each of the people."""
_SYLLABLES = (
    "ba",
    "ce",
    "di",
    "fo",
    "gu",
    "ha",
    "je",
    "ki",
    "lo",
    "mu",
    "na",
    "pe",
    "qui",
    "ro",
    "su",
    "ta",
    "ve",
    "wi",
)
_VOCABULARY = 4_000
_FALL = 3.0
"""How steeply the known are more often in the news than the others: the power of a number between 0 and 1."""

Step = Callable[[int, str], None]


def fill_store(store: Store, stories: int, people: int, chance: Random, step: Step) -> None:
    """Tell the stories of a store again until it has so many, about so many people and organizations.

    ``step`` is told how many stories are in and what is done. Nobody else may use the database meanwhile.
    """
    with store.reading() as session:
        keys = session.scalars(select(ArticleRow.id).order_by(ArticleRow.id)).all()
        forms = [read_form(session, key) for key in keys]
        changes = session.scalar(select(func.max(ChangeRow.position))) or 0
    made = _Made(forms, people, chance, changes)
    tables: tuple[type[Base], ...] = (*TABLES, SayingRow, ChangeRow, StoryGroupRow, CorrectionRow)
    with loading(store, tables, lambda what: step(stories, what)) as load:
        for start in range(len(keys), stories, TOGETHER):
            made.add(load, range(start, min(stories, start + TOGETHER)), stories)
            load.commit()
            step(min(stories, start + TOGETHER), "stories")
        made.flush(load)
    step(stories, "names")
    with store.writing() as session:
        made.tallies.write(session)
        _add_links(session, made)


def is_full(store: Store, stories: int) -> bool:
    """Say whether a store has at least so many stories."""
    with store.reading() as session:
        return (session.scalar(select(func.count()).select_from(ArticleRow)) or 0) >= stories


@dataclass(slots=True)
class _Tallies:
    """What copies add to the rows that stories share."""

    entities: dict[str, tuple[str, str]] = field(default_factory=dict)
    counts: dict[str, list[int]] = field(default_factory=dict)
    names: Counter[tuple[str, str, str]] = field(default_factory=Counter)
    labels: dict[str, tuple[str, str]] = field(default_factory=dict)
    stances: Counter[str] = field(default_factory=Counter)

    def write(self, session: Session) -> None:
        """Add them to the store."""
        rows = [
            {
                "id": key,
                "type": kind,
                "key": f"{kind}:{folded(name)}",
                "name": name,
                "folded": folded(name),
                "identifiers": [],
                "state": "settled",
                **dict(zip(("articles", "quotes", "weight"), self.counts[key], strict=True)),
            }
            for key, (kind, name) in sorted(self.entities.items())
        ]
        add_counts(session, EntityRow, ("id",), ("articles", "quotes", "weight"), rows)
        names = [
            {"entity_id": e, "kind": k, "name": n, "folded": folded(n), "articles": number}
            for (e, k, n), number in sorted(self.names.items())
        ]
        add_counts(session, EntityNameRow, ("entity_id", "kind", "name"), ("articles",), names)
        known = {key: {"type": kind, "state": "settled"} for key, (kind, _) in self.entities.items()}
        add_keys(session, ((e, n) for e, k, n in self.names if k in ("name", "alias")), known)
        issues: Counter[str] = Counter()
        for label, number in self.stances.items():
            issues[self.labels[label][1]] += number
        of = {key: label for label, key in self.labels.values()}
        made = [
            {"id": key, "label": of[key], "folded": folded(of[key]), "positions": number}
            for key, number in sorted(issues.items())
        ]
        add_counts(session, IssueRow, ("id",), ("positions",), made)
        labelled = [
            {
                "folded": label,
                "label": self.labels[label][0],
                "issue_id": self.labels[label][1],
                "positions": number,
                "reasons": [],
                "fixed": False,
            }
            for label, number in sorted(self.stances.items())
        ]
        add_counts(session, IssueLabelRow, ("folded",), ("positions",), labelled)


class _Made:
    """Makes copies one after another and counts what they add."""

    def __init__(self, forms: Sequence[Form], people: int, chance: Random, changes: int) -> None:
        self.forms = forms
        self.chance = chance
        self.position = changes
        self.tallies = _Tallies()
        slots = [p for form in forms for p in form.people if p.mark is not None]
        shapes = Counter(self._shape(form.words, p.words, p.name) for form in forms for p in form.people if p.mark)
        # As many of each shape as there are people in the forms that have it.
        self.pools = {shape: max(1, round(people * number / len(slots))) for shape, number in shapes.items()}
        self.columns = [columns_of(table) for table in TABLES]
        self.before: tuple[Form, list[str], Counter[int], str] | None = None
        self.sources = list(accumulate(1 / (i + 1) for i in range(len(_SOURCES))))

    def add(self, load: Load, numbers: range, of: int) -> None:
        """Add some of the copies."""
        rows: list[list[list[Any]]] = [[] for _ in TABLES]
        beside: dict[Any, list[Any]] = {SayingRow: [], ChangeRow: [], StoryGroupRow: [], CorrectionRow: []}
        for number in numbers:
            form, values = self._values(number, of, beside)
            for kept, more in zip(rows, orjson.loads(filled(form.rows, values)), strict=True):
                kept.extend(more)
            self.position += 1
            beside[ChangeRow].append((self.position, values[RECEIVED], "created", values[ARTICLE], 1))
            if values[REVIEW] != "machine" and form.quotes:
                beside[CorrectionRow].append(self._correction(form, values))
        for table, columns, found in zip(TABLES, self.columns, rows, strict=True):
            load.add(table, columns, found)
        for table, found in beside.items():
            load.add(table, _BESIDE[table], found)

    def flush(self, load: Load) -> None:
        """Add what waits for more of the same."""
        load.add(SayingRow, _BESIDE[SayingRow], list(self._sayings()))

    def _values(self, number: int, of: int, beside: dict[Any, list[Any]]) -> tuple[Form, list[str]]:
        """Return a form and what is to stand in it: new words, or in a reprint those of the story before."""
        reprint = self.before is not None and self.chance.random() < _REPRINTED
        if reprint and self.before is not None:
            form, values = self.before[0], [*self.before[1]]
        else:
            beside[SayingRow] += self._sayings()
            form = self.chance.choice(self.forms)
            values = [""] * form.size
            self._draw_words(form, values)
            self._draw_ids(form, values, number)
        self._draw_story(form, values, number, of)
        if reprint and self.before is not None:
            first = self.before[1][ARTICLE]
            sightings, group = self.before[2], self.before[3] or sha_id("grp", first)
            if not self.before[3]:
                beside[StoryGroupRow].append((first, group, None, None, None))
            beside[StoryGroupRow].append((values[ARTICLE], group, first, 0.97, 1.0))
            self.before = (form, self.before[1], sightings, group)
        else:
            sightings = Counter()
            self.before = (form, values, sightings, "")
        for said in form.sayings:
            sightings[said.mark] += said.quotes
        self._count(form, values)
        return form, values

    def _draw_words(self, form: Form, values: list[str]) -> None:
        drawn: dict[int, str] = {}
        for person in form.people:
            free = [i for i in person.words if i not in drawn]
            if free:
                shape = self._shape(form.words, person.words, person.name)
                rank = int(self.pools.get(shape, 1) * self.chance.random() ** _FALL)
                for place, i in enumerate(free):
                    drawn[i] = made_word(f"{shape} {rank} {place}", form.words[i].length)
        for i, word in enumerate(form.words[1:], 1):
            rank = int(_VOCABULARY * self.chance.random() ** _FALL)
            drawn.setdefault(i, made_word(f"word {rank}", word.length))
        for i, made in drawn.items():
            _write(form.words[i], made, values)

    def _draw_ids(self, form: Form, values: list[str], number: int) -> None:
        for person in form.people:
            if person.mark is not None:
                values[person.mark] = sha_id("per" if person.type == "person" else "org", filled(person.name, values))
        for issue in form.issues:
            made = issue_id(filled(issue.label, values))
            values[issue.mark] = made if issue.word is not None else issue.id
        for said in form.sayings:
            values[said.mark] = sha_id("say", f"{number} {said.mark}")

    def _draw_story(self, form: Form, values: list[str], number: int, of: int) -> None:
        """Draw what is every copy's own, a reprint's too."""
        received = _FIRST_DAY + timedelta(days=_DAYS * number / of)
        clock = int(received.timestamp() * 1000)
        digest = sha256(f"story {number}".encode()).hexdigest()
        values[ARTICLE] = f"{clock:012x}7{digest[:3]}8{digest[3:18]}"
        values[RUN] = f"{clock:012x}7{digest[18:21]}9{digest[21:36]}"
        values[RECEIVED] = f"{received:%Y-%m-%d %H:%M:%S.%f}"
        values[PUBLISHED] = f"{received - timedelta(minutes=self.chance.randrange(3_000)):%Y-%m-%d %H:%M}:00.000000"
        [values[SOURCE]] = self.chance.choices(_SOURCES, cum_weights=self.sources)
        values[SECTION] = self.chance.choice(_SECTIONS)
        values[REVIEW] = _review(self.chance.random())
        for mark in form.quotes:
            values[mark] = sha_id("q", f"{number} {mark}")
        for mark in form.positions:
            values[mark] = sha_id("p", f"{number} {mark}")
        _write(form.words[0], made_word(f"story {number}", form.words[0].length), values)
        values[DIGEST] = sha256(filled(form.text, values).encode()).hexdigest()

    def _shape(self, words: Sequence[Word], places: Sequence[int], name: str) -> str:
        marks = {mark for i in places for _, mark in words[i].marks}
        return " ".join(str(words[i].length) for i in places) + f" {len(name)} {len(marks)}"

    def _count(self, form: Form, values: list[str]) -> None:
        tallies = self.tallies
        for person in form.people:
            name = filled(person.name, values)
            key = person.id if person.mark is None else values[person.mark]
            tallies.entities.setdefault(key, (person.type, name))
            added = tallies.counts.setdefault(key, [0, 0, 0])
            for i, more in enumerate((1, person.quotes, round(WEIGHT * (person.prominence or 0.0)))):
                added[i] += more
            for kind, marked in person.forms:
                tallies.names[key, kind, filled(marked, values)] += 1
        for issue in form.issues:
            label = filled(issue.label, values)
            tallies.labels.setdefault(folded(label), (label, values[issue.mark]))
            tallies.stances[folded(label)] += issue.stances

    def _sayings(self) -> Iterator[tuple[Any, ...]]:
        if self.before is None:
            return
        form, values, sightings, _ = self.before
        for said in form.sayings:
            speaker = None if said.speaker is None else filled(said.speaker, values)
            text = filled(said.text, values)
            yield values[said.mark], text, values[said.quote], speaker, sightings[said.mark]

    def _correction(self, form: Form, values: list[str]) -> tuple[Any, ...]:
        quote = values[form.quotes[0]]
        made = (sha_id("cor", quote), values[ARTICLE], 1, "confirm", "quote", quote, "{}")
        return (*made, values[RECEIVED], True, quote)


_BESIDE: dict[Any, tuple[str, ...]] = {
    SayingRow: ("id", "text", "quote_id", "speaker_entity_id", "sightings"),
    ChangeRow: ("position", "at", "kind", "article_id", "revision"),
    StoryGroupRow: ("article_id", "group_id", "like_id", "resemblance", "containment"),
    CorrectionRow: (
        *("id", "article_id", "revision", "action", "kind", "annotation_id", "value"),
        *("made_at", "applied", "applied_to"),
    ),
}  # fmt: skip


def sha_id(prefix: str, told: str) -> str:
    """Return an id made from what it tells apart."""
    return f"{prefix}_{blake2b(told.encode(), digest_size=10).hexdigest()}"


@lru_cache(maxsize=200_000)
def made_word(told: str, length: int) -> str:
    """Return a word of so many letters, in small ones, the same for the same ``told``."""
    chance = blake2b(told.encode()).digest()
    return "".join(_SYLLABLES[byte % len(_SYLLABLES)] for byte in chance)[:length].ljust(length, "a")


def _write(word: Word, made: str, values: list[str]) -> None:
    for way, mark in word.marks:
        values[mark] = made.title() if way == "title" else made.upper() if way == "upper" else made


def _review(share: float) -> str:
    for status, of in _REVIEWED:
        if share < of:
            return status
        share -= of
    return "machine"


def _add_links(session: Session, made: _Made) -> None:
    """Put some pairs of entities up for somebody to look at."""
    keys = sorted(made.tallies.entities)
    of = {key: made.tallies.entities[key][0] for key in keys}
    pairs = {(made.chance.choice(keys), made.chance.choice(keys)) for _ in range(int(_LINKED * len(keys)))}
    numbers = count()
    rows: list[dict[str, Any]] = [
        {
            "id": f"{next(numbers):032x}",
            "entity_id": one,
            "candidate_kind": "entity",
            "candidate_id": other,
            "type": of[one],
            "score": 0.5,
            "reasons": [],
            "state": made.chance.choice(("open", "open", "open", "accepted", "rejected")),
            "made_at": _FIRST_DAY,
        }
        for one, other in sorted(pairs)
    ]
    if rows:
        session.execute(table_of(OpenLinkRow).insert(), rows)
