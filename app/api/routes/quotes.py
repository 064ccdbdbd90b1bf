"""Quotes across stories."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import Annotated, Any

from fastapi import Query, Request
from sqlalchemy.orm import Session
from starlette.responses import Response

from app.api import columns, examples, problems, schemas, search_schemas
from app.api.exports import exported
from app.api.list_parameters import OwnQuotesQuestion, QuotesQuestion
from app.api.lists import answer_list, counted, highlighted, included_with, written
from app.api.openapi import lists, reads
from app.api.parameters import OffsetQuestion, checked_id, router_of
from app.api.parts import reading
from app.api.representations import answer_json
from app.api.shapes import entity_shape
from app.knowledge.link import is_entity_id
from app.store import quotes
from app.store.filters import QuoteFilter
from app.store.paging import PageRequest
from app.store.suggestions import known_as
from app.store.views import EntityView

router = router_of("quotes")

MOST_OF_ONE_NAME = 25
"""So many people and bodies whom one name fits are asked about, at most."""


@router.get(
    "/quotes",
    operation_id="listQuotes",
    summary="Quotes, the newest story's first",
    responses=lists(search_schemas.QuotePage, examples.page_of(examples.QUOTE)),
    response_model=None,
)
def list_quotes(request: Request, question: Annotated[QuotesQuestion, Query()]) -> Response:
    """Return quotes of current revisions. All filters that are given must hold.

    With `speaker` and `about`: what somebody said about something, by `sort=relevance` the most fitting first.
    """
    with reading(request) as session:
        who = question.speaker
        if who is None or is_entity_id(who):
            return answer_quotes(request, session, question, question.filter(who))
        known = known_as(session, who, MOST_OF_ONE_NAME)
        narrowed = question.filter(speakers=tuple(view.id for view in known))
        return answer_quotes(request, session, question, narrowed, known)


def answer_quotes(
    request: Request,
    session: Session,
    question: OwnQuotesQuestion,
    narrowed: QuoteFilter,
    speakers: Sequence[EntityView] | None = None,
) -> Response:
    """Return quotes, in the form that the client wants; ``speakers`` are whom a name that was given fits."""

    def read(session: Session, page: PageRequest) -> tuple[list[Any], str | None]:
        found = quotes.quotes(session, narrowed, page)
        return written(session, (view.json for view in found.items), question.offset_unit), found.next

    export = exported(request, question, columns.QUOTES, read)
    if export is not None:
        return export
    found = quotes.quotes(session, narrowed, question.page())
    items = written(session, (view.json for view in found.items), question.offset_unit)
    facets = counted(request, session, question.facet, partial(quotes.quote_facets, session, narrowed))
    beside = {
        "facets": facets,
        "included": included_with(session, question.include, items),
        "highlights": highlighted(session, found.items, quotes.wanted_of(narrowed), question.offset_unit),
        "speakers": None if speakers is None else [entity_shape(view) for view in speakers],
    }
    return answer_list(request, items, found.next, question.fields, beside=beside)


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
