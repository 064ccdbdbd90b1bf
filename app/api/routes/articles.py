"""Stories in, stories out."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query, Request
from starlette.responses import Response

from app.api import examples, problems, schemas
from app.api.bodies import Story
from app.api.offsets import in_utf16
from app.api.openapi import CREATED, STORY_BODY, errors, reads, writes
from app.api.parameters import ArticlesQuestion, OffsetQuestion, Question, checked_id
from app.api.parts import parts_of, reading
from app.api.representations import address, answer, answer_page, check_accepts, check_match, etag_of, write_json
from app.api.shapes import article_shape, summary_shape
from app.errors import InputError
from app.ingest.intake import Check, KeptArticle, read_article
from app.store import articles
from app.store.filters import ArticleFilter

router = APIRouter(tags=["articles"])

JSON = "application/json"


def article_body(kept: KeptArticle, *, utf16: bool = False) -> bytes:
    """Return an article whole, as JSON."""
    content = article_shape(kept.view, kept.text, kept.analysis)
    return write_json(in_utf16(content, kept.text) if utf16 else content)


def unchanged(request: Request) -> Check:
    """Return the check that an article is still one of the states that If-Match names."""

    def check(kept: KeptArticle) -> None:
        if "if-match" in request.headers:
            check_match(request, etag_of(article_body(kept)), etag_of(article_body(kept, utf16=True)))

    return check


@router.post(
    "/articles",
    operation_id="addArticle",
    summary="Hand a story in",
    status_code=CREATED,
    responses=writes(
        schemas.Article,
        examples.ARTICLE,
        {CREATED: "The story is kept, annotated.", 200: "A story with this text was there already; this is it."},
    ),
    openapi_extra=STORY_BODY,
    response_model=None,
)
def add_article(request: Request, story: Story, _question: Annotated[Question, Query()]) -> Response:
    """Annotate a story and keep it. It is on disk when the answer comes.

    The same text again is answered with the article that has it, unchanged.
    """
    check_accepts(request, JSON)
    kept, created = parts_of(request).intake.add(story)
    status = CREATED if created else 200
    headers = {"Location": address(request, f"/articles/{kept.view.id}")}
    return answer(request, article_body(kept), status=status, headers=headers, conditional=False)


@router.get(
    "/articles",
    operation_id="listArticles",
    summary="Articles, the newest first",
    responses=reads(schemas.Page[schemas.ArticleSummary], examples.page_of(examples.SUMMARY), paged=True),
    response_model=None,
)
def list_articles(request: Request, question: Annotated[ArticlesQuestion, Query()]) -> Response:
    """Return articles without their text and annotations. All filters that are given must hold."""
    narrowed = ArticleFilter(
        q=question.q,
        source=question.source,
        section=question.section,
        language=question.language,
        url=question.url,
        external_id=question.external_id,
        published_from=question.published_from,
        published_to=question.published_to,
        entity_id=one_of(question.person, question.organization),
        order=question.order,
    )
    with reading(request) as session:
        page = articles.articles(session, narrowed, question.page())
    return answer_page(request, [summary_shape(view) for view in page.items], page.next)


def one_of(person: str | None, organization: str | None) -> str | None:
    """Return the one entity that a list is narrowed by.

    Raises: InputError when both are given.
    """
    if person is not None and organization is not None:
        raise InputError("organization", "give either person or organization")
    return person if person is not None else organization


@router.get(
    "/articles/{article_id}",
    operation_id="getArticle",
    summary="An article with its annotations",
    responses=reads(schemas.Article, examples.ARTICLE, problems.NOT_FOUND),
    response_model=None,
)
def get_article(request: Request, article_id: str, question: Annotated[OffsetQuestion, Query()]) -> Response:
    """Return what came with the story, its text and everything annotated in it."""
    with reading(request) as session:
        kept = read_article(session, checked_id("article", article_id))
    return answer(request, article_body(kept, utf16=question.offset_unit == "utf16"))


@router.put(
    "/articles/{article_id}",
    operation_id="replaceArticle",
    summary="Hand in a new revision",
    responses=writes(
        schemas.Article,
        examples.ARTICLE,
        {200: "The article as it stands now."},
        problems.NOT_FOUND,
        problems.CONFLICT,
        problems.PRECONDITION_FAILED,
    ),
    openapi_extra=STORY_BODY,
    response_model=None,
)
def replace_article(
    request: Request, article_id: str, story: Story, _question: Annotated[Question, Query()]
) -> Response:
    """Make a story the new revision of an article.

    A text that the article has already makes no revision: only what came with it changes. With If-Match, nothing
    changes unless the article still is what the tag names.
    """
    check_accepts(request, JSON)
    kept = parts_of(request).intake.replace(checked_id("article", article_id), story, unchanged(request))
    return answer(request, article_body(kept), conditional=False)


@router.delete(
    "/articles/{article_id}",
    operation_id="removeArticle",
    summary="Delete an article",
    status_code=204,
    responses={204: {"description": "It is gone."}, **errors(problems.NOT_FOUND, problems.PRECONDITION_FAILED)},
    response_model=None,
)
def remove_article(request: Request, article_id: str, _question: Annotated[Question, Query()]) -> Response:
    """Delete an article with its revisions and everything found in them."""
    parts_of(request).intake.remove(checked_id("article", article_id), unchanged(request))
    return Response(status_code=204)
