"""Names and labels without regard to case, accents and punctuation, for finding them and for telling issues apart."""

from __future__ import annotations

import unicodedata
from functools import lru_cache

MAX_FOLDED = 200


@lru_cache(maxsize=10_000)
def folded(text: str) -> str:
    """Return the words of ``text`` in one plain form: "Gates, Robert M." and "gates robert m" are the same.

    A text of nothing but punctuation stays as it is, so that no name folds to nothing.
    Units: at most 200 code points come back, so that any result fits an index.
    """
    letters = (c for c in unicodedata.normalize("NFKD", text.casefold()) if not unicodedata.combining(c))
    words = "".join(c if c.isalnum() else " " for c in letters).split()
    return (" ".join(words) or text.casefold())[:MAX_FOLDED]


def name_forms(name: str) -> tuple[tuple[str, str], ...]:
    """Return under which further forms a full name is found, each with its kind.

    "Robert M. Gates" is found as "robert gates" ("short": no initials in the middle) and from each of its words
    on: "m gates", "gates" ("part").
    """
    words = folded(name).split()
    short = [w for i, w in enumerate(words) if len(w) > 1 or i in (0, len(words) - 1)]
    forms = {" ".join(words[i:]): "part" for i in range(1, len(words))}
    if short != words:
        forms[" ".join(short)] = "short"
    return tuple((kind, form) for form, kind in forms.items())
