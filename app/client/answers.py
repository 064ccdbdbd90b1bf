"""The shapes of answers, as types. A test holds them to what OpenAPI says. The API may add fields."""

from __future__ import annotations

from typing import Any, Literal, TypedDict

from app.client.bodies import Parent, Part

EntityType = Literal["person", "organization", "place", "group"]
Tense = Literal["current", "former", "incoming", "acting"]


class Span(TypedDict):
    """A stretch of the text: ``text[start:end] == exact``, in code points."""

    field: Literal["title", "body"]
    start: int
    end: int
    exact: str
    prefix: str
    suffix: str


class Actor(TypedDict):
    """Who speaks, holds or serves; unknown is None with a status."""

    status: Literal["resolved", "unresolved", "anonymous", "collective"]
    name: str | None
    type: EntityType | None
    entity_id: str | None
    office: str | None
    country: str | None
    mention: Span | None


class Review(TypedDict):
    """What people made of an annotation: ``machine`` is what the machine found in ``fields``."""

    status: Literal["machine", "confirmed", "corrected", "added"]
    by: str | None
    at: str | None
    correction_id: str | None
    fields: list[str]
    machine: dict[str, Any] | None


class Quote(TypedDict):
    """Words or thoughts reported in a story, with who said them."""

    id: str
    article_id: str | None
    type: Literal["direct", "indirect", "mixed"]
    text: str
    contents: list[Span]
    cue: Span | None
    speaker: Actor
    confidence: float | None
    method: str
    run_id: str | None
    review: Review


class IssueReference(TypedDict):
    """An issue, by id and label."""

    id: str
    label: str


class Issue(TypedDict):
    """What stances are about, across stories."""

    id: str
    label: str
    positions: int
    prominence: float | None
    first_seen: str | None
    last_seen: str | None


class Stance(TypedDict):
    """Where an actor stands on an issue."""

    id: str
    article_id: str | None
    kind: Literal["stance"]
    holder: Actor
    polarity: Literal["supports", "opposes", "mixed", "unclear"]
    issue: IssueReference
    target: Span
    evidence: list[Span]
    quote_id: str | None
    reporter: Actor | None
    change: Literal["new", "unchanged", "reversed"] | None
    conditional: bool
    confidence: float | None
    method: str
    run_id: str | None
    review: Review


class Office(TypedDict):
    """A post that a story states for a person."""

    id: str
    article_id: str | None
    kind: Literal["office"]
    person: Actor
    title: str
    normal_title: str
    organization: Actor | None
    tense: Tense
    evidence: list[Span]
    confidence: float | None
    method: str
    run_id: str | None
    review: Review


Position = Stance | Office
"""``kind`` tells which."""


class Identifier(TypedDict):
    """What an authority calls an entity."""

    scheme: str
    id: str


class StatedOffice(TypedDict):
    """A post that a story states, and the position that says so."""

    position_id: str
    title: str
    organization: str | None
    organization_id: str | None
    tense: Tense


class KnownOffice(StatedOffice):
    """A post that a story states, and which story that is."""

    article_id: str


class Entity(TypedDict):
    """A person, organization, place or group of one story, with every mention of it."""

    id: str
    type: EntityType
    name: str
    aliases: list[str]
    identifiers: list[Identifier]
    offices: list[StatedOffice]
    mentions: list[Span]
    prominence: float | None
    confidence: float | None


class KnownEntity(TypedDict):
    """A person or an organization across stories."""

    id: str
    type: EntityType
    name: str
    aliases: list[str]
    identifiers: list[Identifier]
    offices: list[KnownOffice]
    same_as: list[str]
    parents: list[Parent]
    parts: list[Part]
    articles: int
    quotes: int
    prominence: float | None
    first_seen: str | None
    last_seen: str | None


class Counts(TypedDict):
    """How many of each thing a run found."""

    people: int
    organizations: int
    places: int
    quotes: int
    positions: int


class Run(TypedDict):
    """The run of the pipeline that annotated a revision."""

    id: str
    pipeline: str
    weights: str
    started_at: str
    seconds: float | None
    counts: Counts


class Head(TypedDict):
    """Where the text itself holds what a wire puts above a story."""

    section: Span | None
    title: Span | None
    byline: Span | None
    dateline: Span | None


class ArticleSummary(TypedDict):
    """An article without its text and annotations."""

    id: str
    revision: int
    title: str | None
    section: str | None
    byline: str | None
    dateline: str | None
    authors: list[str]
    source: str | None
    url: str | None
    language: str | None
    published_at: str | None
    external_id: str | None
    media_type: str
    received_at: str
    updated_at: str
    length: int
    sha256: str
    run: Run


class Article(ArticleSummary):
    """An article whole."""

    head: Head
    text: str
    people: list[Entity]
    organizations: list[Entity]
    places: list[Entity]
    groups: list[Entity]
    quotes: list[Quote]
    positions: list[Position]


class AnnotatedStory(TypedDict):
    """A story annotated and not kept: its article and run ids are None."""

    section: str | None
    title: str | None
    byline: str | None
    dateline: str | None
    text: str
    people: list[Entity]
    organizations: list[Entity]
    places: list[Entity]
    groups: list[Entity]
    quotes: list[Quote]
    positions: list[Position]
    entities: list[tuple[int, int, EntityType]]


class Item(TypedDict):
    """One story of an ingestion, and what became of it."""

    line: int
    state: Literal["waiting", "annotated", "duplicate", "failed", "cancelled"]
    external_id: str | None
    article_id: str | None
    reason: str | None
    tries: int
    place: str | None


class Ingestion(TypedDict):
    """Stories that came in together, and what became of them."""

    id: str
    state: Literal["queued", "running", "done", "cancelled"]
    origin: str
    received: int
    annotated: int
    duplicate: int
    failed: int
    waiting: int
    rate: float | None
    seconds_left: float | None
    request_id: str
    created_at: str
    started_at: str | None
    finished_at: str | None
    items_removed_at: str | None
    failures: list[Item]


class Highlight(TypedDict):
    """Words that were asked for, where they stand: ``text[start:end] == exact``."""

    start: int
    end: int
    exact: str


class Found(TypedDict):
    """What a search found: the first of each kind. ``highlights`` are by the quote's id."""

    query: str
    articles: list[ArticleSummary]
    people: list[KnownEntity]
    organizations: list[KnownEntity]
    quotes: list[Quote]
    issues: list[Issue]
    highlights: dict[str, list[Highlight]] | None


class Suggestion(TypedDict):
    """Somebody with a name that begins so."""

    id: str
    type: EntityType
    name: str
    match: str
    office: str | None
    articles: int


class StoryChange(TypedDict):
    """That a story came, changed, was annotated anew, or went."""

    position: int
    at: str
    type: Literal["created", "updated", "annotated", "corrected", "linked", "deleted"]
    article_id: str
    revision: int


Event = Literal["story.created", "story.updated", "story.annotated", "story.corrected", "story.linked", "story.deleted"]


class Webhook(TypedDict):
    """A receiver of changes, and how it goes."""

    id: str
    url: str
    description: str | None
    events: list[Event] | None
    state: Literal["active", "paused", "gone"]
    position: int
    waiting: int
    attempts: int
    next_attempt_at: str | None
    last_status: int | None
    last_error: str | None
    delivered: int
    failed: int
    dead_letters: int
    created_at: str
    delivered_at: str | None


class NewWebhook(Webhook):
    """A webhook with its secret, which is shown this once."""

    secret: str


class Secret(TypedDict):
    """A new secret, which is shown this once, and until when messages are signed with the old one too."""

    secret: str
    old_until: str


class Delivery(TypedDict):
    """What became of a message."""

    delivered: bool
    status: int | None
    error: str | None
    milliseconds: float


class DeadLetter(TypedDict):
    """A message that a receiver did not take."""

    id: str
    position: int
    type: str
    body: str
    attempts: int
    last_status: int | None
    last_error: str | None
    made_at: str
