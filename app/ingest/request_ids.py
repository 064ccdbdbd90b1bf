"""The id of the request that work is done for: it stands in every log line, in the worker's too."""

from __future__ import annotations

from contextvars import ContextVar

REQUEST_ID: ContextVar[str] = ContextVar("request_id", default="-")
