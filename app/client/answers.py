"""The shapes of answers, as types. A test holds them to what OpenAPI says: the API may add fields."""

from __future__ import annotations

from typing import Any, Literal, TypedDict


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
    type: Literal["person", "organization", "place", "group"] | None
    entity_id: str | None
    office: str | None
    country: str | None
    mention: Span | None


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


class IssueReference(TypedDict):
    """An issue, by id and label."""

    id: str
    label: str


class Issue(TypedDict):
    """What stances are about, across stories."""

    id: str
    label: str
    positions: int


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
    """An article whole. Entities and positions are as the API describes them."""

    head: dict[str, Span | None]
    text: str
    people: list[dict[str, Any]]
    organizations: list[dict[str, Any]]
    places: list[dict[str, Any]]
    groups: list[dict[str, Any]]
    quotes: list[Quote]
    positions: list[dict[str, Any]]


class KnownEntity(TypedDict):
    """A person or an organization across stories."""

    id: str
    type: Literal["person", "organization", "place", "group"]
    name: str
    aliases: list[str]
    identifiers: list[dict[str, str]]
    offices: list[dict[str, Any]]
    same_as: list[str]
    parents: list[dict[str, Any]]
    articles: int
    quotes: int
    prominence: float | None
    first_seen: str | None
    last_seen: str | None


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
    failures: list[dict[str, Any]]


class Found(TypedDict):
    """What a search found: the first of each kind."""

    query: str
    articles: list[ArticleSummary]
    people: list[KnownEntity]
    organizations: list[KnownEntity]
    quotes: list[Quote]
