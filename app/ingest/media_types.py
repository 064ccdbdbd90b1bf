"""Content-Type headers, read."""

from __future__ import annotations

import re
from dataclasses import dataclass

from app.ingest.faults import MediaTypeError

JSON = "application/json"
PLAIN = "text/plain"
HTML = "text/html"
NINJS = "application/vnd.iptc.ninjs+json"
NEWSML = "application/vnd.iptc.g2.newsitem+xml"
# Under which names the documents of news agencies travel: ninjs has none that is registered.
NINJS_NAMES = frozenset({NINJS, "application/ninjs+json"})
NEWSML_NAMES = frozenset({NEWSML, "application/vnd.iptc.g2.newsmessage+xml"})
UTF_8 = frozenset({"utf-8", "utf8", "us-ascii", "ascii"})
TAKEN = (JSON, PLAIN, HTML, NINJS, NEWSML)

_WORD = r"[!#$%&'*+.^_`|~0-9A-Za-z-]+"
_TYPE = re.compile(rf"\s*({_WORD}/{_WORD})\s*(?:;|\Z)")
_CHARSET = re.compile(rf""";\s*charset\s*=\s*("[^"]*"|'[^']*'|{_WORD})\s*(?=;|\Z)""", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class MediaType:
    """What a body says it is. ``charset`` is None where it says nothing."""

    name: str
    charset: str | None = None


def read_media_type(header: str | None) -> MediaType:
    """Return the media type that a Content-Type header names, one of those that a story may have.

    Source: RFC 9110, section 8.3.
    Raises: MediaTypeError for none, another one, or one that cannot be read.
    """
    match = _TYPE.match(header or "")
    name = match[1].lower() if match else None
    name = NINJS if name in NINJS_NAMES else NEWSML if name in NEWSML_NAMES else name
    if name not in TAKEN:
        found = f"not {name}" if name else "and Content-Type must say which"
        msg = f"a story is {', '.join(TAKEN[:-1])} or {TAKEN[-1]}, {found}"
        raise MediaTypeError(msg)
    return MediaType(name, charset_of(header))


def charset_of(header: str | None) -> str | None:
    """Return the character set that a Content-Type header names, None where it names none."""
    charset = _CHARSET.search(header or "")
    return charset[1].strip("\"'") or None if charset else None


def check_utf8(charset: str | None, what: str) -> None:
    """Refuse a declared character set that ``what`` is never in.

    Raises: MediaTypeError.
    """
    if charset is not None and charset.lower() not in UTF_8:
        msg = f"{what} is UTF-8, not {charset[:40]}"
        raise MediaTypeError(msg)


def content_type_of(header: str) -> MediaType:
    """Return what a page that was fetched says it is: HTML, be it as XHTML, or plain text.

    Raises: MediaTypeError for another one.
    """
    html = re.sub(r"^\s*application/xhtml\+xml", HTML, header, flags=re.IGNORECASE)
    kind = read_media_type(html)
    if kind.name not in {HTML, PLAIN}:
        msg = f"a page is {HTML} or {PLAIN}, not {kind.name}"
        raise MediaTypeError(msg)
    return kind


def most_json_bytes(limit: int) -> int:
    """Return how many bytes JSON may take for a text of ``limit`` bytes: room for its escapes and other fields."""
    return 3 * limit + 65_536
