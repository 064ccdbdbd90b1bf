"""What may be asked of lists, and what makes a story, as types. A test holds them to what OpenAPI says."""

from __future__ import annotations

from datetime import date, datetime
from typing import Literal, Required, TypedDict

from app.client.answers import Event

Moment = datetime | date | str
"""A moment with its zone, a date alone (its midnight in UTC), or either in the words of RFC 3339."""

OffsetUnit = Literal["codepoint", "utf16"]
"""What offsets count: Unicode code points, or UTF-16 units as JavaScript indexes strings."""

Kind = Literal["articles", "quotes", "people", "organizations", "positions", "issues"]
"""The lists that can be had whole."""

Ending = Literal["csv", "ndjson"]
"""The forms that a whole list comes in."""


class StoryFields(TypedDict, total=False):
    """A story, as it is handed in: exactly one of ``text`` and ``html``."""

    text: str
    html: str
    title: str | None
    section: str | None
    byline: str | None
    authors: list[str] | None
    source: str | None
    url: str | None
    published_at: Moment | None
    language: str | None
    external_id: str | None


class ListFilters(TypedDict, total=False):
    """What every list takes. ``limit`` is how many items are fetched at once, not how many there are to be."""

    limit: int | None


class StorySpan(ListFilters, total=False):
    """What narrows by the story; a range takes in its start and leaves out its end."""

    source: str | None
    section: str | None
    language: str | None
    published_from: Moment | None
    published_to: Moment | None
    ingested_from: Moment | None
    ingested_to: Moment | None


class StoryFilters(StorySpan, total=False):
    """What narrows by the story, and the order of the stories."""

    sort: Literal["received", "-received", "published", "-published"] | None


class ArticleFilters(StoryFilters, total=False):
    """What narrows articles; ``person`` and ``organization`` are ids of whom they mention."""

    q: str | None
    person: str | None
    organization: str | None
    url: str | None
    external_id: str | None
    story_group: str | None


class QuoteFilters(StorySpan, total=False):
    """What narrows quotes; ``speaker`` is an id or a name, ``about`` what is said, around it too."""

    offset_unit: OffsetUnit | None

    q: str | None
    about: str | None
    sort: Literal["received", "-received", "published", "-published", "relevance"] | None
    speaker: str | None
    article: str | None
    type: Literal["direct", "indirect", "mixed"] | None
    status: Literal["resolved", "unresolved", "anonymous", "collective"] | None
    issue: str | None
    person: str | None
    organization: str | None
    review: Literal["machine", "confirmed", "corrected", "added"] | None
    min_confidence: float | None


class EntityFilters(ListFilters, total=False):
    """What narrows people and organizations; ``q`` is the start of a word of a name."""

    q: str | None
    name: str | None
    title: str | None
    article: str | None
    country: str | None
    sort: Literal["name", "-articles"] | None


class PositionFilters(StoryFilters, total=False):
    """What narrows positions."""

    offset_unit: OffsetUnit | None

    q: str | None
    kind: Literal["stance", "office"] | None
    article: str | None
    holder: str | None
    person: str | None
    organization: str | None
    reporter: str | None
    country: str | None
    polarity: Literal["supports", "opposes", "mixed", "unclear"] | None
    issue: str | None
    title: str | None
    tense: Literal["current", "former", "incoming", "acting"] | None
    review: Literal["machine", "confirmed", "corrected", "added"] | None
    min_confidence: float | None


class IssueFilters(ListFilters, total=False):
    """What narrows issues; ``q`` is the start of the label."""

    q: str | None
    article: str | None
    polarity: Literal["supports", "opposes", "mixed", "unclear"] | None
    sort: Literal["label", "-positions"] | None


class ReviewFilters(ListFilters, total=False):
    """What narrows annotations that wait to be looked through."""

    kind: Literal["quote", "stance", "office"] | None
    article: str | None
    review: Literal["machine", "confirmed", "corrected", "added"] | None
    max_confidence: float | None
    offset_unit: OffsetUnit | None


class WebhookFields(TypedDict, total=False):
    """A receiver that is to be told of changes."""

    url: Required[str]
    description: str | None
    events: list[Event] | None
    position: int | None


class WebhookChanges(TypedDict, total=False):
    """What to change of a webhook; what is left out stays."""

    url: str
    description: str | None
    events: list[Event] | None
    state: Literal["active", "paused"]
    position: int
