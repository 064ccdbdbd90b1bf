"""What pages of other origins may ask and read (CORS)."""

from __future__ import annotations

from http import HTTPStatus
from typing import Any

from starlette.datastructures import Headers
from starlette.middleware.cors import CORSMiddleware
from starlette.responses import Response

from app.api.middleware import choose_request_id
from app.api.problems import CROSS_SITE, Problem

EXPOSED = (
    "Content-Disposition",
    "ETag",
    "Idempotent-Replayed",
    "Last-Modified",
    "Link",
    "Location",
    "Preference-Applied",
    "RateLimit",
    "RateLimit-Policy",
    "Retry-After",
    "WWW-Authenticate",
    "X-Request-ID",
)
"""Headers that a page may read, besides those that every page may."""

_DAY = 86_400


class CrossOrigin(CORSMiddleware):
    """Starlette's middleware, which tells a page that may not ask so in a problem."""

    def preflight_response(self, request_headers: Headers) -> Response:
        """Return what the page of another origin may ask."""
        told = super().preflight_response(request_headers)
        if told.status_code < HTTPStatus.BAD_REQUEST:
            return told
        refused = Problem(CROSS_SITE, bytes(told.body).decode().lower()).response(choose_request_id(None))
        allowed = [(k, v) for k, v in told.raw_headers if k not in {b"content-length", b"content-type"}]
        refused.raw_headers.extend(allowed)
        return refused


def cors_options(origins: tuple[str, ...]) -> dict[str, Any]:
    """Return the options of Starlette's middleware for so many origins. Cookies are never asked for."""
    return {
        "allow_origins": list(origins),
        "allow_methods": ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE"],
        "allow_headers": [
            "Accept",
            "Authorization",
            "Content-Encoding",
            "Content-Type",
            "Idempotency-Key",
            "If-Match",
            "If-Modified-Since",
            "If-None-Match",
            "Prefer",
            "X-Request-ID",
        ],
        "expose_headers": list(EXPOSED),
        "max_age": _DAY,
    }
