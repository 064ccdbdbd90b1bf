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


def long_text(words: int) -> str:
    """Return one text of at least so many words: the sample stories one after another, round and round."""
    found: list[str] = []
    total = 0
    for text in cycle(seed_texts()):
        found.append(text)
        total += count_words(text)
        if total >= words:
            break
    return "\n\n".join(found)


def count_words(text: str) -> int:
    """Return the number of words as white space parts them."""
    return len(text.split())
