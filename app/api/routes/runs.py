"""Which pipeline annotated what, what changed between two runs, and bringing all stories to the present pipeline."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any, Literal

from fastapi import Query, Request
from pydantic import Field
from sqlalchemy.orm import Session
from starlette.responses import Response

from app.api import columns, examples, problems, schemas
from app.api.ingestion_shapes import ACCEPTED
from app.api.lists import answer_pages
from app.api.openapi import errors, lists, reads
from app.api.parameters import Key, PageQuestion, Question, Words, checked_id, router_of
from app.api.parts import parts_of, reading
from app.api.representations import address, answer_json, check_accepts
from app.api.schemas import Shape
from app.api.shapes import Json, run_shape
from app.ingest.request_ids import REQUEST_ID
from app.store import past, reannotations, runs
from app.store.paging import PageRequest
from app.store.reannotations import WalkView
from app.store.scopes import requires
from app.store.views import RunView

router = router_of("runs")

JSON = "application/json"


class ListedRun(schemas.Run):
    """A run, and which revision of which article it annotated."""

    article_id: str
    revision: int


class Change(Shape):
    """An annotation that both runs have, and in which fields they differ."""

    id: str
    fields: list[str]
    before: dict[str, Any]
    after: dict[str, Any]


class KindDifference(Shape):
    """Annotations of one kind that only the later run has, only the earlier has, or that differ."""

    added: list[dict[str, Any]]
    removed: list[dict[str, Any]]
    changed: list[Change]
    unchanged: int


class Difference(Shape):
    """What changed from one run to another."""

    before: ListedRun
    after: ListedRun
    people: KindDifference
    organizations: KindDifference
    places: KindDifference
    groups: KindDifference
    quotes: KindDifference
    positions: KindDifference


class Reannotation(Shape):
    """A walk over all articles that brings them to one pipeline. `rate` is the most stories a second, null for any."""

    id: str
    state: Literal["queued", "done", "cancelled"]
    pipeline: str
    weights: str
    rate: float | None
    total: int
    done: int
    failed: int
    last_failure: str | None
    request_id: str
    created_at: datetime
    finished_at: datetime | None


class RunsQuestion(PageQuestion):
    """Which runs."""

    article: Annotated[Key | None, Field(description="The id of the article.")] = None
    pipeline: Annotated[Words | None, Field(description="The version of the pipeline, exactly.")] = None
    weights: Annotated[Words | None, Field(description="The name of the weights, exactly.")] = None


class ReannotationQuestion(Question):
    """How fast to annotate again."""

    rate: Annotated[
        float | None, Field(gt=0, le=10_000, description="The most stories a second; as many as go by default.")
    ] = None


def listed_run(view: RunView) -> Json:
    """Return a run with its article."""
    return {**run_shape(view), "article_id": view.article_id, "revision": view.revision}


def walk_shape(view: WalkView) -> Json:
    """Return how far a walk is."""
    return {
        "id": view.id,
        "state": view.state,
        "pipeline": view.pipeline.version,
        "weights": view.pipeline.weights,
        "rate": view.rate,
        "total": view.total,
        "done": view.done,
        "failed": view.failed,
        "last_failure": view.last_failure,
        "request_id": view.request_id,
        "created_at": view.created_at,
        "finished_at": view.finished_at,
    }


_RUN: Json = {**examples.SUMMARY["run"], "article_id": examples.ARTICLE_ID, "revision": 1}
_NOTHING: Json = {"added": [], "removed": [], "changed": [], "unchanged": 2}
_DIFFERENCE: Json = {"before": _RUN, "after": _RUN, **dict.fromkeys(past.KINDS, _NOTHING)}
_WALK: Json = {
    "id": "018e0f3a5c7d7b1e9a4f2c6d8e0b1a50",
    "state": "queued",
    "pipeline": "3",
    "weights": "reader-v2",
    "rate": 5.0,
    "total": 1200,
    "done": 340,
    "failed": 0,
    "last_failure": None,
    "request_id": "5f0c7a1e8d2b4c6f9a3e1d7b5c8f2a40",
    "created_at": "2024-03-05T08:30:00Z",
    "finished_at": None,
}


@router.get(
    "/runs",
    operation_id="listRuns",
    summary="Runs, the newest first",
    responses=lists(schemas.Page[ListedRun], examples.page_of(_RUN)),
    response_model=None,
)
def list_runs(request: Request, question: Annotated[RunsQuestion, Query()]) -> Response:
    """Return which pipeline annotated which revision. All filters that are given must hold."""

    def read(session: Session, page: PageRequest) -> tuple[list[Json], str | None]:
        found = runs.all_runs(
            session, page, article_id=question.article, pipeline=question.pipeline, weights=question.weights
        )
        return [listed_run(view) for view in found.items], found.next

    return answer_pages(request, question, columns.RUNS, read)


@router.get(
    "/articles/{article_id}/runs/{before}..{after}",
    operation_id="compareRuns",
    summary="What changed between two runs",
    responses=reads(Difference, _DIFFERENCE, problems.NOT_FOUND),
    response_model=None,
)
def compare_runs(
    request: Request, article_id: str, before: str, after: str, _question: Annotated[Question, Query()]
) -> Response:
    """Return what the second run found and the first did not, the other way round, and what they tell differently."""
    key = checked_id("article", article_id)
    with reading(request) as session:
        found = [past.analysis_of_run(session, key, checked_id("run", run_id)) for run_id in (before, after)]
        told = [listed_run(runs.run(session, run_id)) for run_id in (before, after)]
    return answer_json(request, {"before": told[0], "after": told[1], **past.difference(*found)})


@router.post(
    "/reannotations",
    operation_id="addReannotation",
    summary="Annotate all stories again",
    status_code=ACCEPTED,
    responses={
        ACCEPTED: {"model": Reannotation, "description": "It is under way.", "content": {JSON: {"example": _WALK}}},
        **errors(problems.NOT_ACCEPTABLE),
    },
    response_model=None,
)
@requires("admin", audited=True)
def add_reannotation(request: Request, question: Annotated[ReannotationQuestion, Query()]) -> Response:
    """Bring every story that an older pipeline annotated to the present one, in the background.

    Readers see the old analysis of a story until its new one is whole. While one is under way it is returned instead
    of a second.
    """
    check_accepts(request, JSON)
    parts = parts_of(request)
    with parts.store.writing() as session:
        pipeline = parts.intake.annotator.pipeline
        ticket, is_new = reannotations.begin_walk(session, pipeline, question.rate, REQUEST_ID.get())
        if is_new:
            parts.jobs.walk(session, ticket)
        view = reannotations.walk(session, ticket.id)
    headers = {"Location": address(request, f"/reannotations/{view.id}")}
    return answer_json(request, walk_shape(view), status=ACCEPTED, headers=headers)


@router.get(
    "/reannotations",
    operation_id="listReannotations",
    summary="Reannotations, the newest first",
    responses=lists(schemas.Page[Reannotation], examples.page_of(_WALK)),
    response_model=None,
)
def list_reannotations(request: Request, question: Annotated[PageQuestion, Query()]) -> Response:
    """Return how far each is."""

    def read(session: Session, page: PageRequest) -> tuple[list[Json], str | None]:
        found = reannotations.walks(session, page)
        return [walk_shape(view) for view in found.items], found.next

    return answer_pages(request, question, columns.REANNOTATIONS, read)


@router.get(
    "/reannotations/{reannotation_id}",
    operation_id="getReannotation",
    summary="How far a reannotation is",
    responses=reads(Reannotation, _WALK, problems.NOT_FOUND),
    response_model=None,
)
def get_reannotation(request: Request, reannotation_id: str, _question: Annotated[Question, Query()]) -> Response:
    """Return how many stories are through."""
    with reading(request) as session:
        view = reannotations.walk(session, checked_id("reannotation", reannotation_id))
    return answer_json(request, walk_shape(view))


@router.delete(
    "/reannotations/{reannotation_id}",
    operation_id="cancelReannotation",
    summary="Cancel a reannotation",
    responses={
        200: {"model": Reannotation, "description": "It is stopped.", "content": {JSON: {"example": _WALK}}},
        **errors(problems.NOT_FOUND),
    },
    response_model=None,
)
@requires("admin", audited=True)
def cancel_reannotation(request: Request, reannotation_id: str, _question: Annotated[Question, Query()]) -> Response:
    """Leave the stories that are not through as they are; one that is done stays done."""
    key = checked_id("reannotation", reannotation_id)
    with parts_of(request).store.writing() as session:
        reannotations.walk(session, key)
        reannotations.end_walk(session, key, "cancelled")
        view = reannotations.walk(session, key)
    return answer_json(request, walk_shape(view))
