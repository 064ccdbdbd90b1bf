"""Positions and issues across stories."""

from __future__ import annotations

from functools import partial
from typing import Annotated, Any, cast

from fastapi import Query, Request
from pydantic import BaseModel
from sqlalchemy.orm import Session
from starlette.responses import Response

from app.api import columns, examples, position_schemas, problems, schemas
from app.api.exports import exported
from app.api.extensions import JSON
from app.api.list_parameters import IssuePositionsQuestion, IssuesQuestion, OwnPositionsQuestion, PositionsQuestion
from app.api.lists import answer_list, counted, included_with, written
from app.api.networks import CSV, GRAPHML, network_shape, write_graphml, write_statements
from app.api.openapi import in_forms, lists, reads
from app.api.parameters import NetworkQuestion, OffsetQuestion, checked_id, router_of
from app.api.parts import reading
from app.api.representations import answer, answer_json, preferred
from app.api.shapes import issue_shape
from app.errors import InputError
from app.store import issues, positions
from app.store.filters import PositionFilter
from app.store.networks import network
from app.store.paging import PageRequest

router = router_of("positions")

_POSITION = cast("type[BaseModel]", schemas.Position)
_FORMS = {"json": JSON, "graphml": GRAPHML, "csv": CSV}


@router.get(
    "/positions",
    operation_id="listPositions",
    summary="Positions, the newest story's first",
    responses=lists(schemas.ListPage[schemas.Position], examples.page_of(examples.OFFICE, examples.STANCE)),
    response_model=None,
)
def list_positions(request: Request, question: Annotated[PositionsQuestion, Query()]) -> Response:
    """Return stances and offices of current revisions. All filters that are given must hold."""
    with reading(request) as session:
        return answer_positions(request, session, question, question.whole_filter())


def answer_positions(
    request: Request, session: Session, question: OwnPositionsQuestion, narrowed: PositionFilter
) -> Response:
    """Return positions, in the form that the client wants."""

    def read(session: Session, page: PageRequest) -> tuple[list[Any], str | None]:
        found = positions.positions(session, narrowed, page)
        return written(session, (view.json for view in found.items), question.offset_unit), found.next

    export = exported(request, question, columns.POSITIONS, read)
    if export is not None:
        return export
    items, following = read(session, question.page())
    facets = counted(request, session, question.facet, partial(positions.position_facets, session, narrowed))
    included = included_with(session, question.include, items)
    return answer_list(request, items, following, question.fields, beside={"facets": facets, "included": included})


@router.get(
    "/positions/{position_id}",
    operation_id="getPosition",
    summary="A position",
    responses=reads(_POSITION, examples.STANCE, problems.NOT_FOUND),
    response_model=None,
)
def get_position(request: Request, position_id: str, question: Annotated[OffsetQuestion, Query()]) -> Response:
    """Return one office or stance of a current revision."""
    with reading(request) as session:
        view = positions.position(session, checked_id("position", position_id))
        [item] = written(session, [view.json], question.offset_unit)
    return answer_json(request, item)


@router.get(
    "/issues",
    operation_id="listIssues",
    summary="Issues, by label",
    responses=lists(schemas.ListPage[schemas.Issue], examples.page_of(examples.ISSUE)),
    response_model=None,
)
def list_issues(request: Request, question: Annotated[IssuesQuestion, Query()]) -> Response:
    """Return what stances are about."""

    def read(session: Session, page: PageRequest) -> tuple[list[Any], str | None]:
        found = issues.issues(session, question.filter(), page)
        return [issue_shape(view) for view in found.items], found.next

    export = exported(request, question, columns.ISSUES, read)
    if export is not None:
        return export
    with reading(request) as session:
        items, following = read(session, question.page())
        facets = counted(request, session, question.facet, partial(issues.issue_facets, session, question.filter()))
    return answer_list(request, items, following, question.fields, beside={"facets": facets})


@router.get(
    "/issues/{issue_id}/positions",
    operation_id="listIssuePositions",
    summary="Who stands where on an issue",
    responses=lists(
        schemas.ListPage[schemas.Position], examples.page_of(examples.STANCE), problems.NOT_FOUND, problems.MOVED
    ),
    response_model=None,
)
def list_issue_positions(
    request: Request, issue_id: str, question: Annotated[IssuePositionsQuestion, Query()]
) -> Response:
    """Return the stances on one issue, the newest story's first."""
    with reading(request) as session:
        key = issues.issue_key(session, checked_id("issue", issue_id))
        if question.issue not in {None, key}:
            raise InputError("issue", "is another than the one in the path")
        narrowed = question.filter(issue_id=key, holder_id=question.holder)
        return answer_positions(request, session, question, narrowed)


@router.get(
    "/issues/{issue_id}/network",
    operation_id="getIssueNetwork",
    summary="Who stands with whom on an issue",
    responses=in_forms(
        reads(position_schemas.Network, examples.NETWORK, problems.NOT_FOUND, problems.MOVED),
        {GRAPHML: "The network as GraphML.", CSV: "The stances behind it, one statement a line."},
    ),
    response_model=None,
)
def get_issue_network(request: Request, issue_id: str, question: Annotated[NetworkQuestion, Query()]) -> Response:
    """Return actors and the issue joined by the sides taken, and actors joined by agreement and conflict.

    JSON, GraphML (`application/graphml+xml`), or the stances themselves as CSV (`text/csv`) with the statement columns
    of the Discourse Network Analyzer; by `Accept`, or by `format`.
    """
    narrowed = PositionFilter(
        issue_id=checked_id("issue", issue_id),
        kind="stance",
        polarity=question.polarity,
        confidence=question.min_confidence,
        published_from=question.published_from,
        published_to=question.published_to,
    )
    with reading(request) as session:
        view = network(session, narrowed, question.edges)
    forms = tuple(_FORMS.values()) if question.format is None else (_FORMS[question.format],)
    wanted = preferred(request, forms)
    if wanted == GRAPHML:
        return answer(request, write_graphml(view), media_type=GRAPHML)
    if wanted == CSV:
        return answer(request, write_statements(view), media_type=f"{CSV}; charset=utf-8")
    return answer_json(request, network_shape(view))
