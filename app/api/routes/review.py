"""The history of corrections, what waits to be looked through, and what training can learn from it."""

from __future__ import annotations

from typing import Annotated

import orjson
from fastapi import Query, Request
from sqlalchemy.orm import Session
from starlette.responses import Response

from app.api import columns, correction_schemas, examples, problems, schemas
from app.api.lists import answer_pages, written
from app.api.openapi import errors, lists, reads
from app.api.parameters import (
    CorrectionsQuestion,
    PageQuestion,
    Question,
    ReviewQuestion,
    StoryCorrectionsQuestion,
    checked_id,
    router_of,
)
from app.api.parts import reading
from app.api.representations import answer, answer_json, next_url
from app.api.shapes import Json, correction_shape
from app.api.training_lines import story_line
from app.store import articles, corrections
from app.store.paging import PageRequest
from app.store.review_views import CorrectionFilter, ReviewFilter
from app.store.waiting import waiting

router = router_of("review")

NDJSON = "application/x-ndjson"


@router.get(
    "/articles/{article_id}/corrections",
    operation_id="listArticleCorrections",
    summary="The corrections of a story",
    responses=lists(
        schemas.Page[correction_schemas.Correction], examples.page_of(examples.CORRECTION), problems.NOT_FOUND
    ),
    response_model=None,
)
def list_article_corrections(
    request: Request, article_id: str, question: Annotated[StoryCorrectionsQuestion, Query()]
) -> Response:
    """Return what people said of a story, the latest first, taken back or not, and what became of it."""
    with reading(request) as session:
        key = articles.article(session, checked_id("article", article_id)).id
    return _answer_corrections(request, question, CorrectionFilter(key, question.state))


def _answer_corrections(request: Request, question: PageQuestion, narrowed: CorrectionFilter) -> Response:
    def read(session: Session, page: PageRequest) -> tuple[list[Json], str | None]:
        found = corrections.corrections(session, narrowed, page)
        return [correction_shape(view) for view in found.items], found.next

    return answer_pages(request, question, columns.CORRECTIONS, read)


@router.get(
    "/corrections",
    operation_id="listCorrections",
    summary="Corrections, the latest first",
    responses=lists(schemas.Page[correction_schemas.Correction], examples.page_of(examples.CORRECTION)),
    response_model=None,
)
def list_corrections(request: Request, question: Annotated[CorrectionsQuestion, Query()]) -> Response:
    """Return what people said of any story. `state=orphaned` finds what holds no more, because its words are gone."""
    return _answer_corrections(request, question, CorrectionFilter(question.article, question.state))


@router.get(
    "/corrections/export",
    operation_id="exportCorrections",
    summary="Corrected stories as training data",
    responses={
        200: {
            "description": "One story a line, in the format of the hand-annotated corpora.",
            "content": {NDJSON: {"schema": {"type": "string"}}},
        },
        304: {"description": "The client has this already (If-None-Match, If-Modified-Since)."},
        **errors(problems.NOT_ACCEPTABLE),
    },
    response_model=None,
    response_class=Response,
)
def export_corrections(request: Request, question: Annotated[PageQuestion, Query()]) -> Response:
    """Return the stories that people corrected, whole: what they confirmed, changed and added, and the machine's rest.

    `reviewed` says of each line how many of its annotations people have seen. The `Link` header leads to the rest.
    """
    with reading(request) as session:
        page = corrections.reviewed_stories(session, question.page())
    body = b"".join(orjson.dumps(story_line(story), option=orjson.OPT_APPEND_NEWLINE) for story in page.items)
    headers = {} if page.next is None else {"Link": f'<{next_url(request, page.next)}>; rel="next"'}
    return answer(request, body, media_type=NDJSON, headers=headers)


@router.get(
    "/corrections/{correction_id}",
    operation_id="getCorrection",
    summary="A correction",
    responses=reads(correction_schemas.Correction, examples.CORRECTION, problems.NOT_FOUND),
    response_model=None,
)
def get_correction(request: Request, correction_id: str, _question: Annotated[Question, Query()]) -> Response:
    """Return one correction and what became of it."""
    with reading(request) as session:
        view = corrections.correction(session, checked_id("correction", correction_id))
    return answer_json(request, correction_shape(view))


@router.get(
    "/review",
    operation_id="listReview",
    summary="What waits to be looked through, the least sure first",
    responses=lists(schemas.Page[correction_schemas.ReviewItem], examples.page_of(examples.REVIEW_ITEM)),
    response_model=None,
)
def list_review(request: Request, question: Annotated[ReviewQuestion, Query()]) -> Response:
    """Return quotes and positions of all stories that nobody has looked at; those whose confidence is unknown lead."""
    narrowed = ReviewFilter(question.kind, question.article, question.review, question.max_confidence)

    def read(session: Session, page: PageRequest) -> tuple[list[Json], str | None]:
        found = waiting(session, narrowed, page)
        items = written(session, found.items, question.offset_unit)
        kinds = [orjson.loads(shown).get("kind", "quote") for shown in found.items]
        return [{"kind": kind, "annotation": item} for kind, item in zip(kinds, items, strict=True)], found.next

    return answer_pages(request, question, columns.REVIEW, read)
