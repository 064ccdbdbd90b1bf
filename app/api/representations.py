"""How answers are written: JSON bytes, strong ETags, conditional requests, pages with their next link."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from email.utils import format_datetime, parsedate_to_datetime
from functools import lru_cache
from hashlib import blake2b
from urllib.parse import urlencode

import orjson
from starlette.datastructures import URL
from starlette.requests import Request
from starlette.responses import Response

from app.api.coding import ENCODERS, LEAST_BYTES, coded_tag, coding_for, may_be_compressed, plain_tag
from app.api.extensions import ENDING, JSON
from app.api.heads import field_of
from app.api.parts import parts_of
from app.api.problems import NOT_ACCEPTABLE, PRECONDITION_FAILED, PRECONDITION_REQUIRED, Problem, RefusedError

HTTP_OK = 200
TEXT = "text/plain; charset=utf-8"
VARY = "Accept, Accept-Encoding"
_MOMENT = re.compile(
    r"[A-Z][a-z]{2}, \d\d [A-Z][a-z]{2} \d{4} \d\d:\d\d:\d\d GMT"
    r"|[A-Z][a-z]{5,8}, \d\d-[A-Z][a-z]{2}-\d\d \d\d:\d\d:\d\d GMT"
    r"|[A-Z][a-z]{2} [A-Z][a-z]{2} [\d ]\d \d\d:\d\d:\d\d \d{4}",
    re.ASCII,
)
_TAG = re.compile(r'(?:W/)?"[\x21\x23-\x7e\x80-\xff]*"')


def write_json(content: object) -> bytes:
    """Return the JSON bytes of plain data."""
    return orjson.dumps(content, option=orjson.OPT_UTC_Z | orjson.OPT_NAIVE_UTC)


def etag_of(body: bytes) -> str:
    """Return the strong entity tag of a body."""
    return f'"{blake2b(body, digest_size=16).hexdigest()}"'


def answer(
    request: Request,
    body: bytes,
    *,
    media_type: str = JSON,
    status: int = 200,
    headers: Mapping[str, str] | None = None,
    conditional: bool = True,
    modified: datetime | None = None,
) -> Response:
    """Return ``body`` with its ETag, or 304 to a ``conditional`` read by a client that has it already.

    It is compressed as the client asks. ``modified`` is when what it tells of was changed last.
    Raises: RefusedError (406) when the client accepts nothing of this media type.
    """
    check_accepts(request, media_type)
    coding = coding_for(field_of(request.scope, "accept-encoding") or "")
    if len(body) < LEAST_BYTES or not may_be_compressed(media_type):
        coding = None
    tag = coded_tag(etag_of(body), coding)
    sent = {"ETag": tag, "Cache-Control": cache_control(request), "Vary": VARY, **(headers or {})}
    if modified is not None:
        sent["Last-Modified"] = format_datetime(modified.astimezone(UTC), usegmt=True)
    if conditional and is_known(
        field_of(request.scope, "if-none-match"),
        field_of(request.scope, "if-modified-since"),
        tag,
        sent.get("Last-Modified"),
    ):
        return Response(status_code=304, headers=sent)
    if coding is not None:
        sent["Content-Encoding"] = coding
        body = ENCODERS[coding](body)
    return Response(body, status, sent, media_type)


def cache_control(request: Request) -> str:
    """Return how long caches may answer for this service: by default not without asking it each time.

    Where the owner allows some seconds and reads need no key, shared caches may use them; browsers go on asking.
    """
    settings = parts_of(request).settings
    seconds = settings.cache_seconds
    if not seconds or settings.access_here() == "keys":
        return "no-cache"
    return f"public, max-age=0, s-maxage={seconds}, stale-while-revalidate={seconds}"


def answer_json(
    request: Request,
    content: object,
    *,
    status: int = 200,
    headers: Mapping[str, str] | None = None,
    modified: datetime | None = None,
) -> Response:
    """Return plain data as JSON with its ETag, or 304."""
    body = write_json(content)
    return answer(request, body, status=status, headers=headers, conditional=status == HTTP_OK, modified=modified)


def answer_page(
    request: Request,
    items: Sequence[object],
    next_cursor: str | None,
    beside: Mapping[str, object] | None = None,
    *,
    modified: datetime | None = None,
) -> Response:
    """Return one page of a list, with the address of the next page in the body and in the Link header.

    ``beside`` is what else the body holds.
    """
    url = None if next_cursor is None else next_url(request, next_cursor)
    headers = {} if url is None else {"Link": f'<{url}>; rel="next"'}
    return answer_json(request, {"items": items, "next": url, **(beside or {})}, headers=headers, modified=modified)


def next_url(request: Request, cursor: str, parameter: str = "cursor") -> str:
    """Return the address of the list's next page: the same question with another cursor, told by ``parameter``."""
    asked = [(name, value) for name, value in request.query_params.multi_items() if name != parameter]
    return f"{own_address(request)}?{urlencode([*asked, (parameter, cursor)])}"


def own_address(request: Request) -> str:
    """Return the absolute address that was asked for, in the form that it asked for by its ending."""
    return address(request, request.url.path) + str(request.scope.get(ENDING, ""))


def address(request: Request, path: str) -> str:
    """Return the absolute address of a path, as clients reach this service."""
    base = parts_of(request).settings.base_url
    return f"{base}{path}" if base else str(URL(str(request.base_url)).replace(path=path))


def names(header: str | None, tag: str, *, weakly: bool = False) -> bool:
    """Say whether a list of entity tags names ``tag`` (RFC 9110, 8.8.3.2); ``weakly`` ignores ``W/``.

    A tag that was given with a compressed body names the body as such.
    """
    if header is None:
        return False
    if header.strip() == "*":
        return True
    tags = [t.removeprefix("W/") if weakly else t for t in _TAG.findall(header)]
    return tag in tags or plain_tag(tag) in map(plain_tag, tags)


def is_known(unless: str | None, since: str | None, tag: str, modified: str | None) -> bool:
    """Say whether a client has an answer already, by If-None-Match or, where it sends none, by If-Modified-Since.

    ``modified`` is the answer's Last-Modified. Source: RFC 9110, 13.1.2, 13.1.3 and 13.2.2.
    """
    if unless is not None:
        return names(unless, tag, weakly=True)
    if since is None or modified is None:
        return False
    asked, changed = read_moment(since), read_moment(modified)
    return since == modified or (asked is not None and changed is not None and changed <= asked)


@lru_cache(maxsize=1_000)
def read_moment(header: str) -> datetime | None:
    """Return the moment of an HTTP date in any of its three forms (RFC 9110, 5.6.7), None for what is none."""
    if not _MOMENT.fullmatch(header):
        return None
    try:
        moment = parsedate_to_datetime(header)
    except ValueError:
        return None
    return moment if moment.tzinfo is not None else moment.replace(tzinfo=UTC)


def check_match(request: Request, *tags: str) -> None:
    """Refuse a change when If-Match is sent and names none of the present state's tags.

    Raises: RefusedError (412).
    """
    header = field_of(request.scope, "if-match")
    if header is not None and not any(names(header, tag) for tag in tags):
        raise RefusedError(precondition_failed(tags[0]))


def check_has_match(request: Request) -> None:
    """Refuse a change without If-Match where the owner of the service asks for it.

    Raises: RefusedError (428).
    """
    if parts_of(request).settings.require_if_match and "if-match" not in request.headers:
        detail = "send If-Match with the ETag of the article that you have read"
        raise RefusedError(Problem(PRECONDITION_REQUIRED, detail))


def precondition_failed(tag: str) -> Problem:
    """Return the problem of a change to a state that is not the present one, with the present one's tag."""
    return Problem(
        PRECONDITION_FAILED,
        "it is no longer as If-Match says: read it again and repeat the change",
        headers={"ETag": tag},
    )


def check_accepts(request: Request, media_type: str) -> None:
    """Refuse when the Accept header leaves ``media_type`` out.

    Raises: RefusedError (406).
    """
    header = field_of(request.scope, "accept")
    if header is not None and not accepts(header, media_type.partition(";")[0]):
        raise _refused_form(request, (media_type,))


def preferred(request: Request, media_types: Sequence[str]) -> str:
    """Return which of ``media_types`` the Accept header wants most; the first of equals, the first when it is absent.

    Raises: RefusedError (406) when it leaves all of them out.
    """
    header = field_of(request.scope, "accept") or ""
    best = max(media_types, key=lambda m: wanted_weight(header, m))
    if wanted_weight(header, best) == 0:
        raise _refused_form(request, media_types)
    return best


def _refused_form(request: Request, media_types: Sequence[str]) -> RefusedError:
    """Return the refusal of a form that the Accept header or the address's ending asks for."""
    ending = request.scope.get(ENDING)
    why = "and the Accept header leaves that out" if ending is None else f"and the address asks for {ending}"
    return RefusedError(Problem(NOT_ACCEPTABLE, f"this is served as {', '.join(media_types)}, {why}"))


def accepts(header: str, media_type: str) -> bool:
    """Say whether an Accept header allows ``media_type``."""
    return wanted_weight(header, media_type) > 0


@lru_cache(maxsize=1_000)
def wanted_weight(header: str, media_type: str) -> float:
    """Return how much an Accept header wants ``media_type``, 0 to 1; the most specific range that fits decides."""
    if not header.strip():
        return 1.0
    wide = f"{media_type.partition('/')[0]}/*"
    best: tuple[int, float] | None = None
    for part in header.split(","):
        name, *parameters = (piece.strip() for piece in part.split(";"))
        rank = (media_type, wide, "*/*").index(name.lower()) if name.lower() in {media_type, wide, "*/*"} else None
        if rank is not None and (best is None or rank < best[0]):
            best = (rank, _weight(parameters))
    return 0.0 if best is None else best[1]


def _weight(parameters: Sequence[str]) -> float:
    for parameter in parameters:
        name, _, value = parameter.partition("=")
        if name.strip().lower() == "q" and re.fullmatch(r"[01](\.[0-9]{0,3})?", value.strip()):
            return float(value)
    return 1.0
