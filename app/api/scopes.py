"""What each route asks of a key. Reading needs "read"; every other route says for itself what it needs.

A route that writes and declares nothing stops the start: nobody opens one by forgetting it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from fastapi import FastAPI
from fastapi.routing import RouteContext, iter_route_contexts
from starlette.applications import Starlette
from starlette.routing import BaseRoute, Mount, compile_path
from starlette.staticfiles import StaticFiles

from app.errors import SaysoError
from app.store.scopes import READ, Needs, needs_of

SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})
_ROOT_PART = 1

Declared = tuple[str, frozenset[str], Needs]


class UndeclaredScopeError(SaysoError):
    """A route that is no read says nothing of the scope that it needs: a defect."""


class Rules:
    """What a request needs, told from its method and path before any route is looked for."""

    def __init__(self, app: FastAPI) -> None:
        self._reads: dict[str, list[tuple[re.Pattern[str], Needs]]] = {}
        self._writes: list[tuple[re.Pattern[str], frozenset[str], Needs]] = []
        for path, methods, needs in declared_routes(app):
            pattern = compile_path(path)[0]
            if methods & SAFE_METHODS and needs != READ:
                self._reads.setdefault(_root(path), []).append((pattern, needs))
            if methods - SAFE_METHODS:
                self._writes.append((pattern, methods - SAFE_METHODS, needs))

    def of(self, method: str, path: str) -> Needs:
        """Return what a request needs. What no route has needs a key too, and is then said not to be there."""
        if method in SAFE_METHODS:
            for pattern, needs in self._reads.get(_root(path), ()):
                if pattern.match(path):
                    return needs
            return READ
        return next((needs for p, methods, needs in self._writes if method in methods and p.match(path)), READ)


def declared_routes(app: FastAPI) -> list[Declared]:
    """Return path, methods and needs of every route, those of applications that are mounted too.

    Raises: UndeclaredScopeError naming a route that writes and declares nothing.
    """
    return [found for context in iter_route_contexts(app.routes) for found in _declared(context, "")]


def _declared(route: BaseRoute | RouteContext, prefix: str) -> Iterator[Declared]:
    original = route.original_route if isinstance(route, RouteContext) else route
    if isinstance(original, Mount):
        needs = needs_of(original.app)
        if needs is None and isinstance(original.app, Starlette):
            for inner in original.app.routes:
                yield from _declared(inner, prefix + original.path)
            return
        path, methods = f"{prefix}{original.path}/{{path:path}}", frozenset({"GET", "POST"})
        if needs is None and isinstance(original.app, StaticFiles):
            methods = frozenset({"GET"})
    else:
        path, methods = prefix + (getattr(route, "path", None) or ""), frozenset(getattr(route, "methods", None) or ())
        needs = needs_of(getattr(original, "endpoint", None))
    if needs is None and methods <= SAFE_METHODS:
        needs = READ
    if needs is None:
        msg = f"{' '.join(sorted(methods))} {path} says nothing of the scope it needs: declare it with @requires"
        raise UndeclaredScopeError(msg)
    yield path, methods, needs


def _root(path: str) -> str:
    """Return the first part of a path, which none of our routes leaves open."""
    return path.split("/", _ROOT_PART + 1)[_ROOT_PART] if path.startswith("/") else ""
