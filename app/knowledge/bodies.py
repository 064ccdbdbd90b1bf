"""Names of organizations in the form by which they are compared, with the country and the parent they tell of."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

from app.annotate.entities import body_words, initials
from app.annotate.lexicons.bodies import ACRONYMS, METONYMS
from app.annotate.lexicons.countries import country_of, kind_of
from app.knowledge.lexicons.institutions import GENERIC, OF_COUNTRY, STATE_BODIES
from app.knowledge.names import plain_words

_SPELLED = {"".join(plain_words(short)): " ".join(plain_words(long)) for short, long in ACRONYMS.items()}
_ONE_WAY = tuple(
    (re.compile(short), long)
    for short, long in (
        (r"^un (?=\w)", "united nations "),
        (r"\bforeign affairs\b", "foreign"),
        (r"\bdefence\b", "defense"),
        (r"\blabour (?=ministry|department)", "labor "),
        (r"\bcentre\b", "center"),
        (r"\borganisation\b", "organization"),
    )
)
_HEADED = frozenset(["ministry", "department"])
_FEWEST_LETTERS, _MOST_LETTERS = 2, 8
_LONGEST_COUNTRY = 3  # words
_UNITED_NATIONS = "united nations"


@dataclass(frozen=True, slots=True)
class BodyName:
    """An organization's name: its plain words in one order, the country they name, whether they are only a kind.

    "the Kenyan Interior Ministry" and "Ministry of the Interior of Kenya" are both "interior ministry" of Kenya,
    and generic: without its country the name says a kind of body. ``parent`` is a body that the name begins with.
    """

    words: str
    country: str | None
    generic: bool
    parent: str | None = None

    @property
    def key(self) -> str:
        """What two names of one body have in common; a generic name goes with its country."""
        return f"{self.words}@{self.country.casefold()}" if self.generic and self.country else self.words


@lru_cache(maxsize=10_000)
def body_name(name: str) -> BodyName:
    """Return an organization's name in the form by which it is compared."""
    words = " ".join(plain_words(" ".join(body_words(name))))
    words = _SPELLED.get(words.replace(" ", ""), words)
    for short, long in _ONE_WAY:
        words = short.sub(long, words)
    known = OF_COUNTRY.get(words) or OF_COUNTRY.get(_in_order(words))
    if known is not None:
        return BodyName(words if words in OF_COUNTRY else _in_order(words), known, generic=False)
    country, rest = _without_country(words.split())
    ordered = _in_order(rest)
    if country is not None and OF_COUNTRY.get(ordered) == country:
        return BodyName(ordered, country, generic=False)
    if country is not None and rest and _is_generic(ordered):
        return BodyName(ordered, country, generic=True)
    parts = words.split()
    if words.startswith(f"{_UNITED_NATIONS} "):
        return BodyName(words, None, generic=False, parent="United Nations")
    generic = _is_generic(_in_order(words)) and any(w in STATE_BODIES for w in parts)
    return BodyName(_in_order(words) if generic else words, country, generic)


def body_keys(names: Iterable[str]) -> frozenset[str]:
    """Return the keys under which an organization of these names is found: the names, and the letters they begin with.

    A generic name is found with its country only.
    """
    keys: set[str] = set()
    for found in map(body_name, names):
        if not found.words or (found.generic and found.country is None):
            continue
        keys.add(found.key)
        words = found.words.split()
        letters = initials(words)
        if not found.generic and _FEWEST_LETTERS < len(letters) <= _MOST_LETTERS:
            keys.add(f"={letters}")
        if len(words) == 1 and _FEWEST_LETTERS <= len(found.words) <= _MOST_LETTERS:
            keys.add(f"={found.words}")
    return frozenset(keys)


def stands_for(name: str) -> str | None:
    """Return the country whose government a building or a street stands for: "the Kremlin" is Russia's."""
    return METONYMS.get(name.casefold().removeprefix("the "))


def is_acronym(name: str) -> bool:
    """Say whether a name is letters that stand for words."""
    letters = name.replace(".", "").replace("&", "")
    return _FEWEST_LETTERS <= len(letters) <= _MOST_LETTERS and letters.isalpha() and letters.isupper()


def _without_country(words: list[str]) -> tuple[str | None, str]:
    """Return the country that a name opens or ends with, and the rest of the name."""
    for length in range(min(_LONGEST_COUNTRY, len(words) - 1), 0, -1):
        country = _country(" ".join(words[:length]))
        if country is not None:
            return country, " ".join(words[length:])
        country = _country(" ".join(words[-length:]))
        if country is not None:
            rest = words[:-length]
            return country, " ".join(rest[:-1] if rest[-1] in {"of", "in", "for"} else rest)
    return None, " ".join(words)


def _country(words: str) -> str | None:
    found = country_of("US" if words == "us" else words)
    return None if found is None or kind_of(found) == "body" else found


def _in_order(words: str) -> str:
    """Return "interior ministry" for "ministry of the interior"; other names as they are."""
    parts = words.split()
    if len(parts) > 2 and parts[0] in _HEADED and parts[1] in {"of", "for"}:  # noqa: PLR2004 (head, of, what)
        rest = parts[2:]
        return " ".join([*(rest[1:] if rest[0] == "the" and len(rest) > 1 else rest), parts[0]])
    return words


def _is_generic(words: str) -> bool:
    parts = words.split()
    return bool(parts) and all(w in GENERIC for w in parts)
