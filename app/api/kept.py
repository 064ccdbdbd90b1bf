"""Answers kept in memory, for as long as the database is in the state that they were read from."""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import dataclass, field, replace

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from app.api.coding import coding_for
from app.api.extensions import ENDING
from app.api.heads import named_fields, with_fields
from app.api.representations import names
from app.api.security_headers import SECURED, secured
from app.store.state import DatabaseState, State

HTTP_OK, HTTP_NOT_MODIFIED = 200, 304
_LARGEST_SHARE = 8
"""One answer takes at most this part of the room, so that a large one does not put all others out."""
_OVERHEAD = 1_000
_READS = frozenset({"GET", "HEAD"})
_NO_BODY: Message = {"type": "http.response.body", "body": b""}
_BODILESS = frozenset({b"content-length", b"content-type", b"content-encoding"})


@dataclass(frozen=True, slots=True)
class Kept:
    """One answer: the messages that it is sent by with a body and without, complete but for what each answer adds."""

    state: State
    start: Message
    start_unchanged: Message
    tag: bytes
    body: Message
    route: object

    @property
    def size(self) -> int:
        """Return how much memory it takes, roughly. Units: bytes."""
        return len(self.body["body"]) + _OVERHEAD

    def is_known(self, unless: bytes) -> bool:
        """Say whether ``unless``, the value of If-None-Match or nothing, names this answer."""
        return unless == self.tag or (bool(unless) and names(unless.decode("latin-1"), self.tag.decode(), weakly=True))


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

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Handle one connection."""
        if scope["type"] != "http" or scope["method"] not in _READS or not self._depends_on_database(scope["path"]):
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
        unless = named(b"if-none-match", b"")
        state = await self.state.current()
        kept = None if state is None else self.shelf.get(key)
        if kept is not None and kept.state == state:
            scope["route"] = kept.route  # for the figures and the log
            await send_kept(kept, send, unless, bodiless=scope["method"] == "HEAD")
        elif state is None or scope["method"] == "HEAD":
            await self.app(scope, receive, send)
        else:
            # Its answer is to be kept, so it is asked for the whole of it.
            inner = with_fields(scope, [field for field in scope["headers"] if field[0] != b"if-none-match"])
            keeping = _Keeping(send, unless, state, https=self.https)
            await self.app(inner, receive, keeping.send)
            scope["route"] = inner.get("route")
            if keeping.kept is not None:
                self.shelf.put(key, replace(keeping.kept, route=scope["route"]))

    def _depends_on_database(self, path: str) -> bool:
        return path[1:].partition("/")[0] in self.paths


class _Keeping:
    """Takes one answer as it is sent, and sends it on: all of it, or 304 when the client has it."""

    def __init__(self, send: Send, unless: bytes, state: State, *, https: bool) -> None:
        self._send = send
        self._unless = unless
        self._state = state
        self._https = https
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
        if message.get("more_body", False):
            # Too long to be made at once, so too long to be kept.
            await self._send(start)
            await self._send(message)
            return
        fields = secured(start["headers"], https=self._https)
        tag = next(value for name, value in fields if name == b"etag")
        fewer = [(name, value) for name, value in start["headers"] if name not in _BODILESS]
        unchanged = {**start, "status": HTTP_NOT_MODIFIED, "headers": fewer}
        start = {**start, "headers": fields, SECURED: True}
        self.kept = Kept(self._state, start, unchanged, tag, message, None)
        await send_kept(self.kept, self._send, self._unless)


async def send_kept(kept: Kept, send: Send, unless: bytes, *, bodiless: bool = False) -> None:
    """Send an answer, or that it is what ``unless`` names; without its body where it is to be ``bodiless``."""
    unchanged = kept.is_known(unless)
    # Copied: whoever is outside gives this one answer header fields of its own.
    await send({**(kept.start_unchanged if unchanged else kept.start)})
    await send(_NO_BODY if unchanged or bodiless else kept.body)
