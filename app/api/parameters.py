"""What may be asked in a query string. A name that is not known is refused: a misspelt filter never widens a list."""

from __future__ import annotations

import re
from typing import Annotated, Literal
from urllib.parse import unquote_plus, unquote_to_bytes

from fastapi import APIRouter, Depends, Request
from fastapi.routing import APIRoute
from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from app.api.question_route import QuestionRoute
from app.domain.annotation import Polarity
from app.errors import NotFoundError
from app.ingest.faults import Fault, FieldsError
from app.ingest.fields import Moment
from app.ingest.strict_json import shown
from app.review.correction import Kind, Status
from app.store.paging import DEFAULT_LIMIT, MAX_LIMIT, PageRequest
from app.store.review_views import CorrectionState
from app.store.views import NetworkEdges

_ID_LETTERS = frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_-.:")
_LONGEST_ID = 100
_HALF_ESCAPE = re.compile(rb"%(?![0-9A-Fa-f]{2})")
LARGEST_REVISION = 2**31 - 1

Words = Annotated[str, StringConstraints(min_length=1, max_length=500, pattern=r"^[^\x00]+$")]
Key = Annotated[str, StringConstraints(min_length=1, max_length=_LONGEST_ID, pattern=r"^[^\x00]+$")]

# Of what letters cursors are, which is told and not checked: any that is not one of ours gets the same answer.
Cursor = Annotated[str, StringConstraints(max_length=2000), Field(json_schema_extra={"pattern": "^[A-Za-z0-9_-]+$"})]


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
    cursor: Annotated[Cursor | None, Field(description="From the `next` address of the page before.")] = None

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


class AuditQuestion(PageQuestion):
    """Which entries of the audit log."""

    key: Annotated[Key | None, Field(description="The id of the key that was used.")] = None


class StoryCorrectionsQuestion(PageQuestion):
    """Which corrections of one story."""

    state: Annotated[
        CorrectionState | None,
        Field(description="Those that hold, those whose words are gone (`orphaned`), or those taken back."),
    ] = None


class CorrectionsQuestion(StoryCorrectionsQuestion):
    """Which corrections."""

    article: Annotated[Key | None, Field(description="The id of the article.")] = None


class ReviewQuestion(OffsetQuestion, PageQuestion):
    """What waits to be looked through."""

    kind: Annotated[Kind | None, Field(description="Quotes, offices or stances.")] = None
    article: Annotated[Key | None, Field(description="The id of the article.")] = None
    review: Annotated[Status, Field(description="What people made of it.")] = "machine"
    max_confidence: Annotated[
        float | None, Field(ge=0, le=1, description="The greatest confidence; one that is unknown counts as none.")
    ] = None


class SuggestQuestion(Question):
    """Which names are begun."""

    q: Annotated[Words, Field(description="What is typed so far: the beginning of a word of a name.")]
    type: Annotated[
        Literal["person", "organization"] | None, Field(description="Only people, or only organizations.")
    ] = None
    limit: Annotated[int, Field(ge=1, le=50, description="Names at most.")] = 10


class SearchQuestion(OffsetQuestion):
    """What to search for."""

    q: Annotated[Words, Field(description="Words to find.")]
    limit: Annotated[int, Field(ge=1, le=50, description="Results of each kind.")] = 10


async def refuse_repeated(request: Request) -> None:
    """Refuse a query string that gives one name twice, or whose bytes are no text: what is meant is a guess.

    Raises: FieldsError naming them.
    """
    check_query(request)


def check_query(request: Request) -> None:
    """Refuse a query string that gives one name twice, or whose bytes are no text.

    Raises: FieldsError naming them.
    """
    query: bytes = request.scope["query_string"]
    if b"%" in query:
        check_escapes(query)
    names = [name for name, _ in request.query_params.multi_items()]
    if len(set(names)) < len(names):
        raise FieldsError(Fault(name, "is given twice") for name in sorted(set(names)) if names.count(name) > 1)


def check_escapes(query: bytes) -> None:
    """Refuse a query string in which a % is not followed by two hexadecimal digits, or the bytes are not UTF-8.

    Raises: FieldsError naming the parameters.
    """
    faults = []
    for pair in query.split(b"&"):
        name = unquote_plus(pair.partition(b"=")[0].decode("latin-1"))
        if _HALF_ESCAPE.search(pair):
            faults.append(Fault(shown(name), "has a % without two hexadecimal digits: a percent sign itself is %25"))
            continue
        try:
            unquote_to_bytes(pair).decode()
        except UnicodeDecodeError:
            faults.append(Fault(shown(name), "is not UTF-8, percent-encoded"))
    if faults:
        raise FieldsError(faults)


def router_of(tag: str, prefix: str = "", route_class: type[APIRoute] = QuestionRoute) -> APIRouter:
    """Return a router for what is listed under ``tag``; its routes refuse names that are given twice.

    They are served as they are: a router that the application includes has each of its routes made a second time.
    """
    refusing = [Depends(refuse_repeated)]
    return APIRouter(prefix=prefix, tags=[tag], route_class=route_class, dependencies=refusing)


def checked_id(kind: str, key: str) -> str:
    """Return ``key`` when it has the form of an id.

    Raises: NotFoundError: nothing has an id of another form, so no database need be asked.
    """
    if len(key) > _LONGEST_ID or not _ID_LETTERS.issuperset(key):
        raise NotFoundError(kind, key[:_LONGEST_ID])
    return key
