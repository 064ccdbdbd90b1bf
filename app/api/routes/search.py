"""One question over stories, names and quotes."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query, Request
from starlette.responses import Response

from app.api import examples, schemas
from app.api.lists import written
from app.api.openapi import reads
from app.api.parameters import SearchQuestion
from app.api.parts import reading
from app.api.representations import answer_json
from app.api.shapes import entity_shape, summary_shape
from app.store import articles, entities, quotes
from app.store.filters import ArticleFilter, EntityFilter, QuoteFilter
from app.store.paging import PageRequest

router = APIRouter(tags=["search"])


@router.get(
    "/search",
    operation_id="search",
    summary="Search stories, people, organizations and quotes",
    responses=reads(schemas.Found, examples.FOUND),
    response_model=None,
)
def search(request: Request, question: Annotated[SearchQuestion, Query()]) -> Response:
    """Return the first of each kind: stories and quotes with all of the words, names with one that starts so."""
    page = PageRequest(question.limit)
    with reading(request) as session:
        stories = articles.articles(session, ArticleFilter(q=question.q), page).items
        people = entities.entities(session, EntityFilter(type="person", prefix=question.q), page).items
        bodies = entities.entities(session, EntityFilter(type="organization", prefix=question.q), page).items
        words = quotes.quotes(session, QuoteFilter(q=question.q), page).items
        shown = written(session, (view.json for view in words), "codepoint")
    found = {
        "query": question.q,
        "articles": [summary_shape(view) for view in stories],
        "people": [entity_shape(view) for view in people],
        "organizations": [entity_shape(view) for view in bodies],
        "quotes": shown,
    }
    return answer_json(request, found)
