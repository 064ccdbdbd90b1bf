"""Receivers of changes: who they are, how far each is, whose turn it is, and what they did not take.

No function commits. A secret is shown by none of the views that answers are made of.
"""

from __future__ import annotations

import base64
import secrets
from collections.abc import Collection
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Literal, cast

from sqlalchemy import Select, Update, delete, func, insert, select, update
from sqlalchemy.orm import Session

from app.errors import ConflictError, InputError, NotFoundError
from app.store.access_tables import ChangeRow
from app.store.change_log import Kind
from app.store.filters import storable
from app.store.ids import new_id
from app.store.paging import Page, PageRequest, decode_cursor, page_of
from app.store.webhook_tables import DeadLetterRow, WebhookRow

WebhookState = Literal["active", "paused", "gone"]

MOST = 100
"""How many webhooks there may be: each is one more request a change."""
LEASE = timedelta(minutes=1)
"""How long a worker that is silent has a webhook in hand; longer than any delivery takes."""
_SECRET_BYTES = 32
_LONGEST_ERROR = 500


@dataclass(frozen=True, slots=True)
class WebhookView:
    """A webhook as it may be shown: everything but its secret. ``events`` None is all; ``waiting`` counts changes."""

    id: str
    url: str
    description: str | None
    events: tuple[Kind, ...] | None
    state: WebhookState
    position: int
    waiting: int
    attempts: int
    next_at: datetime
    status: int | None
    error: str | None
    delivered: int
    failed: int
    dead_letters: int
    created_at: datetime
    delivered_at: datetime | None


@dataclass(frozen=True, slots=True)
class Receiver:
    """What a delivery needs: where to, what of, from where on, and the secrets to sign with, the newest first."""

    id: str
    url: str
    events: tuple[Kind, ...] | None
    position: int
    attempts: int
    holder: str | None
    secrets: tuple[str, ...]

    def __repr__(self) -> str:
        """Return the id alone: neither secret nor address belongs in a log."""
        return f"Receiver({self.id!r})"


@dataclass(frozen=True, slots=True)
class DeadLetterView:
    """A message that was not taken, whole."""

    id: str
    webhook_id: str
    position: int
    type: str
    body: str
    attempts: int
    status: int | None
    error: str | None
    made_at: datetime


@dataclass(frozen=True, slots=True)
class Wish:
    """What the owner of a webhook sets."""

    url: str
    description: str | None = None
    events: Collection[Kind] | None = None
    state: WebhookState = "active"
    position: int | None = None


def new_secret() -> str:
    """Return a secret to sign with. Source: Standard Webhooks, "Signature scheme": 24 to 64 random bytes."""
    return f"whsec_{base64.b64encode(secrets.token_bytes(_SECRET_BYTES)).decode()}"


def add_webhook(session: Session, wish: Wish) -> tuple[WebhookView, str]:
    """Return a new webhook and its secret. Without a position it gets what changes from now on.

    Raises: ConflictError when there are too many; InputError naming a position that is yet to come.
    """
    if session.scalars(select(func.count()).select_from(WebhookRow)).one() >= MOST:
        msg = f"there are {MOST} webhooks: remove one first"
        raise ConflictError(msg)
    now, secret = datetime.now(UTC), new_secret()
    row = {
        "id": new_id(),
        **_wished(session, wish),
        "secret": secret,
        "attempts": 0,
        "next_at": now,
        "delivered": 0,
        "failed": 0,
        "created_at": now,
    }
    session.execute(insert(WebhookRow), [row])
    return webhook(session, str(row["id"])), secret


def change_webhook(session: Session, webhook_id: str, wish: Wish) -> WebhookView:
    """Set what its owner may set, and let the next delivery be tried at once.

    Raises: NotFoundError; InputError naming a position that is yet to come.
    """
    webhook(session, webhook_id)
    fresh = {"attempts": 0, "next_at": datetime.now(UTC), "holder": None}
    session.execute(_of(webhook_id).values({**_wished(session, wish), **fresh}))
    return webhook(session, webhook_id)


def _wished(session: Session, wish: Wish) -> dict[str, object]:
    last = _last(session)
    if wish.position is not None and wish.position > last:
        raise InputError("position", f"is yet to come: the last change has the position {last}")
    return {
        "url": wish.url,
        "description": wish.description,
        "events": None if wish.events is None else ",".join(wish.events),
        "state": wish.state,
        "position": last if wish.position is None else wish.position,
    }


def change_secret(session: Session, webhook_id: str, overlap: timedelta) -> str:
    """Return a new secret. Deliveries are signed with the old one as well for a while.

    Raises: NotFoundError.
    """
    webhook(session, webhook_id)
    secret = new_secret()
    values = {"secret": secret, "old_secret": WebhookRow.secret, "old_secret_until": datetime.now(UTC) + overlap}
    session.execute(_of(webhook_id).values(values))
    return secret


def remove_webhook(session: Session, webhook_id: str) -> None:
    """Forget a webhook with what it did not take.

    Raises: NotFoundError.
    """
    webhook(session, webhook_id)
    session.execute(delete(WebhookRow).where(WebhookRow.id == webhook_id))


def webhook(session: Session, webhook_id: str) -> WebhookView:
    """Return one webhook.

    Raises: NotFoundError.
    """
    return _view(session, _row(session, webhook_id))


def webhooks(session: Session, page: PageRequest) -> Page[WebhookView]:
    """Return the webhooks, the newest first.

    Raises: CursorError.
    """
    query = select(WebhookRow).order_by(WebhookRow.id.desc()).limit(page.limit + 1)
    if page.cursor is not None:
        (last,) = decode_cursor(page.cursor, "webhooks", str)
        query = query.where(WebhookRow.id < last)
    found = session.scalars(query).all()
    return page_of("webhooks", page, found, lambda row: _view(session, row), lambda row: (row.id,))


def receiver(session: Session, webhook_id: str) -> Receiver:
    """Return what a delivery needs.

    Raises: NotFoundError.
    """
    row = _row(session, webhook_id)
    old = row.old_secret if row.old_secret_until is not None and row.old_secret_until > datetime.now(UTC) else None
    known = tuple(secret for secret in (row.secret, old) if secret is not None)
    return Receiver(row.id, row.url, _events(row), row.position, row.attempts, row.holder, known)


def is_any_due(session: Session) -> bool:
    """Say whether a webhook waits to be taken in hand."""
    return session.execute(_due(session).limit(1)).first() is not None


def claim_due(session: Session, holder: str, most: int) -> list[str]:
    """Return the webhooks whose time has come, for one worker alone: the next may have them when the lease is over."""
    now = datetime.now(UTC)
    claimed = []
    for webhook_id, moment in session.execute(_due(session).order_by(WebhookRow.next_at).limit(most)).all():
        mine = _of(webhook_id).where(WebhookRow.next_at == moment).values(next_at=now + LEASE, holder=holder)
        if session.execute(mine).rowcount:  # type: ignore[attr-defined]
            claimed.append(webhook_id)
    return claimed


def _due(session: Session) -> Select[str, datetime]:
    return select(WebhookRow.id, WebhookRow.next_at).where(
        WebhookRow.state == "active", WebhookRow.next_at <= datetime.now(UTC), WebhookRow.position < _last(session)
    )


def pass_by(session: Session, at: Receiver, position: int, *, status: int | None = None) -> bool:
    """Say that all changes up to ``position`` are through, the last of them taken with ``status`` if one was sent.

    Return whether the webhook is still in hand: its owner may have changed it, or another worker taken it.
    """
    now = datetime.now(UTC)
    values: dict[str, object] = {"position": position, "attempts": 0, "next_at": now + LEASE}
    if status is not None:
        values |= {"status": status, "error": None, "delivered_at": now, "delivered": WebhookRow.delivered + 1}
    return _changed(session, at, values)


def note_failure(
    session: Session, at: Receiver, error: str, *, status: int | None, wait: timedelta, gone: bool = False
) -> bool:
    """Say that a delivery failed, and how long to wait before it is tried again; never when the receiver is gone.

    Return whether the webhook was still in hand.
    """
    values: dict[str, object] = {
        "attempts": WebhookRow.attempts + 1,
        "failed": WebhookRow.failed + 1,
        "next_at": datetime.now(UTC) + wait,
        "holder": None,
        "status": status,
        "error": error[:_LONGEST_ERROR],
        "state": "gone" if gone else "active",
    }
    return _changed(session, at, values)


def bury(session: Session, at: Receiver, letter: DeadLetterView) -> bool:
    """Give a message up: it lies among the dead letters, and the next one's turn has come.

    Return whether the webhook was still in hand.
    """
    values: dict[str, object] = {
        "position": letter.position,
        "attempts": 0,
        "failed": WebhookRow.failed + 1,
        "next_at": datetime.now(UTC),
        "holder": None,
        "status": letter.status,
        "error": letter.error,
    }
    if not _changed(session, at, values):
        return False
    session.execute(insert(DeadLetterRow), [{name: getattr(letter, name) for name in DeadLetterView.__slots__}])
    return True


def take_over(session: Session, alive: Collection[str]) -> None:
    """Let what workers had in hand that are gone be taken in hand by others."""
    lost = update(WebhookRow).where(WebhookRow.holder.is_not(None), WebhookRow.holder.not_in(alive))
    session.execute(lost.values(next_at=datetime.now(UTC), holder=None).execution_options(synchronize_session=False))


def let_go(session: Session, at: Receiver) -> None:
    """Say that nothing is to be delivered now: whoever sees the next change may take the webhook in hand."""
    _changed(session, at, {"next_at": datetime.now(UTC), "holder": None})


def _changed(session: Session, at: Receiver, values: dict[str, object]) -> bool:
    mine = _of(at.id).where(
        WebhookRow.position == at.position, WebhookRow.state == "active", WebhookRow.holder == at.holder
    )
    return bool(session.execute(mine.values(values)).rowcount)  # type: ignore[attr-defined]


def dead_letters(session: Session, webhook_id: str, page: PageRequest) -> Page[DeadLetterView]:
    """Return what a receiver did not take, the oldest first.

    Raises: NotFoundError; CursorError.
    """
    _row(session, webhook_id)
    query = select(DeadLetterRow).where(DeadLetterRow.webhook_id == webhook_id)
    query = query.order_by(DeadLetterRow.id).limit(page.limit + 1)
    if page.cursor is not None:
        (last,) = decode_cursor(page.cursor, "dead letters", str)
        query = query.where(DeadLetterRow.id > last)
    return page_of("dead letters", page, session.scalars(query).all(), _letter, lambda row: (row.id,))


def dead_letter(session: Session, webhook_id: str, letter_id: str) -> DeadLetterView:
    """Return one message that a receiver did not take.

    Raises: NotFoundError.
    """
    row = session.get(DeadLetterRow, letter_id) if storable(letter_id) else None
    if row is None or row.webhook_id != webhook_id:
        raise NotFoundError("letter", letter_id)
    return _letter(row)


def remove_dead_letter(session: Session, letter_id: str) -> None:
    """Forget a message that was taken after all, or that nobody wants any more."""
    session.execute(delete(DeadLetterRow).where(DeadLetterRow.id == letter_id))


def note_redelivery(session: Session, letter_id: str, *, status: int | None, error: str | None) -> None:
    """Say that a message was not taken this time either."""
    values = {"attempts": DeadLetterRow.attempts + 1, "status": status, "error": error}
    session.execute(update(DeadLetterRow).where(DeadLetterRow.id == letter_id).values(values))


def totals(session: Session) -> dict[str, int]:
    """Return how many deliveries succeeded and failed, how many letters are dead, and how far the last is behind."""
    sums = select(func.sum(WebhookRow.delivered), func.sum(WebhookRow.failed))
    delivered, failed = session.execute(sums).one()
    dead = session.scalars(select(func.count()).select_from(DeadLetterRow)).one()
    slowest = session.scalar(select(func.min(WebhookRow.position)).where(WebhookRow.state == "active"))
    behind = 0 if slowest is None else max(0, _last(session) - slowest)
    return {"delivered": delivered or 0, "failed": failed or 0, "dead": dead, "behind": behind}


def _last(session: Session) -> int:
    return session.scalar(select(func.max(ChangeRow.position))) or 0


def _row(session: Session, webhook_id: str) -> WebhookRow:
    row = session.get(WebhookRow, webhook_id, populate_existing=True) if storable(webhook_id) else None
    if row is None:
        raise NotFoundError("webhook", webhook_id)
    return row


def _of(webhook_id: str) -> Update:
    return update(WebhookRow).where(WebhookRow.id == webhook_id).execution_options(synchronize_session=False)


def _events(row: WebhookRow) -> tuple[Kind, ...] | None:
    return None if row.events is None else cast("tuple[Kind, ...]", tuple(filter(None, row.events.split(","))))


def _view(session: Session, row: WebhookRow) -> WebhookView:
    dead = select(func.count()).select_from(DeadLetterRow).where(DeadLetterRow.webhook_id == row.id)
    return WebhookView(
        id=row.id,
        url=row.url,
        description=row.description,
        events=_events(row),
        state=cast(WebhookState, row.state),
        position=row.position,
        waiting=max(0, _last(session) - row.position),
        attempts=row.attempts,
        next_at=row.next_at,
        status=row.status,
        error=row.error,
        delivered=row.delivered,
        failed=row.failed,
        dead_letters=session.scalars(dead).one(),
        created_at=row.created_at,
        delivered_at=row.delivered_at,
    )


def _letter(row: DeadLetterRow) -> DeadLetterView:
    return DeadLetterView(**{name: getattr(row, name) for name in DeadLetterView.__slots__})
