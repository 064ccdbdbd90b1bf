"""Names as whole-story annotations compare them: without titles, possessives, marks and case."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any

from app.evaluation.matching import WORD

_POSSESSIVE = re.compile(r"['’]s?$")
_TITLES = (
    "the mr mrs ms dr prof president prime_minister minister sen senator rep gov governor secretary chief judge king "
    "queen prince princess gen general col capt sir lord lady sheikh imam rev pastor bishop pope"
)
_TITLE = re.compile(
    rf"(?:{'|'.join(title.replace('_', ' ') for title in _TITLES.split())})\.?\s+",
    re.IGNORECASE,
)


def plain_name(name: str | None) -> str:
    """Return the words of a name, casefolded, without the titles before it and the possessive after it."""
    words = _POSSESSIVE.sub("", (name or "").strip())
    while (title := _TITLE.match(words)) is not None:
        words = words[title.end() :]
    return " ".join(WORD.findall(words)).casefold()


class Names:
    """The names of one story's gold people and organizations: which of them mean the same one."""

    def __init__(self, entities: Iterable[Mapping[str, Any]]) -> None:
        self._whole: dict[str, str] = {}
        for entity in entities:
            for name in (entity["name"], *entity["names"]):
                self._whole.setdefault(plain_name(name), plain_name(entity["name"]))

    def same(self, first: str | None, second: str | None) -> bool:
        """Say whether two names mean the same one; no name means nobody."""
        return bool(first) and bool(second) and self._whole_name(first) == self._whole_name(second)

    def _whole_name(self, name: str | None) -> str:
        plain = plain_name(name)
        # A mark before a title hides it at first: "“The Courier" is "the courier", and that is "courier".
        return self._whole.get(plain) or plain_name(plain)


def plain_names(entity: Mapping[str, Any]) -> frozenset[str]:
    """Return every form of a gold entity's name, plain."""
    return frozenset(plain_name(name) for name in (entity["name"], *entity["names"]))
