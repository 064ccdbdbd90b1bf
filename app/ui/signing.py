"""Signing in with a key, for people: the browser then sends it as a cookie, which what guards the service reads."""

from __future__ import annotations

import re

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from app.store.keys import COOKIE, looks_like_key
from app.store.scopes import requires
from app.ui.filled import one, read_form
from app.ui.parts import check_own, is_secure, page

_SEE_OTHER, _UNPROCESSABLE = 303, 422
_HOME = "/read/"
_PLACE = re.compile(r"/read/[!-~]*")
_LONGEST = 2_000
_WHY = {
    "key": "This page is for those who have a key.",
    "unknown": "That key is unknown here, has expired or was revoked.",
    "scope": "That key does not open this page: it lacks the scope.",
}


@requires("open")
def show_sign_in(request: Request) -> Response:
    """Show the form that takes a key."""
    asked = request.query_params
    return _form(request, asked.get("to", ""), _WHY.get(asked.get("why", "")))


@requires("open")
async def sign_in(request: Request) -> Response:
    """Let the browser send a key from now on, and lead to where it was wanted; there it is looked up."""
    check_own(request)
    form = read_form(await request.body())
    sent, to = one(form, "key"), one(form, "to")
    if not looks_like_key(sent):
        return _form(request, to, "That is no key. A key begins with sayso_.", status=_UNPROCESSABLE)
    answer = RedirectResponse(_place(to), _SEE_OTHER)
    answer.set_cookie(COOKIE, sent, path="/", secure=is_secure(request), httponly=True, samesite="strict")
    return answer


@requires("open")
async def sign_out(request: Request) -> Response:
    """Let the browser forget the key."""
    check_own(request)
    answer = RedirectResponse(_HOME, _SEE_OTHER)
    answer.delete_cookie(COOKIE, path="/", secure=is_secure(request), httponly=True, samesite="strict")
    return answer


def _form(request: Request, to: str, why: str | None, status: int = 200) -> Response:
    return page(request, "sign_in.html", {"to": _place(to), "why": why, "q": ""}, status=status)


def _place(to: str) -> str:
    """Return a page of this service to lead to: the wanted one if it is one."""
    return to if len(to) <= _LONGEST and _PLACE.fullmatch(to) else f"{_HOME}review"
