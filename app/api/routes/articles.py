"""Stories in, stories out."""

from __future__ import annotations

from functools import partial
from typing import Annotated, Any

from fastapi import Query, Request
from sqlalchemy.orm import Session
from starlette.responses import Response

from app.api import columns, examples, problems, schemas
from app.api.bodies import Body, Story
from app.api.exports import exported
from app.api.extensions import JSON, LD, NINJS
from app.api.idempotency import answered_once
from app.api.ingestion_shapes import ACCEPTED, INGESTION, Ingestion
from app.api.linked_data import entity_ids, news_article
from app.api.list_parameters import ArticlesQuestion
from app.api.lists import annotations_with, answer_list, counted
from app.api.ninjs import ninjs_item
from app.api.offsets import in_utf16
from app.api.openapi import CREATED, KEY_HEADER, PREFER_HEADER, STORY_BODY, errors, in_forms, lists, reads, writes
from app.api.parameters import OffsetQuestion, Question, checked_id, router_of
from app.api.parts import parts_of, reading
from app.api.representations import (
    address,
    answer,
    check_accepts,
    check_has_match,
    check_match,
    etag_of,
    preferred,
    write_json,
)
from app.api.shapes import article_shape, summary_shape
from app.api.uploads import prefers_async, spool_story
from app.ingest.intake import Check, KeptArticle, read_article
from app.store import articles
from app.store.entities import identifiers_known
from app.store.filters import ArticleFilter
from app.store.paging import PageRequest
from app.store.scopes import requires

router = router_of("articles")

STORY_FORMS = {
    LD: "The story as a schema.org NewsArticle with its Quotations.",
    NINJS: "The story as an IPTC ninjs 2.1 item.",
}


def article_body(kept: KeptArticle, *, utf16: bool = False) -> bytes:
    """Return an article whole, as JSON."""
    content = article_shape(kept.view, kept.text, kept.analysis)
    return write_json(in_utf16(content, kept.text) if utf16 else content)


def unchanged(request: Request) -> Check:
    """Return the check that an article is still one of the states that If-Match names.

    Raises: RefusedError (428).
    """
    check_has_match(request)

    def check(kept: KeptArticle) -> None:
        if "if-match" in request.headers:
            check_match(request, etag_of(article_body(kept)), etag_of(article_body(kept, utf16=True)))

    return check


@router.post(
    "/articles",
    operation_id="addArticle",
    summary="Hand a story in",
    status_code=CREATED,
    responses={
        **writes(
            schemas.Article,
            examples.ARTICLE,
            {CREATED: "The story is kept, annotated.", 200: "A story with this text was there already; this is it."},
            problems.KEY_IN_USE,
            problems.KEY_REUSED,
            problems.QUEUE_FULL,
        ),
        ACCEPTED: {
            "model": Ingestion,
            "description": "The story is on disk and will be annotated (Prefer: respond-async).",
            "content": {"application/json": {"example": INGESTION}},
        },
    },
    openapi_extra={**STORY_BODY, "parameters": [KEY_HEADER, PREFER_HEADER]},
    response_model=None,
)
@requires("ingest", audited=True)
def add_article(request: Request, story: Story, body: Body, _question: Annotated[Question, Query()]) -> Response:
    """Annotate a story and keep it. It is on disk when the answer comes.

    The same text again is answered with the article that has it, unchanged. With `Prefer: respond-async` the answer
    comes as soon as the story is on disk, with the address of its ingestion.
    """
    check_accepts(request, JSON)

    def add() -> Response:
        if prefers_async(request):
            return spool_story(request, body)
        kept, created = parts_of(request).intake.add(story)
        status = CREATED if created else 200
        headers = {"Location": address(request, f"/articles/{kept.view.id}")}
        return answer(request, article_body(kept), status=status, headers=headers, conditional=False)

    return answered_once(request, body, add)


@router.get(
    "/articles",
    operation_id="listArticles",
    summary="Articles, the newest first",
    responses=lists(schemas.ListPage[schemas.ArticleSummary], examples.page_of(examples.SUMMARY)),
    response_model=None,
)
def list_articles(request: Request, question: Annotated[ArticlesQuestion, Query()]) -> Response:
    """Return articles without their text and annotations. All filters that are given must hold."""
    with reading(request) as session:
        return answer_articles(request, session, question, question.filter())


def answer_articles(
    request: Request, session: Session, question: ArticlesQuestion, narrowed: ArticleFilter
) -> Response:
    """Return articles, in the form that the client wants."""

    def read(session: Session, page: PageRequest) -> tuple[list[Any], str | None]:
        found = articles.articles(session, narrowed, page)
        return [summary_shape(view) for view in found.items], found.next

    export = exported(request, question, columns.ARTICLES, read)
    if export is not None:
        return export
    page = articles.articles(session, narrowed, question.page())
    facets = counted(request, session, question.facet, partial(articles.article_facets, session, narrowed))
    included = annotations_with(session, question.include, [view.id for view in page.items])
    items = [summary_shape(view) for view in page.items]
    return answer_list(request, items, page.next, question.fields, beside={"facets": facets, "included": included})


@router.get(
    "/articles/{article_id}",
    operation_id="getArticle",
    summary="An article with its annotations",
    responses=in_forms(reads(schemas.Article, examples.ARTICLE, problems.NOT_FOUND), STORY_FORMS),
    response_model=None,
)
def get_article(request: Request, article_id: str, question: Annotated[OffsetQuestion, Query()]) -> Response:
    """Return what came with the story, its text and everything annotated in it.

    Also as a schema.org NewsArticle (JSON-LD) and as an IPTC ninjs item.
    """
    with reading(request) as session:
        kept = read_article(session, checked_id("article", article_id))
        form = preferred(request, (JSON, *STORY_FORMS))
        known = identifiers_known(session, entity_ids(kept.analysis)) if form == LD else {}
    told = kept.view, kept.text, kept.analysis, partial(address, request)
    if form == LD:  # without a date: it tells what authorities say by now
        return answer(request, write_json(news_article(*told, known)), media_type=form)
    utf16 = question.offset_unit == "utf16"
    body = article_body(kept, utf16=utf16) if form == JSON else write_json(ninjs_item(*told))
    return answer(request, body, media_type=form, modified=kept.view.updated_at)


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
        problems.PRECONDITION_REQUIRED,
    ),
    openapi_extra=STORY_BODY,
    response_model=None,
)
@requires("ingest", audited=True)
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
    responses={
        204: {"description": "It is gone."},
        **errors(problems.NOT_FOUND, problems.PRECONDITION_FAILED, problems.PRECONDITION_REQUIRED),
    },
    response_model=None,
)
@requires("ingest", audited=True)
def remove_article(request: Request, article_id: str, _question: Annotated[Question, Query()]) -> Response:
    """Delete an article with its revisions and everything found in them."""
    parts_of(request).intake.remove(checked_id("article", article_id), unchanged(request))
    return Response(status_code=204)
