"""Which characters are white space, line ends, joiners, hyphens; the building blocks of every pattern here."""

from __future__ import annotations

import unicodedata

WHITE = (
    "\t\n\v\f\r\x1c\x1d\x1e\x1f \x85\xa0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a"
    "\u200b\u2028\u2029\u202f\u205f\u2060\u3000\ufeff"
)
"""White space as Unicode counts it, with the zero-width spaces and the byte order mark."""

BLANK = "[" + "".join(c for c in WHITE if c not in "\n\v\f\r\x85\u2028\u2029") + "]"
"""Pattern: white space within a line."""

LINE_END = r"(?:\r\n|[\n\v\f\r\x85\u2028\u2029])"
"""Pattern: the end of a line, in any of the ways that Unicode knows."""

APOSTROPHE = "['\u2019\u02bc\uff07]"
HYPHEN = "[-\u2010\u2011]"
SOFT_HYPHEN = "\u00ad"
DASH = "[\u2012\u2013\u2014\u2015]"
CLOSING_QUOTES = "\"'\u201d\u2019\u00bb\u300d\u300f"
OPENING_QUOTES = "\"'\u201c\u2018\u00ab\u201e\u201a\u300c\u300e"
CLOSERS = CLOSING_QUOTES + ")]}"
OPENERS = OPENING_QUOTES + "([{"

_JOINERS = "\u200c\u200d"
_MARK_PLANES = (range(0x20000), range(0xE0100, 0xE01F0))


def _mark_ranges() -> str:
    """Return a character class body with every combining mark (the re module has no class for them)."""
    ranges: list[list[int]] = []
    for plane in _MARK_PLANES:
        for code in plane:
            if unicodedata.category(chr(code))[0] == "M":
                if ranges and ranges[-1][1] == code - 1:
                    ranges[-1][1] = code
                else:
                    ranges.append([code, code])
    return "".join(f"{chr(first)}-{chr(last)}" for first, last in ranges)


MARKS = _mark_ranges() + _JOINERS
"""Body of a character class: combining marks, and the joiners that stand inside words."""

LETTER = r"[^\W_]"
"""Pattern: a letter or digit."""

_INVISIBLE = frozenset("\u034f\u115f\u1160\u17b4\u17b5\u2800\u3164\uffa0")


def is_invisible(char: str) -> bool:
    """Say whether ``char`` shows nothing: white space, a format character, a filler, a variation selector."""
    return (
        char.isspace()
        or unicodedata.category(char) in {"Cf", "Cc"}
        or char in _INVISIBLE
        or "\ufe00" <= char <= "\ufe0f"
        or "\U000e0100" <= char <= "\U000e01ef"
    )
