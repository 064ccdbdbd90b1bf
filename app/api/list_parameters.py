"""What may be asked of lists: which page, in which order, which items, which of their fields, what beside them."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import Field

from app.api import schemas
from app.api.parameters import Cursor, Key, OffsetQuestion, PageQuestion, ReadingQuestion, Words
from app.api.selection import Several
from app.domain.annotation import ActorStatus, EntityType, Polarity, QuoteType, Tense
from app.errors import InputError
from app.ingest.fields import Moment
from app.review.correction import Status
from app.store import articles, positions, quotes
from app.store.filters import (
    ArticleFilter,
    EntityFilter,
    IssueFilter,
    LabelSort,
    NameSort,
    PositionFilter,
    QuoteFilter,
    QuoteSort,
    StorySort,
)
from app.store.paging import MAX_LIMIT
from app.store.views import PositionKind

ANNOTATIONS = ("people", "organizations", "places", "groups", "quotes", "positions")

_FACET = "Count how often each value occurs, of each of these, with commas between."
_FIELDS = "Only these fields of each item, with commas between."
_INCLUDE = "Send along, once each, what the items refer to: some of these, with commas between."
_REVIEW = Field(description="What people made of it; `machine`: nobody has looked at it.")
_SURE = Field(ge=0, le=1, description="The least confidence; what has none is left out.")


class StoryQuestion(PageQuestion):
    """What is asked of the stories that a list is of."""

    source: Annotated[Words | None, Field(description="The story's publisher, exactly.")] = None
    section: Annotated[Words | None, Field(description="The story's section, exactly.")] = None
    language: Annotated[Words | None, Field(description="The story's language tag, exactly.")] = None
    published_from: Annotated[
        Moment | None, Field(description="Published at or after this moment (RFC 3339, or a date in UTC).")
    ] = None
    published_to: Annotated[
        Moment | None, Field(description="Published before this moment (RFC 3339, or a date in UTC).")
    ] = None
    ingested_from: Annotated[
        Moment | None, Field(description="Handed in at or after this moment (RFC 3339, or a date in UTC).")
    ] = None
    ingested_to: Annotated[
        Moment | None, Field(description="Handed in before this moment (RFC 3339, or a date in UTC).")
    ] = None
    sort: Annotated[
        StorySort | None,
        Field(
            description="The order of the stories: by arrival or by publication (one without a date counts by its "
            "arrival); a minus puts the newest first. By default `-received`, or `-published` when a time of "
            "publication is asked for and nothing that leaves fewer items."
        ),
    ] = None

    def _story_sort(self) -> StorySort | None:
        order: str | None = self.sort
        return None if order == "relevance" else self.sort

    def of_story(self, *, mentions: tuple[str, ...] = (), narrow: bool = False) -> dict[str, Any]:
        """Return the arguments of a StoryFilter; ``narrow`` says that something else leaves few items."""
        dated = self.published_from is not None or self.published_to is not None
        return {
            "source": self.source,
            "section": self.section,
            "language": self.language,
            "published_from": self.published_from,
            "published_to": self.published_to,
            "ingested_from": self.ingested_from,
            "ingested_to": self.ingested_to,
            "mentions": mentions,
            "sort": self._story_sort() or ("-published" if dated and not mentions and not narrow else "-received"),
        }


class MentionQuestion(StoryQuestion):
    """What is asked of the stories, whom they mention included."""

    person: Annotated[Key | None, Field(description="The id of a person whom the story mentions.")] = None
    organization: Annotated[Key | None, Field(description="The id of an organization that the story mentions.")] = None

    def mentioned(self, *others: str) -> tuple[str, ...]:
        """Return the entities that the stories must mention, ``others`` first."""
        return (*others, *(key for key in (self.person, self.organization) if key is not None))


class ArticlesQuestion(MentionQuestion):
    """Which articles."""

    q: Annotated[Words | None, Field(description="Words of the headline or the text.")] = None
    url: Annotated[str | None, Field(max_length=2048, description="The address of publication, exactly.")] = None
    external_id: Annotated[Words | None, Field(description="The sender's own id, exactly.")] = None
    story_group: Annotated[Key | None, Field(description="The id of a group of stories that are alike.")] = None
    fields: Annotated[
        Annotated[str, Several(tuple(schemas.ArticleSummary.model_fields))] | None, Field(description=_FIELDS)
    ] = None
    facet: Annotated[Annotated[str, Several(articles.FACETS)] | None, Field(description=_FACET)] = None
    include: Annotated[Annotated[str, Several(ANNOTATIONS)] | None, Field(description=_INCLUDE)] = None

    def filter(self, *mentions: str) -> ArticleFilter:
        """Return what the list is narrowed by, besides what else the stories must mention."""
        narrow = self.q is not None or self.url is not None or self.external_id is not None
        narrow = narrow or self.story_group is not None
        return ArticleFilter(
            **self.of_story(mentions=self.mentioned(*mentions), narrow=narrow),
            q=self.q,
            url=self.url,
            external_id=self.external_id,
            story_group=self.story_group,
        )


class OwnQuotesQuestion(MentionQuestion, OffsetQuestion):
    """Which quotes of one speaker."""

    q: Annotated[Words | None, Field(description="Words of the contents.")] = None
    about: Annotated[
        Words | None,
        Field(
            description="What the quote is about: words of its contents, of the sentences it stands in, or of the one "
            "before them, or the name of somebody who is meant there."
        ),
    ] = None
    sort: Annotated[
        QuoteSort | None,
        Field(
            description="The order: as for all stories' lists, or `relevance`, which puts those first that `q` and "
            "`about` fit best."
        ),
    ] = None  # type: ignore[assignment] # one order more than other lists have
    article: Annotated[Key | None, Field(description="The id of the article.")] = None
    type: Annotated[QuoteType | None, Field(description="How the words are reported.")] = None
    status: Annotated[ActorStatus | None, Field(description="What is known of the speaker.")] = None
    issue: Annotated[Key | None, Field(description="The id of an issue on which the quote shows a stance.")] = None
    review: Annotated[Status | None, _REVIEW] = None
    min_confidence: Annotated[float | None, _SURE] = None
    fields: Annotated[Annotated[str, Several(tuple(schemas.Quote.model_fields))] | None, Field(description=_FIELDS)] = (
        None
    )
    facet: Annotated[Annotated[str, Several(quotes.FACETS)] | None, Field(description=_FACET)] = None
    include: Annotated[Annotated[str, Several(("article", "speaker"))] | None, Field(description=_INCLUDE)] = None

    def filter(self, speaker: str | None = None, speakers: tuple[str, ...] | None = None) -> QuoteFilter:
        """Return what the list is narrowed by; ``speakers`` are several of which one speaks.

        Raises: InputError when words are to be put in order and there are none.
        """
        relevance = self.sort == "relevance"
        if relevance and self.q is None and self.about is None:
            raise InputError("sort", "relevance is that of words: give q or about too")
        few = (self.q, self.about, self.article, self.issue, speaker, speakers)
        return QuoteFilter(
            **self.of_story(mentions=self.mentioned(), narrow=any(value is not None for value in few)),
            q=self.q,
            about=self.about,
            relevance=relevance,
            article_id=self.article,
            speaker_id=speaker,
            speakers=speakers,
            status=self.status,
            type=self.type,
            issue_id=self.issue,
            review=self.review,
            confidence=self.min_confidence,
        )


class QuotesQuestion(OwnQuotesQuestion):
    """Which quotes."""

    speaker: Annotated[
        Words | None,
        Field(description="Who speaks: the id of a person or an organization, or a name, which may fit several."),
    ] = None


class OwnPositionsQuestion(StoryQuestion, OffsetQuestion):
    """Which positions of one person or organization, as holder, person in the office or its organization."""

    q: Annotated[Words | None, Field(description="Words of the position.")] = None
    kind: Annotated[PositionKind | None, Field(description="Offices or stances.")] = None
    article: Annotated[Key | None, Field(description="The id of the article.")] = None
    polarity: Annotated[Polarity | None, Field(description="Which side a stance takes.")] = None
    issue: Annotated[Key | None, Field(description="The id of the issue.")] = None
    title: Annotated[Words | None, Field(description="Words of an office's title.")] = None
    tense: Annotated[Tense | None, Field(description="Whether the office is held now.")] = None
    country: Annotated[
        Words | None, Field(description="The country of the holder or the person in office, by any of its names.")
    ] = None
    reporter: Annotated[Key | None, Field(description="The id of who reports a stance of somebody else.")] = None
    review: Annotated[Status | None, _REVIEW] = None
    min_confidence: Annotated[float | None, _SURE] = None
    fields: Annotated[
        Annotated[str, Several(tuple(dict.fromkeys((*schemas.Stance.model_fields, *schemas.Office.model_fields))))]
        | None,
        Field(description=_FIELDS),
    ] = None
    facet: Annotated[Annotated[str, Several(positions.FACETS)] | None, Field(description=_FACET)] = None
    include: Annotated[
        Annotated[str, Several(("article", "actor", "organization", "issue", "quote"))] | None,
        Field(description=_INCLUDE),
    ] = None

    def filter(self, **asked: str | None) -> PositionFilter:
        """Return what the list is narrowed by; ``asked`` are further fields of the filter."""
        given: dict[str, Any] = {
            "article_id": self.article,
            "issue_id": self.issue,
            "reporter_id": self.reporter,
            **asked,
        }
        few = (self.q, self.title, self.country, *given.values())
        return PositionFilter(
            **self.of_story(narrow=any(value is not None for value in few)),
            q=self.q,
            kind=self.kind,
            country=self.country,
            polarity=self.polarity,
            title=self.title,
            tense=self.tense,
            review=self.review,
            confidence=self.min_confidence,
            **given,
        )


class PositionsQuestion(OwnPositionsQuestion):
    """Which positions."""

    holder: Annotated[Key | None, Field(description="The id of a stance's holder.")] = None
    person: Annotated[Key | None, Field(description="The id of the person in the office.")] = None
    organization: Annotated[Key | None, Field(description="The id of the organization of the office.")] = None

    def whole_filter(self) -> PositionFilter:
        """Return what the list is narrowed by."""
        return self.filter(holder_id=self.holder, person_id=self.person, organization_id=self.organization)


class IssuePositionsQuestion(OwnPositionsQuestion):
    """Which stances on one issue."""

    holder: Annotated[Key | None, Field(description="The id of the holder.")] = None


class EntitiesQuestion(PageQuestion):
    """Which people or organizations."""

    q: Annotated[Words | None, Field(description="The start of a word of a name.")] = None
    name: Annotated[Words | None, Field(description="A whole name, without regard to case and accents.")] = None
    title: Annotated[Words | None, Field(description="Words of an office that is held.")] = None
    article: Annotated[Key | None, Field(description="The id of an article that mentions them.")] = None
    country: Annotated[
        Words | None, Field(description="The country of a stance or office of theirs, by any of its names.")
    ] = None
    sort: Annotated[NameSort, Field(description="By name, or those first that most stories mention.")] = "name"
    fields: Annotated[
        Annotated[str, Several(tuple(schemas.KnownEntity.model_fields))] | None, Field(description=_FIELDS)
    ] = None
    facet: Annotated[Annotated[str, Several(("title", "country"))] | None, Field(description=_FACET)] = None

    def filter(self, kind: EntityType) -> EntityFilter:
        """Return what the list is narrowed by."""
        return EntityFilter(
            type=kind,
            prefix=self.q,
            name=self.name,
            title=self.title,
            country=self.country,
            article_id=self.article,
            sort=self.sort,
        )


class IssuesQuestion(PageQuestion):
    """Which issues."""

    q: Annotated[Words | None, Field(description="The start of the label.")] = None
    article: Annotated[Key | None, Field(description="The id of an article with a stance on it.")] = None
    polarity: Annotated[Polarity | None, Field(description="A side that somebody takes on it.")] = None
    sort: Annotated[LabelSort, Field(description="By label, or those first with the most stances.")] = "label"
    fields: Annotated[Annotated[str, Several(tuple(schemas.Issue.model_fields))] | None, Field(description=_FIELDS)] = (
        None
    )
    facet: Annotated[Annotated[str, Several(("polarity",))] | None, Field(description=_FACET)] = None

    def filter(self) -> IssueFilter:
        """Return what the list is narrowed by."""
        return IssueFilter(prefix=self.q, article_id=self.article, polarity=self.polarity, sort=self.sort)


class PartQuestion(ReadingQuestion):
    """Which of a story's own items."""

    limit: Annotated[int | None, Field(ge=1, le=MAX_LIMIT, description="Items a page; all of them by default.")] = None
    cursor: Annotated[Cursor | None, Field(description="From the `next` address of the page before.")] = None


class EntityPartQuestion(PartQuestion):
    """Which of a story's people or organizations."""

    fields: Annotated[
        Annotated[str, Several(tuple(schemas.Entity.model_fields))] | None, Field(description=_FIELDS)
    ] = None


class QuotePartQuestion(PartQuestion):
    """Which of a story's quotes."""

    speaker: Annotated[Key | None, Field(description="The id of the person or organization who speaks.")] = None
    type: Annotated[QuoteType | None, Field(description="How the words are reported.")] = None
    status: Annotated[ActorStatus | None, Field(description="What is known of the speaker.")] = None
    review: Annotated[Status | None, _REVIEW] = None
    min_confidence: Annotated[float | None, _SURE] = None
    fields: Annotated[Annotated[str, Several(tuple(schemas.Quote.model_fields))] | None, Field(description=_FIELDS)] = (
        None
    )
    facet: Annotated[
        Annotated[str, Several(("type", "status", "speaker", "review"))] | None, Field(description=_FACET)
    ] = None


class PositionPartQuestion(PartQuestion):
    """Which of a story's positions."""

    kind: Annotated[PositionKind | None, Field(description="Offices or stances.")] = None
    polarity: Annotated[Polarity | None, Field(description="Which side a stance takes.")] = None
    issue: Annotated[Key | None, Field(description="The id of the issue.")] = None
    tense: Annotated[Tense | None, Field(description="Whether the office is held now.")] = None
    review: Annotated[Status | None, _REVIEW] = None
    min_confidence: Annotated[float | None, _SURE] = None
    fields: Annotated[
        Annotated[str, Several(tuple(dict.fromkeys((*schemas.Stance.model_fields, *schemas.Office.model_fields))))]
        | None,
        Field(description=_FIELDS),
    ] = None
    facet: Annotated[
        Annotated[str, Several(("kind", "polarity", "tense", "issue", "review"))] | None, Field(description=_FACET)
    ] = None
