"""Offsets for browsers: code points counted as UTF-16 code units."""

from __future__ import annotations

import re
from bisect import bisect_left

_ASTRAL = re.compile("[\U00010000-\U0010ffff]")


class Utf16Index:
    """Maps code point offsets of one text to UTF-16 offsets, as JavaScript indexes strings.

    Units: code points in, UTF-16 code units out. A lookup takes O(log n) in the number of characters beyond
    the basic plane, and no time at all in a text that has none.
    """

    __slots__ = ("_astral", "_length")

    def __init__(self, text: str) -> None:
        self._length = len(text)
        self._astral = [m.start() for m in _ASTRAL.finditer(text)]

    def offset(self, position: int) -> int:
        """Return the UTF-16 offset of a code point offset between 0 and the length of the text.

        Raises: IndexError when the offset lies outside the text.
        """
        if not 0 <= position <= self._length:
            msg = f"offset {position} lies outside a text of {self._length} code points"
            raise IndexError(msg)
        return position + bisect_left(self._astral, position)

    __call__ = offset
    __getitem__ = offset

    def __len__(self) -> int:
        """Return the length of the text in UTF-16 code units."""
        return self._length + len(self._astral)
