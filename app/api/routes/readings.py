"""The parts of one story. What an analysis holds was written once, when it was stored; here it is only handed out."""

from __future__ import annotations

from functools import partial
from typing import Annotated

from fastapi import Query, Request
from starlette.responses import Response

from app.api import columns, examples, problems, schemas
from app.api.article_parts import answer_part
from app.api.extensions import JSON, LD
from app.api.linked_data import web_annotations
from app.api.list_parameters import EntityPartQuestion, PositionPartQuestion, QuotePartQuestion
from app.api.lists import answer_list
from app.api.offsets import in_utf16
from app.api.openapi import errors, in_forms, lists, reads
from app.api.parameters import Question, ReadingQuestion, TextQuestion, checked_id, router_of
from app.api.parts import reading
from app.api.representations import TEXT, address, answer, preferred, write_json
from app.api.shapes import Json, revision_shape, run_shape
from app.store import revisions

router = router_of("articles")

_ENTITIES = schemas.ListPage[schemas.Entity]


@router.get(
    "/articles/{article_id}/text",
    operation_id="getArticleText",
    summary="The text that offsets point into",
    responses={
        200: {
            "description": "The text, exactly as it was received.",
            "content": {"text/plain": {"schema": {"type": "string"}, "example": examples.TEXT}},
        },
        304: {"description": "The client has this already (If-None-Match, If-Modified-Since)."},
        **errors(problems.NOT_FOUND, problems.NOT_ACCEPTABLE),
    },
    response_model=None,
    response_class=Response,
)
def get_text(request: Request, article_id: str, question: Annotated[TextQuestion, Query()]) -> Response:
    """Return the canonical text in UTF-8."""
    with reading(request) as session:
        text = revisions.text_of(session, checked_id("article", article_id), question.revision)
    return answer(request, text.encode(), media_type=TEXT)


@router.get(
    "/articles/{article_id}/annotations",
    operation_id="getArticleAnnotations",
    summary="Everything annotated in an article",
    responses=in_forms(
        reads(schemas.ArticleAnnotations, examples.ANNOTATIONS, problems.NOT_FOUND),
        {LD: "The annotations as a W3C Web Annotation collection."},
    ),
    response_model=None,
)
def get_annotations(request: Request, article_id: str, question: Annotated[ReadingQuestion, Query()]) -> Response:
    """Return people, organizations, places, groups, quotes and positions, with the run that found them.

    Also as W3C Web Annotations (JSON-LD).
    """
    key = checked_id("article", article_id)
    with reading(request) as session:
        view = revisions.revision_of(session, key, question.revision)
        modified = revisions.changed_at(session, key)
        analysis = revisions.analysis_of(session, key, view.number)
        if question.offset_unit == "utf16":
            analysis = in_utf16(analysis, revisions.text_of(session, key, view.number))
    head = {"article_id": view.article_id, "revision": view.number, "run": run_shape(view.run)}
    content: Json = {**head, **analysis}
    form = preferred(request, (JSON, LD))
    if form == LD:
        content = web_annotations(view.article_id, view.number, analysis, partial(address, request))
    return answer(request, write_json(content), media_type=form, modified=modified)


@router.get(
    "/articles/{article_id}/people",
    operation_id="listArticlePeople",
    summary="The people in an article",
    responses=lists(_ENTITIES, examples.page_of(examples.PERSON), problems.NOT_FOUND),
    response_model=None,
)
def list_people(request: Request, article_id: str, question: Annotated[EntityPartQuestion, Query()]) -> Response:
    """Return the people in the order of their first mention, each with the offices that the story gives."""
    return answer_part(request, article_id, question, "people", columns.OWN_ENTITIES)


@router.get(
    "/articles/{article_id}/organizations",
    operation_id="listArticleOrganizations",
    summary="The organizations in an article",
    responses=lists(_ENTITIES, examples.page_of(examples.ORGANIZATION), problems.NOT_FOUND),
    response_model=None,
)
def list_organizations(request: Request, article_id: str, question: Annotated[EntityPartQuestion, Query()]) -> Response:
    """Return the organizations in the order of their first mention."""
    return answer_part(request, article_id, question, "organizations", columns.OWN_ENTITIES)


@router.get(
    "/articles/{article_id}/quotes",
    operation_id="listArticleQuotes",
    summary="The quotes in an article",
    responses=lists(schemas.ListPage[schemas.Quote], examples.page_of(examples.QUOTE), problems.NOT_FOUND),
    response_model=None,
)
def list_quotes(request: Request, article_id: str, question: Annotated[QuotePartQuestion, Query()]) -> Response:
    """Return the quotes in the order of the text, each with its speaker."""
    return answer_part(request, article_id, question, "quotes", columns.QUOTES)


@router.get(
    "/articles/{article_id}/positions",
    operation_id="listArticlePositions",
    summary="The positions in an article",
    responses=lists(
        schemas.ListPage[schemas.Position], examples.page_of(examples.OFFICE, examples.STANCE), problems.NOT_FOUND
    ),
    response_model=None,
)
def list_positions(request: Request, article_id: str, question: Annotated[PositionPartQuestion, Query()]) -> Response:
    """Return the stances taken and the offices held, in the order of the text."""
    return answer_part(request, article_id, question, "positions", columns.POSITIONS)


@router.get(
    "/articles/{article_id}/revisions",
    operation_id="listArticleRevisions",
    summary="The revisions of an article",
    responses=lists(
        schemas.Page[schemas.Revision], examples.page_of(examples.REVISION), problems.NOT_FOUND, paged=False
    ),
    response_model=None,
)
def list_revisions(request: Request, article_id: str, _question: Annotated[Question, Query()]) -> Response:
    """Return every revision, the latest first. The text of each is at `/articles/{id}/text?revision=N`."""
    with reading(request) as session:
        found = revisions.revisions(session, checked_id("article", article_id))
    return answer_list(request, [revision_shape(view) for view in found], None, columns=columns.REVISIONS)
