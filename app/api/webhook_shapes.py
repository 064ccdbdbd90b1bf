"""The shapes of webhooks: what their owner sends, and what answers show."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

from app.api import examples
from app.api.schemas import Shape
from app.api.shapes import Json
from app.ingest.fields import Title, Url
from app.ingest.webhooks import Attempt
from app.store.change_log import Kind
from app.store.webhooks import DeadLetterView, WebhookState, WebhookView

Event = Literal["story.created", "story.updated", "story.annotated", "story.corrected", "story.linked", "story.deleted"]
_PREFIX = "story."
# The largest whole number that every reader of JSON knows.
_LARGEST_POSITION = 2**53 - 1
_EVENTS = Field(min_length=1, max_length=10, description="Which changes to be told of; all when null.")
_POSITION = Field(
    ge=0, le=_LARGEST_POSITION, strict=True, description="Tell of the changes after this position of /changes."
)


class _Wish(BaseModel):
    model_config = ConfigDict(extra="forbid")


class WebhookRequest(_Wish):
    """A receiver to be told of changes."""

    url: Annotated[Url, Field(description="Where messages are sent: public and HTTPS, or in a network allowed.")]
    description: Annotated[Title | None, Field(description="What it is for.")] = None
    events: Annotated[list[Event] | None, _EVENTS] = None
    position: Annotated[int | None, _POSITION] = None


class WebhookChange(_Wish):
    """What to change of a webhook; what is left out stays."""

    url: Annotated[Url | None, Field(description="Where messages are sent; null leaves it as it is.")] = None
    description: Annotated[Title | None, Field(description="What it is for.")] = None
    events: Annotated[list[Event] | None, _EVENTS] = None
    state: Annotated[Literal["active", "paused"] | None, Field(description="Paused: changes wait.")] = None
    position: Annotated[int | None, _POSITION] = None


class Webhook(Shape):
    """A receiver of changes, and how it goes. Its secret is shown when it is made only."""

    id: str
    url: str
    description: str | None
    events: Annotated[list[Event] | None, Field(description="Which changes it is told of; null for all.")]
    state: Annotated[
        Literal["active", "paused", "gone"], Field(description="Gone: it said so itself (410); PATCH wakes it.")
    ]
    position: Annotated[int, Field(description="All changes up to here are delivered, given up or not wanted.")]
    waiting: Annotated[int, Field(description="Changes after that position.")]
    attempts: Annotated[int, Field(description="Failures of the message that is tried now.")]
    next_attempt_at: Annotated[datetime | None, Field(description="When it is tried again, if it failed.")]
    last_status: Annotated[int | None, Field(description="What the receiver answered the last time.")]
    last_error: Annotated[str | None, Field(description="Why the last message was not taken.")]
    delivered: Annotated[int, Field(description="Messages taken so far.")]
    failed: Annotated[int, Field(description="Attempts that failed so far.")]
    dead_letters: Annotated[int, Field(description="Messages given up, to be sent again by hand.")]
    created_at: datetime
    delivered_at: Annotated[datetime | None, Field(description="When a message was taken last.")]


class NewWebhook(Webhook):
    """A webhook with its secret, which is shown this once."""

    secret: Annotated[str, Field(description="What messages are signed with (Standard Webhooks).")]


class Secret(Shape):
    """A new secret, which is shown this once, and until when messages are signed with the old one too."""

    secret: str
    old_until: datetime


class Delivery(Shape):
    """What became of a message."""

    delivered: bool
    status: Annotated[int | None, Field(description="What the receiver answered; null without an answer.")]
    error: Annotated[str | None, Field(description="Why it was not taken.")]
    milliseconds: float


class DeadLetter(Shape):
    """A message that a receiver did not take."""

    id: str
    position: int
    type: str
    body: Annotated[str, Field(description="The message as it was sent.")]
    attempts: int
    last_status: int | None
    last_error: str | None
    made_at: datetime


def kinds_of(events: list[Event] | None) -> tuple[Kind, ...] | None:
    """Return the kinds of change that events are of, each once."""
    found: list[Kind] = [event.removeprefix(_PREFIX) for event in dict.fromkeys(events or ())]  # type: ignore[misc]
    return None if events is None else tuple(found)


def webhook_shape(view: WebhookView) -> Json:
    """Return a webhook as answers show it."""
    failing = view.state == "active" and view.attempts > 0
    return {
        "id": view.id,
        "url": view.url,
        "description": view.description,
        "events": None if view.events is None else [f"{_PREFIX}{kind}" for kind in view.events],
        "state": view.state,
        "position": view.position,
        "waiting": view.waiting,
        "attempts": view.attempts,
        "next_attempt_at": view.next_at if failing else None,
        "last_status": view.status,
        "last_error": view.error,
        "delivered": view.delivered,
        "failed": view.failed,
        "dead_letters": view.dead_letters,
        "created_at": view.created_at,
        "delivered_at": view.delivered_at,
    }


def delivery_shape(attempt: Attempt) -> Json:
    """Return what became of a message."""
    return {
        "delivered": attempt.error is None,
        "status": attempt.status,
        "error": attempt.error,
        "milliseconds": round(attempt.seconds * 1000, 1),
    }


def letter_shape(view: DeadLetterView) -> Json:
    """Return a dead letter."""
    return {
        "id": view.id,
        "position": view.position,
        "type": view.type,
        "body": view.body,
        "attempts": view.attempts,
        "last_status": view.status,
        "last_error": view.error,
        "made_at": view.made_at,
    }


_KEPT: WebhookState = "active"
WEBHOOK: Json = {
    "id": "018e0f3a5c7d7b1e9a4f2c6d8e0b1a40",
    "url": "https://mirror.example/hooks/sayso",
    "description": "the mirror",
    "events": ["story.created", "story.deleted"],
    "state": _KEPT,
    "position": 41,
    "waiting": 1,
    "attempts": 0,
    "next_attempt_at": None,
    "last_status": 204,
    "last_error": None,
    "delivered": 12,
    "failed": 1,
    "dead_letters": 1,
    "created_at": examples.MOMENT,
    "delivered_at": examples.MOMENT,
}
SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"  # noqa: S105 (the specification's own example)
DELIVERY: Json = {"delivered": True, "status": 204, "error": None, "milliseconds": 38.2}
DEAD_LETTER: Json = {
    "id": "018e0f3a5c7d7b1e9a4f2c6d8e0b1a41",
    "position": 17,
    "type": "story.created",
    "body": '{"type":"story.created","timestamp":"2024-03-05T08:30:00Z","data":{"position":17,'
    f'"article_id":"{examples.ARTICLE_ID}","revision":1}}}}',
    "attempts": 8,
    "last_status": 500,
    "last_error": "answers with status 500",
    "made_at": examples.MOMENT,
}
