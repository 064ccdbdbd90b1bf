"""A story as it arrives: bytes or fields into one canonical text, what came with it, and its Document."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime

from app.domain.document import Document, Head
from app.domain.span import Span
from app.errors import CharsetError, TooLargeError
from app.ingest.fields import FIRST_YEAR, LAST_YEAR, StoryFields, check_language, check_line, check_url, read_fields
from app.ingest.media_types import HTML, JSON, NEWSML, NINJS, PLAIN, check_utf8, read_media_type
from app.ingest.newsml import NewsMlError, read_newsml
from app.ingest.ninjs import ninjs_fields, story_fields
from app.ingest.strict_json import read_object
from app.store.views import ReceivedArticle
from app.text.decode import LIMIT, decode, verify_text
from app.text.document import build_document
from app.text.html import HtmlStory, read_html

_TOP = 1500
_META_CHARSET = re.compile(rb"""<meta[^>]{0,200}charset\s*=\s*["']?\s*([A-Za-z0-9_:.+-]{1,40})""", re.IGNORECASE)
_PAGE_START = 2048
_NO_FIELDS = StoryFields()


Complete = Callable[[StoryFields], StoryFields]
"""Returns the text or the page of a story of which only the address is known."""


@dataclass(frozen=True, slots=True)
class Received:
    """A story that can be kept: what came, and the structure of its text."""

    article: ReceivedArticle
    document: Document


def receive(body: bytes, content_type: str | None, *, limit: int = LIMIT, complete: Complete | None = None) -> Received:
    """Return the story in a body of a media type that a story may have; ``complete`` gets one that is at an address.

    Units: ``limit`` in bytes of the story's text or page.
    Raises: MediaTypeError for another media type; InputError naming the field for what cannot be accepted.
    """
    kind = read_media_type(content_type)
    if kind.name == NEWSML:
        return receive_fields(_only_one(read_newsml(body)), limit=limit)
    if kind.name in {JSON, NINJS}:
        check_utf8(kind.charset, "JSON")
        value = read_object(body)
        if kind.name == NINJS:
            return receive_fields(ninjs_fields(value), limit=limit)
        fields = read_fields(value, by_address=complete is not None)
        return receive_fields(complete(fields) if complete and fields.is_address else fields, limit=limit)
    if kind.name == PLAIN:
        return receive_text(decode(body, kind.charset, limit=limit), limit=limit)
    return _receive_html(decode_page(body, kind.charset, limit), _NO_FIELDS, limit)


def receive_payload(payload: bytes, content_type: str | None, *, limit: int = LIMIT) -> Received:
    """Return the story in what waited or lay in a file: a body, or without a media type a JSON object.

    Raises: MediaTypeError; InputError naming the field.
    """
    if content_type is not None:
        return receive(payload, content_type, limit=limit)
    return receive_fields(story_fields(read_object(payload)), limit=limit)


def receive_fields(fields: StoryFields, *, limit: int = LIMIT) -> Received:
    """Return the story that a client sent as fields.

    Raises: InputError naming the field.
    """
    if fields.html is not None:
        return _receive_html(fields.html, fields, limit)
    return receive_text(fields.text or "", fields, limit=limit)


def _only_one(stories: list[StoryFields]) -> StoryFields:
    if len(stories) > 1:
        msg = f"holds {len(stories)} stories: this takes one at a time"
        raise NewsMlError(msg)
    return stories[0]


def receive_text(text: str, fields: StoryFields = _NO_FIELDS, *, limit: int = LIMIT) -> Received:
    """Return the story in a plain text, exactly as it came; lines that a wire puts above it become metadata.

    Raises: InputError naming the field.
    """
    verify_text(text, limit=limit)
    document = kept_document(text, fields.title, PLAIN)
    return Received(_article(text, fields, document.head), document)


def kept_document(text: str, title: str | None, media_type: str) -> Document:
    """Return the document of a text that came with a headline, or of an article as it is kept: the same."""
    # A headline that came apart from the text says that the text has no head of its own, unless it opens with it.
    wire = media_type == PLAIN and (title is None or _folded(title) in _folded(text[:_TOP]))
    return build_document(text, wire=wire)


def _receive_html(page: str, fields: StoryFields, limit: int) -> Received:
    size = len(page.encode())
    if size > limit:
        raise TooLargeError("html", f"{size} bytes; at most {limit} are accepted")
    story = read_html(page)
    verify_text(story.text, field="html", limit=limit)
    document = build_document(story.text, wire=False)
    return Received(_article_of_page(story, fields, document.head), document)


def decode_page(body: bytes, charset: str | None, limit: int) -> str:
    """Return a page as text: in the declared charset, else the one that the page names, else in UTF-8."""
    if charset is None:
        named = _META_CHARSET.search(body[:_PAGE_START])
        # A page that can be searched for this as bytes is not UTF-16, whatever it says (WHATWG HTML, 13.2.3.2).
        charset = named[1].decode("ascii") if named and not named[1].lower().startswith(b"utf-16") else None
        try:
            return decode(body, charset, field="html", limit=limit)
        except CharsetError:
            if charset is None:
                raise
            charset = None
    return decode(body, charset, field="html", limit=limit)


def _article(text: str, fields: StoryFields, head: Head) -> ReceivedArticle:
    """Return what came with a plain text, each field from the sender, else from the head of the text."""
    return ReceivedArticle(
        text=text,
        title=fields.title or _words(text, head.title),
        section=fields.section or _words(text, head.section),
        byline=fields.byline or _words(text, head.byline),
        dateline=_words(text, head.dateline),
        authors=tuple(fields.authors or ()),
        source=fields.source,
        url=fields.url,
        language=fields.language,
        published_at=fields.published_at,
        external_id=fields.external_id,
        media_type=PLAIN,
        head=head,
    )


def _words(text: str, span: Span | None) -> str | None:
    return None if span is None else " ".join(span.of(text).split())


def _article_of_page(story: HtmlStory, fields: StoryFields, head: Head) -> ReceivedArticle:
    """Return what came with a page, each field from the sender, else from the page where the page makes sense."""
    authors = fields.authors or [author for author in story.authors if _right(check_line, author)]
    return ReceivedArticle(
        text=story.text,
        title=fields.title or _right(check_line, story.title),
        section=fields.section or _right(check_line, story.section),
        byline=fields.byline,
        dateline=_words(story.text, head.dateline),
        authors=tuple(authors),
        source=fields.source or _right(check_line, story.source),
        url=fields.url or _right(check_url, story.url),
        language=fields.language or _right(check_language, story.language),
        published_at=fields.published_at or _in_range(story.published_at),
        external_id=fields.external_id,
        media_type=HTML,
        head=head,
    )


def _right(check: Callable[[str], str], value: str | None) -> str | None:
    """Return ``value`` when it passes the check that a sender's would have to pass, else None."""
    try:
        return None if value is None else check(value)
    except ValueError:
        return None


def _in_range(moment: datetime | None) -> datetime | None:
    if moment is None or not FIRST_YEAR <= moment.year <= LAST_YEAR:
        return None
    return moment.astimezone(UTC)


def _folded(words: str) -> str:
    return " ".join(words.casefold().split())
