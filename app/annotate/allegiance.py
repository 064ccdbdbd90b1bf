"""Whose an actor is: the country that it is, whose body it is, or whose office it holds, as far as names say."""

from __future__ import annotations

import re

from app.annotate.lexicons.bodies import METONYMS
from app.annotate.lexicons.countries import country_of, kind_of
from app.annotate.names import name_key
from app.domain.annotation import EntityType

_LONGEST = 4  # words of a country's name
_OF = re.compile(r"\b(?:of|for) (?:the )?(?=[A-Z])")


def country_of_actor(name: str, kind: EntityType | None) -> str | None:
    """Return the country that a place is or stands for, or whose name opens or closes the name of a body or a group.

    "Kremlin" and "Moscow": Russia (as they act and speak, see `METONYMS`); "Russian Defense Ministry": Russia; "Bank of
    Japan": Japan; "Iranian officials": Iran. A person has none of their own: it comes with the office.

    Fails on: bodies named after another country ("American University of Beirut", "Georgia Tech").
    """
    if kind == "person":
        return None
    whole = METONYMS.get(name_key(name)) or country_of(name)
    if whole is not None or kind == "place":
        return whole
    words = name.split()
    starts = (" ".join(words[:count]) for count in range(min(_LONGEST, len(words) - 1), 0, -1))
    ends = (name[match.end() :] for match in _OF.finditer(name))
    found = (country_of(part) for part in (*starts, *ends))
    return next((c for c in found if c is not None and kind_of(c) == "country"), None)
