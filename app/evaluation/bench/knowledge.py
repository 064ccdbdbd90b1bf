"""What linking a story costs beside annotating it, with fifty thousand people known, as the store grows.

Linking is all from an annotated story to who its people and organizations are: reading what it tells of them, looking
up whom they may be with what is known of these, comparing, deciding. It is measured story by story, as requests link,
and sixteen together, as workers do. What is written then is part of keeping a story, which is measured by itself.

Among those known are namesakes of everybody in the stories that are linked: as many as a common name has. Counted is
the time of a processor, PostgreSQL's own on this machine included, and of several passes the best. Stories are
annotated and linked by turns, so that what else the machine does meets both alike. They are linked once before, without
being counted: a worker keeps its connection, and PostgreSQL reads its catalogues and plans each question on the first.
"""

from __future__ import annotations

import random
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial

from sqlalchemy.orm import Session

from app.evaluation.bench.processors import backend_of, used_seconds
from app.evaluation.bench.rows import Row
from app.evaluation.bench.texts import different_texts
from app.ingest.intake import Annotator
from app.knowledge.identities import Identity, IdentityOffice
from app.knowledge.link import link
from app.knowledge.names import person_name
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
_NAMESAKES = 8  # others of the last name and the first letter of each person in the stories
_PASSES = 3
_TOGETHER = 16
_WAYS = {1: "one by one", _TOGETHER: "sixteen together"}
_SEED = 5
_SYLLABLES = [consonant + vowel for consonant in "bdfklmnprstvz" for vowel in "aeo"]


@dataclass(frozen=True, slots=True)
class AnnotatedStories:
    """Stories to link, and what annotates them."""

    engine: Annotator
    stories: tuple[LinkedAnalysis, ...]

    def people(self) -> list[str]:
        """Return the full names of the people in them, each once."""
        names = (e.name for one in self.stories for e in one.analysis.of_type("person"))
        return list(dict.fromkeys(name for name in names if person_name(name).is_full))


def annotate_stories(engine: Annotator, number: int) -> AnnotatedStories:
    """Return so many sample stories, annotated one after another."""
    documents = [build_document(text) for text in different_texts(number)]
    analyses = [engine.annotate(document) for document in documents]
    return AnnotatedStories(
        engine, tuple(LinkedAnalysis(a, d, link(a)) for a, d in zip(analyses, documents, strict=True))
    )


def made_people(number: int, names: Sequence[str] = ()) -> Iterator[Identity]:
    """Yield so many people, each with an office: those of ``names``, namesakes of them, and made-up names."""
    chance = random.Random(_SEED)
    given = [_name(chance, 2) for _ in range(_GIVEN)]
    others = [name for known in names for name in (known, *_namesakes(chance, known))][:number]
    made = [f"{chance.choice(given)} {_name(chance, 3)}" for _ in range(number - len(others))]
    for i, name in enumerate((*others, *made)):
        office = IdentityOffice(chance.choice(("Minister", "Mayor", "Director", "Senator")), country="Kenya")
        yield Identity(f"made:{i}", "person", name, "made", offices=(office,))


def measure_linking(
    database: str, url: str, annotated: AnnotatedStories, *, known: int = KNOWN, sizes: Sequence[int] = SIZES
) -> Iterator[Row]:
    """Yield the stories that are linked in a second of a processor, at each size of the store.

    Beside them are those that are annotated.
    """
    migrate.upgrade(url)
    people = list(made_people(known, annotated.people()))
    store = open_store(url)
    try:
        with store.writing() as session:
            keep_identities(session, people)
        have = 0
        for size in sizes:
            with store.writing() as session:
                add_rows(session, have, size, {person.name: person.id for person in people})
            have = size
            for together, way in _WAYS.items():
                with store.reading() as session:
                    annotating, linking = _seconds(session, annotated, together)
                number = len(annotated.stories)
                share = f"annotation alone: linking costs {100 * linking / annotating:.1f} % of it"
                name = f"linking, {database}, {size:,} stories, {way}"
                yield Row(name, number / linking, "stories/s", share, number / annotating)
    finally:
        store.close()


def _seconds(session: Session, annotated: AnnotatedStories, together: int) -> tuple[float, float]:
    """Return the seconds of a processor that annotating these stories takes, and linking them, so many together."""
    now = datetime.now(UTC)
    stories = annotated.stories
    for start in range(0, len(stories), together):
        trial_links(session, stories[start : start + together], now)
    server = backend_of(session)
    used = used_seconds(server)
    annotating = linking = 0.0
    for start in range(0, len(stories), together):
        part = stories[start : start + together]
        turns = [
            (
                sum(_took(partial(annotated.engine.annotate, one.document)) for one in part),
                _took(partial(trial_links, session, part, now)),
            )
            for _ in range(_PASSES)
        ]
        annotating += min(turn[0] for turn in turns)
        linking += min(turn[1] for turn in turns)
    return annotating, linking + (used_seconds(server) - used) / _PASSES


def _took(work: Callable[[], object]) -> float:
    """Return the seconds of a processor that ``work`` took."""
    clock = time.process_time()
    work()
    return time.process_time() - clock


def _namesakes(chance: random.Random, name: str) -> Iterator[str]:
    words = person_name(name).words
    for _ in range(_NAMESAKES):
        yield f"{words[0][0].upper()}{_name(chance, 2).lower()} {words[-1].capitalize()}"


def _name(chance: random.Random, syllables: int) -> str:
    return "".join(chance.choice(_SYLLABLES) for _ in range(syllables)).capitalize()
