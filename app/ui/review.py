"""The pages on which people put right what the machine found: what waits, and one story with its history."""

from __future__ import annotations

from collections.abc import Callable
from urllib.parse import urlencode

import orjson
from sqlalchemy.orm import Session
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from app.errors import ConflictError, InputError
from app.ingest.corrections import Check, Editor
from app.review.correction import Action
from app.store import articles, corrections, entities, merging, open_links
from app.store.filters import EntityFilter
from app.store.paging import PageRequest
from app.store.review_views import CorrectionFilter, HeldStory, ReviewFilter
from app.store.scopes import requires
from app.store.views import Json
from app.store.waiting import waiting
from app.ui.desk import KINDS, as_item, next_anywhere, read_desk
from app.ui.filled import Form, fields_in, kind_in, one, read_form, remarks_in
from app.ui.parts import check_own, page, parts_of, signer_of

_SHOWN = 25
_SEE_OTHER, _UNPROCESSABLE, _CONFLICT = 303, 422, 409


@requires("review")
def show_waiting(request: Request) -> Response:
    """Show what nobody has looked at yet, of all stories, the least sure first; and what holds no more."""
    asked = request.query_params.get("kind", "")
    kind = next((k for k in KINDS if k == asked), None)
    with parts_of(request).store.reading() as session:
        found = waiting(session, ReviewFilter(kind), PageRequest(_SHOWN, request.query_params.get("cursor")))
        items = [as_item(orjson.loads(shown)) for shown in found.items]
        gone = corrections.corrections(session, CorrectionFilter(state="orphaned"), PageRequest(_SHOWN)).items
        links = open_links.open_links(session, "open", PageRequest(_SHOWN)).items
        keys = {item.shown["article_id"] for item in items} | {view.article_id for view in gone}
        stories = articles.articles_by_id(session, keys)
    rows = [(item, stories[item.shown["article_id"]]) for item in items if item.shown["article_id"] in stories]
    values = {
        "rows": rows,
        "kind": kind,
        "kinds": KINDS,
        "next": found.next,
        "gone": [(view, stories[view.article_id]) for view in gone if view.article_id in stories],
        "links": links,
        "q": "",
    }
    return page(request, "waiting.html", values)


@requires("review", audited=True)
async def decide(request: Request) -> Response:
    """Say whether two that may be one are."""
    check_own(request)
    form = read_form(await request.body())
    return await run_in_threadpool(_decide, request, form)


def _decide(request: Request, form: Form) -> Response:
    decision: open_links.LinkDecision = "accept" if one(form, "do") == "accept" else "reject"
    with parts_of(request).store.writing() as session:
        open_links.decide_link(session, one(form, "link"), decision)
    return RedirectResponse("/read/review#links-head", _SEE_OTHER)


@requires("review")
def show_desk(request: Request) -> Response:
    """Show one story to be looked through."""
    return _show(request, None)


@requires("review", audited=True)
async def work(request: Request) -> Response:
    """Do what the form of a story's page asks, and lead to what comes next."""
    check_own(request)
    form = read_form(await request.body())
    return await run_in_threadpool(_work, request, form)


def _show(request: Request, form: Form | None, fault: str | None = None, status: int = 200) -> Response:
    """Show the page; with what was filled in, and what is wrong with it."""
    asked = request.query_params
    key = one(form, "id") if form is not None else asked.get("item")
    with parts_of(request).store.reading() as session:
        desk = read_desk(session, request.path_params["article_id"], key)
    adding = next((k for k in KINDS if k == (asked.get("add") if form is None else one(form, "kind"))), None)
    filled = dict(form) if fault is not None and form is not None else {}
    if adding is not None and not filled:
        filled = {"words": [asked.get("words", "")[:2_000]]}
    values = {
        "desk": desk,
        "item": None if adding is not None else desk.item,
        "adding": adding,
        "filled": filled,
        "fault": fault,
        "through": "all" in asked or (form is not None and "all" in form),
        "signer": signer_of(request),
        "asks_keys": parts_of(request).settings.access_here() != "open",
        "q": "",
    }
    return page(request, "review.html", values, status=status)


def _work(request: Request, form: Form) -> Response:
    deed = _DEEDS.get(one(form, "do"), _nothing)
    try:
        place = deed(request, form)
    except (InputError, ConflictError) as error:
        status = _CONFLICT if isinstance(error, ConflictError) else _UNPROCESSABLE
        return _show(request, form, str(error), status)
    return RedirectResponse(place, _SEE_OTHER)


def _address(article_id: str, key: str | None, form: Form) -> str:
    asked = {"item": key} if key else {}
    if "all" in form:
        asked["all"] = "1"
    return f"/read/articles/{article_id}/review?{urlencode(asked)}#desk"


def _judge(request: Request, form: Form) -> str:
    """Confirm or reject the annotation at hand, and go to the next."""
    parts, key = parts_of(request), one(form, "id")
    article_id = request.path_params["article_id"]
    action: Action = "confirm" if one(form, "do") == "confirm" else "reject"
    Editor(parts.store).say(key, action, remarks_in(form, signer_of(request)), _as_read(form), article_id)
    return _next(request, form, key)


def _next(request: Request, form: Form, key: str) -> str:
    article_id = request.path_params["article_id"]
    with parts_of(request).store.reading() as session:
        found = next_anywhere(session) if "all" in form else read_desk(session, article_id, None).after(key)
    if found is not None:
        return _address(found.shown["article_id"], found.id, form)
    return "/read/review" if "all" in form else _address(article_id, key, form)


def _change(request: Request, form: Form) -> str:
    store, key = parts_of(request).store, one(form, "id")
    article_id = request.path_params["article_id"]
    with store.reading() as session:
        desk = read_desk(session, article_id, key)
    item = next((item for item in desk.items if item.id == key), None)
    if item is None:
        raise InputError("id", "what the form was about is there no more")
    fields = fields_in(desk, item.kind, form, item)
    if not fields.model_fields_set:
        raise InputError("form", "changes nothing: say that it is right instead")
    Editor(store).change(key, fields, remarks_in(form, signer_of(request)), _as_read(form))
    return _address(article_id, key, form)


def _add(request: Request, form: Form) -> str:
    store, article_id = parts_of(request).store, request.path_params["article_id"]
    kind = kind_in(form)
    with store.reading() as session:
        desk = read_desk(session, article_id, None)
    fields = fields_in(desk, kind, form, None)
    view, _ = Editor(store).add(article_id, kind, fields, remarks_in(form, signer_of(request)))
    return _address(article_id, view.annotation_id, form)


def _undo(request: Request, form: Form) -> str:
    author = remarks_in(form, signer_of(request)).author
    view = Editor(parts_of(request).store).undo(one(form, "correction"), author)
    return _address(view.article_id, view.annotation_id, form)


def _merge(request: Request, form: Form) -> str:
    with parts_of(request).store.writing() as session:
        source = entities.entity(session, one(form, "entity"))
        target = _other(session, form, source.type)
        merging.merge(session, source.id, target, one(form, "note") or None)
    return _address(request.path_params["article_id"], one(form, "id"), form)


def _other(session: Session, form: Form, kind: str) -> str:
    """Return the id of whom somebody is merged into: chosen among those of the story, or named."""
    typed = one(form, "into_name")
    if not typed:
        if not one(form, "into"):
            raise InputError("into", "is missing: who is it?")
        return entities.entity(session, one(form, "into")).id
    found = entities.entities(session, EntityFilter(name=typed), PageRequest(2)).items
    found = tuple(view for view in found if view.type == kind)
    if len(found) != 1:
        reason = "is nobody's name here" if not found else "is the name of several: give the id"
        raise InputError("into_name", reason)
    return found[0].id


def _split(request: Request, form: Form) -> str:
    article_id = request.path_params["article_id"]
    with parts_of(request).store.writing() as session:
        source = entities.entity(session, one(form, "entity"))
        merging.split(session, source.id, [article_id], one(form, "note") or None)
    return _address(article_id, one(form, "id"), form)


def _undo_merge(request: Request, form: Form) -> str:
    with parts_of(request).store.writing() as session:
        merging.undo(session, one(form, "change"))
    return _address(request.path_params["article_id"], one(form, "id"), form)


def _nothing(_request: Request, _form: Form) -> str:
    raise InputError("do", f"is one of {', '.join(_DEEDS)}")


_DEEDS: dict[str, Callable[[Request, Form], str]] = {
    "confirm": _judge,
    "reject": _judge,
    "change": _change,
    "add": _add,
    "undo": _undo,
    "merge": _merge,
    "split": _split,
    "undo-merge": _undo_merge,
}


def _as_read(form: Form) -> Check:
    """Return the check that an annotation is still what the form was made from."""

    def check(_held: HeldStory, shown: Json) -> None:
        if as_item(shown).tag != one(form, "tag"):
            msg = "somebody changed this in the meantime: here it is as it stands now"
            raise ConflictError(msg)

    return check
