"""Names in the forms by which two stories' entities are compared and found."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from difflib import SequenceMatcher
from functools import lru_cache

from app.annotate.lexicons.people import HONORIFICS, SHORT_FORMS, SUFFIXES
from app.domain.annotation import EntityType

# What stands inside a word: the dots of "U.S." and the apostrophe of "O'Neill".
_INSIDE_WORDS = re.compile(r"(?<=\b\w)\.(?=\w\b)|['\u2018\u2019\u02bc]")
# Articles that transliterations of Arabic write or leave out.
_ARTICLES = frozenset(["al", "el", "ul", "ad", "ar", "as", "ash", "at", "az", "an"])
_FAMILY_SUFFIXES = frozenset(["jr", "sr", "ii", "iii", "iv"])
_FULL = 2  # a first name and a last name
_SKELETON = 3  # consonants that a spelling has before it says anything
_CLOSE = 0.7  # of two spellings

_SOUNDS = (
    ("sch", "s"),
    ("tch", "s"),
    ("sh", "s"),
    ("ch", "s"),
    ("ph", "f"),
    ("kh", "k"),
    ("gh", "k"),
    ("dh", "t"),
    ("th", "t"),
    ("dj", "j"),
    ("zh", "j"),
    ("ck", "k"),
    ("x", "ks"),
)
_APART = {code: " " for code in range(128) if not chr(code).isalnum()}
_LETTERS = str.maketrans("cqgdzbw", "kkktspv", "aeiouyh'-")


def normal_name(name: str, kind: EntityType) -> str:
    """Return ``name`` casefolded, without accents and punctuation; a person's also without middle initials.

    "Robert M. Gates" and "ROBERT GATES" come out the same; so do "U.S." and "US".
    """
    words = plain_words(name)
    if kind == "person" and len(words) > _FULL:
        words = [words[0], *(w for w in words[1:-1] if len(w) > 1), words[-1]]
    return " ".join(words)


def plain_words(name: str) -> list[str]:
    """Return the words of ``name``, casefolded, without accents and punctuation."""
    return list(_plain_words(name))


@lru_cache(maxsize=10_000)
def _plain_words(name: str) -> tuple[str, ...]:
    if name.isascii():
        return tuple(_INSIDE_WORDS.sub("", name.lower()).translate(_APART).split())
    # Signs that stand for letters ("\u2120") come apart into capitals, so case goes between the two.
    apart = unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", name).casefold())
    joined = _INSIDE_WORDS.sub("", "".join(c for c in apart if not unicodedata.combining(c)))
    return tuple("".join(c if c.isalnum() else " " for c in joined).split())


@dataclass(frozen=True, slots=True)
class PersonName:
    """A person's name in parts: plain words without honorifics, and the suffix that tells a son from a father."""

    words: tuple[str, ...]
    suffix: str | None = None

    @property
    def is_full(self) -> bool:
        """Say whether there are a first name and a last name, the last one more than an initial."""
        return len(self.words) >= _FULL and len(self.words[-1]) > 1


@lru_cache(maxsize=10_000)
def person_name(name: str) -> PersonName:
    """Return the parts of a person's name: "Sen. Robert Gates Jr." is (robert, gates) and jr."""
    words = plain_words(name)
    while len(words) > _FULL and words[0] in HONORIFICS:
        words = words[1:]
    suffix = None
    while len(words) > _FULL and words[-1] in SUFFIXES:
        suffix = words[-1] if words[-1] in _FAMILY_SUFFIXES else suffix
        words = words[:-1]
    kept = [w for i, w in enumerate(words) if i == 0 or i == len(words) - 1 or w not in _ARTICLES]
    return PersonName(tuple(kept), suffix)


def long_forms(given: str) -> frozenset[str]:
    """Return a given name and those it is short for."""
    return SHORT_FORMS.get(given, frozenset()) | {given}


@lru_cache(maxsize=10_000)
def skeleton(word: str) -> str:
    """Return what the spellings of one foreign name share: "gaddafi" and "qadhafi" are both "ktf".

    Fails on: names that share their consonants ("carter", "corder"): compare spellings too.
    """
    for letters, sound in _SOUNDS:
        word = word.replace(letters, sound)
    single = "".join(c for i, c in enumerate(word) if i == 0 or c != word[i - 1])
    return single.translate(_LETTERS)


@lru_cache(maxsize=10_000)
def same_spelling(one: str, other: str) -> bool:
    """Say whether two words may be one name in two transliterations."""
    if one == other:
        return True
    bones = skeleton(one)
    if len(bones) < _SKELETON - 1 or bones != skeleton(other):
        return False
    return SequenceMatcher(None, one, other, autojunk=False).ratio() >= _CLOSE


def person_keys(names: Iterable[str]) -> frozenset[str]:
    """Return the keys under which a person of these names is kept, so that whoever may be one with it shares one.

    Pairs of words: the last name with every form of the first, and with what stands between; the last name with the
    first letter; and the consonants of both. ``sought_person_keys`` are those under which such a person is sought.
    """
    keys: set[str] = set()
    for name in _full(names):
        first, last = name.words[0], name.words[-1]
        keys |= _pairs(name)
        if len(first) > 1:
            keys.add(_by_letter(last, first))
    return frozenset(keys)


def sought_person_keys(names: Iterable[str]) -> frozenset[str]:
    """Return the keys under which those are kept who may be a person of these names.

    A first name seeks who has its forms or its letter alone, a letter alone all who have a first name with it.
    """
    keys: set[str] = set()
    for name in _full(names):
        first, last = name.words[0], name.words[-1]
        keys |= _pairs(name)
        keys.add(_by_letter(last, first) if len(first) == 1 else _pair(last, first[0]))
    return frozenset(keys)


def _full(names: Iterable[str]) -> Iterator[PersonName]:
    return (name for name in map(person_name, names) if name.is_full)


def _pairs(name: PersonName) -> set[str]:
    first, last = name.words[0], name.words[-1]
    between = [word for word in name.words[1:-1] if len(word) > 1]
    keys = {_pair(last, form) for form in long_forms(first)}
    keys.update(_pair(last, word) for word in between)
    keys.update(_pair(word, first) for word in between)
    if len(name.words) > _FULL:
        keys.add(_pair(last, "".join(name.words[:-1])))
    keys.add(f"~{_spelled(last)}|{skeleton(first)}")
    return keys


def _spelled(last: str) -> str:
    """Return what the spellings of a last name share; of one with few consonants, those that begin alike."""
    bones = skeleton(last)
    if len(bones) >= _SKELETON:
        return bones
    return last if len(bones) < _SKELETON - 1 else f"{last[0]}{bones}"


def _pair(one: str, other: str) -> str:
    """Return one key for two words in either order, since some write the last name first."""
    return f"{one}|{other}" if one < other else f"{other}|{one}"


def _by_letter(last: str, first: str) -> str:
    return f"{last}|{first[0]}*"
