"""Reads answered without the framework's own steps, which take longer than finding a page of a list.

The routes stay FastAPI's: it describes them, and answers whatever is no plain read of theirs.
"""

from __future__ import annotations

import asyncio
import inspect
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextvars import copy_context
from dataclasses import dataclass
from functools import partial
from typing import Any

from fastapi import FastAPI, Request
from fastapi.routing import APIRoute
from pydantic import BaseModel
from starlette.middleware.exceptions import ExceptionMiddleware
from starlette.responses import Response
from starlette.routing import BaseRoute, Match, Route
from starlette.types import ASGIApp, Receive, Scope, Send

from app.api.heads import named_fields
from app.api.parameters import check_query, refuse_repeated
from app.api.question_route import QuestionRoute, asked, question_model

THREADS = 16
"""Reads that are under way, at most."""
LONG = 0.02
"""Units: seconds."""
_BODY = (b"content-length", b"transfer-encoding")


@dataclass(frozen=True, slots=True)
class Read:
    """A route that reads: ``endpoint`` is called with the request, the path's parts and the ``question``."""

    route: Route
    endpoint: Callable[..., Response]
    name: str
    question: type[BaseModel]


class Reads:
    """Answers GET of the routes of ``app`` that are plain functions of a request; ``others`` answers the rest.

    So many reads are under way ``at_once``; who comes meanwhile waits for his turn. Those that take long have given
    theirs on after ``LONG``, so nobody waits longer than that for one of them.
    """

    def __init__(self, app: FastAPI, others: ASGIApp, at_once: int) -> None:
        self._app = app
        self._others = others
        self._turns = asyncio.Semaphore(at_once)
        self._threads = ThreadPoolExecutor(THREADS, "reading")
        self._handled = ExceptionMiddleware(self._answer, app.exception_handlers)
        self._table: dict[str, list[tuple[BaseRoute, Read | None]]] = {}
        for route in app.routes:
            if not isinstance(route, Route):
                break  # it may have any address
            self._table.setdefault(_first(route.path), []).append((route, read_of(route)))

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Handle one connection."""
        read = self._find(scope) if scope["method"] == "GET" else None
        if read is None:
            await self._others(scope, receive, send)
            return
        scope["app"] = self._app
        scope["sayso.read"] = read
        await self._handled(scope, receive, send)

    def _find(self, scope: Scope) -> Read | None:
        """Return the read that a request is, and write into its scope which route has it, as the framework does."""
        if scope.get("root_path") or not named_fields(scope).keys().isdisjoint(_BODY):
            return None
        for route, read in self._table.get(_first(scope["path"]), ()):
            match, found = route.matches(scope)
            if match is Match.FULL:
                if read is not None:
                    scope.update(found)
                return read
        return None

    async def _answer(self, scope: Scope, receive: Receive, send: Send) -> None:
        read: Read = scope["sayso.read"]
        request = Request(scope, receive, send)
        check_query(request)
        question = asked(read.question, request)
        call = partial(read.endpoint, request, **scope["path_params"], **{read.name: question})
        loop = asyncio.get_running_loop()
        await self._turns.acquire()
        turn = Turn(self._turns, loop)
        try:
            response = await loop.run_in_executor(self._threads, copy_context().run, call)
        finally:
            turn.give()
        await response(scope, receive, send)


class Turn:
    """A turn at reading, which is given on when the reading is over, or after ``LONG``."""

    def __init__(self, turns: asyncio.Semaphore, loop: asyncio.AbstractEventLoop) -> None:
        self._turns: asyncio.Semaphore | None = turns
        self._timer = loop.call_later(LONG, self.give)

    def give(self) -> None:
        """Give it on; once more does nothing."""
        if self._turns is not None:
            self._timer.cancel()
            self._turns.release()
            self._turns = None


def read_of(route: BaseRoute) -> Read | None:
    """Return what calls a route directly; None when it needs the framework.

    It then has more to be called with than a request, the parts of its path as they are and one question.
    """
    if not isinstance(route, QuestionRoute) or inspect.iscoroutinefunction(route.endpoint):
        return None
    needs = route.dependant
    model = question_model(needs)
    if model is None or [one.call for one in needs.dependencies] != [refuse_repeated] or not _plain(route):
        return None
    return Read(route, route.endpoint, needs.query_params[0].name, model)


def _plain(route: APIRoute) -> bool:
    needs: Any = route.dependant
    beside = (needs.header_params, needs.cookie_params, needs.body_params)
    parts = (part.field_info for part in needs.path_params)
    return needs.request_param_name == "request" and not any(beside) and all(of.annotation is str for of in parts)


def _first(path: str) -> str:
    return path[1:].partition("/")[0]
