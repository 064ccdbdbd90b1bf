"""Annotate a story without keeping it."""

from __future__ import annotations

from typing import Annotated

from fastapi import Query, Request
from starlette.responses import Response

from app.api import examples, schemas
from app.api.bodies import Story
from app.api.extensions import JSON
from app.api.offsets import in_utf16, named_in_utf16
from app.api.openapi import STORY_BODY, writes
from app.api.parameters import OffsetQuestion, router_of
from app.api.parts import parts_of
from app.api.representations import answer, check_accepts, write_json
from app.ingest.annotated import annotated_story
from app.store.scopes import requires

router = router_of("articles")


@router.post(
    "/annotate",
    operation_id="annotate",
    summary="Annotate a story without keeping it",
    responses=writes(schemas.AnnotatedStory, examples.ANNOTATED, {200: "The story with everything annotated in it."}),
    openapi_extra=STORY_BODY,
    response_model=None,
)
@requires("ingest")
def annotate(request: Request, story: Story, question: Annotated[OffsetQuestion, Query()]) -> Response:
    """Return what `sayso annotate` prints. Nothing is stored."""
    check_accepts(request, JSON)
    content = annotated_story(story, parts_of(request).intake.annotator.annotate(story.document))
    if question.offset_unit == "utf16":
        text = story.article.text
        content = {**in_utf16(content, text), "entities": named_in_utf16(content["entities"], text)}
    return answer(request, write_json(content), conditional=False)
