"""What happens around every request: an id, one log line, the size limit, an answer even when a defect shows."""

from __future__ import annotations

import logging
import re
import time
from random import getrandbits

from starlette.datastructures import Headers
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from app.api.heads import named_fields
from app.api.metrics import Metrics
from app.api.problems import INTERNAL_ERROR, Problem, problem_of
from app.api.security_headers import SECURED, secured
from app.errors import TooLargeError
from app.ingest.media_types import HTML, PLAIN, most_json_bytes
from app.ingest.request_ids import REQUEST_ID

log = logging.getLogger("sayso.http")

# Read a piece at a time, each story of them within the limit of a story.
STREAMED = frozenset({("POST", "/ingestions")})
HTTP_NOT_MODIFIED = 304
DEFECT = Problem(INTERNAL_ERROR, INTERNAL_ERROR.meaning)
_SANE_ID = re.compile(r"[A-Za-z0-9._:/+=-]{1,128}")


def choose_request_id(sent: str | None) -> str:
    """Return the id that the client sent when it has a sane form, else a new one."""
    return sent if sent is not None and _SANE_ID.fullmatch(sent) else f"{getrandbits(128):032x}"


class Observe:
    """Gives every request an id, answers a defect with a problem, and writes one log line a request.

    What guards an answer's content goes with the content: 304 has none, and leaves what the client keeps as it is.

    The line holds the path without its query, and no body: what people search for is theirs. ``https`` says that
    clients use this service by HTTPS.
    """

    def __init__(self, app: ASGIApp, metrics: Metrics, *, https: bool = False) -> None:
        self.app = app
        self.metrics = metrics
        self.https = https

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Handle one connection."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        sent = named_fields(scope).get(b"x-request-id")
        request_id = choose_request_id(None if sent is None else sent.decode("latin-1"))
        REQUEST_ID.set(request_id)
        started = time.perf_counter()
        status = 0

        async def send_with_id(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                fields = message.get("headers", ())
                if SECURED not in message and status != HTTP_NOT_MODIFIED:
                    fields = secured(fields, https=self.https)
                message["headers"] = [*fields, (b"x-request-id", request_id.encode())]
            await send(message)

        try:
            await self.app(scope, receive, send_with_id)
        except Exception:
            if status:
                raise
            log.exception("defect", extra={"method": scope["method"], "path": scope["path"]})
            await DEFECT.response(request_id)(scope, receive, send_with_id)
        finally:
            seconds = time.perf_counter() - started
            self.metrics.observe(scope["method"], getattr(scope.get("route"), "path", ""), status, seconds)
            if log.isEnabledFor(logging.INFO):
                told = {"method": scope["method"], "path": scope["path"], "status": status}
                log.info("request", extra={**told, "ms": round(seconds * 1000, 1)})


class Defects:
    """Answers a defect of a route with a problem, before the framework answers it with words of its own."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Handle one connection."""
        started = False

        async def send_on(message: Message) -> None:
            nonlocal started
            started = True
            await send(message)

        try:
            await self.app(scope, receive, send_on)
        except Exception:
            if scope["type"] != "http":
                raise
            log.exception("defect", extra={"method": scope["method"], "path": scope["path"]})
            if started:
                raise
            await DEFECT.response(REQUEST_ID.get())(scope, receive, send)


HEAD = "sayso.head"
"""Under which a request remembers that it is a HEAD: what would be streamed need not be read."""


class HeadAsGet:
    """Answers HEAD by what GET would say, without the body."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Handle one connection."""
        if scope["type"] != "http" or scope["method"] != "HEAD":
            await self.app(scope, receive, send)
            return

        async def send_head(message: Message) -> None:
            await send({**message, "body": b""} if message["type"] == "http.response.body" else message)

        inner = {**scope, "method": "GET", HEAD: True}
        await self.app(inner, receive, send_head)
        scope["route"] = inner.get("route")  # for the figures


class LimitBody:
    """Stops reading a body at the limit, whatever length it declares.

    Starlette's own limiter answers text/plain and knows one limit; here JSON, whose escapes may take three times the
    text's bytes, gets room for them.
    """

    def __init__(self, app: ASGIApp, max_text_bytes: int) -> None:
        self.app = app
        self.max_text_bytes = max_text_bytes

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Handle one connection."""
        if scope["type"] != "http" or (scope["method"], scope["path"]) in STREAMED:
            await self.app(scope, receive, send)
            return
        headers = Headers(scope=scope)
        content_type = headers.get("content-type", "")
        limit = body_limit(content_type, self.max_text_bytes)
        error = TooLargeError(_part_of(content_type), f"a body of this media type may have at most {limit} bytes")
        if _declared(headers) > limit:
            await problem_of(error).response(REQUEST_ID.get())(scope, receive, send)
            return
        taken = 0

        async def receive_within_limit() -> Message:
            nonlocal taken
            message = await receive()
            taken += len(message.get("body", b""))
            if taken > limit:
                raise error
            return message

        await self.app(scope, receive_within_limit, send)


def body_limit(content_type: str, max_text_bytes: int) -> int:
    """Return how many bytes a body of a media type may have."""
    return most_json_bytes(max_text_bytes) if _part_of(content_type) == "body" else max_text_bytes


def _part_of(content_type: str) -> str:
    """Return what the body of a media type is: the text, the page, or several fields."""
    name = content_type.partition(";")[0].strip().lower()
    return {PLAIN: "text", HTML: "html"}.get(name, "body")


def _declared(headers: Headers) -> int:
    """Return the length that a body declares, 0 when it declares none that can be read."""
    sent = headers.get("content-length", "")
    return int(sent) if re.fullmatch(r"[0-9]{1,18}", sent) else 0
