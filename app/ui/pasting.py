"""The front page and what is done there: a story pasted, or fetched from its address, and read at once."""

from __future__ import annotations

import math
from dataclasses import dataclass
from urllib.parse import parse_qs

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from app.errors import InputError
from app.ingest.annotated import annotated_story
from app.ingest.fields import StoryFields, check_url
from app.ingest.pages import PATIENCE_OF_A_REQUEST, BusyHostError
from app.ingest.receive import Received, receive_fields, receive_text
from app.store.scopes import requires
from app.ui import reading
from app.ui.parts import Parts, check_own, page, parts_of
from app.ui.story import story_page

_OK, _SEE_OTHER, _UNPROCESSABLE, _UNAVAILABLE = 200, 303, 422, 503


@dataclass(frozen=True, slots=True)
class Pasted:
    """What somebody gave: a story's text or its address, the other one empty."""

    text: str = ""
    url: str = ""


@dataclass(frozen=True, slots=True)
class Fault:
    """Why it cannot be read, in words, and where to put it right: ``field`` is "text" or "url"."""

    field: str
    told: str


def show_front(request: Request) -> Response:
    """Show the front page."""
    return _front(request, Pasted())


@requires("ingest", audited=True)
async def annotate(request: Request) -> Response:
    """Annotate what was pasted, or what is at an address: shown at once, or kept and then shown."""
    check_own(request)
    form = parse_qs((await request.body()).decode("utf-8", "replace"), keep_blank_values=True)
    pasted = pasted_of(form.get("text", [""])[0].replace("\r\n", "\n"), form.get("url", [""])[0].strip())
    return await run_in_threadpool(_annotate, request, pasted, keep="keep" in form)


def pasted_of(text: str, url: str) -> Pasted:
    """Return what was given; a text that is an address and nothing else is one."""
    return Pasted(url=url) if url else Pasted(url=text.strip()) if _is_address(text.strip()) else Pasted(text)


def _annotate(request: Request, pasted: Pasted, *, keep: bool) -> Response:
    parts = parts_of(request)
    try:
        received = _received(parts, pasted)
    except InputError as error:
        return _front(request, pasted, error)
    if keep:
        kept, _ = parts.intake.add(received)
        return RedirectResponse(f"/read/articles/{kept.view.id}", _SEE_OTHER)
    analysis = annotated_story(received, parts.intake.annotator.annotate(received.document))
    shown = story_page(received.article.text, received.document.head, analysis)
    values = {"article": received.article, "story": shown, "day": None, "q": "", "kept": False}
    return page(request, "story.html", values)


def _received(parts: Parts, pasted: Pasted) -> Received:
    """Return the story that was given, fetched when it is an address.

    Raises: InputError.
    """
    limit = parts.settings.max_text_bytes
    if not pasted.url:
        return receive_text(pasted.text, limit=limit)
    try:
        fields = StoryFields(url=check_url(pasted.url))
    except ValueError as error:
        raise InputError("url", str(error)) from error
    return receive_fields(parts.pages.story(fields, patience=PATIENCE_OF_A_REQUEST), limit=limit)


def _front(request: Request, pasted: Pasted, error: InputError | None = None) -> Response:
    with parts_of(request).store.reading() as session:
        front = reading.front_page(session)
    fault = None if error is None else _fault(pasted, error)
    status = _OK if error is None else _UNPROCESSABLE
    if isinstance(error, BusyHostError):
        status = _UNAVAILABLE
    answer = page(request, "front.html", {"front": front, "q": "", "pasted": pasted, "fault": fault}, status=status)
    if isinstance(error, BusyHostError):
        answer.headers["Retry-After"] = str(math.ceil(error.retry_after or 1))
    return answer


def _fault(pasted: Pasted, error: InputError) -> Fault:
    if not pasted.url:
        return Fault("text", f"The text cannot be read: {error.reason}.")
    what = "The address" if error.field == "url" else "The page at this address"
    return Fault("url", f"{what} cannot be read: {error.reason}.")


def _is_address(text: str) -> bool:
    """Say whether a text is one address: on one line, with a host, and nothing beside it."""
    try:
        return bool(check_url(text))
    except ValueError:
        return False
