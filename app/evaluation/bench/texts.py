"""The stories that are measured on: the seeds' texts, as many different ones as are asked for."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from itertools import count, cycle, islice

from app.evaluation.gold import read_seeds


@cache
def seed_texts() -> tuple[str, ...]:
    """Return the texts of the sample stories."""
    return tuple(story.record["text"] for story in read_seeds())


def different_texts(number: int) -> Iterator[str]:
    """Yield so many texts, no two alike: the sample stories round and round, each with a last line of its own."""
    numbered = zip(cycle(seed_texts()), count(1), strict=False)
    for text, place in islice(numbered, number):
        yield f"{text}\n\nThis was story {place} of the day.\n"


def count_words(text: str) -> int:
    """Return the number of words as white space parts them."""
    return len(text.split())
