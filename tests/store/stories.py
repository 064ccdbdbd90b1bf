"""Stories for the store's tests, with analyses built by hand: nothing is annotated, no weights are loaded."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import sha256
from typing import Any

from app.domain.analysis import Analysis, Pipeline, check
from app.domain.annotation import Actor, Entity, EntityType, Mention, Office, Polarity, Quote, Stance
from app.domain.document import Document, Head
from app.domain.span import Span
from app.knowledge.link import link
from app.store.views import LinkedAnalysis, ReceivedArticle

PIPELINE = Pipeline("1", "by hand")
STARTED = datetime(2024, 5, 6, 7, 8, 9, 123456, tzinfo=UTC)


@dataclass(frozen=True)
class Story:
    """A text and what is found in it.

    ``entities`` are (type, fullest name, other names); ``quotes`` are (name, words); ``offices`` are
    (name, title, organization); ``stances`` are (name, polarity, issue).
    """

    text: str
    title: str | None = None
    entities: tuple[tuple[EntityType, str, tuple[str, ...]], ...] = ()
    quotes: tuple[tuple[str | None, str], ...] = ()
    offices: tuple[tuple[str, str, str | None], ...] = ()
    stances: tuple[tuple[str, Polarity, str], ...] = ()


BASES = Story(
    text=(
        "Harbor talks open\n\n"
        "Defense Minister Marta K. Oduya opposed the harbor bases on Monday. "
        '"We will not sign," Oduya told the Coastal Council in Varna. '
        '"Not this year," said a senior official.'
    ),
    title="Harbor talks open",
    entities=(
        ("person", "Marta K. Oduya", ("Oduya",)),
        ("organization", "Coastal Council", ("the Coastal Council",)),
        ("place", "Varna", ()),
    ),
    quotes=(("Marta K. Oduya", "We will not sign"), (None, "Not this year")),
    offices=(("Marta K. Oduya", "Defense Minister", None),),
    stances=(("Marta K. Oduya", "opposes", "the harbor bases"),),
)

COUNCIL = Story(
    text=(
        "The Coastal Council supports harbor bases, its director José Brandt said. "
        '"They protect us," Brandt said, answering Marta Oduya.'
    ),
    entities=(
        ("organization", "Coastal Council", ()),
        ("person", "José Brandt", ("Brandt",)),
        ("person", "Marta Oduya", ()),
    ),
    quotes=(("José Brandt", "They protect us"),),
    offices=(("José Brandt", "director", "Coastal Council"),),
    stances=(("Coastal Council", "supports", "Harbor Bases"),),
)


def numbered(number: int) -> Story:
    """Return one of many stories alike: the same speaker, other words."""
    return Story(
        text=f'Ana Silva spoke for the {number}th time. "Number {number} matters," she said.',
        entities=(("person", "Ana Silva", ()),),
        quotes=(("Ana Silva", f"Number {number} matters"), ("Ana Silva", "matters")),
        offices=(("Ana Silva", "time", None),),
        stances=(("Ana Silva", "supports", "time"),),
    )


def received(story: Story, **metadata: Any) -> ReceivedArticle:  # noqa: ANN401 (whatever a test needs to set)
    """Return the story as it comes in."""
    return ReceivedArticle(**{"text": story.text, "title": story.title, "head": _head(story), **metadata})


def document(story: Story) -> Document:
    """Return the story as text with its headline."""
    return Document(story.text, head=_head(story))


def linked(story: Story) -> LinkedAnalysis:
    """Return the story's analysis with its entities linked."""
    made = check(analysis(story), document(story))
    return LinkedAnalysis(made, document(story), link(made), started_at=STARTED, seconds=0.25)


def analysis(story: Story) -> Analysis:
    """Return the story's analysis; its ids are made from the text, as the annotators make theirs."""
    entities = tuple(
        Entity(
            _id(story, "e", i),
            kind,
            name,
            tuple(Mention(s) for n in (name, *aliases) for s in _spans(story, n)[:1]),
            aliases,
            prominence=0.25,
            confidence=0.9,
        )
        for i, (kind, name, aliases) in enumerate(story.entities)
    )
    by_name = {e.name: e for e in entities}
    quotes = tuple(
        Quote(
            _id(story, "q", i),
            "direct",
            (_spans(story, words)[0],),
            None if speaker is None else _spans(story, "o")[0],
            _actor(by_name, speaker),
            confidence=None if speaker is None else 0.8,
            method="name",
        )
        for i, (speaker, words) in enumerate(story.quotes)
    )
    return Analysis(
        PIPELINE,
        entities,
        quotes,
        tuple(
            Office(
                _id(story, "o", i),
                _actor(by_name, person),
                title,
                title.lower(),
                None if organization is None else _actor(by_name, organization),
                "current",
                (_spans(story, title)[0],),
                confidence=0.7,
            )
            for i, (person, title, organization) in enumerate(story.offices)
        ),
        tuple(
            Stance(
                _id(story, "s", i),
                _actor(by_name, holder),
                polarity,
                issue,
                _spans(story, issue.lower())[0],
                (_spans(story, issue.lower())[0],),
                quote_id=quotes[0].id if quotes else None,
                reporter=_actor(by_name, holder),
                confidence=0.6,
            )
            for i, (holder, polarity, issue) in enumerate(story.stances)
        ),
    )


def _head(story: Story) -> Head:
    opens = story.title is not None and story.text.startswith(story.title)
    return Head(title=Span(0, len(story.title)) if opens and story.title else None)


def _actor(by_name: dict[str, Entity], name: str | None) -> Actor:
    if name is None:
        return Actor("anonymous", "a senior official")
    entity = by_name[name]
    return Actor("resolved", entity.name, entity.type, entity.id, mention=entity.mentions[0].span)


def _spans(story: Story, words: str) -> list[Span]:
    found = []
    start = story.text.find(words)
    while start >= 0:
        found.append(Span(start, start + len(words)))
        start = story.text.find(words, start + 1)
    return found


def _id(story: Story, kind: str, number: int) -> str:
    return f"{kind}_{sha256(story.text.encode()).hexdigest()[:20]}{number:02}"
