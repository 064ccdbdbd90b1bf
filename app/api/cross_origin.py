"""What pages of other origins may ask and read (CORS)."""

from __future__ import annotations

from typing import Any

EXPOSED = (
    "Content-Disposition",
    "ETag",
    "Last-Modified",
    "Link",
    "Location",
    "RateLimit",
    "RateLimit-Policy",
    "Retry-After",
    "X-Request-ID",
)
"""Headers that a page may read, besides those that every page may."""

_DAY = 86_400


def cors_options(origins: tuple[str, ...]) -> dict[str, Any]:
    """Return the options of Starlette's middleware for so many origins. Cookies are never asked for."""
    return {
        "allow_origins": list(origins),
        "allow_methods": ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE"],
        "allow_headers": [
            "Accept",
            "Authorization",
            "Content-Type",
            "Idempotency-Key",
            "If-Match",
            "If-None-Match",
            "X-Request-ID",
        ],
        "expose_headers": list(EXPOSED),
        "max_age": _DAY,
    }
