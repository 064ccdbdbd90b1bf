"""Stories that are the same or alike: where one was seen, and which belong together."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

from fastapi import Query, Request
from pydantic import Field
from sqlalchemy.orm import Session
from starlette.responses import Response

from app.api import columns, examples, problems, schemas
from app.api.lists import answer_list
from app.api.openapi import lists, reads
from app.api.parameters import Question, checked_id, router_of
from app.api.parts import reading
from app.api.representations import answer_json
from app.api.schemas import Shape
from app.api.shapes import Json, summary_shape
from app.store import articles, stories
from app.store.stories import Sighting as SightingView
from app.store.stories import StoryGroup as GroupView

router = router_of("articles")


class Sighting(Shape):
    """Where a story was seen: handed in so many times with this source, address and id."""

    source: str | None
    url: str | None
    external_id: str | None
    published_at: datetime | None
    first_seen_at: datetime
    last_seen_at: datetime
    times: Annotated[int, Field(ge=1)]


class Overlap(Shape):
    """What two stories share, by runs of five words."""

    resemblance: Annotated[float, Field(ge=0, le=1, description="The share of all runs of both that both have.")]
    containment: Annotated[float, Field(ge=0, le=1, description="The share of the shorter one's runs.")]


class Member(Shape):
    """A story of a group."""

    article: schemas.ArticleSummary
    like: Annotated[str | None, Field(description="The id of the article it was found to be like; null for the first.")]
    overlap: Annotated[Overlap | None, Field(description="What it shares with that one.")]


class StoryGroup(Shape):
    """Stories that are alike: a wire story in several papers, an update with new paragraphs."""

    id: Annotated[str | None, Field(description="Null when no other story is like this one.")]
    items: list[Member]


_SIGHTING: Json = {
    "source": "The Harbor Courier",
    "url": "https://courier.example/city/bridge",
    "external_id": "courier-20240305-17",
    "published_at": examples.MOMENT,
    "first_seen_at": examples.MOMENT,
    "last_seen_at": examples.MOMENT,
    "times": 1,
}
_GROUP: Json = {
    "id": "018e0f3a5c7d7b1e9a4f2c6d8e0b1a38",
    "items": [
        {"article": examples.SUMMARY, "like": None, "overlap": None},
        {
            "article": {**examples.SUMMARY, "id": "018e0f3a5c7d7b1e9a4f2c6d8e0b1a39"},
            "like": examples.ARTICLE_ID,
            "overlap": {"resemblance": 0.71, "containment": 0.98},
        },
    ],
}


@router.get(
    "/articles/{article_id}/sightings",
    operation_id="listArticleSightings",
    summary="Where an article was seen",
    responses=lists(schemas.Page[Sighting], examples.page_of(_SIGHTING), problems.NOT_FOUND, paged=False),
    response_model=None,
)
def list_sightings(request: Request, article_id: str, _question: Annotated[Question, Query()]) -> Response:
    """Return with which sources, addresses and ids this text was handed in, and when first and last."""
    with reading(request) as session:
        found = stories.sightings(session, checked_id("article", article_id))
    return answer_list(request, [sighting_shape(view) for view in found], None, columns=columns.SIGHTINGS)


@router.get(
    "/articles/{article_id}/similar",
    operation_id="getSimilarArticles",
    summary="The articles that are like this one",
    responses=reads(StoryGroup, _GROUP, problems.NOT_FOUND),
    response_model=None,
)
def get_similar(request: Request, article_id: str, _question: Annotated[Question, Query()]) -> Response:
    """Return the group of stories that this one is of, with what each shares with the one it is like."""
    with reading(request) as session:
        group = stories.group_of(session, checked_id("article", article_id))
        content = {"id": None, "items": []} if group is None else group_shape(session, group)
    return answer_json(request, content)


@router.get(
    "/story-groups/{group_id}",
    operation_id="getStoryGroup",
    summary="Stories that are alike",
    responses=reads(StoryGroup, _GROUP, problems.NOT_FOUND),
    response_model=None,
)
def get_story_group(request: Request, group_id: str, _question: Annotated[Question, Query()]) -> Response:
    """Return the stories of a group, the first received first."""
    with reading(request) as session:
        content = group_shape(session, stories.story_group(session, checked_id("group", group_id)))
    return answer_json(request, content)


def sighting_shape(view: SightingView) -> Json:
    """Return a sighting as answers show it."""
    return {name: getattr(view, name) for name in _SIGHTING}


def group_shape(session: Session, group: GroupView) -> Json:
    """Return a group with its articles."""
    views = articles.articles_by_id(session, [member.article_id for member in group.members])
    items = [
        {
            "article": summary_shape(views[member.article_id]),
            "like": member.like_id,
            "overlap": member.overlap
            and {"resemblance": member.overlap.resemblance, "containment": member.overlap.containment},
        }
        for member in group.members
        if member.article_id in views
    ]
    return {"id": group.id, "items": items}
