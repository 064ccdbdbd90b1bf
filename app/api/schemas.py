"""The shapes of answers, as OpenAPI describes them. Answers are written from stored JSON, not through these classes.

A contract test validates real answers against these schemas, so the two cannot part.
"""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Generic, Literal, TypeVar

from pydantic import BaseModel, ConfigDict, Field

from app.api.review_mark import Review
from app.domain.annotation import ActorStatus, Change, EntityType, Polarity, QuoteType, Tense

T = TypeVar("T")
Confidence = Annotated[float | None, Field(ge=0, le=1, description="How sure the annotator is; null is not known.")]
KeptId = Annotated[str | None, Field(description="Null only in a story that was annotated and not kept.")]


class Shape(BaseModel):
    """Base of all shapes: what is described is all there is."""

    model_config = ConfigDict(extra="forbid")


class Span(Shape):
    """A stretch of the text: `text[start:end] == exact`, in Unicode code points (or UTF-16 units where asked)."""

    field: Literal["title", "body"]
    start: Annotated[int, Field(ge=0)]
    end: Annotated[int, Field(ge=1)]
    exact: Annotated[str, Field(description="The words themselves.")]
    prefix: Annotated[str, Field(description="The text just before.")]
    suffix: Annotated[str, Field(description="The text just after.")]


class Actor(Shape):
    """Who speaks, holds or serves. Unknown is null with a status, never a made-up name."""

    status: ActorStatus
    name: str | None
    type: EntityType | None
    entity_id: str | None
    office: Annotated[str | None, Field(description="The title that this story gives the person.")]
    country: Annotated[
        str | None, Field(description="The country that it is, whose body it is, or whose office it holds.")
    ]
    mention: Span | None


class Quote(Shape):
    """Words or thoughts reported in a story, with who said them and the words that show it."""

    id: str
    article_id: KeptId
    type: QuoteType
    text: Annotated[str, Field(description="The contents, joined.")]
    contents: Annotated[list[Span], Field(min_length=1)]
    cue: Span | None
    speaker: Actor
    confidence: Confidence
    method: Annotated[str, Field(description="How the speaker was found.")]
    run_id: KeptId
    review: Review


class IssueReference(Shape):
    """An issue, by id and label."""

    id: str
    label: str


class Stance(Shape):
    """Where an actor stands on an issue."""

    id: str
    article_id: KeptId
    kind: Literal["stance"]
    holder: Actor
    polarity: Polarity
    issue: IssueReference
    target: Span
    evidence: list[Span]
    quote_id: str | None
    reporter: Actor | None
    change: Change | None
    conditional: bool
    confidence: Confidence
    method: str
    run_id: KeptId
    review: Review


class Office(Shape):
    """A post that a story states for a person."""

    id: str
    article_id: KeptId
    kind: Literal["office"]
    person: Actor
    title: Annotated[str, Field(description="The title in the story's words.")]
    normal_title: Annotated[str, Field(description="The title in its normal form.")]
    organization: Actor | None
    tense: Tense
    evidence: list[Span]
    confidence: Confidence
    method: str
    run_id: KeptId
    review: Review


Position = Annotated[Stance | Office, Field(discriminator="kind")]


class Identifier(Shape):
    """What an authority calls an entity."""

    scheme: str
    id: str


class StatedOffice(Shape):
    """A post that a story states, and the position that says so."""

    position_id: str
    title: str
    organization: str | None
    organization_id: str | None
    tense: Tense


class Entity(Shape):
    """A person, organization, place or group of one story, with every mention of it."""

    id: str
    type: EntityType
    name: str
    aliases: list[str]
    identifiers: list[Identifier]
    offices: list[StatedOffice]
    mentions: list[Span]
    prominence: Annotated[float | None, Field(ge=0, le=1, description="Its share of the story's weight.")]
    confidence: Confidence


class Counts(Shape):
    """How many of each thing a run found."""

    people: int
    organizations: int
    places: int
    quotes: int
    positions: int


class Run(Shape):
    """The run of the pipeline that annotated a revision."""

    id: str
    pipeline: str
    weights: str
    started_at: datetime
    seconds: float | None
    counts: Counts


class Head(Shape):
    """Where the text itself holds what a wire puts above a story."""

    section: Span | None
    title: Span | None
    byline: Span | None
    dateline: Span | None


class ArticleSummary(Shape):
    """An article without its text and annotations."""

    id: str
    revision: Annotated[int, Field(ge=1)]
    title: str | None
    section: str | None
    byline: str | None
    dateline: str | None
    authors: list[str]
    source: str | None
    url: str | None
    language: str | None
    published_at: datetime | None
    external_id: str | None
    media_type: str
    received_at: datetime
    updated_at: datetime
    length: Annotated[int, Field(ge=1, description="Code points of the text.")]
    sha256: Annotated[str, Field(description="Of the text in UTF-8.")]
    run: Run


class Annotations(Shape):
    """Everything annotated in one revision."""

    people: list[Entity]
    organizations: list[Entity]
    places: list[Entity]
    groups: list[Entity]
    quotes: list[Quote]
    positions: list[Position]


class Article(ArticleSummary, Annotations):
    """An article whole: what came with it, its text, everything annotated in it."""

    head: Head
    text: str


class ArticleAnnotations(Annotations):
    """Everything annotated in the current revision of an article."""

    article_id: str
    revision: int
    run: Run


class AnnotatedStory(Annotations):
    """A story annotated and not kept: its article and run ids are null."""

    section: str | None
    title: str | None
    byline: str | None
    dateline: str | None
    text: str
    entities: Annotated[
        list[tuple[int, int, EntityType]], Field(description="Every mention by name: start, end, type.")
    ]


class Revision(Shape):
    """One revision of an article, without its text."""

    article_id: str
    number: Annotated[int, Field(ge=1)]
    current: bool
    title: str | None
    media_type: str
    received_at: datetime
    length: int
    sha256: str
    run: Run


class KnownOffice(StatedOffice):
    """A post that a story states, and which story that is."""

    article_id: str


class Parent(Shape):
    """What an organization is part of, or acts for."""

    id: str
    name: str
    relation: Literal["part of", "acts for"]


class Part(Shape):
    """What stories say is part of an organization; one without a name of its own ("Kenyan unit") has no id."""

    id: str | None
    name: str
    country: Annotated[str | None, Field(description="The country that its words name.")]


class KnownEntity(Shape):
    """A person or an organization across stories. Offices of the latest stories come first."""

    id: str
    type: EntityType
    name: str
    aliases: list[str]
    identifiers: list[Identifier]
    same_as: Annotated[list[str], Field(description="Where authorities tell of it, as in JSON-LD's sameAs.")]
    offices: list[KnownOffice]
    parents: Annotated[list[Parent], Field(description="What an organization is part of, or acts for.")]
    parts: Annotated[list[Part], Field(description="What stories say is part of an organization.")]
    articles: Annotated[int, Field(ge=1, description="How many stories mention it.")]
    quotes: Annotated[int, Field(ge=0, description="How many quotes it speaks.")]
    prominence: Annotated[float | None, Field(ge=0, le=1, description="Its mean share of its stories' weight.")]
    first_seen: Annotated[datetime | None, Field(description="The date of its first story.")]
    last_seen: Annotated[datetime | None, Field(description="The date of its last story.")]


class Issue(Shape):
    """What stances are about, across stories."""

    id: str
    label: str
    positions: Annotated[int, Field(description="How many stances there are on it.")]
    prominence: Annotated[
        float | None, Field(ge=0, le=1, description="Its mean share of the stances that its latest stories report.")
    ]
    first_seen: Annotated[datetime | None, Field(description="The date of the first story with a stance on it.")]
    last_seen: Annotated[datetime | None, Field(description="The date of the last story with a stance on it.")]


class Page(Shape, Generic[T]):
    """One page of a list. `next` is the address of the page after it, null on the last."""

    items: list[T]
    next: str | None


class Selection(BaseModel):
    """An item of which only some fields were asked for (`fields`)."""


class FacetValue(Shape):
    """One value of a facet. `url` is the list narrowed to it; null for what is not known."""

    value: str | None
    label: Annotated[str | None, Field(description="What the value is called: a name where it is an id.")]
    count: Annotated[int, Field(ge=1)]
    url: str | None


class Facet(Shape):
    """How often each value occurs among the list's first items. `capped`: the list goes on beyond what was counted."""

    counted: Annotated[int, Field(ge=0, description="How many items were looked at.")]
    capped: bool
    values: Annotated[list[FacetValue], Field(description="The most frequent first, at most 25.")]


class Included(Shape):
    """What the items refer to, by kind and by id, each once."""

    articles: dict[str, ArticleSummary] | None = None
    entities: dict[str, KnownEntity] | None = None
    issues: dict[str, Issue] | None = None
    quotes: dict[str, Quote] | None = None
    annotations: Annotated[
        dict[str, dict[str, list[Entity | Quote | Position]]] | None,
        Field(description="By the article's id: its people, quotes and so on."),
    ] = None


class ListPage(Shape, Generic[T]):
    """One page of a list, with what was asked for beside its items. `next` is null on the last page.

    A page may hold fewer items than `limit`, even none, and still have a `next`.
    """

    items: list[T | Selection]
    next: str | None
    facets: Annotated[dict[str, Facet] | None, Field(description="When `facet` asks for them.")] = None
    included: Annotated[Included | None, Field(description="When `include` asks for it.")] = None


class Fault(Shape):
    """One field or parameter that is wrong."""

    field: str
    reason: str


class Problem(Shape):
    """Problem details (RFC 9457)."""

    type: Annotated[str, Field(description="A stable reference that says what kind of problem it is.")]
    title: str
    status: int
    detail: str
    request_id: Annotated[str, Field(description="The id to quote when asking for help; also in X-Request-ID.")]
    errors: Annotated[list[Fault], Field(default_factory=list, description="Which fields are wrong, and why.")]


class ProblemType(Shape):
    """One kind of problem."""

    type: str
    status: int
    title: str
    meaning: str
