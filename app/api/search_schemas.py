"""The shapes of what is found by words and by names, as OpenAPI describes them."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from app.api.schemas import ArticleSummary, Issue, KnownEntity, ListPage, Quote, Shape
from app.domain.annotation import EntityType


class Highlight(Shape):
    """Words that were asked for, where they stand: `text[start:end] == exact`."""

    start: Annotated[int, Field(ge=0)]
    end: Annotated[int, Field(ge=1)]
    exact: str


Highlights = Annotated[
    dict[str, list[Highlight]] | None,
    Field(
        description="When words are asked for: by the quote's id, where it holds them, in the order of the text. Of "
        "`about` also around the quote, and where somebody of that name is meant by other words."
    ),
]


class Found(Shape):
    """What a search found: the first of each kind; the lists of each kind have the rest."""

    query: str
    articles: list[ArticleSummary]
    people: list[KnownEntity]
    organizations: list[KnownEntity]
    quotes: list[Quote]
    issues: list[Issue]
    highlights: Highlights


class Suggestion(Shape):
    """Somebody with a name that begins so."""

    id: str
    type: EntityType
    name: str
    match: Annotated[str, Field(description="The name that begins so, when it is another.")]
    office: Annotated[str | None, Field(description="The post that the latest story states.")]
    articles: Annotated[int, Field(ge=1, description="How many stories mention it.")]


class Suggestions(Shape):
    """Names that are begun: those that stories are most about first."""

    items: list[Suggestion]


class QuotePage(ListPage[Quote]):
    """One page of quotes, with where they hold the words asked for, and whom the speaker's name fits."""

    highlights: Highlights = None
    speakers: Annotated[
        list[KnownEntity] | None,
        Field(description="When `speaker` is a name: whom it fits, those that stories are most about first."),
    ] = None
