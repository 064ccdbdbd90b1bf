"""Quotes found again in altered copies: cut, marked otherwise, with words left out; and quotes that only look alike.

The words are those of the project's sample stories and of ``app.evaluation.linking.copies`` itself; every alteration is
drawn from a seed, so that the figures are the same each time.
"""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from app.evaluation.gold import read_seeds
from app.evaluation.scores import Counts
from app.knowledge.sayings import Words, same_saying, shingles, words_of

_SEED = 11
_LONG = 12  # words that a quote has before it is cut
_KEPT = 8  # words that a cut leaves
_OPENINGS = (
    "We want to make it clear that",
    "There is no doubt in my mind that",
    "I would like to say that",
    "At the end of the day",
    "We are going to do everything we can to",
    "It is very important for us that",
)


@dataclass(frozen=True, slots=True)
class Pair:
    """Two quotes, and whether they are the same words."""

    kind: str
    one: Words
    other: Words
    same: bool

    def found(self) -> bool:
        """Say whether the two are found to be one: by the index first, as in the store, then by their words."""
        near = shingles(self.one.words) & shingles(self.other.words)
        return bool(near) and same_saying(self.one, self.other) is not None


def read_pairs() -> Iterator[Pair]:
    """Yield altered copies of the sample stories' quotes, and pairs of different quotes."""
    chance = random.Random(_SEED)
    quotes = [q for q in _quotes() if words_of(q).can_recur]
    for number, quote in enumerate(quotes):
        speaker = f"s{number}"
        words = quote.split()
        yield Pair("other punctuation", words_of(quote, speaker), words_of(_marked(quote), speaker), same=True)
        yield Pair("capitals", words_of(quote, speaker), words_of(quote.upper(), None), same=True)
        if len(words) >= _LONG:
            start = chance.randrange(0, len(words) - _KEPT)
            cut = " ".join(words[start : start + chance.randrange(_KEPT, len(words) - start + 1)])
            yield Pair("cut at an end", words_of(quote, speaker), words_of(cut, speaker), same=True)
            middle = chance.randrange(5, len(words) - 5)
            parted = f"{' '.join(words[: middle - 1])} ... {' '.join(words[middle + 1 :])}"
            yield Pair("cut in the middle", words_of(quote, speaker), words_of(parted, speaker), same=True)
            put = f"{' '.join(words[:middle])} [the plan] {' '.join(words[middle:])}"
            yield Pair("words in brackets", words_of(quote, speaker), words_of(put, speaker), same=True)
            yield Pair("another speaker named", words_of(quote, speaker), words_of(quote, f"{speaker}x"), same=True)
    yield from _strange(quotes, chance)


def _strange(quotes: Sequence[str], chance: random.Random) -> Iterator[Pair]:
    for number, one in enumerate(quotes):
        other = quotes[(number + 1 + chance.randrange(len(quotes) - 1)) % len(quotes)]
        if other == one:
            continue
        opening = _OPENINGS[number % len(_OPENINGS)]
        yield Pair("another quote", words_of(one, "s"), words_of(other, "s"), same=False)
        yield Pair(
            "the same opening", words_of(f"{opening} {one}", "s"), words_of(f"{opening} {other}", "s"), same=False
        )
        head, tail = one.split()[:5], other.split()
        yield Pair("a phrase in common", words_of(one, "s"), words_of(" ".join([*head, *tail]), "t"), same=False)
        yield Pair("an opening alone", words_of(opening, "s"), words_of(f"{opening} {one}", "t"), same=False)


def _marked(quote: str) -> str:
    return "\u201c" + quote.replace(",", " \u2014").replace("'", "\u2019").replace(".", "...") + "\u201d"


def _quotes() -> list[str]:
    found = [
        " ".join(" ".join(story.record["text"][start:end] for start, end in quote["contents"]).split())
        for story in read_seeds()
        for quote in story.record["quotes"]
    ]
    return list(dict.fromkeys(found))


def count_copies() -> dict[str, tuple[Counts, int]]:
    """Return by kind, and for all, the counts of pairs found to be one, and how many pairs there are."""
    found: dict[str, tuple[Counts, int]] = {}
    for pair in read_pairs():
        hit = pair.found()
        counts = Counts(int(hit and pair.same), int(hit and not pair.same), int(pair.same and not hit))
        for name in ("all", pair.kind):
            old, number = found.get(name, (Counts(), 0))
            found[name] = (old + counts, number + 1)
    return found
