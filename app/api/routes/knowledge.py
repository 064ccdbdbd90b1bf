"""Who is who across stories: links to review, merges and splits, sayings, company."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Annotated, Literal

from fastapi import Body, Query, Request
from pydantic import BaseModel, ConfigDict, Field
from sqlalchemy.orm import Session
from starlette.responses import Response

from app.api import columns, examples, problems, schemas
from app.api import knowledge_shapes as shapes
from app.api.bodies import StrictRoute
from app.api.lists import answer_pages
from app.api.openapi import WISH_PROBLEMS, errors, lists, reads
from app.api.parameters import Key, PageQuestion, Question, Words, checked_id, router_of
from app.api.parts import parts_of, reading
from app.api.representations import answer_json, check_accepts
from app.api.shapes import Json, issue_shape
from app.errors import InputError, MovedError, NotFoundError
from app.store import company, entities, issue_merging, issues, merging, open_links, sayings
from app.store.paging import PageRequest
from app.store.scopes import requires

router = router_of("knowledge", route_class=StrictRoute)

JSON = "application/json"
Kind = Literal["person", "organization"]
_MOST_ARTICLES = 1_000


class LinksQuestion(PageQuestion):
    """Which links."""

    state: Annotated[Literal["open", "accepted", "rejected"], Field(description="What was decided.")] = "open"
    type: Annotated[Kind | None, Field(description="Links of people, or of organizations.")] = None


class ChangesQuestion(PageQuestion):
    """Which merges and splits."""

    entity: Annotated[Key | None, Field(description="The id of a person, organization or issue.")] = None


class SayingsQuestion(PageQuestion):
    """Which sayings."""

    speaker: Annotated[Key | None, Field(description="The id of the person or organization who speaks.")] = None
    min_sightings: Annotated[int, Field(ge=1, le=10_000, description="The fewest places.")] = 2


class _Wish(BaseModel):
    model_config = ConfigDict(extra="forbid")


class Decision(_Wish):
    """Whether a link holds."""

    decision: Literal["accept", "reject"]


class Merge(_Wish):
    """What this becomes part of, and why."""

    into: Key
    note: Words | None = None


class Split(_Wish):
    """The articles in which another is meant, and why."""

    articles: Annotated[list[Key], Field(min_length=1, max_length=_MOST_ARTICLES)]
    note: Words | None = None


class SplitLabels(_Wish):
    """The labels that are another issue's, and why."""

    labels: Annotated[list[Words], Field(min_length=1, max_length=_MOST_ARTICLES)]
    note: Words | None = None


def _changed(example: Json) -> dict[int | str, dict[str, object]]:
    return {
        200: {
            "model": shapes.KnowledgeChange,
            "content": {JSON: {"example": example}},
            "headers": {"ETag": {"schema": {"type": "string"}}},
        },
        **errors(problems.NOT_FOUND, problems.MOVED_WRITE, problems.CONFLICT, *WISH_PROBLEMS),
    }


@router.get(
    "/links",
    operation_id="listLinks",
    summary="Links to review, the latest first",
    responses=lists(schemas.Page[shapes.Link], examples.page_of(shapes.LINK)),
    response_model=None,
)
def list_links(request: Request, question: Annotated[LinksQuestion, Query()]) -> Response:
    """Return links that are likely but not sure: that somebody in a story may be somebody known."""

    def read(session: Session, page: PageRequest) -> tuple[list[Json], str | None]:
        found = open_links.open_links(session, question.state, page, question.type)
        return [shapes.link_shape(view) for view in found.items], found.next

    return answer_pages(request, question, columns.LINKS, read)


@router.post(
    "/links/{link_id}",
    operation_id="decideLink",
    summary="Accept or reject a link",
    responses={
        200: {"model": shapes.Link, "content": {JSON: {"example": {**shapes.LINK, "state": "accepted"}}}},
        **errors(problems.NOT_FOUND, problems.CONFLICT, *WISH_PROBLEMS),
    },
    response_model=None,
)
@requires("review", audited=True)
def decide_link(
    request: Request, link_id: str, wish: Annotated[Decision, Body()], _question: Annotated[Question, Query()]
) -> Response:
    """Say whether a link holds. Who is accepted to be somebody known is merged into them."""
    check_accepts(request, JSON)
    with parts_of(request).store.writing() as session:
        view = open_links.decide_link(session, checked_id("link", link_id), wish.decision)
    return answer_json(request, shapes.link_shape(view))


@router.get(
    "/merges",
    operation_id="listMerges",
    summary="Merges and splits, the latest first",
    responses=lists(schemas.Page[shapes.KnowledgeChange], examples.page_of(shapes.CHANGE)),
    response_model=None,
)
def list_changes(request: Request, question: Annotated[ChangesQuestion, Query()]) -> Response:
    """Return what was merged and split, and whether it was undone."""

    def read(session: Session, page: PageRequest) -> tuple[list[Json], str | None]:
        found = merging.changes(session, question.entity, page)
        return [shapes.change_shape(view) for view in found.items], found.next

    return answer_pages(request, question, columns.MERGES, read)


@router.post(
    "/merges/{change_id}/undo",
    operation_id="undoMerge",
    summary="Undo a merge or a split",
    responses=_changed({**shapes.CHANGE, "undone_at": shapes.MOMENT}),
    response_model=None,
)
@requires("review", audited=True)
def undo_change(request: Request, change_id: str, _question: Annotated[Question, Query()]) -> Response:
    """Put back what a merge or a split changed, as far as its stories were not annotated anew since."""
    check_accepts(request, JSON)
    with parts_of(request).store.writing() as session:
        key = checked_id("change", change_id)
        issue = merging.change(session, key).type == "issue"
        view = issue_merging.undo_issue_change(session, key) if issue else merging.undo(session, key)
    return answer_json(request, shapes.change_shape(view))


@router.get(
    "/sayings",
    operation_id="listSayings",
    summary="The same words in several stories",
    responses=lists(schemas.Page[shapes.Saying], examples.page_of(shapes.SAYING)),
    response_model=None,
)
def list_sayings(request: Request, question: Annotated[SayingsQuestion, Query()]) -> Response:
    """Return quotes that stand in several stories, those in most places first."""

    def read(session: Session, page: PageRequest) -> tuple[list[Json], str | None]:
        found = sayings.sayings(session, page, question.speaker, question.min_sightings)
        return [shapes.saying_shape(view) for view in found.items], found.next

    return answer_pages(request, question, columns.SAYINGS, read)


@router.get(
    "/quotes/{quote_id}/sightings",
    operation_id="getSightings",
    summary="Where the same words stand",
    responses=reads(shapes.Saying, shapes.SAYING, problems.NOT_FOUND),
    response_model=None,
)
def get_sightings(request: Request, quote_id: str, _question: Annotated[Question, Query()]) -> Response:
    """Return the longest form of a quote's words, and every story that has them, whole or cut."""
    with reading(request) as session:
        view = sayings.saying_of_quote(session, checked_id("quote", quote_id))
    return answer_json(request, shapes.saying_shape(view))


@router.get(
    "/issues/{issue_id}",
    operation_id="getIssue",
    summary="An issue with its labels",
    responses=reads(
        shapes.IssueWithLabels, {**examples.ISSUE, "labels": [shapes.LABEL]}, problems.NOT_FOUND, problems.MOVED
    ),
    response_model=None,
)
def get_issue(request: Request, issue_id: str, _question: Annotated[Question, Query()]) -> Response:
    """Return an issue under the label it is known best by, with all labels and why each is of the issue."""
    with reading(request) as session:
        view = issues.issue(session, checked_id("issue", issue_id))
        labels = issue_merging.labels_of(session, view.id)
    return answer_json(request, {**issue_shape(view), "labels": [shapes.label_shape(label) for label in labels]})


@router.get(
    "/issues/{issue_id}/company",
    operation_id="getIssueCompany",
    summary="Who stands in an issue's stories",
    responses=reads(shapes.Company, shapes.COMPANY, problems.NOT_FOUND, problems.MOVED),
    response_model=None,
)
def get_issue_company(request: Request, issue_id: str, _question: Annotated[Question, Query()]) -> Response:
    """Return the hundred who stand in most of the stories of its latest thousand stances."""
    with reading(request) as session:
        key = issues.issue_key(session, checked_id("issue", issue_id))
        found = company.issue_company(session, key)
    return answer_json(request, shapes.company_shape(found))


@router.post(
    "/issues/{issue_id}/merge",
    operation_id="mergeIssue",
    summary="Make one issue of two",
    responses=_changed({**shapes.CHANGE, "type": "issue"}),
    response_model=None,
)
@requires("review", audited=True)
def merge_issue(
    request: Request, issue_id: str, wish: Annotated[Merge, Body()], _question: Annotated[Question, Query()]
) -> Response:
    """Say that an issue's labels are another's. The old address then leads to the other."""
    check_accepts(request, JSON)
    with parts_of(request).store.writing() as session:
        source = issues.issue_key(session, checked_id("issue", issue_id))
        with _named_by("into"):
            target = issues.issue_key(session, checked_id("issue", wish.into))
        view = issue_merging.merge_issues(session, source, target, wish.note)
    return answer_json(request, shapes.change_shape(view))


@router.post(
    "/issues/{issue_id}/split",
    operation_id="splitIssue",
    summary="Make two issues of one",
    responses=_changed({**shapes.CHANGE, "type": "issue", "action": "split"}),
    response_model=None,
)
@requires("review", audited=True)
def split_issue(
    request: Request, issue_id: str, wish: Annotated[SplitLabels, Body()], _question: Annotated[Question, Query()]
) -> Response:
    """Say that some labels are of another issue."""
    check_accepts(request, JSON)
    with parts_of(request).store.writing() as session:
        key = issues.issue_key(session, checked_id("issue", issue_id))
        view = issue_merging.split_issue(session, key, wish.labels, wish.note)
    return answer_json(request, shapes.change_shape(view))


@contextmanager
def _named_by(field: str) -> Iterator[None]:
    """Say of what a field of the body names that it is wrong: the address that was asked is not."""
    try:
        yield
    except MovedError as error:
        raise InputError(field, f"{error.key} was merged into {error.place}: name that") from error
    except NotFoundError as error:
        raise InputError(field, str(error)) from error


def add_entity_routes(kind: Kind, noun: str, name: str) -> None:
    """Add the routes of one kind of entity."""

    @router.get(
        f"/{noun}/{{entity_id}}/links",
        operation_id=f"list{name}Links",
        summary="How each story was linked to them",
        responses=lists(
            schemas.Page[shapes.StoryLink], examples.page_of(shapes.STORY_LINK), problems.NOT_FOUND, problems.MOVED
        ),
        response_model=None,
    )
    def list_story_links(request: Request, entity_id: str, question: Annotated[PageQuestion, Query()]) -> Response:
        """Return the stories' names for them, with the score and the reasons of each link."""
        with reading(request) as session:
            key = entities.entity_key(session, checked_id(kind, entity_id), kind)

        def read(session: Session, page: PageRequest) -> tuple[list[Json], str | None]:
            found = company.links(session, key, page)
            return [shapes.story_link_shape(view) for view in found.items], found.next

        return answer_pages(request, question, columns.STORY_LINKS, read)

    @router.get(
        f"/{noun}/{{entity_id}}/company",
        operation_id=f"get{name}Company",
        summary="Who stands in the same stories",
        responses=reads(shapes.Company, shapes.COMPANY, problems.NOT_FOUND, problems.MOVED),
        response_model=None,
    )
    def get_company(request: Request, entity_id: str, _question: Annotated[Question, Query()]) -> Response:
        """Return the hundred who stand in most of their latest thousand stories."""
        with reading(request) as session:
            key = entities.entity_key(session, checked_id(kind, entity_id), kind)
            found = company.company(session, key)
        return answer_json(request, shapes.company_shape(found))

    @router.post(
        f"/{noun}/{{entity_id}}/merge",
        operation_id=f"merge{name}",
        summary="Make one of two",
        responses=_changed(shapes.CHANGE),
        response_model=None,
    )
    @requires("review", audited=True)
    def merge(
        request: Request, entity_id: str, wish: Annotated[Merge, Body()], _question: Annotated[Question, Query()]
    ) -> Response:
        """Say that all that stories say of this one is said of another. The old address then leads to the other."""
        check_accepts(request, JSON)
        with parts_of(request).store.writing() as session:
            source = entities.entity_key(session, checked_id(kind, entity_id), kind)
            with _named_by("into"):
                target = entities.entity_key(session, checked_id(kind, wish.into), kind)
            view = merging.merge(session, source, target, wish.note)
        return answer_json(request, shapes.change_shape(view))

    @router.post(
        f"/{noun}/{{entity_id}}/split",
        operation_id=f"split{name}",
        summary="Make two of one",
        responses=_changed({**shapes.CHANGE, "action": "split"}),
        response_model=None,
    )
    @requires("review", audited=True)
    def split(
        request: Request, entity_id: str, wish: Annotated[Split, Body()], _question: Annotated[Question, Query()]
    ) -> Response:
        """Say that some articles mean another of the same name."""
        check_accepts(request, JSON)
        with parts_of(request).store.writing() as session:
            key = entities.entity_key(session, checked_id(kind, entity_id), kind)
            view = merging.split(session, key, wish.articles, wish.note)
        return answer_json(request, shapes.change_shape(view))


add_entity_routes("person", "people", "Person")
add_entity_routes("organization", "organizations", "Organization")
