"""Pages of a list by keyset: a page starts after the last item of the one before, whatever came in meanwhile."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

import orjson

from app.errors import CursorError, InputError
from app.store.filters import storable

MAX_LIMIT = 200
DEFAULT_LIMIT = 50
_MAX_CURSOR = 2000
_MAX_INTEGER = 2**63 - 1

R = TypeVar("R")
T = TypeVar("T")
Key = str | int


@dataclass(frozen=True, slots=True)
class PageRequest:
    """Which page is asked for: at most ``limit`` items from where ``cursor`` points, or from the start.

    Raises: InputError when ``limit`` is not within 1 and 200.
    """

    limit: int = DEFAULT_LIMIT
    cursor: str | None = None

    def __post_init__(self) -> None:
        if not 1 <= self.limit <= MAX_LIMIT:
            raise InputError("limit", f"a page holds 1 to {MAX_LIMIT} items")


@dataclass(frozen=True, slots=True)
class Page(Generic[T]):
    """Some items of a list, and the cursor of the next page, None after the last."""

    items: tuple[T, ...]
    next: str | None


def encode_cursor(tag: str, keys: Sequence[Key]) -> str:
    """Return the cursor that points after the item with these sort keys in the list called ``tag``."""
    return base64.urlsafe_b64encode(orjson.dumps([tag, *keys])).rstrip(b"=").decode()


def decode_cursor(cursor: str, tag: str, *kinds: type[Key]) -> tuple[Key, ...]:
    """Return the sort keys that ``cursor`` holds, one of each of ``kinds``.

    Raises: CursorError when it is not a cursor, or that of another list.
    """
    try:
        padded = cursor.encode("ascii") + b"=" * (-len(cursor) % 4)
        found = orjson.loads(base64.b64decode(padded, altchars=b"-_", validate=True))
    except (UnicodeEncodeError, binascii.Error, orjson.JSONDecodeError) as error:
        raise CursorError("cursor", "is not one that a list of this service gave") from error
    if not isinstance(found, list) or not found or len(cursor) > _MAX_CURSOR:
        raise CursorError("cursor", "is not one that a list of this service gave")
    if found[0] != tag:
        raise CursorError("cursor", "belongs to another list")
    keys = tuple(found[1:])
    if len(keys) != len(kinds) or not all(_fits(k, kind) for k, kind in zip(keys, kinds, strict=True)):
        raise CursorError("cursor", "is not one that a list of this service gave")
    return keys


def _fits(key: object, kind: type[Key]) -> bool:
    if isinstance(key, str):
        return kind is str and storable(key)
    return kind is int and type(key) is int and abs(key) <= _MAX_INTEGER


def page_of(
    tag: str,
    request: PageRequest,
    rows: Sequence[R],
    view: Callable[[R], T],
    keys: Callable[[R], Sequence[Key]],
) -> Page[T]:
    """Return the page that ``rows`` make: they were asked for with one more than the limit, to see whether it ends."""
    shown = rows[: request.limit]
    more = len(rows) > request.limit
    return Page(tuple(view(r) for r in shown), encode_cursor(tag, keys(shown[-1])) if more else None)
