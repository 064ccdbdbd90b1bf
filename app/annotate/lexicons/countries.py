"""Countries by their names, nationalities and capitals: "Russian", "Russians" and "Russian Federation" are Russia.

Source: ``countries.json``, which ``app.training.lexicons`` makes from The World Factbook (public domain) and from forms
of English news style compiled for the project (licence as the project); the file's header says which edition.
"""

from __future__ import annotations

import json
import re
import unicodedata
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path
from typing import Literal, TypeAlias

CountryKind: TypeAlias = Literal["country", "territory", "body"]

_PATH = Path(__file__).with_name("countries.json")
_CAPITALS_ONLY = frozenset({"us", "car"})  # English words, and countries only where they are written in capitals
_QUOTES = str.maketrans("’‘ʼ`", "''''")
_AROUND = re.compile(r"^the (?=\S)|(?<=\S)'s$|(?<=s)'$")  # an article, a possessive ending


@dataclass(frozen=True, slots=True)
class _Tables:
    countries: dict[str, str]
    demonyms: frozenset[str]
    capitals: dict[str, str]
    kinds: dict[str, CountryKind]


def country_of(word: str) -> str | None:
    """Return the short news name of the country that a name, an adjective or a noun of nationality is of.

    Without regard to case, accents, a leading "the" and a possessive ending; "US" and "CAR" count in capitals only.
    Capitals are not countries here, see `capital_of`. The European Union is one of the entries, see `kind_of`.

    Fails on: names that other things have too (Georgia, Jordan, Chad, turkey): tell them apart before asking.
    A form that several countries share goes to the one that news means by it ("Congo" and "Congolese": Democratic
    Republic of Congo; "Korean": South Korea; "Dominican": Dominican Republic). States of the past are not listed.
    """
    key = _key(word)
    if key in _CAPITALS_ONLY and key.upper() not in word:
        return None
    return _tables().countries.get(key)


def capital_of(name: str) -> str | None:
    """Return the country whose capital or seat of government ``name`` is.

    Fails on: towns of the same name elsewhere ("San Jose", "Georgetown"). Capitals of territories whose names are those
    of better known places or people (Hamilton, Plymouth, Stanley) are left out.
    """
    return _tables().capitals.get(_key(name))


def is_demonym(word: str) -> bool:
    """Say whether ``word`` is an adjective or noun of nationality and not itself a country's name."""
    return _key(word) in _tables().demonyms


def kind_of(country: str) -> CountryKind | None:
    """Return whether a name that `country_of` gave is a country, a territory or a body of countries."""
    return _tables().kinds.get(country)


def fold(words: str) -> str:
    """Return ``words`` without case, accents, curly apostrophes and runs of white space."""
    letters = unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", words).casefold())
    plain = "".join(c for c in letters if not unicodedata.combining(c))
    return " ".join(plain.casefold().translate(_QUOTES).split())


@lru_cache(maxsize=10_000)
def _key(word: str) -> str:
    return _AROUND.sub("", fold(word))


@cache
def _tables() -> _Tables:
    entries = json.loads(_PATH.read_text(encoding="utf-8"))["countries"]
    names = {_key(form): name for name, entry in entries.items() for form in (name, *entry["names"])}
    demonyms = {_key(form): name for name, entry in entries.items() for form in entry["demonyms"]}
    return _Tables(
        countries=demonyms | names,
        demonyms=frozenset(demonyms.keys() - names.keys()),
        capitals={_key(form): name for name, entry in entries.items() for form in entry["capitals"]},
        kinds={name: entry["kind"] for name, entry in entries.items()},
    )
