"""What changed since: the feed that mirrors follow."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Literal

from fastapi import Query, Request
from pydantic import Field
from sqlalchemy.orm import Session
from starlette.responses import Response

from app.api import columns
from app.api.examples import ARTICLE_ID, RECEIVED_AT, as_json
from app.api.exports import exported
from app.api.openapi import lists
from app.api.parameters import Question, router_of
from app.api.parts import reading
from app.api.representations import answer_json, next_url
from app.api.schemas import Shape
from app.api.shapes import Json
from app.store.change_log import Change, changes_since
from app.store.paging import DEFAULT_LIMIT, MAX_LIMIT, PageRequest

router = router_of("articles")

LARGEST_POSITION = 2**63 - 1
Position = Annotated[int, Field(description="Where a change stands among all: 1, 2, 3 and so on, without gaps.")]


class ChangesQuestion(Question):
    """Which changes."""

    since: Annotated[int, Field(ge=0, le=LARGEST_POSITION, description="The position that is known already.")] = 0
    limit: Annotated[int, Field(ge=1, le=MAX_LIMIT, description="Items a page.")] = DEFAULT_LIMIT

    def page(self) -> PageRequest:
        """Return the page that is asked for."""
        return PageRequest(self.limit, str(self.since))


class StoryChange(Shape):
    """That a story came, changed (its text or what came with it), was annotated anew, or went.

    `corrected`: people put right what was found in it, or took that back. `linked`: who or what is in it was merged
    with another, or split from it.
    """

    position: Position
    at: datetime
    type: Literal["created", "updated", "annotated", "corrected", "linked", "deleted"]
    article_id: str
    revision: Annotated[int, Field(description="The current revision after the change, the last one of a deletion.")]


class Changes(Shape):
    """Some changes, the oldest first."""

    items: list[StoryChange]
    next: Annotated[str | None, Field(description="The address of what follows; null when nothing does yet.")]
    position: Annotated[int, Field(description="What to give as `since` to go on from here, now or later.")]


def change_shape(change: Change) -> Json:
    """Return a change as answers show it."""
    return {
        "position": change.position,
        "at": change.at,
        "type": change.kind,
        "article_id": change.article_id,
        "revision": change.revision,
    }


CHANGES = {
    "items": [as_json(change_shape(Change(1, RECEIVED_AT, "created", ARTICLE_ID, 1)))],
    "next": None,
    "position": 1,
}


@router.get(
    "/changes",
    operation_id="listChanges",
    summary="What changed, the oldest first",
    responses=lists(Changes, CHANGES),
    response_model=None,
)
def list_changes(request: Request, question: Annotated[ChangesQuestion, Query()]) -> Response:
    """Return the changes of stories and their annotations after a position, in the order in which they were committed.

    No change ever appears before one that was served, so a mirror that goes on from `position` misses none.
    """

    def read(session: Session, page: PageRequest) -> tuple[list[Json], str | None]:
        found = changes_since(session, question.since if page.cursor is None else int(page.cursor), page.limit + 1)
        shown = [change_shape(change) for change in found[: page.limit]]
        return shown, str(shown[-1]["position"]) if len(found) > page.limit else None

    export = exported(request, question, columns.CHANGES, read, leads="since")
    if export is not None:
        return export
    with reading(request) as session:
        items, following = read(session, question.page())
    url = None if following is None else next_url(request, following, "since")
    content = {"items": items, "next": url, "position": items[-1]["position"] if items else question.since}
    return answer_json(request, content, headers={} if url is None else {"Link": f'<{url}>; rel="next"'})
