"""Header fields that every answer has, so that a browser does nothing with it that it is not for.

Source: OWASP REST Security Cheat Sheet, "Security Headers".
"""

from __future__ import annotations

import re
from base64 import b64encode
from collections.abc import Sequence
from hashlib import sha256

Field = tuple[bytes, bytes]

_DATA = b"default-src 'none'; frame-ancestors 'none'"
_PAGE = b"default-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'; object-src 'none'"
_ALWAYS: tuple[Field, ...] = (
    (b"x-content-type-options", b"nosniff"),
    (b"referrer-policy", b"no-referrer"),
)
# What a page says of its frames itself, it says by its policy.
_UNFRAMED: Field = (b"x-frame-options", b"DENY")
_OWN: Field = (b"cross-origin-resource-policy", b"same-origin")
# Scripts and styles hold nothing of anybody's, and are there to be put into other sites' pages.
_ANYONES: Field = (b"cross-origin-resource-policy", b"cross-origin")
_PARTS = (b"text/javascript", b"text/css")
_HTTPS_ONLY: Field = (b"strict-transport-security", b"max-age=31536000")
SECURED = "sayso.secured"
"""Under which the start of an answer says that it has these fields already."""
_SCRIPT = re.compile(rb"<script>(.*?)</script>", re.DOTALL)


def secured(headers: Sequence[Field], *, https: bool) -> list[Field]:
    """Return an answer's header fields with those that protect; what a route says itself of its content stays.

    ``https`` says that clients use this service by HTTPS.
    """
    content_type, named = b"", set()
    for name, value in headers:
        named.add(name)
        if name == b"content-type":
            content_type = value
    added = [*headers, *(field for field in _ALWAYS if field[0] not in named)]
    if b"content-security-policy" not in named:
        policy = _PAGE if content_type.startswith(b"text/html") else _DATA
        added += [(b"content-security-policy", policy), _UNFRAMED]
    added.append(_ANYONES if content_type.startswith(_PARTS) else _OWN)
    if https:
        added.append(_HTTPS_ONLY)
    return added


def policy_of_page(page: bytes) -> str:
    """Return the content security policy of a page that sets its own styles and has these scripts in it, no others."""
    scripts = " ".join(f"'sha256-{b64encode(sha256(text).digest()).decode()}'" for text in _SCRIPT.findall(page))
    return (
        f"default-src 'none'; script-src 'self' {scripts}; style-src 'self' 'unsafe-inline'; img-src 'self' data:; "
        "connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
    )
