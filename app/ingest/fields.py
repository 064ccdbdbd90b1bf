"""The fields of a story as a client sends them in JSON, checked one by one."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Annotated, Any
from urllib.parse import urlsplit

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, StringConstraints, ValidationError
from pydantic_core import ErrorDetails

from app.ingest.faults import Fault, FieldsError
from app.ingest.strict_json import MOST_FAULTS, shown

MOST_AUTHORS = 100
LONGEST_URL = 2000
FIRST_YEAR = 1000
LAST_YEAR = 9998

_CONTROLS = r"\x00-\x1f\x7f-\x9f\u2028\u2029"
_CONTROL = re.compile(f"[{_CONTROLS}]")
_ONE_LINE = rf"^[^{_CONTROLS}]*[^\s{_CONTROLS}][^{_CONTROLS}]*$"
_ADDRESS = r'^[Hh][Tt][Tt][Pp][Ss]?://[^\s<>"\\^`{|}\x00-\x1f\x7f-\x9f]+$'
_LANGUAGE = re.compile(
    r"[A-Za-z]{2,3}(-[A-Za-z]{4})?(-([A-Za-z]{2}|[0-9]{3}))?(-([A-Za-z0-9]{5,8}|[0-9][A-Za-z0-9]{3}))*"
)
_YEARS = r"^([1-8][0-9]{3}|9[0-8][0-9]{2}|99[0-8][0-9]|999[0-8])-"
_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_MOMENT = re.compile(r"([0-9]{4}-[0-9]{2}-[0-9]{2})[Tt ]([0-9]{2}:[0-9]{2}:[0-9]{2})([.][0-9]{1,9})?(.*)")
_ZONE = re.compile(r"[Zz]|[+-]([01][0-9]|2[0-3]):[0-5][0-9]")


def check_line(value: str) -> str:
    """Return ``value`` when it is one line with something on it.

    Raises: ValueError otherwise.
    """
    if not value.strip():
        msg = "must not be empty: leave it out, or send null, when it is not known"
        raise ValueError(msg)
    if _CONTROL.search(value):
        msg = "must be one line without control characters"
        raise ValueError(msg)
    return value


def check_url(value: str) -> str:
    """Return ``value`` when it is an absolute http or https address that holds no name or password.

    Raises: ValueError saying what is wrong.
    """
    msg = "must be an absolute http or https address"
    if len(value) > LONGEST_URL:
        msg = f"must have at most {LONGEST_URL} characters"
        raise ValueError(msg)
    if _CONTROL.search(value) or any(c.isspace() or c in '<>"\\^`{|}' for c in value):
        raise ValueError(msg)
    try:
        parts = urlsplit(value)
        _ = parts.port
    except ValueError as error:
        raise ValueError(msg) from error
    if parts.scheme.lower() not in {"http", "https"} or not parts.hostname:
        raise ValueError(msg)
    if parts.username is not None or parts.password is not None:
        msg = "must hold no name or password: it is shown in answers"
        raise ValueError(msg)
    return value


def check_language(value: str) -> str:
    """Return ``value`` when it has the form of a language tag.

    Source: RFC 5646 (BCP 47), langtag without extensions and private use.
    Raises: ValueError otherwise.
    """
    if not _LANGUAGE.fullmatch(value):
        msg = "must be a language tag such as en, pt-BR or zh-Hant"
        raise ValueError(msg)
    return value


def read_moment(value: object) -> object:
    """Return the moment that an RFC 3339 date-time names; a date alone is its first moment in UTC.

    Values that are no strings are left to the type check.
    Raises: ValueError saying what is wrong.
    """
    if not isinstance(value, str):
        return value
    if _DATE.fullmatch(value):
        return _moment(f"{value}T00:00:00+00:00")
    match = _MOMENT.fullmatch(value)
    if match is None:
        msg = "must be a date (2007-04-24) or a date and time with its zone (2007-04-24T09:30:00+02:00)"
        raise ValueError(msg)
    day, time, fraction, zone = match.groups()
    if not zone:
        msg = "has no time zone: end it with Z or an offset such as +02:00"
        raise ValueError(msg)
    if not _ZONE.fullmatch(zone):
        msg = "must end with Z or an offset such as +02:00, less than a day from UTC"
        raise ValueError(msg)
    return _moment(f"{day}T{time}{(fraction or '')[:7]}{zone.upper()}")


def _moment(iso: str) -> datetime:
    try:
        moment = datetime.fromisoformat(iso)
    except ValueError as error:
        msg = f"no such date or time: {error}"
        raise ValueError(msg) from error
    if not FIRST_YEAR <= moment.year <= LAST_YEAR:
        msg = f"must lie between the years {FIRST_YEAR} and {LAST_YEAR}"
        raise ValueError(msg)
    return moment.astimezone(UTC)


Line = Annotated[str, AfterValidator(check_line), Field(json_schema_extra={"pattern": _ONE_LINE})]
Title = Annotated[Line, StringConstraints(max_length=1000)]
Label = Annotated[Line, StringConstraints(max_length=300)]
Url = Annotated[
    str, AfterValidator(check_url), Field(json_schema_extra={"pattern": _ADDRESS, "maxLength": LONGEST_URL})
]
Language = Annotated[
    str, AfterValidator(check_language), Field(json_schema_extra={"pattern": f"^({_LANGUAGE.pattern})$"})
]
Moment = Annotated[datetime, BeforeValidator(read_moment), Field(json_schema_extra={"pattern": _YEARS})]


class StoryFields(BaseModel):
    """A story in JSON: its text or its HTML, and what is known about it."""

    model_config = ConfigDict(
        extra="forbid",
        strict=True,
        frozen=True,
        title="Story",
        json_schema_extra={
            "anyOf": [
                {"required": ["text"], "properties": {"text": {"type": "string"}, "html": {"type": "null"}}},
                {"required": ["html"], "properties": {"html": {"type": "string"}, "text": {"type": "null"}}},
                {
                    "required": ["url"],
                    "properties": {"url": {"type": "string"}, "text": {"type": "null"}, "html": {"type": "null"}},
                },
            ],
            "examples": [
                {
                    "title": "Harbor Bridge to Close for Repairs",
                    "text": 'The bridge will close in May, Mayor Ana Ruiz said. "We have waited too long," she added.',
                    "section": "City",
                    "byline": "By Lena Holt",
                    "authors": ["Lena Holt"],
                    "source": "The Harbor Courier",
                    "url": "https://courier.example/city/bridge",
                    "published_at": "2024-03-05T09:30:00+01:00",
                    "language": "en",
                    "external_id": "courier-20240305-17",
                }
            ],
        },
    )

    text: Annotated[
        str | None,
        Field(description="The story as plain text. Offsets in every answer point into exactly this string."),
    ] = None
    html: Annotated[str | None, Field(description="A web page to read the story from. Send one of text and html.")] = (
        None
    )
    title: Annotated[Title | None, Field(description="The headline.")] = None
    section: Annotated[Label | None, Field(description="The section or desk, such as World.")] = None
    byline: Annotated[Title | None, Field(description="The byline as printed.")] = None
    authors: Annotated[
        list[Label] | None, Field(max_length=MOST_AUTHORS, description="The authors' names, one each.")
    ] = None
    source: Annotated[Label | None, Field(description="Who published it: a newspaper, an agency, a site.")] = None
    url: Annotated[
        Url | None,
        Field(
            description="Where it was published; http or https. Alone, the page there is fetched.",
            json_schema_extra={"format": "uri", "maxLength": 2048},
        ),
        Field(description="Where it was published; http or https.", json_schema_extra={"format": "uri"}),
    ] = None
    published_at: Annotated[
        Moment | None,
        Field(
            description="When it was published: RFC 3339 with a zone, or a date alone, which is its midnight in UTC.",
        ),
    ] = None
    language: Annotated[Language | None, Field(description="The language, as a BCP 47 tag.")] = None
    external_id: Annotated[Label | None, Field(description="The id that the sender knows the story by.")] = None

    @property
    def is_address(self) -> bool:
        """Say whether the story is at its address and has to be fetched."""
        return self.text is None and self.html is None and self.url is not None


def read_fields(value: Mapping[str, object], *, by_address: bool = False) -> StoryFields:
    """Return the fields of a story from a JSON object; ``by_address`` lets its address stand for it.

    Raises: FieldsError naming every field at fault.
    """
    try:
        fields = StoryFields.model_validate(value)
    except ValidationError as error:
        raise FieldsError(faults_of(error.errors(include_url=False, include_input=False))) from error
    if by_address and fields.is_address:
        return fields
    if (fields.text is None) == (fields.html is None):
        reason = "send one of text and html, not both" if fields.text is not None else "send the story as text or html"
        raise FieldsError((Fault("text", reason),))
    return fields


def faults_of(
    details: list[ErrorDetails] | list[dict[str, Any]], skip: int = 0, known: Sequence[str] = ()
) -> tuple[Fault, ...]:
    """Return what a pydantic error says as faults; ``skip`` parts of each location are left out.

    ``known`` are the names that would have been right where one is not known.
    """
    return tuple(
        Fault(shown(".".join(str(part) for part in detail["loc"][skip:])), _reason(dict(detail), known))
        for detail in details[:MOST_FAULTS]
    )


_REASONS: Mapping[str, str] = {
    "extra_forbidden": "is not a field that is known here",
    "missing": "is missing",
    "string_type": "must be a string",
    "list_type": "must be a list",
    "datetime_type": "must be a string with a date or a date and time",
    "string_too_long": "must have at most {max_length} characters",
    "string_pattern_mismatch": "holds a character that it may not have",
    "too_long": "must have at most {max_length} entries",
    "too_short": "must have entries, {min_length} or more",
}


def _reason(detail: Mapping[str, Any], names: Sequence[str]) -> str:
    kind = detail["type"]
    # A string that other checks come before is called a value there.
    if kind == "too_long" and detail["ctx"]["field_type"] == "Value":
        kind = "string_too_long"
    known = _REASONS.get(kind)
    if detail["type"] == "extra_forbidden" and names:
        return f"{known}: there are {', '.join(names)}"
    if known is not None:
        return known.format_map(detail.get("ctx", {}))
    message = str(detail["msg"]).removeprefix("Value error, ")
    return message[:1].lower() + message[1:]
