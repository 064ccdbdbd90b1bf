"""Webhooks: receivers that are told of every change, in the order of /changes, each message signed."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Annotated, Any

from fastapi import Body, Query, Request
from pydantic import Field
from sqlalchemy.orm import Session
from starlette.responses import Response

from app.api import columns, examples, problems, schemas
from app.api import webhook_shapes as shapes
from app.api.bodies import StrictRoute
from app.api.lists import answer_pages
from app.api.openapi import WISH_PROBLEMS, errors, lists, reads
from app.api.parameters import PageQuestion, Question, checked_id, router_of
from app.api.parts import parts_of, reading
from app.api.representations import address, answer_json, check_accepts
from app.api.shapes import Json
from app.ingest.webhooks import WebhookWork
from app.store import webhooks
from app.store.paging import PageRequest
from app.store.scopes import requires
from app.store.webhooks import Wish

router = router_of("webhooks", prefix="/webhooks", route_class=StrictRoute)

JSON = "application/json"
CREATED = 201
_LOCATION = {"Location": {"description": "The webhook's address.", "schema": {"type": "string"}}}
_PRIVATE = {"Cache-Control": "no-store"}
_LETTER = "/{webhook_id}/dead-letters/{letter_id}"


class OverlapQuestion(Question):
    """How long the old secret holds."""

    overlap_hours: Annotated[
        int, Field(ge=0, le=168, description="Hours for which messages are signed with the old secret as well.")
    ] = 24


def _told(model: type[schemas.Shape], description: str, example: dict[str, Any]) -> dict[str, Any]:
    return {"model": model, "description": description, "content": {JSON: {"example": example}}}


def _work(request: Request) -> WebhookWork:
    return parts_of(request).worker.webhooks


@router.post(
    "",
    operation_id="addWebhook",
    summary="Have a receiver told of changes",
    status_code=CREATED,
    responses={
        CREATED: {
            **_told(
                shapes.NewWebhook,
                "It is told of changes from now on. The secret is shown this once.",
                {**shapes.WEBHOOK, "position": 41, "secret": shapes.SECRET},
            ),
            "headers": _LOCATION,
        },
        **errors(problems.CONFLICT, *WISH_PROBLEMS),
    },
    response_model=None,
)
@requires("admin", audited=True)
def add_webhook(
    request: Request, wish: Annotated[shapes.WebhookRequest, Body()], _question: Annotated[Question, Query()]
) -> Response:
    """Tell a receiver of every change from now on, or from a position on: in the order of /changes, at least once.

    Messages are signed as Standard Webhooks says. The address must be public and HTTPS, or in a network that the owner
    of this service allows.
    """
    check_accepts(request, JSON)
    _work(request).courier.check(wish.url)
    with parts_of(request).store.writing() as session:
        view, secret = webhooks.add_webhook(
            session,
            Wish(wish.url, wish.description, shapes.kinds_of(wish.events), position=wish.position),
        )
    content = {**shapes.webhook_shape(view), "secret": secret}
    headers = {"Location": address(request, f"/webhooks/{view.id}"), **_PRIVATE}
    return answer_json(request, content, status=CREATED, headers=headers)


@router.get(
    "",
    operation_id="listWebhooks",
    summary="Webhooks, the newest first",
    responses=lists(schemas.Page[shapes.Webhook], examples.page_of(shapes.WEBHOOK)),
    response_model=None,
)
@requires("admin")
def list_webhooks(request: Request, question: Annotated[PageQuestion, Query()]) -> Response:
    """Return the receivers, and how far each is."""

    def read(session: Session, page: PageRequest) -> tuple[list[Json], str | None]:
        found = webhooks.webhooks(session, page)
        return [shapes.webhook_shape(view) for view in found.items], found.next

    return answer_pages(request, question, columns.WEBHOOKS, read)


@router.get(
    "/{webhook_id}",
    operation_id="getWebhook",
    summary="A webhook, and how it goes",
    responses=reads(shapes.Webhook, shapes.WEBHOOK, problems.NOT_FOUND),
    response_model=None,
)
@requires("admin")
def get_webhook(request: Request, webhook_id: str, _question: Annotated[Question, Query()]) -> Response:
    """Return how far a receiver is, and what went wrong last."""
    with reading(request) as session:
        view = webhooks.webhook(session, checked_id("webhook", webhook_id))
    return answer_json(request, shapes.webhook_shape(view))


@router.patch(
    "/{webhook_id}",
    operation_id="changeWebhook",
    summary="Change, pause, wake or rewind a webhook",
    responses={
        200: _told(shapes.Webhook, "As it stands now.", shapes.WEBHOOK),
        **errors(problems.NOT_FOUND, *WISH_PROBLEMS),
    },
    response_model=None,
)
@requires("admin", audited=True)
def change_webhook(
    request: Request,
    webhook_id: str,
    wish: Annotated[shapes.WebhookChange, Body()],
    _question: Annotated[Question, Query()],
) -> Response:
    """Change what is sent; what is left out stays. The message that waits is tried at once.

    Another `position` tells of the changes after it again, or passes changes by.
    """
    check_accepts(request, JSON)
    key, given = checked_id("webhook", webhook_id), wish.model_fields_set
    if wish.url is not None:
        _work(request).courier.check(wish.url)
    with parts_of(request).store.writing() as session:
        before = webhooks.webhook(session, key)
        whole = Wish(
            wish.url or before.url,
            wish.description if "description" in given else before.description,
            shapes.kinds_of(wish.events) if "events" in given else before.events,
            wish.state or before.state,
            before.position if wish.position is None else wish.position,
        )
        view = webhooks.change_webhook(session, key, whole)
    return answer_json(request, shapes.webhook_shape(view))


@router.delete(
    "/{webhook_id}",
    operation_id="removeWebhook",
    summary="Remove a webhook",
    status_code=204,
    responses={204: {"description": "It is told nothing more."}, **errors(problems.NOT_FOUND)},
    response_model=None,
)
@requires("admin", audited=True)
def remove_webhook(request: Request, webhook_id: str, _question: Annotated[Question, Query()]) -> Response:
    """Tell a receiver nothing more, and forget what it did not take."""
    with parts_of(request).store.writing() as session:
        webhooks.remove_webhook(session, checked_id("webhook", webhook_id))
    return Response(status_code=204)


@router.post(
    "/{webhook_id}/secret",
    operation_id="changeWebhookSecret",
    summary="Give a webhook a new secret",
    responses={
        200: _told(shapes.Secret, "It is shown this once.", {"secret": shapes.SECRET, "old_until": examples.MOMENT}),
        **errors(problems.NOT_FOUND, problems.NOT_ACCEPTABLE),
    },
    response_model=None,
)
@requires("admin", audited=True)
def change_secret(request: Request, webhook_id: str, question: Annotated[OverlapQuestion, Query()]) -> Response:
    """Sign with a new secret. For some hours messages bear the old one's signature as well, so that none is refused."""
    check_accepts(request, JSON)
    overlap = timedelta(hours=question.overlap_hours)
    with parts_of(request).store.writing() as session:
        secret = webhooks.change_secret(session, checked_id("webhook", webhook_id), overlap)
    content = {"secret": secret, "old_until": datetime.now(UTC) + overlap}
    return answer_json(request, content, headers=_PRIVATE)


@router.post(
    "/{webhook_id}/test",
    operation_id="testWebhook",
    summary="Send a webhook a test message",
    responses={
        200: _told(shapes.Delivery, "What became of it.", shapes.DELIVERY),
        **errors(problems.NOT_FOUND, problems.NOT_ACCEPTABLE),
    },
    response_model=None,
)
@requires("admin", audited=True)
def send_test(request: Request, webhook_id: str, _question: Annotated[Question, Query()]) -> Response:
    """Send a message of the type `webhook.test`, signed like any other, and answer what the receiver made of it."""
    check_accepts(request, JSON)
    attempt = _work(request).try_receiver(checked_id("webhook", webhook_id))
    return answer_json(request, shapes.delivery_shape(attempt), headers=_PRIVATE)


@router.get(
    "/{webhook_id}/dead-letters",
    operation_id="listDeadLetters",
    summary="What a webhook did not take",
    responses=lists(schemas.Page[shapes.DeadLetter], examples.page_of(shapes.DEAD_LETTER), problems.NOT_FOUND),
    response_model=None,
)
@requires("admin")
def list_dead_letters(request: Request, webhook_id: str, question: Annotated[PageQuestion, Query()]) -> Response:
    """Return the messages that were given up after their last try, the oldest first."""
    key = checked_id("webhook", webhook_id)
    with reading(request) as session:
        webhooks.webhook(session, key)

    def read(session: Session, page: PageRequest) -> tuple[list[Json], str | None]:
        found = webhooks.dead_letters(session, key, page)
        return [shapes.letter_shape(view) for view in found.items], found.next

    return answer_pages(request, question, columns.DEAD_LETTERS, read)


@router.post(
    f"{_LETTER}/redeliver",
    operation_id="redeliverDeadLetter",
    summary="Send a dead letter again",
    responses={
        200: _told(shapes.Delivery, "What became of it.", shapes.DELIVERY),
        **errors(problems.NOT_FOUND, problems.NOT_ACCEPTABLE),
    },
    response_model=None,
)
@requires("admin", audited=True)
def redeliver(request: Request, webhook_id: str, letter_id: str, _question: Annotated[Question, Query()]) -> Response:
    """Send a message once more, under its own id. When it is taken, it is no dead letter any more."""
    check_accepts(request, JSON)
    attempt = _work(request).redeliver(checked_id("webhook", webhook_id), checked_id("letter", letter_id))
    return answer_json(request, shapes.delivery_shape(attempt), headers=_PRIVATE)


@router.delete(
    _LETTER,
    operation_id="removeDeadLetter",
    summary="Forget a dead letter",
    status_code=204,
    responses={204: {"description": "It is gone."}, **errors(problems.NOT_FOUND)},
    response_model=None,
)
@requires("admin", audited=True)
def remove_dead_letter(
    request: Request, webhook_id: str, letter_id: str, _question: Annotated[Question, Query()]
) -> Response:
    """Forget a message that nobody wants any more."""
    with parts_of(request).store.writing() as session:
        key = webhooks.dead_letter(session, checked_id("webhook", webhook_id), checked_id("letter", letter_id)).id
        webhooks.remove_dead_letter(session, key)
    return Response(status_code=204)
