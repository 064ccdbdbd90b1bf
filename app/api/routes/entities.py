"""People and organizations across stories: the same routes for both."""

from __future__ import annotations

from functools import partial
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Query, Request
from sqlalchemy.orm import Session
from starlette.responses import Response

from app.api import columns, examples, position_schemas, problems, schemas, search_schemas
from app.api.exports import exported
from app.api.extensions import JSON, LD
from app.api.linked_data import known_thing
from app.api.list_parameters import ArticlesQuestion, EntitiesQuestion, OwnPositionsQuestion, OwnQuotesQuestion
from app.api.lists import answer_list, counted
from app.api.openapi import in_forms, lists, reads
from app.api.parameters import Question, checked_id, router_of
from app.api.parts import reading
from app.api.representations import address, answer, preferred, write_json
from app.api.routes.articles import answer_articles
from app.api.routes.positions import answer_positions
from app.api.routes.quotes import answer_quotes
from app.api.shapes import Json, entity_shape, tenure_shape
from app.store import entities
from app.store.offices import tenures
from app.store.paging import PageRequest

Kind = Literal["person", "organization"]


def entity_routes(kind: Kind, noun: str, name: str, example: Json) -> APIRouter:
    """Return the routes of one kind of entity: under ``/<noun>``, with operation ids that end in ``name``."""
    router = router_of(noun, prefix=f"/{noun}")
    plural = noun.capitalize()

    @router.get(
        "",
        operation_id=f"list{plural}",
        summary=f"{plural}, by name",
        responses=lists(schemas.ListPage[schemas.KnownEntity], examples.page_of(example)),
        response_model=None,
    )
    def list_entities(request: Request, question: Annotated[EntitiesQuestion, Query()]) -> Response:
        """Return those that stories mention. All filters that are given must hold."""

        def read(session: Session, page: PageRequest) -> tuple[list[Any], str | None]:
            found = entities.entities(session, question.filter(kind), page)
            return [entity_shape(view) for view in found.items], found.next

        export = exported(request, question, columns.ENTITIES, read)
        if export is not None:
            return export
        with reading(request) as session:
            items, following = read(session, question.page())
            count = partial(entities.entity_facets, session, question.filter(kind))
            facets = counted(request, session, question.facet, count)
        return answer_list(request, items, following, question.fields, beside={"facets": facets})

    @router.get(
        "/{entity_id}",
        operation_id=f"get{name}",
        summary=f"One of the {noun}",
        responses=in_forms(
            reads(schemas.KnownEntity, example, problems.NOT_FOUND, problems.MOVED),
            {LD: f"The {kind} as a schema.org {kind.capitalize()}."},
        ),
        response_model=None,
    )
    def get_entity(request: Request, entity_id: str, _question: Annotated[Question, Query()]) -> Response:
        """Return names, identifiers and offices, the latest stories' first. Also as schema.org knows them (JSON-LD)."""
        with reading(request) as session:
            view = entities.entity(session, checked_id(kind, entity_id), kind)
        shape = entity_shape(view)
        form = preferred(request, (JSON, LD))
        content = shape if form == JSON else known_thing(shape, partial(address, request))
        return answer(request, write_json(content), media_type=form)

    @router.get(
        "/{entity_id}/quotes",
        operation_id=f"list{name}Quotes",
        summary="What they said",
        responses=lists(search_schemas.QuotePage, examples.page_of(examples.QUOTE), problems.NOT_FOUND, problems.MOVED),
        response_model=None,
    )
    def list_quotes(request: Request, entity_id: str, question: Annotated[OwnQuotesQuestion, Query()]) -> Response:
        """Return the quotes that they speak, the newest story's first."""
        with reading(request) as session:
            key = entities.entity_key(session, checked_id(kind, entity_id), kind)
            return answer_quotes(request, session, question, question.filter(key))

    @router.get(
        "/{entity_id}/positions",
        operation_id=f"list{name}Positions",
        summary="Where they stand and what they hold",
        responses=lists(
            schemas.ListPage[schemas.Position],
            examples.page_of(examples.OFFICE, examples.STANCE),
            problems.NOT_FOUND,
            problems.MOVED,
        ),
        response_model=None,
    )
    def list_positions(
        request: Request, entity_id: str, question: Annotated[OwnPositionsQuestion, Query()]
    ) -> Response:
        """Return stances and offices that concern them: as holder, as person in office, as its organization."""
        with reading(request) as session:
            key = entities.entity_key(session, checked_id(kind, entity_id), kind)
            return answer_positions(request, session, question, question.filter(entity_id=key))

    @router.get(
        "/{entity_id}/articles",
        operation_id=f"list{name}Articles",
        summary="The articles that mention them",
        responses=lists(
            schemas.ListPage[schemas.ArticleSummary],
            examples.page_of(examples.SUMMARY),
            problems.NOT_FOUND,
            problems.MOVED,
        ),
        response_model=None,
    )
    def list_articles(request: Request, entity_id: str, question: Annotated[ArticlesQuestion, Query()]) -> Response:
        """Return the articles whose current revision mentions them, the newest first."""
        with reading(request) as session:
            key = entities.entity_key(session, checked_id(kind, entity_id), kind)
            return answer_articles(request, session, question, question.filter(key))

    return router


def _add_offices(router: APIRouter) -> APIRouter:
    """Return the routes of people with that of their offices: only people hold any."""

    @router.get(
        "/{entity_id}/offices",
        operation_id="listPersonOffices",
        summary="The offices they hold and held, over time",
        responses=lists(
            schemas.Page[position_schemas.Tenure],
            examples.page_of(examples.TENURE),
            problems.NOT_FOUND,
            problems.MOVED,
            paged=False,
        ),
        response_model=None,
    )
    def list_offices(request: Request, entity_id: str, _question: Annotated[Question, Query()]) -> Response:
        """Return the posts that stories state for them, in the order in which dated stories first state them.

        A timeline of statements: the dates are those of the stories, not of the appointment. It has one page.
        """
        with reading(request) as session:
            found = tenures(session, entities.entity_key(session, checked_id("person", entity_id), "person"))
        return answer_list(request, [tenure_shape(view) for view in found], None, columns=columns.OFFICES)

    return router


people = _add_offices(entity_routes("person", "people", "Person", examples.KNOWN_PERSON))
organizations = entity_routes("organization", "organizations", "Organization", examples.KNOWN_ORGANIZATION)
