"""Bytes into text, strictly, and the check that a text is one that can be kept."""

from __future__ import annotations

import codecs
import re

from app.errors import CharsetError, ControlCharacterError, EmptyTextError, TooLargeError
from app.text.characters import is_invisible

LIMIT = 1_000_000
"""Bytes that a text may have, as UTF-8 or as received."""

_BOMS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_UNICODE = frozenset({"utf-8", "utf-16", "utf-16-le", "utf-16-be", "utf-32", "utf-32-le", "utf-32-be"})
# Python calls these codecs too, but no text is sent in them.
_NOT_CHARSETS = frozenset({"idna", "punycode", "unicode-escape", "raw-unicode-escape", "undefined", "utf-7"})
_LATIN_1 = "iso8859-1"
_C1 = re.compile(rb"[\x80-\x9f]")
_NONCHARACTERS = "\ufdd0-\ufdef" + "".join(chr(p << 16 | 0xFFFE) + chr(p << 16 | 0xFFFF) for p in range(17))
_FORBIDDEN = re.compile("[\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f\ud800-\udfff" + _NONCHARACTERS + "]")
_SURROGATES = range(0xD800, 0xE000)
_LAST_CONTROL = 0x9F


def decode(data: bytes, charset: str | None, *, field: str = "text", limit: int = LIMIT) -> str:
    """Return the text that ``data`` holds in the declared charset, else by its byte order mark, else in UTF-8.

    A byte order mark is an encoding mark, not text: it is removed. Where it contradicts a charset that is not
    Unicode, it wins, and bytes 0x80 to 0x9F declared as ISO 8859-1 are read as windows-1252, both as browsers do.

    Raises: TooLargeError above ``limit`` bytes; CharsetError for an unknown charset, or bytes it does not have.
    Source: WHATWG Encoding Standard, sections 4.2 and 6.
    """
    if len(data) > limit:
        raise TooLargeError(field, f"{len(data)} bytes; at most {limit} are accepted")
    mark, marked = next(((bom, name) for bom, name in _BOMS if data.startswith(bom)), (b"", None))
    name = _canonical_name(charset, field) if charset and charset.strip(" \t\"'") else None
    if marked is not None:
        if name in _UNICODE and not marked.startswith(name or ""):
            raise CharsetError(field, f"declared as {name}, but the byte order mark is that of {marked}")
        name, data = marked, data[len(mark) :]
    elif name == _LATIN_1 and _C1.search(data):
        name = "cp1252"
    name = name or "utf-8"
    try:
        return data.decode(name)
    except UnicodeDecodeError as error:
        raise CharsetError(field, f"byte {error.start + len(mark)} is not {name}: {error.reason}") from error


def _canonical_name(charset: str, field: str) -> str:
    """Return Python's name of a charset, or raise CharsetError."""
    label = charset.strip(" \t\"'")
    try:
        name = codecs.lookup(label).name
        b"a".decode(name, "ignore")  # a LookupError when the codec is not one of text
    except (LookupError, ValueError) as error:
        raise CharsetError(field, f"unknown charset {label[:40]!r}") from error
    if name in _NOT_CHARSETS:
        raise CharsetError(field, f"{name} is not a charset of texts")
    return name.removesuffix("-sig")


def verify_text(text: str, *, field: str = "text", limit: int = LIMIT) -> str:
    """Return ``text`` unchanged when it can be kept.

    Raises: EmptyTextError when nothing in it can be seen; TooLargeError when its UTF-8 form has more than ``limit``
    bytes; ControlCharacterError for a control character that no text carries, a lone surrogate or a noncharacter,
    with its position in code points.
    """
    if len(text) > limit:
        raise TooLargeError(field, f"{len(text)} characters; at most {limit} bytes are accepted")
    found = _FORBIDDEN.search(text)
    if found is not None:
        code = ord(found[0])
        if code <= _LAST_CONTROL:
            kind = "control character"
        else:
            kind = "lone surrogate" if code in _SURROGATES else "noncharacter"
        raise ControlCharacterError(field, f"{kind} U+{code:04X} at position {found.start()}")
    size = len(text.encode())
    if size > limit:
        raise TooLargeError(field, f"{size} bytes; at most {limit} are accepted")
    if all(map(is_invisible, text)):
        raise EmptyTextError(field, "there is nothing to read; send the story's text")
    return text
