"""How the service is: alive, ready, which versions, which problems it answers with."""

from __future__ import annotations

import logging
from typing import Annotated

from fastapi import Query, Request
from fastapi.openapi.docs import get_swagger_ui_html
from fastapi.staticfiles import StaticFiles
from sqlalchemy.exc import SQLAlchemyError
from starlette.responses import Response

from app.api import columns, metrics, problems, schemas, service_schemas
from app.api.about import describe_service
from app.api.lists import answer_list
from app.api.openapi import lists, reads
from app.api.parameters import Question, router_of
from app.api.parts import Parts, parts_of
from app.api.representations import answer, answer_json
from app.api.security_headers import policy_of_page
from app.errors import NotFoundError
from app.store import migrate
from app.store.scopes import requires

log = logging.getLogger("sayso.http")

router = router_of("service")

_FRESH = {"Cache-Control": "no-store"}
_NOT_READY = 503


@router.get(
    "/livez",
    operation_id="getLiveness",
    summary="Whether the process answers",
    responses=reads(service_schemas.Liveness, {"status": "ok"}),
    response_model=None,
)
@requires("open")
def get_liveness(request: Request, _question: Annotated[Question, Query()]) -> Response:
    """Say that the process answers; nothing else is looked at."""
    return answer_json(request, {"status": "ok"}, headers=_FRESH)


@router.get(
    "/readyz",
    operation_id="getReadiness",
    summary="Whether requests can be served",
    responses={
        **reads(service_schemas.Readiness, {"status": "ready", "database": "ready", "pipeline": "1"}),
        _NOT_READY: {
            "model": service_schemas.Readiness,
            "description": "Not ready: the answer says which part is not.",
        },
    },
    response_model=None,
)
@requires("open")
def get_readiness(request: Request, _question: Annotated[Question, Query()]) -> Response:
    """Say whether the database is there and migrated, and which pipeline is loaded."""
    parts = parts_of(request)
    database = database_state(parts)
    ready = database == "ready"
    content = {
        "status": "ready" if ready else "not ready",
        "database": database,
        "pipeline": parts.intake.annotator.pipeline.version,
    }
    return answer_json(request, content, status=200 if ready else _NOT_READY, headers=_FRESH)


@router.get("/metrics", include_in_schema=False, response_model=None)
def get_metrics(request: Request, _question: Annotated[Question, Query()]) -> Response:
    """Give figures in Prometheus' text format."""
    return Response(parts_of(request).metrics.text(), headers=_FRESH, media_type=metrics.CONTENT_TYPE)


DOCS_FILES = "/docs/files"
"""Where the script and style of the page at ``/docs`` are: they come with an installed package, not off the network."""


def serve_docs_files() -> StaticFiles:
    """Return what serves the files of the page at ``/docs``."""
    return requires("open")(StaticFiles(packages=[("fastapi_offline", "static")]))


@router.get("/openapi.json", include_in_schema=False, response_model=None)
@requires("open")
def get_openapi(request: Request, _question: Annotated[Question, Query()]) -> Response:
    """Describe every route (OpenAPI 3.1)."""
    return answer_json(request, request.app.openapi())


@router.get("/docs", include_in_schema=False, response_model=None)
@requires("open")
def get_docs(request: Request, _question: Annotated[Question, Query()]) -> Response:
    """Show the description as a page where requests can be tried."""
    page = get_swagger_ui_html(
        openapi_url="/openapi.json",
        title="Sayso: the API",
        swagger_js_url=f"{DOCS_FILES}/swagger-ui-bundle.js",
        swagger_css_url=f"{DOCS_FILES}/swagger-ui.css",
        swagger_favicon_url=f"{DOCS_FILES}/favicon.png",
    )
    body = bytes(page.body)
    policy = {"Content-Security-Policy": policy_of_page(body)}
    return answer(request, body, media_type="text/html; charset=utf-8", headers=policy)


def database_state(parts: Parts) -> str:
    """Return "ready", "not migrated" or "unreachable"."""
    try:
        current = migrate.current(parts.settings.database_url)
    except SQLAlchemyError as error:
        log.warning("database", exc_info=error)
        return "unreachable"
    return "ready" if current == migrate.head() else "not migrated"


@router.get(
    "/about",
    operation_id="getAbout",
    summary="Versions, weights and measured accuracy",
    responses=reads(
        service_schemas.About,
        {
            "name": "Sayso",
            "version": "0.1.0",
            "pipeline": "1",
            "weights": "reader-v1",
            "measured": [{"name": "reader-v1", "metrics": None}],
            "max_text_bytes": 1_000_000,
        },
    ),
    response_model=None,
)
def get_about(request: Request, _question: Annotated[Question, Query()]) -> Response:
    """Say what the service is made of, and how good each part was measured to be."""
    parts = parts_of(request)
    return answer_json(request, describe_service(parts.intake.annotator.pipeline, parts.settings.max_text_bytes))


@router.get(
    "/problems",
    operation_id="listProblems",
    summary="The problems that errors name",
    responses=lists(
        schemas.Page[schemas.ProblemType],
        {"items": [problems.type_shape(problems.NOT_FOUND)], "next": None},
        paged=False,
    ),
    response_model=None,
)
@requires("open")
def list_problems(request: Request, _question: Annotated[Question, Query()]) -> Response:
    """Return every kind of problem with its meaning."""
    items = [problems.type_shape(kind) for kind in problems.TABLE.values()]
    return answer_list(request, items, None, columns=columns.PROBLEMS)


@router.get(
    "/problems/{name}",
    operation_id="getProblem",
    summary="What a problem means",
    responses=reads(schemas.ProblemType, problems.type_shape(problems.EMPTY_TEXT), problems.NOT_FOUND),
    response_model=None,
)
@requires("open")
def get_problem(request: Request, name: str, _question: Annotated[Question, Query()]) -> Response:
    """Return one kind of problem: the address that an error's `type` refers to."""
    kind = problems.TABLE.get(name)
    if kind is None:
        raise NotFoundError("problem", name[:100])
    return answer_json(request, problems.type_shape(kind))
