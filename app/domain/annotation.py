"""What is annotated: mentions, entities, actors, quotes, offices, stances.

Every annotation says which method made it and how sure it is; unknown is None, never a filler value.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from app.domain.span import Span

EntityType = Literal["person", "organization", "place", "group"]
MentionKind = Literal["name", "nominal", "pronoun"]
ActorStatus = Literal["resolved", "unresolved", "anonymous", "collective"]
QuoteType = Literal["direct", "indirect", "mixed"]
Polarity = Literal["supports", "opposes", "mixed", "unclear"]
Tense = Literal["current", "former", "incoming", "acting"]
Change = Literal["new", "unchanged", "reversed"]


def check_confidence(value: float | None) -> None:
    """Raise ValueError unless ``value`` is None or a probability."""
    if value is not None and not 0.0 <= value <= 1.0:
        msg = f"a confidence lies between 0 and 1, not {value}"
        raise ValueError(msg)


@dataclass(frozen=True, slots=True)
class Mention:
    """A span that refers to an entity: by name, by description or by pronoun."""

    span: Span
    kind: MentionKind = "name"
    confidence: float | None = None

    def __post_init__(self) -> None:
        check_confidence(self.confidence)


@dataclass(frozen=True, slots=True)
class Entity:
    """A person, organization, place or group of one story, with every mention of it.

    ``id`` is unique within the analysis and stable for the same text and pipeline.
    ``name`` is the fullest form in the story; ``aliases`` are its other surface names.
    ``prominence`` is the share of the story's weight it carries, 0 to 1.
    """

    id: str
    type: EntityType
    name: str
    mentions: tuple[Mention, ...]
    aliases: tuple[str, ...] = ()
    prominence: float | None = None
    confidence: float | None = None

    def __post_init__(self) -> None:
        check_confidence(self.confidence)
        if not self.mentions or not self.name:
            msg = "an entity has a name and at least one mention"
            raise ValueError(msg)


@dataclass(frozen=True, slots=True)
class Actor:
    """Who speaks, holds or serves.

    ``resolved``: ``entity_id`` and ``name`` say who. ``anonymous`` and ``collective``: ``name`` keeps the words
    of the description ("a senior official", "protesters"). ``unresolved``: the text does not say.
    ``office`` is the title that the story gives this person, where it gives one. ``country`` is the one that it is,
    whose body it is, or whose office it holds, where the story's names say so.
    """

    status: ActorStatus
    name: str | None = None
    type: EntityType | None = None
    entity_id: str | None = None
    office: str | None = None
    mention: Span | None = None
    country: str | None = None

    def __post_init__(self) -> None:
        if (self.status == "resolved") != (self.entity_id is not None):
            msg = "an actor is resolved when, and only when, it names an entity"
            raise ValueError(msg)
        if self.status == "resolved" and not self.name:
            msg = "a resolved actor has a name"
            raise ValueError(msg)


@dataclass(frozen=True, slots=True)
class Quote:
    """Words or thoughts reported in the story: contents, cue and speaker.

    ``method`` says how the speaker was found ("name", "pronoun", "nominal", "continued", "label", "none").
    """

    id: str
    type: QuoteType
    contents: tuple[Span, ...]
    cue: Span | None
    speaker: Actor
    confidence: float | None = None
    method: str = "none"

    def __post_init__(self) -> None:
        check_confidence(self.confidence)
        if not self.contents:
            msg = "a quote has contents"
            raise ValueError(msg)


@dataclass(frozen=True, slots=True)
class Office:
    """A post, role or job that the story states for a person. ``normal_title`` is the title's normal form."""

    id: str
    person: Actor
    title: str
    normal_title: str
    organization: Actor | None
    tense: Tense
    evidence: tuple[Span, ...]
    confidence: float | None = None
    method: str = "rule"

    def __post_init__(self) -> None:
        check_confidence(self.confidence)


@dataclass(frozen=True, slots=True)
class Stance:
    """A position for or against something that can be argued about, with the words that show it.

    ``issue`` is a short label; ``reporter`` is who reports the stance when that is not the holder;
    ``quote_id`` names the quote that carries it.
    """

    id: str
    holder: Actor
    polarity: Polarity
    issue: str
    target: Span
    evidence: tuple[Span, ...]
    quote_id: str | None = None
    reporter: Actor | None = None
    change: Change | None = None
    conditional: bool = False
    confidence: float | None = None
    method: str = "rule"

    def __post_init__(self) -> None:
        check_confidence(self.confidence)
