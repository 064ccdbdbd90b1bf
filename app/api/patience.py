"""How long a client may take: to send the head of a request, to send a body, to begin the next request."""

from __future__ import annotations

import asyncio
from typing import Any

from starlette.types import ASGIApp, Message, Receive, Scope, Send
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from app.api.middleware import choose_request_id
from app.api.problems import BAD_REQUEST, TOO_SLOW, Problem, RefusedError
from app.api.scopes import SAFE_METHODS
from app.api.security_headers import secured

_CHUNKED = b"transfer-encoding: chunked\r\n"
_CONTINUE = b"HTTP/1.1 100 "
HEAD_SECONDS = 20.0
MOST_HEAD_BYTES = 65_536
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


class Unchunked:
    """The connection of a client of HTTP/1.0: an answer that says no length ends with the connection, without chunks.

    Uvicorn writes a head or a chunk at a time. Source: RFC 9112, sections 6.1 and 7.1.
    """

    def __init__(self, transport: asyncio.Transport) -> None:
        self._transport = transport
        self._begun = self._chunked = False

    def __getattr__(self, name: str) -> Any:  # noqa: ANN401 (whatever else a transport has)
        return getattr(self._transport, name)

    def write(self, data: bytes) -> None:
        """Send a head without what it says of chunks, or what is in a chunk."""
        if not self._begun:
            self._begun, self._chunked = not data.startswith(_CONTINUE), _CHUNKED in data
            self._transport.write(data.replace(_CHUNKED, b"", 1) if self._begun else b"")
            return
        if self._chunked and data:
            size, _, rest = data.partition(b"\r\n")
            data = rest[: int(size, 16)]
        self._transport.write(data)


class ImpatientProtocol(HttpToolsProtocol):
    """Uvicorn's HTTP, which itself waits for ever for a head that was begun, however long it gets.

    Here the connection is closed. One clock a connection looks whether it is time; a request costs it nothing.
    """

    head_seconds = HEAD_SECONDS
    most_head_bytes = MOST_HEAD_BYTES

    def __init__(self, *args: Any, **kwargs: Any) -> None:  # noqa: ANN401 (uvicorn's own parameters, handed on)
        super().__init__(*args, **kwargs)
        self._waiting: asyncio.TimerHandle | None = None
        self._until = 0.0
        self._head_bytes: int | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Begin to wait for the first head."""
        super().connection_made(transport)
        self._wait()

    def data_received(self, data: bytes) -> None:
        """Take what came, unless a head gets longer than any of ours."""
        super().data_received(data)
        if self._head_bytes is not None:
            self._head_bytes += len(data)
            if self._head_bytes > self.most_head_bytes and not self.transport.is_closing():
                self.send_400_response("The head of the request is too long.")

    def send_400_response(self, msg: str) -> None:
        """Answer what is no HTTP, or a method that HTTP does not know, by a problem too, and close the connection."""
        problem = Problem(BAD_REQUEST, msg.rstrip("."), headers={"Connection": "close"})
        request_id = choose_request_id(None)
        response = problem.response(request_id)
        head = [
            *self.server_state.default_headers,
            *secured(response.raw_headers, https=False),
            (b"x-request-id", request_id.encode()),
        ]
        lines = [b"HTTP/1.1 400 Bad Request", *(name + b": " + value for name, value in head)]
        self.transport.write(b"\r\n".join(lines) + b"\r\n\r\n" + bytes(response.body))
        self.transport.close()

    def on_message_begin(self) -> None:
        """Begin to count what a head takes."""
        super().on_message_begin()
        self._head_bytes = 0

    def on_headers_complete(self) -> None:
        """Count no longer."""
        super().on_headers_complete()
        self._head_bytes = None
        if self.scope["http_version"] == "1.0":
            self.cycle.transport = Unchunked(self.transport)  # type: ignore[assignment]  # what is used of one

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
        self._until = self.loop.time() + self.head_seconds
        if self._waiting is None:
            self._waiting = self.loop.call_at(self._until, self._look)

    def _look(self) -> None:
        """Close the connection when the head that is waited for has not come, or look again later."""
        self._waiting = None
        if self.loop.time() < self._until:
            self._waiting = self.loop.call_at(self._until, self._look)
        elif self.cycle is None or self.cycle.response_complete:  # type: ignore[redundant-expr]  # None at first
            self.transport.close()
