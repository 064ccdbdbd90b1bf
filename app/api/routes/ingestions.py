"""Many stories at once: accepted as soon as they are on disk, annotated in the background."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import UTC, datetime
from typing import Annotated, Literal

import anyio
from fastapi import Query, Request
from pydantic import Field
from sqlalchemy.orm import Session
from starlette.concurrency import run_in_threadpool
from starlette.responses import Response, StreamingResponse

from app.api import columns, examples, problems, schemas
from app.api.ingestion_shapes import ACCEPTED, INGESTION, Ingestion, Item, ingestion_shape, item_shape
from app.api.lists import answer_pages
from app.api.openapi import KEY_HEADER, errors, lists, reads
from app.api.parameters import PageQuestion, Question, checked_id, router_of
from app.api.parts import parts_of, reading
from app.api.representations import answer_json, check_accepts, write_json
from app.api.shapes import Json
from app.api.uploads import NDJSON, URI_LIST, answer_upload
from app.store import ingestions
from app.store.paging import PageRequest
from app.store.scopes import requires

router = router_of("ingestions")

SHOWN_FAILURES = 20
EVENTS = "text/event-stream"
_EVERY_SECONDS = 1.0
_LOCATION = {"Location": {"description": "The ingestion's address.", "schema": {"type": "string"}}}
_ANYTHING = "Anything else is taken too, and fails by itself when it is worked on."
_BODY = {
    "requestBody": {
        "required": True,
        "description": "Stories with the fields of POST /articles, one a line or in an array, or where they are; "
        "it may be gzipped.",
        "content": {
            NDJSON: {"schema": {"type": "string"}, "example": '{"text": "The ferry stays."}\n{"text": "It pays."}\n'},
            "application/json": {
                "schema": {
                    "anyOf": [
                        {
                            "type": "array",
                            "items": {"anyOf": [{"$ref": "#/components/schemas/Story"}, {"description": _ANYTHING}]},
                        },
                        {"$ref": "#/components/schemas/Reference"},
                    ]
                },
                "example": [{"text": "The ferry stays."}, {"text": "It pays."}],
            },
            URI_LIST: {"schema": {"type": "string"}, "example": "https://courier.example/city/bridge"},
        },
    }
}


class ItemsQuestion(PageQuestion):
    """Which stories of an ingestion."""

    state: Annotated[
        Literal["waiting", "annotated", "duplicate", "failed", "cancelled"] | None,
        Field(description="What became of the story."),
    ] = None


@router.post(
    "/ingestions",
    operation_id="addIngestion",
    summary="Hand many stories in",
    status_code=ACCEPTED,
    responses={
        ACCEPTED: {
            "model": Ingestion,
            "description": "All the stories are on disk and will be annotated.",
            "headers": _LOCATION,
            "content": {"application/json": {"example": INGESTION}},
        },
        **errors(
            problems.NOT_JSON,
            problems.NOT_ACCEPTABLE,
            problems.TOO_SLOW,
            problems.UNSUPPORTED_MEDIA_TYPE,
            problems.QUEUE_FULL,
            problems.KEY_IN_USE,
            problems.KEY_REUSED,
        ),
    },
    openapi_extra={**_BODY, "parameters": [KEY_HEADER]},
    response_model=None,
)
@requires("ingest", audited=True)
async def add_ingestion(request: Request, _question: Annotated[Question, Query()]) -> Response:
    """Take stories in, as many as come: they are on disk when the answer comes, and none is when the body breaks off.

    What is wrong with one story shows when it is worked on, and stops no other.
    """
    check_accepts(request, "application/json")
    return await answer_upload(request)


@router.get(
    "/ingestions",
    operation_id="listIngestions",
    summary="Ingestions, the newest first",
    responses=lists(schemas.Page[Ingestion], examples.page_of(INGESTION)),
    response_model=None,
)
def list_ingestions(request: Request, question: Annotated[PageQuestion, Query()]) -> Response:
    """Return ingestions with how far they are; their failures are at each one's own address."""
    now = datetime.now(UTC)

    def read(session: Session, page: PageRequest) -> tuple[list[Json], str | None]:
        found = ingestions.ingestions(session, page)
        return [ingestion_shape(view, (), now) for view in found.items], found.next

    return answer_pages(request, question, columns.INGESTIONS, read)


@router.get(
    "/ingestions/{ingestion_id}",
    operation_id="getIngestion",
    summary="How far an ingestion is",
    responses=reads(Ingestion, INGESTION, problems.NOT_FOUND),
    response_model=None,
)
def get_ingestion(request: Request, ingestion_id: str, _question: Annotated[Question, Query()]) -> Response:
    """Return what became of the stories so far, with the first failures; /items lists all."""
    return answer_json(request, shown(request, checked_id("ingestion", ingestion_id)))


@router.get(
    "/ingestions/{ingestion_id}/items",
    operation_id="listIngestionItems",
    summary="What became of each story",
    responses=lists(schemas.Page[Item], examples.page_of(INGESTION["failures"][0]), problems.NOT_FOUND),
    response_model=None,
)
def list_ingestion_items(request: Request, ingestion_id: str, question: Annotated[ItemsQuestion, Query()]) -> Response:
    """Return the stories of an ingestion by line, each with its article or the reason why there is none."""
    key = checked_id("ingestion", ingestion_id)
    with reading(request) as session:
        ingestions.ingestion(session, key)

    def read(session: Session, page: PageRequest) -> tuple[list[Json], str | None]:
        found = ingestions.items(session, key, page, question.state)
        return [item_shape(view) for view in found.items], found.next

    return answer_pages(request, question, columns.ITEMS, read)


@router.get(
    "/ingestions/{ingestion_id}/events",
    operation_id="followIngestion",
    summary="Follow an ingestion",
    responses={
        200: {
            "description": "Server-sent events: `progress` whenever something changed, `end` with the last state.",
            "content": {
                EVENTS: {
                    "schema": {"description": "Server-sent events."},
                    "example": 'event: progress\ndata: {"received": 1000}\n',
                }
            },
        },
        **errors(problems.NOT_FOUND, problems.NOT_ACCEPTABLE),
    },
    response_model=None,
)
async def follow_ingestion(request: Request, ingestion_id: str, _question: Annotated[Question, Query()]) -> Response:
    """Stream how far an ingestion is, until it is done or cancelled."""
    check_accepts(request, EVENTS)
    key = checked_id("ingestion", ingestion_id)
    first = await run_in_threadpool(shown, request, key)
    return StreamingResponse(_events(request, key, first), media_type=EVENTS, headers={"Cache-Control": "no-store"})


async def _events(request: Request, key: str, now: Json) -> AsyncIterator[bytes]:
    said: Json | None = None
    while now["state"] not in {"done", "cancelled"}:
        if now != said:
            yield event("progress", now)
            said = now
        await anyio.sleep(_EVERY_SECONDS)
        now = await run_in_threadpool(shown, request, key)
    yield event("end", now)


def event(name: str, content: Json) -> bytes:
    """Return one server-sent event.

    Source: HTML Living Standard, 9.2 Server-sent events.
    """
    return b"event: " + name.encode() + b"\ndata: " + write_json(content) + b"\n\n"


@router.delete(
    "/ingestions/{ingestion_id}",
    operation_id="cancelIngestion",
    summary="Cancel an ingestion",
    responses={
        200: {
            "model": Ingestion,
            "description": "It is stopped.",
            "content": {"application/json": {"example": INGESTION}},
        },
        **errors(problems.NOT_FOUND),
    },
    response_model=None,
)
@requires("ingest", audited=True)
def cancel_ingestion(request: Request, ingestion_id: str, _question: Annotated[Question, Query()]) -> Response:
    """Give up what still waits. What is kept already stays; an ingestion that is done stays done."""
    key = checked_id("ingestion", ingestion_id)
    with parts_of(request).store.writing() as session:
        ingestions.cancel_ingestion(session, key)
    return answer_json(request, shown(request, key))


@router.post(
    "/ingestions/{ingestion_id}/retry",
    operation_id="retryIngestion",
    summary="Try the failures again",
    status_code=ACCEPTED,
    responses={
        ACCEPTED: {
            "model": Ingestion,
            "description": "The failed stories wait again.",
            "content": {"application/json": {"example": INGESTION}},
        },
        **errors(problems.NOT_FOUND, problems.CONFLICT),
    },
    response_model=None,
)
@requires("ingest", audited=True)
def retry_ingestion(request: Request, ingestion_id: str, _question: Annotated[Question, Query()]) -> Response:
    """Let the failed stories of a finished ingestion wait again; without failures nothing changes."""
    key = checked_id("ingestion", ingestion_id)
    parts = parts_of(request)
    with parts.store.writing() as session:
        if ingestions.retry_failed(session, key):
            parts.jobs.release(session, key)
    return answer_json(request, shown(request, key), status=ACCEPTED)


def shown(request: Request, key: str) -> Json:
    """Return an ingestion as it stands."""
    with reading(request) as session:
        view = ingestions.ingestion(session, key)
        failures = ingestions.items(session, key, PageRequest(SHOWN_FAILURES), "failed").items if view.failed else ()
    return ingestion_shape(view, failures, datetime.now(UTC))
