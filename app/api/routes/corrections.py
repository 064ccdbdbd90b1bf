"""What people say about annotations: put right, confirmed, rejected, added, taken back."""

from __future__ import annotations

from typing import Annotated, Any, TypeVar

from fastapi import Query, Request
from starlette.responses import Response

from app.api import correction_schemas, examples, problems, schemas
from app.api.bodies import JsonObject
from app.api.extensions import JSON
from app.api.offsets import in_utf16
from app.api.openapi import CREATED, WISH_PROBLEMS, errors, json_body
from app.api.parameters import Question, checked_id, router_of
from app.api.parts import parts_of, reading
from app.api.problems import Problem, RefusedError
from app.api.representations import (
    address,
    answer,
    answer_json,
    check_accepts,
    check_match,
    etag_of,
    write_json,
)
from app.api.shapes import correction_shape
from app.errors import InputError, NotFoundError
from app.ingest.correction_fields import (
    CHANGES,
    FIELDS,
    CorrectionFields,
    OfficeChange,
    QuoteChange,
    Remarks,
    StanceChange,
    StoryCorrectionFields,
    read_as,
)
from app.ingest.corrections import Check, Editor
from app.review.correction import Kind
from app.store import corrections
from app.store.keys import KeyView
from app.store.review_views import HeldStory
from app.store.scopes import requires
from app.store.views import Json

R = TypeVar("R", bound=Remarks)

router = router_of("review")

NDJSON = "application/x-ndjson"
_BODY_PROBLEMS = (*WISH_PROBLEMS, problems.UNSUPPORTED_MEDIA_TYPE)
_CHANGE_PROBLEMS = (problems.NOT_FOUND, problems.PRECONDITION_FAILED, problems.PRECONDITION_REQUIRED, problems.CONFLICT)
_IF_MATCH: dict[str, Any] = {
    "name": "If-Match",
    "in": "header",
    "required": True,
    "schema": {"type": "string"},
    "description": "The ETag of the annotation as it was read: nothing changes when it is another by now.",
}


def _changed(model: Any, example: Json, *kinds: problems.ProblemType) -> dict[int | str, dict[str, Any]]:  # noqa: ANN401 (a type expression)
    told = {"model": model, "description": "As it stands now.", "content": {JSON: {"example": example}}}
    return {200: told, **errors(*kinds)}


_REJECTED = _changed(correction_schemas.Correction, examples.CORRECTION, problems.NOT_ACCEPTABLE, *_CHANGE_PROBLEMS)


def _added(example: Json, *kinds: problems.ProblemType) -> dict[int | str, dict[str, Any]]:
    location = {"Location": {"description": "The correction's address.", "schema": {"type": "string"}}}
    told = {
        "model": correction_schemas.Correction,
        "description": "It is kept, and the story is as it says.",
        "headers": location,
        "content": {JSON: {"example": example}},
    }
    return {CREATED: told, **errors(*_BODY_PROBLEMS, problems.CONFLICT, *kinds)}


def editor_of(request: Request) -> Editor:
    """Return what keeps corrections."""
    return Editor(parts_of(request).store)


def signed(request: Request, remarks: R) -> R:
    """Return ``remarks`` signed with the name of the key that was used; by whom they say where none was."""
    key: KeyView | None = getattr(request.state, "key", None)
    return remarks if key is None else remarks.model_copy(update={"author": key.name})


def unchanged(request: Request) -> Check:
    """Return the check that an annotation still is what If-Match names.

    Raises: RefusedError (428) when there is no If-Match.
    """
    if "if-match" not in request.headers:
        detail = "send If-Match with the ETag of the annotation as you read it"
        raise RefusedError(Problem(problems.PRECONDITION_REQUIRED, detail))

    def check(held: HeldStory, shown: Json) -> None:
        tag = etag_of(write_json(shown))
        check_match(request, tag, etag_of(write_json(in_utf16(shown, held.document.text))))

    return check


@router.patch(
    "/quotes/{quote_id}",
    operation_id="changeQuote",
    summary="Put a quote right",
    responses=_changed(schemas.Quote, examples.QUOTE, *_BODY_PROBLEMS, *_CHANGE_PROBLEMS),
    openapi_extra={**json_body(QuoteChange, "The fields to change."), "parameters": [_IF_MATCH]},
    response_model=None,
)
@requires("review", audited=True)
def change_quote(
    request: Request, quote_id: str, body: JsonObject, _question: Annotated[Question, Query()]
) -> Response:
    """Change the extent, the cue, the speaker or the type of a quote.

    It keeps its id. What the machine found stays beside it, and the change outlives new analyses of the story.
    """
    return _change(request, checked_id("quote", quote_id), body, ("quote",))


@router.patch(
    "/positions/{position_id}",
    operation_id="changePosition",
    summary="Put a position right",
    responses=_changed(schemas.Position, examples.OFFICE, *_BODY_PROBLEMS, *_CHANGE_PROBLEMS),
    openapi_extra={
        "requestBody": {
            "required": True,
            "description": "The fields to change, of an office or of a stance.",
            "content": {
                JSON: {
                    "schema": {
                        "anyOf": [
                            json_body(model, "")["requestBody"]["content"][JSON]["schema"]
                            for model in (OfficeChange, StanceChange)
                        ]
                    }
                }
            },
        },
        "parameters": [_IF_MATCH],
    },
    response_model=None,
)
@requires("review", audited=True)
def change_position(
    request: Request, position_id: str, body: JsonObject, _question: Annotated[Question, Query()]
) -> Response:
    """Change an office or a stance. It keeps its id."""
    return _change(request, checked_id("position", position_id), body, ("office", "stance"))


def _change(request: Request, annotation_id: str, body: Json, kinds: tuple[Kind, ...]) -> Response:
    check_accepts(request, JSON)
    check = unchanged(request)
    with reading(request) as session:
        kind, _ = corrections.story_of(session, annotation_id)
    if kind not in kinds:
        raise NotFoundError("quote" if kinds == ("quote",) else "position", annotation_id)
    given = read_as(CHANGES[kind], body)
    of_kind = {name: getattr(given, name) for name in given.model_fields_set & FIELDS[kind].model_fields.keys()}
    fields = FIELDS[kind].model_construct(_fields_set=set(of_kind), **of_kind)
    _, shown = editor_of(request).change(annotation_id, fields, signed(request, given), check)
    return answer(request, write_json(shown), conditional=False)


@router.delete(
    "/quotes/{quote_id}",
    operation_id="rejectQuote",
    summary="Reject a quote",
    responses=_changed(
        correction_schemas.Correction,
        examples.CORRECTION,
        problems.NOT_FOUND,
        problems.NOT_ACCEPTABLE,
        *_CHANGE_PROBLEMS,
    ),
    openapi_extra={"parameters": [_IF_MATCH]},
    response_model=None,
)
@requires("review", audited=True)
def reject_quote(request: Request, quote_id: str, _question: Annotated[Question, Query()]) -> Response:
    """Say that this is no quote: it is not served any more. The answer is the correction, which can be undone."""
    return _reject(request, checked_id("quote", quote_id), ("quote",))


@router.delete(
    "/positions/{position_id}",
    operation_id="rejectPosition",
    summary="Reject a position",
    responses=_changed(
        correction_schemas.Correction,
        examples.CORRECTION,
        problems.NOT_FOUND,
        problems.NOT_ACCEPTABLE,
        *_CHANGE_PROBLEMS,
    ),
    openapi_extra={"parameters": [_IF_MATCH]},
    response_model=None,
)
@requires("review", audited=True)
def reject_position(request: Request, position_id: str, _question: Annotated[Question, Query()]) -> Response:
    """Say that this is no office or stance: it is not served any more. The answer is the correction."""
    return _reject(request, checked_id("position", position_id), ("office", "stance"))


def _reject(request: Request, annotation_id: str, kinds: tuple[Kind, ...]) -> Response:
    check_accepts(request, JSON)
    check = unchanged(request)
    with reading(request) as session:
        kind, _ = corrections.story_of(session, annotation_id)
    if kind not in kinds:
        raise NotFoundError("quote" if kinds == ("quote",) else "position", annotation_id)
    view, _ = editor_of(request).say(annotation_id, "reject", signed(request, Remarks()), check)
    return answer(request, write_json(correction_shape(view)), conditional=False)


@router.post(
    "/articles/{article_id}/corrections",
    operation_id="addArticleCorrection",
    summary="Correct an annotation of a story, or add one",
    status_code=CREATED,
    responses=_added(examples.CORRECTION, problems.NOT_FOUND),
    openapi_extra=json_body(CorrectionFields, "What is said, of which annotation."),
    response_model=None,
)
@requires("review", audited=True)
def add_article_correction(
    request: Request, article_id: str, body: JsonObject, _question: Annotated[Question, Query()]
) -> Response:
    """Change, confirm or reject an annotation of a story, or add one that was missed."""
    check_accepts(request, JSON)
    given = read_as(CorrectionFields, body)
    return _submit(request, given, checked_id("article", article_id))


@router.post(
    "/corrections",
    operation_id="addCorrection",
    summary="Correct an annotation, or add one",
    status_code=CREATED,
    responses=_added(examples.CORRECTION),
    openapi_extra=json_body(StoryCorrectionFields, "What is said, of which annotation of which story."),
    response_model=None,
)
@requires("review", audited=True)
def add_correction(request: Request, body: JsonObject, _question: Annotated[Question, Query()]) -> Response:
    """Change, confirm or reject an annotation, or add one that was missed to the story that `article_id` names."""
    check_accepts(request, JSON)
    given = read_as(StoryCorrectionFields, body)
    try:
        return _submit(request, given, given.article_id)
    except NotFoundError as error:
        raise InputError("article_id", "there is no such article") from error


def _submit(request: Request, given: CorrectionFields, article_id: str | None) -> Response:
    view, _ = editor_of(request).submit(signed(request, given), article_id)
    headers = {"Location": address(request, f"/corrections/{view.id}")}
    return answer_json(request, correction_shape(view), status=CREATED, headers=headers)


@router.post(
    "/corrections/{correction_id}/undo",
    operation_id="undoCorrection",
    summary="Take a correction back",
    responses=_changed(
        correction_schemas.Correction,
        examples.CORRECTION,
        problems.NOT_FOUND,
        problems.NOT_ACCEPTABLE,
        problems.CONFLICT,
    ),
    response_model=None,
)
@requires("review", audited=True)
def undo_correction(request: Request, correction_id: str, _question: Annotated[Question, Query()]) -> Response:
    """Take a correction back: the story is as it is without it. It stays in the history."""
    check_accepts(request, JSON)
    view = editor_of(request).undo(checked_id("correction", correction_id), signed(request, Remarks()).author)
    return answer(request, write_json(correction_shape(view)), conditional=False)
