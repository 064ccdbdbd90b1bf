"""Stories named by where they are: a list of addresses, or a feed, in place of the stories themselves."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import Annotated

import orjson
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from app.errors import InputError, TooLargeError
from app.ingest.faults import Fault, FieldsError
from app.ingest.feed_documents import read_feed
from app.ingest.fields import LONGEST_URL, Label, Url, check_url, faults_of
from app.ingest.pages import Pages
from app.ingest.polling import entry_items
from app.ingest.streams import ArraySplitter, LineSplitter
from app.ingest.strict_json import read_object
from app.store.ingestions import NewItem
from app.text.decode import decode

MOST_URLS = 10_000
LARGEST = 4_000_000
_PARTS = {"urls": "array", "url_list": "string", "feed": "string"}
_BEFORE = b"\xef\xbb\xbf \t\r\n"


class Reference(BaseModel):
    """Where stories are: one of the three."""

    model_config = ConfigDict(
        extra="forbid",
        strict=True,
        frozen=True,
        json_schema_extra={
            "anyOf": [
                {
                    "required": [one],
                    "properties": {name: {"type": kind if name == one else "null"} for name in _PARTS},
                }
                for one, kind in _PARTS.items()
            ]
        },
    )

    urls: Annotated[
        list[Url] | None, Field(min_length=1, max_length=MOST_URLS, description="The addresses of the stories' pages.")
    ] = None
    url_list: Annotated[Url | None, Field(description="The address of a list of such addresses, one a line.")] = None
    feed: Annotated[
        Url | None, Field(description="The address of a feed: what is in it now is taken, once; /feeds follows one.")
    ] = None
    pages: Annotated[
        bool, Field(description="Fetch the pages of a feed's entries; else take what it holds itself.")
    ] = True
    source: Annotated[Label | None, Field(description="Who published them.")] = None


def read_reference(body: bytes) -> Reference:
    """Return the reference in a JSON object.

    Raises: NotJsonError; FieldsError naming what is wrong.
    """
    try:
        reference = Reference.model_validate(read_object(body))
    except ValidationError as error:
        raise FieldsError(faults_of(error.errors(include_url=False, include_input=False))) from error
    if sum(part is not None for part in (reference.urls, reference.url_list, reference.feed)) != 1:
        raise FieldsError((Fault("urls", "send one of urls, url_list and feed"),))
    return reference


def referred_items(reference: Reference, pages: Pages) -> Iterator[NewItem]:
    """Yield the stories that a reference names; a list or feed is fetched now, the pages when they are worked on.

    Raises: FetchError; AddressError; FeedError; InputError for a list that is no text.
    """
    if reference.feed is not None:
        with _named("feed"):
            found = pages.document(reference.feed)
        feed = read_feed(found.body or b"", found.url, found.content_type)
        yield from entry_items(list(feed.entries), reference.source or feed.title, pages=reference.pages)
    elif reference.url_list is not None:
        with _named("url_list"):
            found = pages.document(reference.url_list)
        lines = decode(found.body or b"", None, field="url_list", limit=LARGEST)
        yield from listed_items(enumerate(lines.splitlines(), 1), reference.source)
    else:
        yield from listed_items(enumerate(reference.urls or (), 1), reference.source)


@contextmanager
def _named(field: str) -> Iterator[None]:
    """Let what is wrong with an address bear the name of the field that it was sent in."""
    try:
        yield
    except InputError as error:
        error.field = field
        raise


def listed_items(lines: Iterable[tuple[int, str]], source: str | None = None) -> Iterator[NewItem]:
    """Yield the stories at addresses, by line; blank lines and comments are passed over.

    Source: RFC 2483, section 5 (text/uri-list).
    """
    for number, line in lines:
        url = line.strip()
        if not url or url.startswith("#"):
            continue
        try:
            named = {"url": check_url(url)} | ({} if source is None else {"source": source})
        except ValueError as error:
            yield NewItem(number, None, reason=f"url: {error}", place=url[:LONGEST_URL])
        else:
            yield NewItem(number, orjson.dumps(named), place=named["url"])


class UriListSplitter:
    """Cuts a text/uri-list into the stories at its addresses."""

    def __init__(self) -> None:
        self._lines = LineSplitter(LONGEST_URL)

    def feed(self, chunk: bytes) -> Iterator[NewItem]:
        """Yield the stories at the addresses that end in the next bytes."""
        yield from self._read(self._lines.feed(chunk))

    def close(self) -> Iterator[NewItem]:
        """Yield the story at the last address, where no line end follows it."""
        yield from self._read(self._lines.close())

    def _read(self, lines: Iterator[NewItem]) -> Iterator[NewItem]:
        for item in lines:
            if item.payload is None:
                yield item
            else:
                yield from listed_items([(item.line, item.payload.decode("utf-8", "replace"))])


class JsonSplitter:
    """Cuts one JSON array into its stories, or reads one JSON object that says where stories are."""

    def __init__(self, most: int, pages: Pages) -> None:
        self._array = ArraySplitter(most)
        self._pages = pages
        self._begun = False
        self._object: bytearray | None = None

    def feed(self, chunk: bytes) -> Iterator[NewItem]:
        """Yield the stories that end in the next bytes.

        Raises: NotJsonError; TooLargeError for a reference that is longer than any.
        """
        bare = chunk.lstrip(_BEFORE)
        if bare and not self._begun:
            self._begun = True
            self._object = bytearray() if bare.startswith(b"{") else None
        if self._object is None:
            yield from self._array.feed(chunk)
            return
        self._object += chunk
        if len(self._object) > LARGEST:
            raise TooLargeError("urls", f"a reference may have at most {LARGEST} bytes")

    def close(self) -> Iterator[NewItem]:
        """Yield the stories that a reference names.

        Raises: NotJsonError; FieldsError; FetchError; AddressError.
        """
        if self._object is None:
            yield from self._array.close()
        else:
            yield from referred_items(read_reference(bytes(self._object)), self._pages)
