"""Quotes across stories."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query, Request
from starlette.responses import Response

from app.api import examples, problems, schemas
from app.api.openapi import reads
from app.api.parameters import Question, QuotesQuestion, checked_id
from app.api.parts import reading
from app.api.representations import answer_json, answer_page
from app.store import quotes
from app.store.filters import QuoteFilter

router = APIRouter(tags=["quotes"])


@router.get(
    "/quotes",
    operation_id="listQuotes",
    summary="Quotes, the newest story's first",
    responses=reads(schemas.Page[schemas.Quote], examples.page_of(examples.QUOTE), paged=True),
    response_model=None,
)
def list_quotes(request: Request, question: Annotated[QuotesQuestion, Query()]) -> Response:
    """Return quotes of current revisions. All filters that are given must hold."""
    narrowed = QuoteFilter(
        q=question.q,
        article_id=question.article,
        speaker_id=question.speaker,
        status=question.status,
        type=question.type,
        confidence=question.min_confidence,
    )
    with reading(request) as session:
        page = quotes.quotes(session, narrowed, question.page())
    return answer_page(request, [view.document for view in page.items], page.next)


@router.get(
    "/quotes/{quote_id}",
    operation_id="getQuote",
    summary="A quote",
    responses=reads(schemas.Quote, examples.QUOTE, problems.NOT_FOUND),
    response_model=None,
)
def get_quote(request: Request, quote_id: str, _question: Annotated[Question, Query()]) -> Response:
    """Return one quote of a current revision."""
    with reading(request) as session:
        view = quotes.quote(session, checked_id("quote", quote_id))
    return answer_json(request, view.document)
