"""The same words in several stories: one saying with several sightings.

Words are compared without case, accents and punctuation. Runs of a few words, as numbers, are chosen by winnowing, so
that whatever two texts share over some length has a number in common; an inverted index of these finds candidates, and
an alignment of words decides. Fails on: paraphrase, which is meant to stay apart.

Source: Schleimer, Wilkerson and Aiken, Winnowing, SIGMOD 2003.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from hashlib import blake2b

from app.knowledge.names import plain_words

RUN = 4
"""Words of a shingle."""
WINDOW = 4
"""Shingles of which the smallest is kept: any shared run of ``RUN + WINDOW - 1`` words is found."""
FEWEST = 5
"""Words that a quote must have to be known again in another story."""
_MANY = 10  # words that tell a quote even when two stories give it to different speakers
_MOST_WORDS = 400
_BLOCK = 3  # words in one piece that count as shared
_SHARE = 0.8  # of the shorter one's words that both have
_SHARE_OF_OTHERS = 0.9
_SMALL = frozenset(
    """
    a about all also am an and any are as at be been but by can could did do for from get go had has have he her his how
    i if in is it its just know let like me more my no not now of on one or our out really said say she so some than
    that the their them then there they thing things this to too up us very want was we well were what when which who
    will with would you your think going want lot yes
    """.split()
)
_TELLING = 2  # words beyond the small ones that a quote must share


@dataclass(frozen=True, slots=True)
class Words:
    """A quote's words as they are compared, and whom the story gives it to (None: it does not say)."""

    words: tuple[str, ...]
    speaker: str | None = None

    @property
    def can_recur(self) -> bool:
        """Say whether the words tell enough to be known again."""
        return len(self.words) >= FEWEST and sum(w not in _SMALL for w in self.words) >= _TELLING


def words_of(text: str, speaker: str | None = None) -> Words:
    """Return the words of a quote. Units: at most 400 words are looked at."""
    return Words(tuple(plain_words(text)[:_MOST_WORDS]), speaker)


def shingles(words: Sequence[str]) -> frozenset[int]:
    """Return the numbers under which words are found: the smallest of each window of runs. Units: 63 bits."""
    if len(words) < RUN:
        return frozenset()
    hashes = [_number(words[i : i + RUN]) for i in range(len(words) - RUN + 1)]
    return frozenset(min(hashes[i : i + WINDOW]) for i in range(max(1, len(hashes) - WINDOW + 1)))


def saying_key(words: Sequence[str]) -> str:
    """Return the id of the saying that these words found."""
    return "say_" + blake2b(" ".join(words).encode(), digest_size=10).hexdigest()


def same_saying(one: Words, other: Words) -> float | None:
    """Return the share of the shorter quote's words that both have in order, or None when they are two quotes.

    Two that are given to different speakers must share more: stories differ in whom they name, but short phrases
    are anybody's.
    """
    if not (one.can_recur and other.can_recur):
        return None
    short, long = sorted((one.words, other.words), key=len)
    blocks = SequenceMatcher(None, long, short, autojunk=False).get_matching_blocks()
    # An ellipsis cuts a quote in pieces; a word or two that happen to agree are no piece.
    whole = [b for b in blocks if b.size >= min(_BLOCK, len(short))]
    shared = sum(b.size for b in whole)
    share = shared / len(short)
    telling = sum(w not in _SMALL for b in whole for w in short[b.b : b.b + b.size])
    strange = one.speaker is not None and other.speaker is not None and one.speaker != other.speaker
    if strange and (shared < _MANY or share < _SHARE_OF_OTHERS):
        return None
    return share if shared >= FEWEST and telling >= _TELLING and share >= _SHARE else None


def _number(words: Sequence[str]) -> int:
    return int.from_bytes(blake2b(" ".join(words).encode(), digest_size=8).digest(), "big") >> 1
