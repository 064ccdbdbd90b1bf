"""The forms that an address can ask for by its ending: ``/quotes.csv`` is ``/quotes`` with ``Accept: text/csv``."""

from __future__ import annotations

from collections.abc import Mapping

from starlette.types import ASGIApp, Receive, Scope, Send

from app.api.heads import with_fields

JSON = "application/json"
CSV = "text/csv"
NDJSON = "application/x-ndjson"
LD = "application/ld+json"
NINJS = "application/vnd.iptc.ninjs+json"

FORMS: Mapping[str, str] = {"json": JSON, "csv": CSV, "ndjson": NDJSON, "jsonld": LD, "ninjs": NINJS}
"""What each ending asks for."""

ENDING = "sayso.ending"
"""Under which the request remembers its ending, dot and all: addresses that lead on keep it."""


class Extensions:
    """Takes the ending off an address that begins with one of ``paths``, and asks for its form instead."""

    def __init__(self, app: ASGIApp, paths: frozenset[str]) -> None:
        self.app = app
        self.paths = paths

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Handle one connection."""
        if scope["type"] == "http" and scope["method"] in {"GET", "HEAD"}:
            start, dot, ending = scope["path"].rpartition(".")
            if dot and ending in FORMS and start[1:].partition("/")[0] in self.paths:
                headers = [(name, value) for name, value in scope["headers"] if name != b"accept"]
                headers.append((b"accept", FORMS[ending].encode()))
                inner = with_fields(scope, headers)
                inner.update({"path": start, "raw_path": start.encode(), ENDING: f".{ending}"})
                await self.app(inner, receive, send)
                scope["route"] = inner.get("route")  # for the figures
                return
        await self.app(scope, receive, send)
