"""Quotes across stories."""

from __future__ import annotations

from functools import partial
from typing import Annotated, Any

from fastapi import APIRouter, Query, Request
from sqlalchemy.orm import Session
from starlette.responses import Response

from app.api import columns, examples, problems, schemas
from app.api.exports import FORMS, exported
from app.api.list_parameters import OwnQuotesQuestion, QuotesQuestion
from app.api.lists import answer_list, counted, included_with, written
from app.api.openapi import in_forms, reads
from app.api.parameters import OffsetQuestion, checked_id
from app.api.parts import reading
from app.api.representations import answer_json
from app.store import quotes
from app.store.filters import QuoteFilter
from app.store.paging import PageRequest

router = APIRouter(tags=["quotes"])


@router.get(
    "/quotes",
    operation_id="listQuotes",
    summary="Quotes, the newest story's first",
    responses=in_forms(reads(schemas.ListPage[schemas.Quote], examples.page_of(examples.QUOTE), paged=True), FORMS),
    response_model=None,
)
def list_quotes(request: Request, question: Annotated[QuotesQuestion, Query()]) -> Response:
    """Return quotes of current revisions. All filters that are given must hold."""
    with reading(request) as session:
        return answer_quotes(request, session, question, question.filter(question.speaker))


def answer_quotes(request: Request, session: Session, question: OwnQuotesQuestion, narrowed: QuoteFilter) -> Response:
    """Return quotes, in the form that the client wants."""

    def read(session: Session, page: PageRequest) -> tuple[list[Any], str | None]:
        found = quotes.quotes(session, narrowed, page)
        return written(session, (view.json for view in found.items), question.offset_unit), found.next

    export = exported(request, question, columns.QUOTES, read)
    if export is not None:
        return export
    items, following = read(session, question.page())
    facets = counted(request, session, question.facet, partial(quotes.quote_facets, session, narrowed))
    included = included_with(session, question.include, items)
    return answer_list(request, items, following, question.fields, facets=facets, included=included)


@router.get(
    "/quotes/{quote_id}",
    operation_id="getQuote",
    summary="A quote",
    responses=reads(schemas.Quote, examples.QUOTE, problems.NOT_FOUND),
    response_model=None,
)
def get_quote(request: Request, quote_id: str, question: Annotated[OffsetQuestion, Query()]) -> Response:
    """Return one quote of a current revision."""
    with reading(request) as session:
        view = quotes.quote(session, checked_id("quote", quote_id))
        [item] = written(session, [view.json], question.offset_unit)
    return answer_json(request, item)
