"""Feeds that are followed: asked for what is new on a schedule, and their stories taken in."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Literal

from fastapi import Query, Request
from pydantic import BaseModel, ConfigDict, Field
from sqlalchemy.orm import Session
from starlette.responses import Response

from app.api import columns, examples, problems, schemas
from app.api.lists import answer_pages
from app.api.openapi import WISH_PROBLEMS, errors, lists, reads
from app.api.parameters import PageQuestion, Question, checked_id, router_of
from app.api.parts import parts_of, reading
from app.api.representations import address, answer_json, check_accepts
from app.api.schemas import Shape
from app.api.shapes import Json
from app.ingest.fields import Label, Url
from app.store import feeds
from app.store.feeds import FeedView, NewFeed
from app.store.paging import PageRequest
from app.store.scopes import requires

router = router_of("feeds", prefix="/feeds")

CREATED = 201
ACCEPTED = 202
SHORTEST, LONGEST = 60, 86_400


class FeedRequest(BaseModel):
    """A feed to follow."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)

    url: Annotated[Url, Field(description="The feed's address: RSS, Atom or JSON Feed.")]
    source: Annotated[Label | None, Field(description="Who publishes it; the feed's own title by default.")] = None
    pages: Annotated[
        bool, Field(description="Fetch the page of each entry; else take what the feed itself holds of it.")
    ] = True
    interval: Annotated[int, Field(ge=SHORTEST, le=LONGEST, description="Seconds between two polls, at least.")] = 900


class Feed(Shape):
    """A feed that is followed, and how it went last."""

    id: str
    url: str
    source: str | None
    pages: bool
    interval: Annotated[int, Field(description="Seconds between two polls, at least.")]
    state: Annotated[Literal["active", "gone"], Field(description="Gone: its server says it is, for good.")]
    title: str | None
    language: str | None
    created_at: datetime
    polled_at: datetime | None
    next_poll_at: datetime | None
    failures: Annotated[int, Field(description="Since it last answered: each doubles the time to the next poll.")]
    error: Annotated[str | None, Field(description="What went wrong the last time.")]
    entries: Annotated[int, Field(description="How many entries were handed on so far.")]
    ingestion_id: Annotated[str | None, Field(description="The ingestion that the latest of them are in.")]


EXAMPLE: Json = {
    "id": "018e0f3a5c7d7b1e9a4f2c6d8e0b1a36",
    "url": "https://courier.example/feeds/city",
    "source": None,
    "pages": True,
    "interval": 900,
    "state": "active",
    "title": "The Harbor Courier: City",
    "language": "en",
    "created_at": examples.MOMENT,
    "polled_at": examples.MOMENT,
    "next_poll_at": "2024-03-05T08:45:00Z",
    "failures": 0,
    "error": None,
    "entries": 20,
    "ingestion_id": "018e0f3a5c7d7b1e9a4f2c6d8e0b1a37",
}
_WRITTEN = {"content": {"application/json": {"example": EXAMPLE}}}
_LOCATION = {"Location": {"description": "The feed's address.", "schema": {"type": "string"}}}


@router.post(
    "",
    operation_id="followFeed",
    summary="Follow a feed",
    status_code=CREATED,
    responses={
        CREATED: {"model": Feed, "description": "It is polled from now on.", "headers": _LOCATION, **_WRITTEN},
        200: {"model": Feed, "description": "It is followed already; this is it, unchanged.", **_WRITTEN},
        **errors(*WISH_PROBLEMS),
    },
    response_model=None,
)
@requires("ingest", audited=True)
def follow_feed(request: Request, asked: FeedRequest, _question: Annotated[Question, Query()]) -> Response:
    """Have a feed polled: first at once, then on a schedule. Its stories come in as ingestions."""
    check_accepts(request, "application/json")
    parts_of(request).pages.check_feed(asked.url)
    with parts_of(request).store.writing() as session:
        view, created = feeds.add_feed(session, NewFeed(asked.url, asked.source, asked.pages, asked.interval))
    headers = {"Location": address(request, f"/feeds/{view.id}")}
    return answer_json(request, feed_shape(view), status=CREATED if created else 200, headers=headers)


@router.get(
    "",
    operation_id="listFeeds",
    summary="Feeds that are followed, the newest first",
    responses=lists(schemas.Page[Feed], examples.page_of(EXAMPLE)),
    response_model=None,
)
def list_feeds(request: Request, question: Annotated[PageQuestion, Query()]) -> Response:
    """Return the feeds, each with how it went last."""

    def read(session: Session, page: PageRequest) -> tuple[list[Json], str | None]:
        found = feeds.feeds(session, page)
        return [feed_shape(view) for view in found.items], found.next

    return answer_pages(request, question, columns.FEEDS, read)


@router.get(
    "/{feed_id}",
    operation_id="getFeed",
    summary="A feed that is followed",
    responses=reads(Feed, EXAMPLE, problems.NOT_FOUND),
    response_model=None,
)
def get_feed(request: Request, feed_id: str, _question: Annotated[Question, Query()]) -> Response:
    """Return how a feed went last, and when it is polled next."""
    with reading(request) as session:
        view = feeds.feed(session, checked_id("feed", feed_id))
    return answer_json(request, feed_shape(view))


@router.delete(
    "/{feed_id}",
    operation_id="unfollowFeed",
    summary="Follow a feed no more",
    status_code=204,
    responses={204: {"description": "It is polled no more."}, **errors(problems.NOT_FOUND)},
    response_model=None,
)
@requires("ingest", audited=True)
def unfollow_feed(request: Request, feed_id: str, _question: Annotated[Question, Query()]) -> Response:
    """Poll a feed no more. The stories that came from it stay."""
    with parts_of(request).store.writing() as session:
        feeds.remove_feed(session, checked_id("feed", feed_id))
    return Response(status_code=204)


@router.post(
    "/{feed_id}/poll",
    operation_id="pollFeed",
    summary="Poll a feed now",
    status_code=ACCEPTED,
    responses={
        ACCEPTED: {"model": Feed, "description": "It is polled as soon as a worker is free.", **_WRITTEN},
        **errors(problems.NOT_FOUND, problems.NOT_ACCEPTABLE),
    },
    response_model=None,
)
@requires("ingest", audited=True)
def poll_feed(request: Request, feed_id: str, _question: Annotated[Question, Query()]) -> Response:
    """Poll a feed out of turn, also one that is gone or failing."""
    check_accepts(request, "application/json")
    with parts_of(request).store.writing() as session:
        view = feeds.poll_soon(session, checked_id("feed", feed_id))
    return answer_json(request, feed_shape(view), status=ACCEPTED)


def feed_shape(view: FeedView) -> Json:
    """Return a feed as answers show it."""
    return {name: getattr(view, name) for name in EXAMPLE}
