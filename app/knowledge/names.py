"""Names in the form by which two stories' entities are compared."""

from __future__ import annotations

import re
import unicodedata

from app.domain.annotation import EntityType

# What stands inside a word: the dots of "U.S." and the apostrophe of "O'Neill".
_INSIDE_WORDS = re.compile(r"(?<=\b\w)\.(?=\w\b)|['\u2018\u2019\u02bc]")


def normal_name(name: str, kind: EntityType) -> str:
    """Return ``name`` casefolded, without accents and punctuation; a person's also without middle initials.

    "Robert M. Gates" and "ROBERT GATES" come out the same; so do "U.S." and "US".
    """
    joined = _INSIDE_WORDS.sub("", name.casefold())
    letters = (c for c in unicodedata.normalize("NFKD", joined) if not unicodedata.combining(c))
    words = "".join(c if c.isalnum() else " " for c in letters).split()
    if kind == "person" and len(words) > 2:  # noqa: PLR2004 (a first name and a last name)
        words = [words[0], *(w for w in words[1:-1] if len(w) > 1), words[-1]]
    return " ".join(words)
