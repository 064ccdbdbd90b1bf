"""What may be asked in a query string. A name that is not here is refused, so a misspelt filter never widens a list."""

from __future__ import annotations

from typing import Annotated, Literal

from fastapi import Request
from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from app.domain.annotation import ActorStatus, Polarity, QuoteType, Tense
from app.errors import NotFoundError
from app.ingest.faults import Fault, FieldsError
from app.ingest.fields import Moment
from app.store.paging import DEFAULT_LIMIT, MAX_LIMIT, PageRequest
from app.store.views import NetworkEdges, PositionKind

_ID_LETTERS = frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_-.:")
_LONGEST_ID = 100
LARGEST_REVISION = 2**31 - 1

Words = Annotated[str, StringConstraints(min_length=1, max_length=500, pattern=r"^[^\x00]+$")]
Key = Annotated[str, StringConstraints(min_length=1, max_length=_LONGEST_ID, pattern=r"^[^\x00]+$")]


class Question(BaseModel):
    """Base of all query strings."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class OffsetQuestion(Question):
    """How offsets are counted."""

    offset_unit: Annotated[
        Literal["codepoint", "utf16"],
        Field(description="What offsets count: Unicode code points, or UTF-16 units as JavaScript indexes strings."),
    ] = "codepoint"


class TextQuestion(Question):
    """Which revision of an article."""

    revision: Annotated[
        int | None, Field(ge=1, le=LARGEST_REVISION, description="A revision's number; the current one by default.")
    ] = None


class ReadingQuestion(OffsetQuestion, TextQuestion):
    """Which revision of an article, and how offsets are counted."""


class PageQuestion(Question):
    """Which page of a list."""

    limit: Annotated[int, Field(ge=1, le=MAX_LIMIT, description="Items a page.")] = DEFAULT_LIMIT
    cursor: Annotated[str | None, Field(max_length=2000, description="From the `next` address of the page before.")] = (
        None
    )

    def page(self) -> PageRequest:
        """Return the page that is asked for."""
        return PageRequest(self.limit, self.cursor)


class Period(Question):
    """When the story was published."""

    published_from: Annotated[
        Moment | None, Field(description="Published at or after this moment (RFC 3339, or a date in UTC).")
    ] = None
    published_to: Annotated[
        Moment | None, Field(description="Published before this moment (RFC 3339, or a date in UTC).")
    ] = None


class ArticlesQuestion(PageQuestion, Period):
    """Which articles."""

    q: Annotated[Words | None, Field(description="Words of the headline or the text.")] = None
    source: Annotated[Words | None, Field(description="The publisher, exactly.")] = None
    section: Annotated[Words | None, Field(description="The section, exactly.")] = None
    language: Annotated[Words | None, Field(description="The language tag, exactly.")] = None
    url: Annotated[str | None, Field(max_length=2048, description="The address of publication, exactly.")] = None
    external_id: Annotated[Words | None, Field(description="The sender's own id, exactly.")] = None
    person: Annotated[Key | None, Field(description="The id of a person whom the story mentions.")] = None
    organization: Annotated[Key | None, Field(description="The id of an organization that it mentions.")] = None
    order: Annotated[
        Literal["received", "published"], Field(description="Newest first, by arrival or by publication.")
    ] = "received"


class QuotesQuestion(PageQuestion):
    """Which quotes."""

    q: Annotated[Words | None, Field(description="Words of the contents.")] = None
    article: Annotated[Key | None, Field(description="The id of the article.")] = None
    speaker: Annotated[Key | None, Field(description="The id of the person or organization who speaks.")] = None
    type: Annotated[QuoteType | None, Field(description="How the words are reported.")] = None
    status: Annotated[ActorStatus | None, Field(description="What is known of the speaker.")] = None
    min_confidence: Annotated[
        float | None, Field(ge=0, le=1, description="The least confidence; quotes without one are left out.")
    ] = None


class EntitiesQuestion(PageQuestion):
    """Which people or organizations."""

    q: Annotated[Words | None, Field(description="The start of a word of a name.")] = None
    name: Annotated[Words | None, Field(description="A whole name, without regard to case and accents.")] = None
    title: Annotated[Words | None, Field(description="Words of an office that is held.")] = None
    article: Annotated[Key | None, Field(description="The id of an article that mentions them.")] = None


class OwnQuotesQuestion(PageQuestion):
    """Which quotes of one speaker."""

    q: Annotated[Words | None, Field(description="Words of the contents.")] = None
    article: Annotated[Key | None, Field(description="The id of the article.")] = None
    type: Annotated[QuoteType | None, Field(description="How the words are reported.")] = None
    min_confidence: Annotated[
        float | None, Field(ge=0, le=1, description="The least confidence; quotes without one are left out.")
    ] = None


class OwnPositionsQuestion(PageQuestion):
    """Which positions of one person or organization, as holder, person in the office or its organization."""

    kind: Annotated[PositionKind | None, Field(description="Offices or stances.")] = None
    article: Annotated[Key | None, Field(description="The id of the article.")] = None
    polarity: Annotated[Polarity | None, Field(description="Which side a stance takes.")] = None
    issue: Annotated[Key | None, Field(description="The id of the issue.")] = None


class IssuePositionsQuestion(PageQuestion, Period):
    """Which stances on one issue."""

    article: Annotated[Key | None, Field(description="The id of the article.")] = None
    holder: Annotated[Key | None, Field(description="The id of the holder.")] = None
    country: Annotated[Words | None, Field(description="The holder's country, by any of its names.")] = None
    reporter: Annotated[Key | None, Field(description="The id of who reports a stance of somebody else.")] = None
    polarity: Annotated[Polarity | None, Field(description="Which side the stance takes.")] = None


class PositionsQuestion(PageQuestion, Period):
    """Which positions."""

    q: Annotated[Words | None, Field(description="Words of the position.")] = None
    kind: Annotated[PositionKind | None, Field(description="Offices or stances.")] = None
    article: Annotated[Key | None, Field(description="The id of the article.")] = None
    holder: Annotated[Key | None, Field(description="The id of a stance's holder.")] = None
    person: Annotated[Key | None, Field(description="The id of the person in the office.")] = None
    organization: Annotated[Key | None, Field(description="The id of the organization of the office.")] = None
    country: Annotated[Words | None, Field(description="The holder's country, by any of its names.")] = None
    reporter: Annotated[Key | None, Field(description="The id of who reports a stance of somebody else.")] = None
    polarity: Annotated[Polarity | None, Field(description="Which side a stance takes.")] = None
    issue: Annotated[Key | None, Field(description="The id of the issue.")] = None
    title: Annotated[Words | None, Field(description="Words of an office's title.")] = None
    tense: Annotated[Tense | None, Field(description="Whether the office is held now.")] = None
    min_confidence: Annotated[
        float | None, Field(ge=0, le=1, description="The least confidence; positions without one are left out.")
    ] = None


class NetworkQuestion(Period):
    """Which network of an issue, from which stances, in which form."""

    edges: Annotated[
        NetworkEdges | None,
        Field(description="Only actors with the issue, or only actors with each other; all by default."),
    ] = None
    polarity: Annotated[Polarity | None, Field(description="Which side the stances take.")] = None
    min_confidence: Annotated[
        float | None, Field(ge=0, le=1, description="The least confidence; stances without one are left out.")
    ] = None
    format: Annotated[
        Literal["json", "graphml", "csv"] | None, Field(description="The form; by default as `Accept` asks.")
    ] = None


class IssuesQuestion(PageQuestion):
    """Which issues."""

    q: Annotated[Words | None, Field(description="The start of the label.")] = None
    article: Annotated[Key | None, Field(description="The id of an article with a stance on it.")] = None


class SearchQuestion(Question):
    """What to search for."""

    q: Annotated[Words, Field(description="Words to find.")]
    limit: Annotated[int, Field(ge=1, le=50, description="Results of each kind.")] = 10


def refuse_repeated(request: Request) -> None:
    """Refuse a query string that gives one name twice: which of the two is meant is a guess.

    Raises: FieldsError naming them.
    """
    names = [name for name, _ in request.query_params.multi_items()]
    if len(set(names)) < len(names):
        raise FieldsError(Fault(name, "is given twice") for name in sorted(set(names)) if names.count(name) > 1)


def checked_id(kind: str, key: str) -> str:
    """Return ``key`` when it has the form of an id.

    Raises: NotFoundError: nothing has an id of another form, so no database need be asked.
    """
    if len(key) > _LONGEST_ID or not _ID_LETTERS.issuperset(key):
        raise NotFoundError(kind, key[:_LONGEST_ID])
    return key
