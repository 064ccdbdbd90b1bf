"""Webhooks, for both clients: receivers that the service tells of every change. They need a key with ``admin``."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from typing import Any, Unpack, cast

import httpx

from app.client import answers, calls, filters
from app.client.calls import Call

Send = Callable[[Call], httpx.Response]
SendLater = Callable[[Call], Awaitable[httpx.Response]]
_PATH = "/webhooks"
_LETTERS = "dead-letters"


class Webhooks:
    """What the blocking client does with webhooks."""

    def __init__(self, send: Send, each: Callable[[str], Iterator[Any]]) -> None:
        self._send = send
        self._each = each

    def __iter__(self) -> Iterator[answers.Webhook]:
        """Yield all webhooks, the newest first."""
        return cast(Iterator[answers.Webhook], self._each(_PATH))

    def add(self, **fields: Unpack[filters.WebhookFields]) -> answers.NewWebhook:
        """Have a receiver told of changes. The secret that its messages are signed with is in this answer only."""
        return cast(answers.NewWebhook, self._send(calls.add_webhook(fields)).json())

    def get(self, webhook_id: str) -> answers.Webhook:
        """Return how far a receiver is, and what went wrong last."""
        return cast(answers.Webhook, self._send(calls.read_one("webhooks", webhook_id)).json())

    def change(self, webhook_id: str, **fields: Unpack[filters.WebhookChanges]) -> answers.Webhook:
        """Change, pause, wake or rewind a webhook."""
        return cast(answers.Webhook, self._send(calls.change_webhook(webhook_id, fields)).json())

    def remove(self, webhook_id: str) -> None:
        """Tell a receiver nothing more, and forget what it did not take."""
        self._send(calls.of_webhook("DELETE", webhook_id))

    def new_secret(self, webhook_id: str, *, overlap_hours: int | None = None) -> answers.Secret:
        """Sign with a new secret; for so many hours with the old one as well."""
        call = calls.of_webhook("POST", webhook_id, "secret", parameters={"overlap_hours": overlap_hours})
        return cast(answers.Secret, self._send(call).json())

    def test(self, webhook_id: str) -> answers.Delivery:
        """Send a test message and return what the receiver made of it."""
        return cast(answers.Delivery, self._send(calls.of_webhook("POST", webhook_id, "test")).json())

    def dead_letters(self, webhook_id: str) -> Iterator[answers.DeadLetter]:
        """Yield the messages that were given up, the oldest first."""
        path = calls.read_one("webhooks", webhook_id, _LETTERS).path
        return cast(Iterator[answers.DeadLetter], self._each(path))

    def redeliver(self, webhook_id: str, letter_id: str) -> answers.Delivery:
        """Send a dead letter again and return what became of it."""
        call = calls.of_webhook("POST", webhook_id, _LETTERS, letter_id, "redeliver")
        return cast(answers.Delivery, self._send(call).json())

    def forget(self, webhook_id: str, letter_id: str) -> None:
        """Forget a dead letter."""
        self._send(calls.of_webhook("DELETE", webhook_id, _LETTERS, letter_id))


class AsyncWebhooks:
    """What the asynchronous client does with webhooks."""

    def __init__(self, send: SendLater, each: Callable[[str], AsyncIterator[Any]]) -> None:
        self._send = send
        self._each = each

    def __aiter__(self) -> AsyncIterator[answers.Webhook]:
        """Yield all webhooks, the newest first."""
        return cast(AsyncIterator[answers.Webhook], self._each(_PATH))

    async def add(self, **fields: Unpack[filters.WebhookFields]) -> answers.NewWebhook:
        """Have a receiver told of changes. The secret that its messages are signed with is in this answer only."""
        return cast(answers.NewWebhook, (await self._send(calls.add_webhook(fields))).json())

    async def get(self, webhook_id: str) -> answers.Webhook:
        """Return how far a receiver is, and what went wrong last."""
        return cast(answers.Webhook, (await self._send(calls.read_one("webhooks", webhook_id))).json())

    async def change(self, webhook_id: str, **fields: Unpack[filters.WebhookChanges]) -> answers.Webhook:
        """Change, pause, wake or rewind a webhook."""
        return cast(answers.Webhook, (await self._send(calls.change_webhook(webhook_id, fields))).json())

    async def remove(self, webhook_id: str) -> None:
        """Tell a receiver nothing more, and forget what it did not take."""
        await self._send(calls.of_webhook("DELETE", webhook_id))

    async def new_secret(self, webhook_id: str, *, overlap_hours: int | None = None) -> answers.Secret:
        """Sign with a new secret; for so many hours with the old one as well."""
        call = calls.of_webhook("POST", webhook_id, "secret", parameters={"overlap_hours": overlap_hours})
        return cast(answers.Secret, (await self._send(call)).json())

    async def test(self, webhook_id: str) -> answers.Delivery:
        """Send a test message and return what the receiver made of it."""
        return cast(answers.Delivery, (await self._send(calls.of_webhook("POST", webhook_id, "test"))).json())

    def dead_letters(self, webhook_id: str) -> AsyncIterator[answers.DeadLetter]:
        """Yield the messages that were given up, the oldest first."""
        path = calls.read_one("webhooks", webhook_id, _LETTERS).path
        return cast(AsyncIterator[answers.DeadLetter], self._each(path))

    async def redeliver(self, webhook_id: str, letter_id: str) -> answers.Delivery:
        """Send a dead letter again and return what became of it."""
        call = calls.of_webhook("POST", webhook_id, _LETTERS, letter_id, "redeliver")
        return cast(answers.Delivery, (await self._send(call)).json())

    async def forget(self, webhook_id: str, letter_id: str) -> None:
        """Forget a dead letter."""
        await self._send(calls.of_webhook("DELETE", webhook_id, _LETTERS, letter_id))
