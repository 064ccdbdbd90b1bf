"""Which answer every exception gets: always a problem, never a trace."""

from __future__ import annotations

import logging
import re
from collections.abc import Sequence
from dataclasses import replace

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.routing import APIRoute, iter_route_contexts
from sqlalchemy.exc import InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect
from starlette.responses import Response
from starlette.routing import compile_path

from app.api import problems
from app.api.extensions import ENDING
from app.api.problems import Problem
from app.api.representations import address
from app.api.scopes import SAFE_METHODS
from app.errors import MovedError, SaysoError
from app.ingest.faults import told
from app.ingest.fields import faults_of
from app.ingest.request_ids import REQUEST_ID

log = logging.getLogger("sayso.http")

RETRY_SECONDS = "5"
AWAY = (OperationalError, InterfaceError, PoolTimeoutError)


def add_handlers(app: FastAPI) -> None:
    """Let every exception of ``app`` be answered by a problem. Call it when all routes are there."""
    methods = AllowedMethods(app)

    def answer_exception(request: Request, error: Exception) -> Response:
        if isinstance(error, HTTPException) and isinstance(error.__cause__, SaysoError):
            # Raised while a body was read: the framework knows of a fault only that there was one.
            error = error.__cause__
        if isinstance(error, HTTPException):
            problem = problem_of_routing(error, methods.of(request.url.path))
        else:
            problem = problem_of_exception(error, known_parameters(request))
        if isinstance(error, MovedError):
            # Clients ask with GET where 301 leads, whatever they sent before.
            kind = problem.kind if request.method in SAFE_METHODS else problems.MOVED_WRITE
            problem = replace(problem, kind=kind, headers={"Location": _new_place(request, error)})
        if problem.kind is problems.UNAVAILABLE:
            # Not the whole error: it would hold the statement, and with it people's words.
            log.error("database away: %s", str(error.__cause__ or type(error).__name__).partition("\n")[0])
        elif problem.kind is problems.INTERNAL_ERROR:
            log.error("defect", exc_info=error)
        return problem.response(REQUEST_ID.get())

    for kind in (SaysoError, RequestValidationError, HTTPException, ClientDisconnect, *AWAY):
        app.add_exception_handler(kind, answer_exception)


def _new_place(request: Request, error: MovedError) -> str:
    """Return the address of the same question about what took the place of what it is about."""
    path = request.url.path.replace(f"/{error.key}", f"/{error.place}", 1)
    query = f"?{request.url.query}" if request.url.query else ""
    return address(request, path) + str(request.scope.get(ENDING, "")) + query


def problem_of_exception(error: Exception, known: Sequence[str] = ()) -> Problem:
    """Return the problem that tells a client about an exception of ours, of validation or of the database.

    ``known`` are the parameters that the route takes, to be named when one is not known.
    """
    if isinstance(error, SaysoError):
        return problems.problem_of(error)
    if isinstance(error, RequestValidationError):
        faults = faults_of(list(error.errors()), skip=1, known=known)
        return Problem(problems.INVALID_INPUT, told(faults), faults)
    if isinstance(error, AWAY):
        return Problem(problems.UNAVAILABLE, problems.UNAVAILABLE.meaning, headers={"Retry-After": RETRY_SECONDS})
    return Problem(problems.BAD_REQUEST, "the connection closed before the body was whole")


def known_parameters(request: Request) -> list[str]:
    """Return the names of the parameters that the route of a request takes in its query."""
    route = request.scope.get("route")
    if not isinstance(route, APIRoute):
        return []
    models = [parameter.field_info.annotation for parameter in route.dependant.query_params]
    return [name for model in models for name in getattr(model, "model_fields", ())]


def problem_of_routing(error: HTTPException, methods: Sequence[str]) -> Problem:
    """Return the problem of a path or a method that no route has; ``methods`` are those that the path has."""
    kind = problems.BY_STATUS.get(error.status_code, problems.BAD_REQUEST)
    if kind is problems.METHOD_NOT_ALLOWED:
        allow = ", ".join(methods)
        return Problem(kind, f"this route answers {allow}", headers={"Allow": allow})
    if kind is problems.UNKNOWN_ROUTE:
        return Problem(kind, "no route has this path; /docs and /openapi.json list all")
    return Problem(kind, str(error.detail))


class AllowedMethods:
    """Which methods each path answers: the router itself names only those of the first route that has the path."""

    def __init__(self, app: FastAPI) -> None:
        self._table: Sequence[tuple[re.Pattern[str], frozenset[str]]] = tuple(
            (compile_path(context.path)[0], frozenset(context.methods or ()))
            for context in iter_route_contexts(app.routes)
            if context.path is not None
        )

    def of(self, path: str) -> list[str]:
        """Return the methods of a path, HEAD wherever there is GET."""
        found = {method for pattern, methods in self._table if pattern.match(path) for method in methods}
        return sorted(found | {"HEAD"} if "GET" in found else found)
