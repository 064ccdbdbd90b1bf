"""A store as full as a large archive: sample stories, cut short, taken in as any story is and told again very often."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from itertools import cycle
from random import Random

from app.evaluation.bench.texts import seed_texts
from app.ingest.intake import Annotator, Intake
from app.ingest.receive import receive
from app.store import migrate
from app.store.made_stories import fill_store, is_full
from app.store.store import open_store

STORIES, PEOPLE = 200_000, 70_000
"""What is loaded by default: with these texts a million quotes, and fifty thousand people besides organizations."""
_SEED = 11
_WORDS = 110
_LAST = "Filed under abcdefghijk"
_LANGUAGES = ("en",) * 9 + ("en-GB",)

Step = Callable[[int, str], None]


def fill(url: str, engine: Annotator, stories: int, people: int, step: Step) -> None:
    """Make a database at ``url`` with so many stories about so many people and organizations; a full one stays."""
    migrate.upgrade(url)
    store = open_store(url)
    try:
        if is_full(store, stories):
            return
        intake = Intake(store, engine)
        for text, language in zip(short_texts(), cycle(_LANGUAGES), strict=False):
            story = {"text": text, "source": "Sample", "section": "Sample", "language": language}
            intake.add(receive(json.dumps(story).encode(), "application/json"))
        fill_store(store, stories, people, Random(_SEED), step)
    finally:
        store.close()


def short_texts() -> Iterator[str]:
    """Yield the beginnings of the sample stories, each with a last word that is in no other place."""
    for text in seed_texts():
        paragraphs = text.split("\n\n")
        kept: list[str] = []
        while paragraphs and sum(len(part.split()) for part in kept) < _WORDS:
            kept.append(paragraphs.pop(0))
        yield "\n\n".join([*kept, _LAST])
