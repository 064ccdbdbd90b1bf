"""Answers kept in memory, for as long as the database is in the state that they were read from."""

from __future__ import annotations

import asyncio
from collections import OrderedDict
from dataclasses import dataclass, field

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from app.api.coding import coding_for
from app.api.extensions import ENDING
from app.api.heads import named_fields, with_fields
from app.api.representations import is_known
from app.api.security_headers import SECURED, secured
from app.store.state import DatabaseState, State

HTTP_OK, HTTP_NOT_MODIFIED = 200, 304
_LARGEST_SHARE = 8
"""One answer takes at most this part of the room, so that a large one does not put all others out."""
_OVERHEAD = 1_000
_READS = frozenset({"GET", "HEAD"})
_NO_BODY: Message = {"type": "http.response.body", "body": b""}
_BODILESS = frozenset({b"content-length", b"content-type", b"content-encoding"})
_CONDITIONS = frozenset({b"if-none-match", b"if-modified-since"})

Asked = tuple[bytes | None, bytes | None]
"""What a client says of the answer that it has: If-None-Match and If-Modified-Since."""


@dataclass(frozen=True, slots=True)
class Kept:
    """One answer: the messages that it is sent by with a body and without, complete but for what each answer adds."""

    state: State
    start: Message
    start_unchanged: Message
    tag: bytes
    modified: str | None
    body: Message
    route: object

    @property
    def size(self) -> int:
        """Return how much memory it takes, roughly. Units: bytes."""
        return len(self.body["body"]) + _OVERHEAD

    def is_known(self, asked: Asked) -> bool:
        """Say whether a client has this answer already."""
        unless, since = asked
        if unless == self.tag:
            return True
        if unless is None and since is None:
            return False
        return is_known(_text(unless), _text(since), self.tag.decode(), self.modified)


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
        if kept.size * _LARGEST_SHARE > self.room:
            return
        self.answers[key] = kept
        self.taken += kept.size
        while self.taken > self.room:
            self.drop(next(iter(self.answers)))

    def drop(self, key: object) -> None:
        """Let an answer go."""
        found = self.answers.pop(key, None)
        if found is not None:
            self.taken -= found.size


class KeepAnswers:
    """Answers a GET from memory when the database is still in the state that the answer was read from.

    ``paths`` are the first segments of those addresses whose answers depend on the request and the database alone.
    The state is looked at before an answer is read and again before it is sent from memory, so nobody is sent what
    was before a change that has been answered, by this process or by another. HEAD is answered by what is kept of GET.
    ``https`` says that clients use this service by HTTPS.
    """

    def __init__(
        self, app: ASGIApp, *, state: DatabaseState, paths: frozenset[str], room: int, https: bool = False
    ) -> None:
        self.app = app
        self.state = state
        self.paths = paths
        self.shelf = Shelf(room)
        self.https = https
        self._readings: dict[tuple[object, State], _Reading] = {}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Handle one connection."""
        if scope["type"] != "http" or scope["method"] not in _READS or not self._may_be_kept(scope["path"]):
            await self.app(scope, receive, send)
            return
        named = named_fields(scope).get
        coding = named(b"accept-encoding")
        key = (
            *(
                scope["path"],
                scope["query_string"],
                scope["scheme"],
                scope.get(ENDING),
                named(b"accept"),
                named(b"host"),
            ),
            None if coding is None else coding_for(coding.decode("latin-1")),
        )
        asked = named(b"if-none-match"), named(b"if-modified-since")
        state = await self.state.current()
        kept = None if state is None else self.shelf.get(key)
        if kept is not None and kept.state == state:
            scope["route"] = kept.route  # for the figures and the log
            await send_kept(kept, send, asked, bodiless=scope["method"] == "HEAD")
        elif state is None or scope["method"] == "HEAD":
            await self.app(scope, receive, send)
        elif (reading := self._readings.get((key, state))) is not None:
            # Somebody reads it already, and the state is what it was: what he finds is right here too.
            await reading.over.wait()
            if reading.kept is None:
                await self.app(scope, receive, send)
            else:
                scope["route"] = reading.kept.route
                await send_kept(reading.kept, send, asked)
        else:
            # Its answer is to be kept, so it is asked for the whole of it.
            inner = with_fields(scope, [field for field in scope["headers"] if field[0] not in _CONDITIONS])
            reading = self._readings[key, state] = _Reading(inner, send, asked, state, https=self.https)
            try:
                await self.app(inner, receive, reading.send)
            finally:
                del self._readings[key, state]
                reading.over.set()
                scope["route"] = inner.get("route")
            if reading.kept is not None:
                self.shelf.put(key, reading.kept)

    def _may_be_kept(self, path: str) -> bool:
        """Say whether an answer depends on the database alone; without room none is shared either."""
        return self.shelf.room > 0 and path[1:].partition("/")[0] in self.paths


class _Reading:
    """Takes one answer as it is sent, and sends it on: all of it, or 304 when the client has it.

    It is ``over`` when it is known what is kept of it, for all who ask meanwhile; how fast it is taken is its client's.
    """

    def __init__(self, scope: Scope, send: Send, asked: Asked, state: State, *, https: bool) -> None:
        self.over = asyncio.Event()
        self.kept: Kept | None = None
        self._scope = scope
        self._send = send
        self._asked = asked
        self._state = state
        self._https = https
        self._start: Message | None = None

    async def send(self, message: Message) -> None:
        """Take one part of the answer."""
        if message["type"] == "http.response.start":
            if message["status"] == HTTP_OK and any(name == b"etag" for name, _ in message["headers"]):
                self._start = message
                return
            self.over.set()
        start, self._start = self._start, None
        if start is None:
            await self._send(message)
        elif message.get("more_body", False):
            # Too long to be made at once, so too long to be kept.
            self.over.set()
            await self._send(start)
            await self._send(message)
        else:
            self.kept = self._keep(start, message)
            self.over.set()
            await send_kept(self.kept, self._send, self._asked)

    def _keep(self, start: Message, body: Message) -> Kept:
        fewer = [(name, value) for name, value in start["headers"] if name not in _BODILESS]
        unchanged = {**start, "status": HTTP_NOT_MODIFIED, "headers": fewer}
        fields = secured(start["headers"], https=self._https)
        named = dict(fields)
        start = {**start, "headers": fields, SECURED: True}
        modified = _text(named.get(b"last-modified"))
        return Kept(self._state, start, unchanged, named[b"etag"], modified, body, self._scope.get("route"))


def _text(field: bytes | None) -> str | None:
    return None if field is None else field.decode("latin-1")


async def send_kept(kept: Kept, send: Send, asked: Asked, *, bodiless: bool = False) -> None:
    """Send an answer, or that a client has it by what it ``asked``; without its body where it is to be ``bodiless``."""
    unchanged = kept.is_known(asked)
    # Copied: whoever is outside gives this one answer header fields of its own.
    await send({**(kept.start_unchanged if unchanged else kept.start)})
    await send(_NO_BODY if unchanged or bodiless else kept.body)
