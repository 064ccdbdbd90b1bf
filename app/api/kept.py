"""Answers kept in memory, for as long as the database is in the state that they were read from."""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import dataclass, field, replace
from typing import Any

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from app.api.coding import coding_for
from app.api.extensions import ENDING
from app.api.representations import names
from app.store.state import DatabaseState, State

HTTP_OK, HTTP_NOT_MODIFIED = 200, 304
_LARGEST_SHARE = 8
"""One answer takes at most this part of the room, so that a large one does not put all others out."""
_OVERHEAD = 1_000
Headers = list[tuple[bytes, bytes]]
_BODILESS = frozenset({b"content-length", b"content-type", b"content-encoding"})


@dataclass(frozen=True, slots=True)
class Kept:
    """One answer, with its headers as they are sent with a body and without."""

    state: State
    headers: Headers
    headers_unchanged: Headers
    tag: str
    body: bytes
    route: object


@dataclass(slots=True)
class Shelf:
    """Kept answers in so many bytes of room; those that were asked for least recently make room."""

    room: int
    taken: int = 0
    answers: OrderedDict[object, Kept] = field(default_factory=OrderedDict)

    def get(self, key: object) -> Kept | None:
        """Return the answer that is kept under ``key``, whatever state it is of."""
        found = self.answers.get(key)
        if found is not None:
            self.answers.move_to_end(key)
        return found

    def put(self, key: object, kept: Kept) -> None:
        """Keep an answer, unless it is too large."""
        self.drop(key)
        size = len(kept.body) + _OVERHEAD
        if size * _LARGEST_SHARE > self.room:
            return
        self.answers[key] = kept
        self.taken += size
        while self.taken > self.room:
            self.drop(next(iter(self.answers)))

    def drop(self, key: object) -> None:
        """Let an answer go."""
        found = self.answers.pop(key, None)
        if found is not None:
            self.taken -= len(found.body) + _OVERHEAD


class KeepAnswers:
    """Answers a GET from memory when the database is still in the state that the answer was read from.

    ``paths`` are the first segments of those addresses whose answers depend on the request and the database alone.
    The state is looked at before an answer is read and again before it is sent from memory, so nobody is sent what
    was before a change that has been answered, by this process or by another.
    """

    def __init__(self, app: ASGIApp, *, state: DatabaseState, paths: frozenset[str], room: int) -> None:
        self.app = app
        self.state = state
        self.paths = paths
        self.shelf = Shelf(room)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Handle one connection."""
        if scope["type"] != "http" or scope["method"] != "GET" or not self._depends_on_database(scope["path"]):
            await self.app(scope, receive, send)
            return
        accept = coding = host = unless = ""
        for name, value in scope["headers"]:
            if name == b"accept":
                accept = f"{accept},{value.decode('latin-1')}"
            elif name == b"accept-encoding":
                coding = coding_for(value.decode("latin-1")) or ""
            elif name == b"host":
                host = value.decode("latin-1")
            elif name == b"if-none-match":
                unless = f"{unless},{value.decode('latin-1')}" if unless else value.decode("latin-1")
        key = (scope["path"], scope["query_string"], accept, coding, host, scope["scheme"], scope.get(ENDING))
        state = await self.state.current()
        kept = None if state is None else self.shelf.get(key)
        if kept is not None and kept.state == state:
            scope["route"] = kept.route  # for the figures and the log
            await send_kept(kept, send, unchanged=bool(unless) and names(unless, kept.tag, weakly=True))
        elif state is None:
            await self.app(scope, receive, send)
        else:
            # Its answer is to be kept, so it is asked for the whole of it.
            headers = [(name, value) for name, value in scope["headers"] if name != b"if-none-match"]
            keeping = _Keeping(send, unless, state)
            inner = {**scope, "headers": headers}
            await self.app(inner, receive, keeping.send)
            scope["route"] = inner.get("route")
            if keeping.kept is not None:
                self.shelf.put(key, replace(keeping.kept, route=scope["route"]))

    def _depends_on_database(self, path: str) -> bool:
        return path[1:].partition("/")[0] in self.paths


class _Keeping:
    """Takes one answer as it is sent, and sends it on: all of it, or 304 when the client has it."""

    def __init__(self, send: Send, unless: str, state: State) -> None:
        self._send = send
        self._unless = unless
        self._state = state
        self._start: Message | None = None
        self.kept: Kept | None = None

    async def send(self, message: Message) -> None:
        """Take one part of the answer."""
        if message["type"] == "http.response.start":
            tag = next((value for name, value in message["headers"] if name == b"etag"), None)
            if message["status"] != HTTP_OK or tag is None:
                await self._send(message)
            else:
                self._start = message
            return
        start, self._start = self._start, None
        if start is None:
            await self._send(message)
            return
        headers: Headers = list(start["headers"])
        tag = next(value for name, value in headers if name == b"etag").decode("latin-1")
        fewer = [(name, value) for name, value in headers if name not in _BODILESS]
        kept = Kept(self._state, headers, fewer, tag, message.get("body", b""), None)
        unchanged = bool(self._unless) and names(self._unless, tag, weakly=True)
        if message.get("more_body", False):
            # Too long to be made at once, so too long to be kept.
            await self._send(start)
            await self._send(message)
            return
        self.kept = kept
        await send_kept(kept, self._send, unchanged=unchanged)


async def send_kept(kept: Kept, send: Send, *, unchanged: bool) -> None:
    """Send an answer, or that it is ``unchanged``."""
    # The lists are copied: whoever is outside adds headers of this one answer.
    start: dict[str, Any] = {"type": "http.response.start", "status": HTTP_OK, "headers": [*kept.headers]}
    if unchanged:
        start |= {"status": HTTP_NOT_MODIFIED, "headers": [*kept.headers_unchanged]}
    await send(start)
    await send({"type": "http.response.body", "body": b"" if unchanged else kept.body})
