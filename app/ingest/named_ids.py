"""The sender's id of a story that cannot be read: so that who sent it finds it again.

Looked for among the fields that can be read, one after another, at the beginning of the story: those in front of what
is wrong with it. Nothing is guessed behind that.
"""

from __future__ import annotations

import json
import re
from contextlib import suppress

from app.store.filters import storable

LOOKED_AT = 65_536
_LONGEST = 1000
# ninjs calls it otherwise.
_NAMES = ("external_id", "uri")
_OPEN = re.compile(r"\ufeff?\s*\{\s*")
_NAMED = re.compile(r"\s*:\s*")
_NEXT = re.compile(r"\s*,\s*")
_DECODER = json.JSONDecoder()


def named_id(story: bytes) -> str | None:
    """Return the id that a story names at its beginning, None when it names none, two, or one that cannot be kept.

    Units: looked at are the first 64 KiB.
    """
    # Bytes that are not UTF-8 stand in strings, where they end nothing; an id that has some is none.
    source = bytes(story[:LOOKED_AT]).decode("utf-8", "surrogateescape")
    found: dict[str, set[object]] = {}
    with suppress(ValueError, RecursionError):  # from there on nothing can be read
        _read_fields(source, found)
    for name in _NAMES:
        if name in found:
            [first, *others] = found[name]
            is_one = not others and isinstance(first, str) and storable(first)
            return str(first)[:_LONGEST] if is_one else None
    return None


def _read_fields(source: str, found: dict[str, set[object]]) -> None:
    """Add the fields that can be read to ``found``.

    Raises: ValueError where no more can be read.
    """
    place = _end(_OPEN, source, 0)
    while True:
        name, place = _DECODER.raw_decode(source, place)
        value, place = _DECODER.raw_decode(source, _end(_NAMED, source, place))
        if name in _NAMES:
            found.setdefault(name, set()).add(value if isinstance(value, str) else None)
        place = _end(_NEXT, source, place)


def _end(mark: re.Pattern[str], source: str, place: int) -> int:
    match = mark.match(source, place)
    if match is None:
        msg = "something else stands here"
        raise ValueError(msg)
    return match.end()
