"""Feeds, read: RSS 0.9x to 2.0, Atom, JSON Feed.

XML goes through feedparser, which reads what feeds really are; before that, a strict reader refuses documents that
declare entities, so that none can unfold or reach for another. JSON Feed is JSON and needs no library.
Source: RSS 2.0 (RSS Advisory Board), RFC 4287 (Atom), JSON Feed 1.1.
"""

from __future__ import annotations

import calendar
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import sha256
from io import BytesIO
from typing import Any
from urllib.parse import urljoin
from xml.sax import SAXException
from xml.sax.handler import ContentHandler

import defusedxml.sax
from defusedxml import DefusedXmlException

from app.errors import InputError
from app.ingest.faults import FieldsError, NotJsonError
from app.ingest.salvage import as_list
from app.ingest.strict_json import read_object

_FIELD = "feed"
_JSON_FEED = "https://jsonfeed.org/version/"
_MOST_ENTRIES = 1_000
_LONGEST_TTL = 7 * 86_400


class FeedError(InputError):
    """What came is no feed that can be read."""

    def __init__(self, reason: str) -> None:
        super().__init__(_FIELD, reason)


@dataclass(frozen=True, slots=True)
class FeedEntry:
    """One entry: where its story is, and what the feed itself holds of it.

    ``key`` is the feed's own id for it, or its address; ``content`` is HTML, ``text`` is plain. ``mark`` changes when
    what the feed says of the entry does.
    """

    key: str
    url: str | None
    title: str | None
    authors: tuple[str, ...]
    published_at: datetime | None
    section: str | None
    language: str | None
    content: str | None
    text: str | None
    updated_at: datetime | None

    @property
    def mark(self) -> str:
        """Return a digest of what a reader would see."""
        told = (self.url, self.title, self.content, self.text, self.updated_at)
        return sha256(repr(told).encode("utf-8", "backslashreplace")).hexdigest()


@dataclass(frozen=True, slots=True)
class FeedDocument:
    """A feed as it stands. Units: ``ttl`` in seconds, how long it says that it stays as it is."""

    title: str | None
    language: str | None
    ttl: float | None
    entries: tuple[FeedEntry, ...]


def read_feed(body: bytes, url: str, content_type: str | None = None) -> FeedDocument:
    """Return the feed in ``body``, which came from ``url``; of very many entries, the first thousand.

    Raises: FeedError.
    """
    start = body[:4_096].lstrip(b"\xef\xbb\xbf \t\r\n")
    return _read_json(body, url) if start.startswith(b"{") else _read_xml(body, url, content_type)


def _read_json(body: bytes, url: str) -> FeedDocument:
    try:
        value = read_object(body)
    except (NotJsonError, FieldsError) as error:
        msg = f"is not JSON that can be read: {error}"
        raise FeedError(msg) from error
    if not str(value.get("version")).startswith(_JSON_FEED):
        msg = "is JSON, but no JSON Feed: there is no version in it"
        raise FeedError(msg)
    items = [item for item in as_list(value.get("items")) if isinstance(item, Mapping)]
    language = _string(value.get("language"))
    entries = (_json_entry(item, url, language) for item in items[:_MOST_ENTRIES])
    return FeedDocument(_string(value.get("title")), language, None, _distinct(entries))


def _json_entry(item: Mapping[str, object], base: str, language: str | None) -> FeedEntry | None:
    url = _string(item.get("url")) or _string(item.get("external_url"))
    url = _joined(base, url)
    key = _string(str(item["id"])) if isinstance(item.get("id"), str | int) else url
    if key is None:
        return None
    people = [p for p in (*as_list(item.get("authors")), *as_list(item.get("author"))) if isinstance(p, Mapping)]
    names = (_string(p.get("name")) for p in people)
    tag = next(iter(as_list(item.get("tags"))), None)
    return FeedEntry(
        key=key,
        url=url,
        title=_string(item.get("title")),
        authors=tuple(dict.fromkeys(name for name in names if name)),
        published_at=_moment(item.get("date_published")),
        section=_string(tag),
        language=_string(item.get("language")) or language,
        content=_string(item.get("content_html")),
        text=_string(item.get("content_text")) or _string(item.get("summary")),
        updated_at=_moment(item.get("date_modified")),
    )


def _read_xml(body: bytes, url: str, content_type: str | None) -> FeedDocument:
    import feedparser  # noqa: PLC0415 (a service that starts need not wait for it)

    _refuse_entities(body)
    headers = {"content-location": url, "content-type": content_type or "application/xml"}
    found = feedparser.parse(BytesIO(body), response_headers=headers, sanitize_html=False)
    if not found.get("version"):
        msg = "is no RSS, Atom or JSON Feed"
        raise FeedError(msg)
    feed = found["feed"]
    language = _string(feed.get("language"))
    entries = (_xml_entry(entry, language) for entry in found["entries"][:_MOST_ENTRIES])
    return FeedDocument(_string(feed.get("title")), language, _ttl(feed), _distinct(entries))


def _refuse_entities(body: bytes) -> None:
    """Refuse a document that declares entities.

    Raises: FeedError.
    """
    msg = "declares XML entities, which are not read"
    try:
        # RSS 0.91 names its DTD, which is not fetched: only entities are a danger.
        defusedxml.sax.parseString(body, ContentHandler(), forbid_entities=True, forbid_external=False)
    except DefusedXmlException as error:
        raise FeedError(msg) from error
    except (SAXException, ValueError, LookupError) as error:
        # Many feeds are not well-formed, and are read all the same.
        if b"<!ENTITY" in body.replace(b"\0", b""):
            raise FeedError(msg) from error


def _xml_entry(entry: dict[str, Any], language: str | None) -> FeedEntry | None:
    url = _string(entry.get("link"))
    key = _string(entry.get("id")) or url
    if key is None:
        return None
    contents = [part for part in entry.get("content") or () if part.get("value")]
    best = max(contents, key=lambda part: len(part["value"]), default=None)
    if best is None and entry.get("summary"):
        best = {"value": entry["summary"], "type": entry.get("summary_detail", {}).get("type")}
    is_plain = best is not None and best.get("type") == "text/plain"
    names = (_string(author.get("name")) for author in entry.get("authors") or ())
    return FeedEntry(
        key=key,
        url=url if url and url.startswith(("http://", "https://")) else None,
        title=_string(entry.get("title")),
        authors=tuple(dict.fromkeys(name for name in names if name)),
        published_at=_struct_moment(entry.get("published_parsed")),
        section=_string(next((tag.get("term") for tag in entry.get("tags") or ()), None)),
        language=_string((best or {}).get("language")) or language,
        content=None if best is None or is_plain else best["value"],
        text=best["value"] if best is not None and is_plain else None,
        # As it stands: asked for through the entry, feedparser would give the other date for it.
        updated_at=_struct_moment(dict.get(entry, "updated_parsed")),
    )


def _distinct(entries: Iterator[FeedEntry | None]) -> tuple[FeedEntry, ...]:
    """Return the entries, the first of those that share a key."""
    found: dict[str, FeedEntry] = {}
    for entry in entries:
        if entry is not None:
            found.setdefault(entry.key, entry)
    return tuple(found.values())


def _ttl(feed: Mapping[str, Any]) -> float | None:
    ttl = str(feed.get("ttl") or "").strip()
    return min(float(ttl) * 60, _LONGEST_TTL) if ttl.isascii() and ttl.isdigit() and int(ttl) else None


def _joined(base: str, url: str | None) -> str | None:
    try:
        joined = urljoin(base, url) if url else None
    except ValueError:
        return None
    return joined if joined and joined.startswith(("http://", "https://")) else None


def _string(value: object) -> str | None:
    return value.strip() or None if isinstance(value, str) else None


def _moment(value: object) -> datetime | None:
    try:
        moment = datetime.fromisoformat(value) if isinstance(value, str) else None
    except ValueError:
        return None
    return moment if moment is None or moment.tzinfo else moment.replace(tzinfo=UTC)


def _struct_moment(value: Any) -> datetime | None:  # noqa: ANN401 (feedparser ships no types: a time.struct_time in UTC)
    try:
        return None if value is None else datetime.fromtimestamp(calendar.timegm(value), UTC)
    except (ValueError, OverflowError, OSError):
        return None
