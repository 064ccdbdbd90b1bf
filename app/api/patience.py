"""How long a client may take: to send the head of a request, to send a body, to begin the next request."""

from __future__ import annotations

import asyncio
from typing import Any

from starlette.types import ASGIApp, Message, Receive, Scope, Send
from uvicorn.protocols.http.h11_impl import H11Protocol

from app.api.problems import TOO_SLOW, Problem, RefusedError
from app.api.scopes import SAFE_METHODS

HEAD_SECONDS = 20.0
"""From the connection, or the answer before, until the head of a request is whole."""
BODY_SECONDS = 20.0
LEAST_BYTES_PER_SECOND = 1_000
"""A body has so many seconds, and one more for so many bytes of it that have come."""


class TimeBody:
    """Ends a request whose body comes too slowly: who drips holds a connection, and that is all he ever holds."""

    def __init__(self, app: ASGIApp, seconds: float = BODY_SECONDS) -> None:
        self.app = app
        self.seconds = seconds

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Handle one connection."""
        if scope["type"] != "http" or scope["method"] in SAFE_METHODS:
            await self.app(scope, receive, send)
            return
        clock = asyncio.get_running_loop().time
        # Only waiting for the client counts, not what is done with the pieces meanwhile.
        left, whole = self.seconds, False

        async def receive_in_time() -> Message:
            nonlocal left, whole
            if whole:
                return await receive()
            began = clock()
            try:
                async with asyncio.timeout(max(0.0, left)):
                    message = await receive()
            except TimeoutError as error:
                detail = f"a body comes at {LEAST_BYTES_PER_SECOND} bytes a second or faster"
                raise RefusedError(Problem(TOO_SLOW, detail, headers={"Connection": "close"})) from error
            left += len(message.get("body", b"")) / LEAST_BYTES_PER_SECOND - (clock() - began)
            whole = not message.get("more_body", False)
            return message

        await self.app(scope, receive_in_time, send)


class ImpatientProtocol(H11Protocol):
    """Uvicorn's HTTP, which itself waits for ever for a head that was begun: here the connection is closed."""

    head_seconds = HEAD_SECONDS

    def __init__(self, *args: Any, **kwargs: Any) -> None:  # noqa: ANN401 (uvicorn's own parameters, handed on)
        super().__init__(*args, **kwargs)
        self._waiting: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Begin to wait for the first head."""
        super().connection_made(transport)
        self._wait()

    def on_response_complete(self) -> None:
        """Begin to wait for the next head."""
        super().on_response_complete()
        self._wait()

    def connection_lost(self, exc: Exception | None) -> None:
        """Wait no longer."""
        super().connection_lost(exc)
        if self._waiting is not None:
            self._waiting.cancel()

    def _wait(self) -> None:
        if self._waiting is not None:
            self._waiting.cancel()
        self._waiting = self.loop.call_later(self.head_seconds, self._give_up)

    def _give_up(self) -> None:
        if self.cycle is None or self.cycle.response_complete:  # type: ignore[redundant-expr]  # None at first
            self.transport.close()
