"""The pages on which people put right what the machine found: what waits, and one story with its history."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from hashlib import blake2b
from typing import Any, cast
from urllib.parse import parse_qs

import orjson
from sqlalchemy.orm import Session
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from app.domain.annotation import EntityType
from app.errors import ConflictError, InputError, NotFoundError
from app.ingest.correction_fields import FIELDS, AnyFields, Remarks, read_as
from app.ingest.corrections import Check, Editor
from app.review.correction import Kind
from app.store import articles, corrections, revisions
from app.store.articles import ArticleView
from app.store.paging import PageRequest
from app.store.review_views import CorrectionFilter, CorrectionView, HeldStory, ReviewFilter
from app.store.views import Json
from app.store.waiting import waiting
from app.ui.parts import check_own, page, parts_of
from app.ui.story import StoryPage, story_page

Form = Mapping[str, Sequence[str]]
KINDS: tuple[Kind, ...] = ("quote", "office", "stance")
_NOBODY, _OTHER = "", "other"
_SHOWN = 25
_HISTORY = PageRequest(100)
_SEE_OTHER, _UNPROCESSABLE, _CONFLICT = 303, 422, 409
_PARTS = ("people", "organizations", "places", "groups")
_WHO: Mapping[Kind, str] = {"quote": "speaker", "office": "person", "stance": "holder"}
_WORDS: Mapping[Kind, str] = {"quote": "contents", "office": "evidence", "stance": "target"}
_CHOICES: Mapping[Kind, tuple[str, ...]] = {
    "quote": ("type",),
    "office": ("title", "tense"),
    "stance": ("polarity", "issue"),
}


@dataclass(frozen=True, slots=True)
class Item:
    """One annotation as the page offers it: what it is, whose, its words, and the tag of what was read."""

    kind: Kind
    shown: Json
    tag: str

    @property
    def who(self) -> Json:
        """Return the actor that it is about."""
        actor: Json = self.shown[_WHO[self.kind]]
        return actor

    @property
    def words(self) -> list[Json]:
        """Return the words by which it stands in the story."""
        found = self.shown[_WORDS[self.kind]]
        return [found] if isinstance(found, dict) else list(found)

    @property
    def machine(self) -> list[tuple[str, str]]:
        """Return the fields that are not the machine's, and what it had there."""
        machine = self.shown["review"]["machine"]
        if machine is None:
            return []
        return [(name, told(machine[name])) for name in self.shown["review"]["fields"]]


def told(value: Any) -> str:  # noqa: ANN401 (a field of any type)
    """Return a field's value as a reader is told."""
    if isinstance(value, list):
        return " … ".join(told(part) for part in value)
    if isinstance(value, dict):
        name = value.get("exact") or value.get("label") or value.get("name")
        return str(name or value.get("status") or "")
    return "nothing" if value is None else str(value)


def show_waiting(request: Request) -> Response:
    """Show what nobody has looked at yet, of all stories, the least sure first; and what holds no more."""
    asked = request.query_params.get("kind", "")
    kind = next((k for k in KINDS if k == asked), None)
    with parts_of(request).store.reading() as session:
        found = waiting(session, ReviewFilter(kind), PageRequest(_SHOWN, request.query_params.get("cursor")))
        read = [orjson.loads(shown) for shown in found.items]
        stories = articles.articles_by_id(session, {shown["article_id"] for shown in read})
        gone = corrections.corrections(session, CorrectionFilter(state="orphaned"), PageRequest(_SHOWN)).items
        rows = [(_item(shown), stories[shown["article_id"]]) for shown in read]
    values = {"rows": rows, "kind": kind, "kinds": KINDS, "next": found.next, "gone": gone, "q": ""}
    return page(request, "waiting.html", values)


async def review_story(request: Request) -> Response:
    """Show one story to be looked through, or do what its form asks."""
    if request.method != "POST":
        return await run_in_threadpool(_show, request)
    check_own(request)
    form = parse_qs((await request.body()).decode("utf-8", "replace"), keep_blank_values=True)
    return await run_in_threadpool(_do, request, form)


@dataclass(frozen=True, slots=True)
class _Seen:
    """A story as it is read for the page."""

    article: ArticleView
    text: str
    analysis: Json
    story: StoryPage
    items: tuple[Item, ...]
    history: tuple[CorrectionView, ...]


def _show(request: Request, fault: str | None = None, at: str | None = None, status: int = 200) -> Response:
    with parts_of(request).store.reading() as session:
        seen = _read(session, request.path_params["article_id"])
    known = [entry for part in _PARTS for entry in seen.analysis[part]]
    values = {
        "article": seen.article,
        "story": seen.story,
        "items": seen.items,
        "known": known,
        "history": seen.history,
        "fault": fault,
        "at": at,
        "q": "",
    }
    return page(request, "review.html", values, status=status)


def _read(session: Session, article_id: str) -> _Seen:
    article = articles.article(session, article_id)
    text = revisions.text_of(session, article_id)
    analysis = revisions.analysis_of(session, article_id)
    history = corrections.corrections(session, CorrectionFilter(article_id), _HISTORY).items
    both = [*analysis["quotes"], *analysis["positions"]]
    items = sorted(map(_item, both), key=lambda item: item.words[0]["start"])
    return _Seen(article, text, analysis, story_page(text, article.head, analysis), tuple(items), history)


def _item(shown: Json) -> Item:
    return Item(cast(Kind, shown.get("kind", "quote")), shown, _tag(shown))


def _tag(shown: Json) -> str:
    return blake2b(json.dumps(shown, sort_keys=True).encode(), digest_size=8).hexdigest()


def _do(request: Request, form: Form) -> Response:
    """Do what a form asks, and lead back to the page: at the next item after one that is settled."""
    article_id = request.path_params["article_id"]
    key = _one(form, "id")
    try:
        place = _done(request, form, article_id, key)
    except (InputError, ConflictError) as error:
        status = _CONFLICT if isinstance(error, ConflictError) else _UNPROCESSABLE
        return _show(request, str(error), key, status)
    return RedirectResponse(f"/read/articles/{article_id}/review{f'#item-{place}' if place else ''}", _SEE_OTHER)


def _done(request: Request, form: Form, article_id: str, key: str) -> str | None:
    store = parts_of(request).store
    editor = Editor(store)
    action = _one(form, "do")
    remarks = read_as(Remarks, {"note": _one(form, "note") or None, "author": _one(form, "author") or None})
    if action == "undo":
        return editor.undo(_one(form, "correction"), remarks.author).annotation_id
    with store.reading() as session:
        seen = _read(session, article_id)
    if action == "add":
        kind = next((k for k in KINDS if k == _one(form, "kind")), "quote")
        return editor.add(article_id, kind, _fields(seen, kind, form, None), remarks)[0].annotation_id
    order = [item.shown["id"] for item in seen.items]
    if key not in order:
        raise NotFoundError("quote or position", key)
    place = order.index(key)
    if action in ("accept", "reject"):
        editor.say(key, "confirm" if action == "accept" else "reject", remarks, _as_read(form), article_id)
        return order[place + 1] if place + 1 < len(order) else None
    item = seen.items[place]
    editor.change(key, _fields(seen, item.kind, form, item), remarks, _as_read(form))
    return key


def _as_read(form: Form) -> Check:
    def check(_held: HeldStory, shown: Json) -> None:
        if _tag(shown) != _one(form, "tag"):
            msg = "somebody changed this in the meantime: here it is as it stands now"
            raise ConflictError(msg)

    return check


def _fields(seen: _Seen, kind: Kind, form: Form, item: Item | None) -> AnyFields:
    """Return what a form sets: what it does not hold, and what is as it was, is left alone."""
    value: dict[str, object] = {}
    words = [w.replace("\r\n", "\n") for w in form.get("words", ()) if w.strip()]
    if words and (item is None or words != [span["exact"] for span in item.words]):
        near = item.words[0]["start"] if item is not None else 0
        spans = [_span(seen.text, part, near) for part in words]
        value[_WORDS[kind]] = spans[0] if kind == "stance" else spans
    if "who" in form:
        value[_WHO[kind]] = _actor(seen, form, value, item)
    for name in _CHOICES[kind]:
        given = _one(form, name)
        if given and (item is None or given != told(item.shown[name])):
            value[name] = given
    return read_as(FIELDS[kind], value)


def _actor(seen: _Seen, form: Form, value: Mapping[str, object], item: Item | None) -> dict[str, object]:
    chosen = _one(form, "who")
    near = item.words[0]["start"] if item is not None else _start(value)
    mention = _one(form, "mention")
    words = {"mention": _span(seen.text, mention, near)} if mention else {}
    if chosen == _NOBODY:
        return {"status": "unresolved"}
    if chosen != _OTHER:
        return {"entity_id": chosen, **words}
    kind = cast(EntityType, _one(form, "who_type") or "person")
    return {"name": _one(form, "who_name"), "type": kind, **words}


def _start(value: Mapping[str, object]) -> int:
    spans = next(iter(value.values()), 0)
    first = spans[0] if isinstance(spans, list) else spans
    return int(first["start"]) if isinstance(first, dict) else 0


def _span(text: str, words: str, near: int) -> dict[str, object]:
    """Return the place of ``words`` that is nearest to ``near``; the words alone where they do not stand."""
    places: list[int] = []
    at = text.find(words)
    while at >= 0:
        places.append(at)
        at = text.find(words, at + 1)
    if not places:
        return {"exact": words}
    start = min(places, key=lambda place: abs(place - near))
    return {"start": start, "end": start + len(words)}


def _one(form: Form, name: str) -> str:
    return (form.get(name) or [""])[0].strip()
