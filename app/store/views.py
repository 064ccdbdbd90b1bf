"""What goes into the store and what comes out of it: frozen, detached from any session."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal

import orjson

from app.domain.analysis import Analysis
from app.domain.annotation import ActorStatus, EntityType, Polarity, QuoteType, Tense
from app.domain.document import Document, Head
from app.errors import BrokenAnalysisError, TooLargeError
from app.knowledge.link import LinkedEntity
from app.review.correction import Review
from app.store.heads import head_of

Json = dict[str, Any]
MAX_INDEXED = 2_000
PositionKind = Literal["office", "stance"]
NetworkEdges = Literal["actor-issue", "actor-actor"]


@dataclass(frozen=True, slots=True)
class ReceivedArticle:
    """A story as it came in: its canonical text and what came with it.

    Units: ``published_at`` is aware of its time zone; ``head`` holds spans of ``text``.
    Raises: ValueError when ``published_at`` has no time zone; TooLargeError when a part that is indexed is too long.
    """

    text: str
    title: str | None = None
    section: str | None = None
    byline: str | None = None
    dateline: str | None = None
    authors: tuple[str, ...] = ()
    source: str | None = None
    url: str | None = None
    language: str | None = None
    published_at: datetime | None = None
    external_id: str | None = None
    media_type: str = "text/plain"
    head: Head = field(default_factory=Head)

    def __post_init__(self) -> None:
        if self.published_at is not None and self.published_at.tzinfo is None:
            msg = "published_at has a time zone"
            raise ValueError(msg)
        for name in ("section", "source", "url", "language", "external_id"):
            if len((getattr(self, name) or "").encode()) > MAX_INDEXED:
                raise TooLargeError(name, f"is longer than {MAX_INDEXED} bytes")


@dataclass(frozen=True, slots=True)
class LinkedAnalysis:
    """An analysis, the document it is of, and who its entities are across stories.

    ``entities`` maps every local entity id of the analysis. ``started_at`` and ``seconds`` tell of the run.
    ``contexts`` is what the story tells of an entity, by its id across stories, as (kind, value); ``issues`` says which
    issue a label is of, where that is not the one that the label founds.
    ``reviews`` is what people made of its annotations, by their ids.
    Raises: BrokenAnalysisError when an entity is not linked.
    """

    analysis: Analysis
    document: Document
    entities: Mapping[str, LinkedEntity]
    started_at: datetime | None = None
    seconds: float | None = None
    contexts: Mapping[str, tuple[tuple[str, str], ...]] = field(default_factory=dict)
    issues: Mapping[str, str] = field(default_factory=dict)
    reviews: Mapping[str, Review] = field(default_factory=dict)

    def __post_init__(self) -> None:
        missing = [e.id for e in self.analysis.entities if e.id not in self.entities]
        if missing:
            msg = f"entity {missing[0]!r} is not linked"
            raise BrokenAnalysisError(msg)


@dataclass(frozen=True, slots=True)
class Counts:
    """How many of each thing an analysis holds."""

    people: int
    organizations: int
    places: int
    quotes: int
    positions: int


@dataclass(frozen=True, slots=True)
class RunView:
    """One run of the pipeline over one revision."""

    id: str
    article_id: str
    revision: int
    pipeline_version: str
    weights: str
    started_at: datetime
    seconds: float | None
    counts: Counts


@dataclass(frozen=True, slots=True)
class ArticleView:
    """An article as it stands: its metadata, its current revision and the run that annotated it.

    ``lines`` says where the text holds those above the story, by their names.
    Units: ``length`` in code points of the current text; ``sha256`` is of the text as UTF-8, in hex.
    """

    id: str
    revision: int
    sha256: str
    length: int
    title: str | None
    section: str | None
    byline: str | None
    dateline: str | None
    authors: tuple[str, ...]
    source: str | None
    url: str | None
    language: str | None
    published_at: datetime | None
    external_id: str | None
    media_type: str
    lines: Mapping[str, Sequence[int]]
    received_at: datetime
    updated_at: datetime
    run: RunView

    @property
    def head(self) -> Head:
        """The lines above the story, read: lists do not show them."""
        return head_of(self.lines)


@dataclass(frozen=True, slots=True)
class RevisionView:
    """One revision of an article, without its text."""

    article_id: str
    number: int
    sha256: str
    length: int
    title: str | None
    media_type: str
    head: Head
    received_at: datetime
    current: bool
    run: RunView


@dataclass(frozen=True, slots=True)
class QuoteView:
    """A quote of a current revision. ``json`` is the whole of it in the API's shape, as it is stored."""

    id: str
    article_id: str
    type: QuoteType
    text: str
    speaker_status: ActorStatus
    speaker_name: str | None
    speaker_entity_id: str | None
    confidence: float | None
    json: str

    @property
    def document(self) -> Json:
        """The whole of it, read."""
        document: Json = orjson.loads(self.json)
        return document


@dataclass(frozen=True, slots=True)
class PositionView:
    """An office or a stance of a current revision. ``json`` is the whole of it in the API's shape, as it is stored.

    ``actor_entity_id`` is the stance's holder or the person in the office.
    """

    id: str
    article_id: str
    kind: PositionKind
    actor_name: str | None
    actor_entity_id: str | None
    organization_entity_id: str | None
    title: str | None
    tense: Tense | None
    polarity: Polarity | None
    issue_id: str | None
    quote_id: str | None
    confidence: float | None
    json: str

    @property
    def document(self) -> Json:
        """The whole of it, read."""
        document: Json = orjson.loads(self.json)
        return document


@dataclass(frozen=True, slots=True)
class OfficeView:
    """A post that a story states for a person."""

    position_id: str
    article_id: str
    title: str
    organization: str | None
    organization_id: str | None
    tense: Tense


@dataclass(frozen=True, slots=True)
class ParentView:
    """What an organization is part of, or acts for: ``relation`` is "part of" or "acts for"."""

    id: str
    name: str
    relation: str


@dataclass(frozen=True, slots=True)
class PartView:
    """What stories say is part of an organization; one without a name of its own ("Kenyan unit") has no ``id``.

    ``country`` is the one that its words name.
    """

    id: str | None
    name: str
    country: str | None = None


@dataclass(frozen=True, slots=True)
class EntityView:
    """A person, organization, place or group across stories. ``offices`` are the latest stories' first, each once.

    ``identifiers`` are (scheme, id) pairs of authorities; ``articles`` is the number of stories that mention it,
    ``quotes`` that of the quotes it speaks. ``prominence`` is its mean share of the weight of its stories. It is seen
    from the first to the last of their dates.
    """

    id: str
    type: EntityType
    name: str
    aliases: tuple[str, ...]
    identifiers: tuple[tuple[str, str], ...]
    offices: tuple[OfficeView, ...]
    articles: int
    quotes: int = 0
    prominence: float | None = None
    first_seen: datetime | None = None
    last_seen: datetime | None = None
    parents: tuple[ParentView, ...] = ()
    parts: tuple[PartView, ...] = ()


@dataclass(frozen=True, slots=True)
class IssueView:
    """An issue across stories. ``positions`` is the number of stances on it, seen first and last at these dates.

    ``prominence`` is its mean share of the stances that its latest stories report.
    """

    id: str
    label: str
    positions: int
    first_seen: datetime | None = None
    last_seen: datetime | None = None
    prominence: float | None = None


@dataclass(frozen=True, slots=True)
class TenureView:
    """A post that stories state for a person, over time.

    ``tense`` is what the latest story says. ``held_from`` and ``held_to`` are the dates of the first and the last story
    that state it as held now, ``former_from`` that of the first that states it as past; None where no dated story does.
    ``statements`` are the latest of ``stories`` statements, the newest first.
    """

    title: str
    normal_title: str
    organization: str | None
    organization_id: str | None
    tense: Tense
    held_from: datetime | None
    held_to: datetime | None
    former_from: datetime | None
    stories: int
    statements: tuple[StatementView, ...]


@dataclass(frozen=True, slots=True)
class StatementView:
    """One story's statement of a post."""

    position_id: str
    article_id: str
    published_at: datetime | None
    title: str
    tense: Tense


@dataclass(frozen=True, slots=True)
class StandView:
    """A stance with the story that carries it: a statement in the sense of discourse networks.

    ``actor`` is the key of the holder in the network: the id across stories, else the words of the description.
    ``organization`` is the holder itself when it is a body or a country, else that of the office which the story gives.
    """

    position: Json
    actor: str
    organization: str | None
    article_title: str | None
    article_source: str | None
    published_at: datetime | None


@dataclass(frozen=True, slots=True)
class TieView:
    """An edge of a network: an actor's side on the issue, or agreement or conflict of two actors."""

    source: str
    target: str
    type: Literal["supports", "opposes", "mixed", "unclear", "agreement", "conflict"]
    weight: int


@dataclass(frozen=True, slots=True)
class NetworkView:
    """Who stands where on one issue, as a network. ``complete`` is False when there were more stances or actors."""

    issue: IssueView
    stands: tuple[StandView, ...]
    ties: tuple[TieView, ...]
    complete: bool


@dataclass(frozen=True, slots=True)
class Facet:
    """How often values occur among the first items of a list. ``capped``: there are more items than were counted."""

    values: tuple[tuple[str | None, int], ...]
    counted: int
    capped: bool
