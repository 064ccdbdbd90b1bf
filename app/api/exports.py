"""Lists as CSV and as lines of JSON: one page where one is asked for, else the whole list, streamed as it is read."""

from __future__ import annotations

import zlib
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any, Protocol

import brotli
import orjson
import zstandard
from sqlalchemy.orm import Session
from starlette.requests import Request
from starlette.responses import Response, StreamingResponse

from app.api.coding import coding_for
from app.api.columns import Column, write_rows
from app.api.extensions import CSV, JSON, NDJSON
from app.api.heads import field_of
from app.api.middleware import HEAD
from app.api.parts import reading
from app.api.representations import VARY, answer, cache_control, next_url, preferred, write_json
from app.api.selection import names_in, selected
from app.errors import InputError
from app.store.paging import MAX_LIMIT, PageRequest

CSV_UTF8 = f"{CSV}; charset=utf-8"
FULL = PageRequest(MAX_LIMIT)
"""The pages that a stream is read in."""
_GZIP = 31
_JSON_ONLY = ("facet", "include")
Read = Callable[[Session, PageRequest], tuple[Sequence[Any], str | None]]


class Paged(Protocol):
    """The parameters of a list that comes page by page."""

    @property
    def model_fields_set(self) -> set[str]:
        """Return which of them were given."""

    def page(self) -> PageRequest:
        """Return the page that is asked for."""


def exported(
    request: Request, question: Paged, columns: Sequence[Column], read: Read, *, leads: str = "cursor"
) -> Response | None:
    """Return the list as CSV or as lines of JSON when that is what the client wants most, else None.

    ``read`` reads one page, ``leads`` is the parameter by which the next one is told. A stream holds one page at a time
    in memory, each read in a transaction of its own.
    Raises: InputError when something is asked for that only JSON has; RefusedError (406).
    """
    form = preferred(request, (JSON, NDJSON, CSV))
    if form == JSON:
        return None
    for name in _JSON_ONLY:
        if getattr(question, name, None) is not None:
            raise InputError(name, f"comes with JSON only, not with {form}")
    fields = getattr(question, "fields", None)
    if {"limit", "cursor"} & question.model_fields_set:
        with reading(request) as session:
            items, following = read(session, question.page())
        return answer_rows(request, form, items, following, fields, columns, leads=leads)
    headers = {"Vary": VARY, "Cache-Control": cache_control(request)}
    media_type = CSV_UTF8 if form == CSV else NDJSON
    coding = coding_for(field_of(request.scope, "accept-encoding") or "")
    if coding is not None:
        headers["Content-Encoding"] = coding
    if request.scope.get(HEAD):
        head = Response(b"", 200, headers, media_type)
        # How long it would be is not known before it has been read.
        del head.headers["content-length"]
        return head
    chunks = _chunks(request, read, form, fields, columns)
    return StreamingResponse(compressed(chunks, coding), 200, headers, media_type)


def answer_rows(
    request: Request,
    form: str,
    items: Sequence[Any],
    following: str | None,
    fields: str | None,
    columns: Sequence[Column],
    *,
    leads: str = "cursor",
) -> Response:
    """Return one page as CSV or as lines of JSON, with the next page's address in the Link header."""
    headers = {} if following is None else {"Link": f'<{next_url(request, following, leads)}>; rel="next"'}
    body = write_lines(items, form, fields, columns, first=True)
    return answer(request, body, media_type=CSV_UTF8 if form == CSV else NDJSON, headers=headers)


def write_lines(
    items: Sequence[Any], form: str, fields: str | None, columns: Sequence[Column], *, first: bool
) -> bytes:
    """Return items as lines; with only some ``fields``, CSV keeps the columns that are made of them."""
    names = names_in(fields)
    if form == CSV:
        shown = [column for column in columns if not names or column.field in names]
        return write_rows((orjson.loads(write_json(item)) for item in items), shown, header=first)
    if names:
        items = [selected(orjson.loads(write_json(item)), names) for item in items]
    return b"".join(write_json(item) + b"\n" for item in items)


def _chunks(request: Request, read: Read, form: str, fields: str | None, columns: Sequence[Column]) -> Iterator[bytes]:
    page: PageRequest | None = FULL
    first = True
    while page is not None:
        with reading(request) as session:
            items, following = read(session, page)
        yield write_lines(items, form, fields, columns, first=first)
        first = False
        page = None if following is None else PageRequest(FULL.limit, following)


class _Compressor(Protocol):
    def compress(self, data: bytes, /) -> bytes:
        """Take some bytes in and give some out."""

    def flush(self) -> bytes:
        """Give out what is left."""


class _Brotli:
    """Brotli's compressor under the names that the others use."""

    def __init__(self) -> None:
        self._inner = brotli.Compressor(quality=5)

    def compress(self, data: bytes, /) -> bytes:
        """Take some bytes in and give some out."""
        out: bytes = self._inner.process(data)
        return out

    def flush(self) -> bytes:
        """Give out what is left."""
        out: bytes = self._inner.finish()
        return out


_COMPRESSORS: dict[str, Callable[[], _Compressor]] = {
    "zstd": lambda: zstandard.ZstdCompressor().compressobj(),
    "br": _Brotli,
    "gzip": lambda: zlib.compressobj(wbits=_GZIP),
}


def compressed(chunks: Iterable[bytes], coding: str | None) -> Iterator[bytes]:
    """Yield the chunks in a coding, as they come."""
    if coding is None:
        yield from chunks
        return
    compressor = _COMPRESSORS[coding]()
    for chunk in chunks:
        out = compressor.compress(chunk)
        if out:
            yield out
    yield compressor.flush()
