"""What the page of a story's corrections shows: the annotation at hand beside the machine's, the rest, the history."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from hashlib import blake2b
from typing import Any, cast

from sqlalchemy.orm import Session

from app.review.correction import Kind
from app.store import articles, corrections, entities, merging, revisions
from app.store.knowledge_views import ChangeView
from app.store.paging import PageRequest
from app.store.review_views import CorrectionFilter, CorrectionView, ReviewFilter
from app.store.views import ArticleView, Json
from app.store.waiting import waiting
from app.ui.story import StoryPage, story_page

KINDS: tuple[Kind, ...] = ("quote", "office", "stance")
WHO: Mapping[Kind, str] = {"quote": "speaker", "office": "person", "stance": "holder"}
"""The field of each kind that says whose it is."""
WORDS: Mapping[Kind, str] = {"quote": "contents", "office": "evidence", "stance": "target"}
"""The field of each kind that holds the words by which it stands in the story."""
SHOWN: Mapping[Kind, Mapping[str, str]] = {
    "quote": {"speaker": "Speaker", "contents": "Words", "cue": "Reporting words", "type": "Reported"},
    "office": {"person": "Person", "title": "Title", "organization": "Where", "tense": "Held", "evidence": "Words"},
    "stance": {
        "holder": "Holder",
        "polarity": "Side",
        "issue": "Issue",
        "target": "Words for the issue",
        "evidence": "Words that show it",
    },
}
"""The fields of each kind as the page names them, in its order."""
_RARE = {"reporter": "As told by", "change": "Change", "conditional": "On a condition"}
_PARTS = ("people", "organizations", "places", "groups")
_UNSEEN: Json = {"status": "machine", "by": None, "at": None, "correction_id": None, "fields": [], "machine": None}
_HISTORY = PageRequest(50)
_MERGES = 10
_WORTH_NAMING = ("people", "organizations")


@dataclass(frozen=True, slots=True)
class Row:
    """A field of an annotation: as the machine found it, and as it stands. ``machine`` is None when it found none."""

    label: str
    machine: str | None
    now: str


@dataclass(frozen=True, slots=True)
class Item:
    """One annotation as the page offers it. ``tag`` changes whenever the annotation does."""

    kind: Kind
    shown: Json
    tag: str

    @property
    def id(self) -> str:
        """Return its id."""
        return str(self.shown["id"])

    @property
    def who(self) -> Json:
        """Return the actor that it is about."""
        actor: Json = self.shown[WHO[self.kind]]
        return actor

    @property
    def words(self) -> list[Json]:
        """Return the words by which it stands in the story."""
        found = self.shown[WORDS[self.kind]]
        return [found] if isinstance(found, dict) else list(found)

    @property
    def review(self) -> Json:
        """Return what people made of it."""
        return self.shown.get("review") or _UNSEEN

    @property
    def waits(self) -> bool:
        """Say whether nobody has looked at it."""
        return bool(self.review["status"] == "machine")

    @property
    def rows(self) -> list[Row]:
        """Return the fields in which it is not what the machine found, each beside that."""
        machine = self.review["machine"]
        if machine is None:
            return [Row(label, None, told(self.shown[name])) for name, label in SHOWN[self.kind].items()]
        labels = {**SHOWN[self.kind], **_RARE}
        return [Row(labels[name], told(machine[name]), told(self.shown[name])) for name in self.review["fields"]]


@dataclass(frozen=True, slots=True)
class Said:
    """A correction as the history tells it: of which words, and what was set, as (field, before, after)."""

    view: CorrectionView
    words: str
    set: tuple[tuple[str, str | None, str], ...]


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody named in the story. ``stories`` is how many mention them."""

    id: str
    type: str
    name: str
    mentions: int
    stories: int


@dataclass(frozen=True, slots=True)
class Desk:
    """One story to be looked through. ``item`` is the annotation at hand, ``waiting`` how many nobody has looked at."""

    article: ArticleView
    day: datetime
    text: str
    story: StoryPage
    items: tuple[Item, ...]
    item: Item | None
    waiting: int
    known: tuple[tuple[str, tuple[Json, ...]], ...]
    people: tuple[Person, ...]
    history: tuple[Said, ...]
    merges: tuple[ChangeView, ...]

    @property
    def last(self) -> Said | None:
        """Return the latest correction that nobody has taken back."""
        return next((said for said in self.history if said.view.state != "undone"), None)

    def after(self, key: str) -> Item | None:
        """Return the least sure annotation but one that nobody has looked at."""
        return next((item for item in _least_sure(self.items) if item.id != key), None)


def told(value: Any) -> str:  # noqa: ANN401 (a field of any type)
    """Return a field's value as a reader is told."""
    if isinstance(value, list):
        return " … ".join(told(part) for part in value)
    if isinstance(value, dict):
        if "status" in value:
            name = value["name"]
            return f"{name} ({value['status']})" if name and value["status"] != "resolved" else name or "nobody named"
        return str(value.get("exact") or value.get("label") or "")
    return "none" if value is None else str(value)


def as_item(shown: Json) -> Item:
    """Return an annotation, in the shape in which it is served, as the page offers it."""
    tag = blake2b(json.dumps(shown, sort_keys=True).encode(), digest_size=8).hexdigest()
    return Item(cast("Kind", shown.get("kind", "quote")), shown, tag)


def read_desk(session: Session, article_id: str, key: str | None) -> Desk:
    """Return a story with the annotation ``key`` at hand; the least sure that waits when there is no such one.

    Raises: NotFoundError.
    """
    article = articles.article(session, article_id)
    text = revisions.text_of(session, article_id)
    analysis = revisions.analysis_of(session, article_id)
    said = corrections.corrections(session, CorrectionFilter(article_id), _HISTORY).items
    items = tuple(sorted(map(as_item, (*analysis["quotes"], *analysis["positions"])), key=_place))
    least = _least_sure(items)
    chosen = next((item for item in items if item.id == key), next(iter(least), None))
    named = [entity for part in _WORTH_NAMING for entity in analysis[part]]
    views = entities.entities_by_id(session, [entity["id"] for entity in named])
    people = [
        Person(e["id"], e["type"], e["name"], len(e["mentions"]), views[e["id"]].articles)
        for e in named
        if e["id"] in views
    ]
    return Desk(
        article,
        article.published_at or article.received_at,
        text,
        story_page(text, article.head, analysis, here=() if chosen is None else chosen.words, desk=True),
        items,
        chosen,
        len(least),
        tuple((part, tuple(analysis[part])) for part in _PARTS if analysis[part]),
        tuple(people),
        tuple(map(_said, said)),
        merging.changes_among(session, [person.id for person in people], _MERGES),
    )


def next_anywhere(session: Session) -> Item | None:
    """Return what nobody has looked at and is least sure, of all stories."""
    found = waiting(session, ReviewFilter(), PageRequest(1)).items
    return as_item(json.loads(found[0])) if found else None


def _least_sure(items: Iterable[Item]) -> list[Item]:
    waits = [item for item in items if item.waits]
    return sorted(waits, key=lambda item: (item.shown["confidence"] or 0.0, item.id))


def _place(item: Item) -> tuple[int, str]:
    return item.words[0]["start"], item.id


def _said(view: CorrectionView) -> Said:
    whole = {**(view.before or {}), **view.value}
    words = whole.get(WORDS[view.kind])
    before = view.before
    labels = SHOWN[view.kind]
    changed = () if view.action not in {"change", "add"} else tuple(view.value)
    return Said(
        view,
        told(words),
        tuple(
            (labels[name], None if before is None else told(before.get(name)), told(view.value[name]))
            for name in changed
            if name in labels and not (before is None and name == WORDS[view.kind])
        ),
    )
