"""Positions and issues across stories."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query, Request
from starlette.responses import Response

from app.api import examples, problems, schemas
from app.api.openapi import reads
from app.api.parameters import IssuePositionsQuestion, IssuesQuestion, PositionsQuestion, checked_id
from app.api.parts import reading
from app.api.representations import answer_page
from app.api.shapes import issue_shape
from app.store import issues, positions
from app.store.filters import IssueFilter, PositionFilter

router = APIRouter(tags=["positions"])


@router.get(
    "/positions",
    operation_id="listPositions",
    summary="Positions, the newest story's first",
    responses=reads(schemas.Page[schemas.Position], examples.page_of(examples.OFFICE, examples.STANCE), paged=True),
    response_model=None,
)
def list_positions(request: Request, question: Annotated[PositionsQuestion, Query()]) -> Response:
    """Return stances and offices of current revisions. All filters that are given must hold."""
    narrowed = PositionFilter(
        q=question.q,
        kind=question.kind,
        article_id=question.article,
        holder_id=question.holder,
        person_id=question.person,
        organization_id=question.organization,
        title=question.title,
        tense=question.tense,
        polarity=question.polarity,
        issue_id=question.issue,
        confidence=question.min_confidence,
    )
    with reading(request) as session:
        page = positions.positions(session, narrowed, question.page())
    return answer_page(request, [view.document for view in page.items], page.next)


@router.get(
    "/issues",
    operation_id="listIssues",
    summary="Issues, by label",
    responses=reads(schemas.Page[schemas.Issue], examples.page_of(examples.ISSUE), paged=True),
    response_model=None,
)
def list_issues(request: Request, question: Annotated[IssuesQuestion, Query()]) -> Response:
    """Return what stances are about."""
    narrowed = IssueFilter(prefix=question.q, article_id=question.article)
    with reading(request) as session:
        page = issues.issues(session, narrowed, question.page())
    return answer_page(request, [issue_shape(view) for view in page.items], page.next)


@router.get(
    "/issues/{issue_id}/positions",
    operation_id="listIssuePositions",
    summary="Who stands where on an issue",
    responses=reads(schemas.Page[schemas.Position], examples.page_of(examples.STANCE), problems.NOT_FOUND, paged=True),
    response_model=None,
)
def list_issue_positions(
    request: Request, issue_id: str, question: Annotated[IssuePositionsQuestion, Query()]
) -> Response:
    """Return the stances on one issue, the newest story's first."""
    with reading(request) as session:
        narrowed = PositionFilter(
            issue_id=issues.issue(session, checked_id("issue", issue_id)).id,
            article_id=question.article,
            holder_id=question.holder,
            polarity=question.polarity,
        )
        page = positions.positions(session, narrowed, question.page())
    return answer_page(request, [view.document for view in page.items], page.next)
