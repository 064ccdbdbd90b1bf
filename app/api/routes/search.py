"""One question over stories, names, quotes and issues; names as they are being typed."""

from __future__ import annotations

from typing import Annotated

from fastapi import Query, Request
from starlette.responses import Response

from app.api import examples, search_schemas
from app.api.lists import highlighted, written
from app.api.openapi import reads
from app.api.parameters import SearchQuestion, SuggestQuestion, router_of
from app.api.parts import reading
from app.api.representations import answer_json
from app.api.shapes import Json, entity_shape, issue_shape, summary_shape
from app.domain.annotation import EntityType
from app.store import articles, issues, quotes
from app.store.filters import QuoteFilter
from app.store.paging import PageRequest
from app.store.suggestions import Suggestion, suggestions, suggestions_of

router = router_of("search")


@router.get(
    "/search",
    operation_id="search",
    summary="Search stories, people, organizations, quotes and issues",
    responses=reads(search_schemas.Found, examples.FOUND),
    response_model=None,
)
def search(request: Request, question: Annotated[SearchQuestion, Query()]) -> Response:
    """Return the first of each kind, the most fitting first.

    Stories and quotes have all of the words, people and organizations a name with a word that begins so, issues a label
    that begins so or a stance with all of the words.
    """
    q, limit = question.q, question.limit
    narrowed = QuoteFilter(q=q, relevance=True)
    with reading(request) as session:
        said = quotes.quotes(session, narrowed, PageRequest(limit)).items
        people, bodies = suggestions_of(session, q, (("person",), ("organization",)), limit)
        found = {
            "query": q,
            "articles": [summary_shape(view) for view in articles.relevant_articles(session, q, limit)],
            "people": [entity_shape(s.entity) for s in people],
            "organizations": [entity_shape(s.entity) for s in bodies],
            "quotes": written(session, (view.json for view in said), question.offset_unit),
            "issues": [issue_shape(view) for view in issues.issues_of_words(session, q, limit)],
            "highlights": highlighted(session, said, quotes.wanted_of(narrowed), question.offset_unit),
        }
    return answer_json(request, found)


@router.get(
    "/suggest",
    operation_id="suggest",
    summary="Complete a name",
    responses=reads(search_schemas.Suggestions, examples.SUGGESTIONS),
    response_model=None,
)
def suggest(request: Request, question: Annotated[SuggestQuestion, Query()]) -> Response:
    """Return people and organizations with a name of which a word begins as typed, whatever the case and the accents.

    Those that stories are most about come first.
    """
    kinds: tuple[EntityType, ...] = ("person", "organization") if question.type is None else (question.type,)
    with reading(request) as session:
        found = suggestions(session, question.q, kinds, question.limit)
    return answer_json(request, {"items": [suggestion_shape(suggestion) for suggestion in found]})


def suggestion_shape(suggestion: Suggestion) -> Json:
    """Return a suggestion as answers show it."""
    view = suggestion.entity
    return {
        "id": view.id,
        "type": view.type,
        "name": view.name,
        "match": suggestion.match,
        "office": view.offices[0].title if view.offices else None,
        "articles": view.articles,
    }
