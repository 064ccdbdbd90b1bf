"""What linking a story costs beside annotating it, with fifty thousand people known, as the store grows."""

from __future__ import annotations

import random
import time
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime

from app.evaluation.bench.rows import Row
from app.evaluation.bench.texts import different_texts
from app.ingest.intake import Annotator
from app.knowledge.identities import Identity, IdentityOffice
from app.knowledge.link import link
from app.store import migrate
from app.store.identities import keep_identities
from app.store.made_rows import add_rows
from app.store.store import open_store
from app.store.trial import trial_links
from app.store.views import LinkedAnalysis
from app.text.document import build_document

KNOWN = 50_000
SIZES = (1_000, 20_000, 200_000)
_GIVEN = 400
_SEED = 5
_SYLLABLES = [
    "ba",
    "be",
    "bo",
    "da",
    "de",
    "do",
    "fa",
    "ka",
    "ke",
    "ko",
    "la",
    "le",
    "lo",
    "ma",
    "me",
    "mo",
    "na",
    "ne",
    "no",
    "pa",
    "ra",
    "re",
    "ro",
    "sa",
    "se",
    "so",
    "ta",
    "te",
    "to",
    "va",
    "ve",
    "vo",
    "za",
    "zo",
]


def made_people(number: int) -> Iterator[Identity]:
    """Yield so many people of made-up names, each with an office."""
    chance = random.Random(_SEED)
    given = [_name(chance, 2) for _ in range(_GIVEN)]
    for i in range(number):
        office = IdentityOffice(chance.choice(("Minister", "Mayor", "Director", "Senator")), country="Kenya")
        yield Identity(f"made:{i}", "person", f"{chance.choice(given)} {_name(chance, 3)}", "made", offices=(office,))


def measure_linking(
    database: str, url: str, engine: Annotator, stories: int, *, known: int = KNOWN, sizes: Sequence[int] = SIZES
) -> Iterator[Row]:
    """Yield the stories a second that are linked, at each size of the store, beside those that are annotated."""
    migrate.upgrade(url)
    documents = [build_document(text) for text in different_texts(stories)]
    clock = time.perf_counter()
    analyses = [engine.annotate(document) for document in documents]
    annotated = stories / (time.perf_counter() - clock)
    prepared = [LinkedAnalysis(a, d, link(a)) for a, d in zip(analyses, documents, strict=True)]
    people = list(made_people(known))
    store = open_store(url)
    try:
        with store.writing() as session:
            keep_identities(session, people)
        have = 0
        for size in sizes:
            with store.writing() as session:
                add_rows(session, have, size, [person.name for person in people])
            have = size
            with store.reading() as session:
                trial_links(session, prepared[0], datetime.now(UTC))
                clock = time.perf_counter()
                for one in prepared:
                    trial_links(session, one, datetime.now(UTC))
                linked = stories / (time.perf_counter() - clock)
            share = annotated / linked
            name = f"linking, {database}, {size:,} stories"
            yield Row(
                name, linked, "stories/s", f"annotation alone: linking costs {100 * share:.1f} % of it", annotated
            )
    finally:
        store.close()


def _name(chance: random.Random, syllables: int) -> str:
    return "".join(chance.choice(_SYLLABLES) for _ in range(syllables)).capitalize()
