"""Every error answer there is: one table of problem types (RFC 9457), and which error gives which.

Source: RFC 9457, Problem Details for HTTP APIs. ``type`` is a stable relative reference, ``/problems/<name>``, that
this service answers with the type's meaning. ``request_id`` is the id to quote when asking for help.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field

import orjson
from starlette.responses import Response

from app import errors
from app.ingest import faults, fetch, pages, spool
from app.ingest.faults import Fault

QUEUE_SECONDS = "30"
MEDIA_TYPE = "application/problem+json"


@dataclass(frozen=True, slots=True)
class ProblemType:
    """One kind of error answer: a stable name, its status and what it means."""

    name: str
    status: int
    title: str
    meaning: str

    @property
    def uri(self) -> str:
        """Return the reference that identifies the type in answers."""
        return f"/problems/{self.name}"


BAD_REQUEST = ProblemType("bad-request", 400, "Bad request", "The request could not be read.")
NOT_JSON = ProblemType(
    "not-json", 400, "Not JSON", "The body is not one JSON value in UTF-8; the detail says at which line and column."
)
UNAUTHENTICATED = ProblemType(
    "unauthenticated", 401, "No valid key", "This needs a key that is known and neither expired nor revoked."
)
FORBIDDEN = ProblemType("forbidden", 403, "Not with this key", "The key lacks the scope that the detail names.")
CROSS_SITE = ProblemType(
    "cross-site", 403, "From another site", "A web page of another site may not use this service in its visitor's name."
)
MOVED = ProblemType("moved", 301, "Moved", "It was merged into another, which has the address in the Location header.")
MOVED_WRITE = ProblemType(
    "moved-write", 308, "Moved", "It was merged into another: send the same to the address in the Location header."
)
NOT_FOUND = ProblemType("not-found", 404, "Not found", "There is no such thing, or it has been deleted.")
UNKNOWN_ROUTE = ProblemType("unknown-route", 404, "Unknown route", "No route has this path; /openapi.json lists all.")
METHOD_NOT_ALLOWED = ProblemType(
    "method-not-allowed", 405, "Method not allowed", "The route exists; the Allow header names its methods."
)
NOT_ACCEPTABLE = ProblemType(
    "not-acceptable",
    406,
    "Not acceptable",
    "The Accept header, or the ending of the address, leaves out every media type of the answer.",
)
TOO_SLOW = ProblemType("too-slow", 408, "Too slow", "The body did not come in time: send it again.")
CONFLICT = ProblemType("conflict", 409, "Conflict", "The change clashes with what is stored.")
KEY_IN_USE = ProblemType(
    "idempotency-key-in-use", 409, "Idempotency-Key in use", "A request with this key is being answered: try again."
)
KEY_REUSED = ProblemType(
    "idempotency-key-reused", 422, "Idempotency-Key reused", "The key was sent with another request before."
)
PRECONDITION_FAILED = ProblemType(
    "precondition-failed", 412, "Precondition failed", "If-Match names another state than the present one: read again."
)
PRECONDITION_REQUIRED = ProblemType(
    "precondition-required", 428, "Precondition required", "The change says in If-Match what it is a change of."
)
TOO_LARGE = ProblemType("too-large", 413, "Too large", "The story is larger than this service takes.")
ADDRESS_TOO_LONG = ProblemType("address-too-long", 414, "Address too long", "The path and query are too long.")
UNSUPPORTED_MEDIA_TYPE = ProblemType(
    "unsupported-media-type",
    415,
    "Unsupported media type",
    "A story is JSON, text, HTML, ninjs or NewsML-G2, in a character set that is known, without Content-Encoding.",
)
MISDIRECTED = ProblemType(
    "misdirected", 421, "Not this service", "The Host header names another service than this one."
)
INVALID_INPUT = ProblemType(
    "invalid-input", 422, "Invalid input", "A field or a parameter is wrong; `errors` names each with the reason."
)
EMPTY_TEXT = ProblemType("empty-text", 422, "Empty text", "The story has no words: empty, or white space only.")
CHARSET = ProblemType("charset", 422, "Not the declared charset", "The bytes cannot be read in the character set.")
CONTROL_CHARACTER = ProblemType(
    "control-character",
    422,
    "Control character",
    "The text holds NUL, another control character or half a surrogate pair, which no text carries.",
)
UNREADABLE_HTML = ProblemType("unreadable-html", 422, "No story in the HTML", "No article text was found in the page.")
CURSOR = ProblemType("cursor", 422, "Unknown cursor", "The cursor was not made by this list: start without one.")
RATE_LIMITED = ProblemType(
    "rate-limited", 429, "Too many requests", "The key or address has made its requests: wait for Retry-After."
)
HEADERS_TOO_LARGE = ProblemType("headers-too-large", 431, "Headers too large", "The request's head is too large.")
INTERNAL_ERROR = ProblemType(
    "internal-error", 500, "Internal error", "A defect of the service. Nothing was stored; quote the request id."
)
QUEUE_FULL = ProblemType(
    "queue-full", 503, "Queue full", "Too many stories wait to be annotated: send these again after Retry-After."
)
FETCH_FAILED = ProblemType(
    "fetch-failed", 422, "Not fetched", "What is at an address could not be had: the reason says what its server did."
)
BUSY_HOST = ProblemType(
    "busy-host",
    503,
    "Busy host",
    "The host is asked for other pages just now: send the request again after Retry-After.",
)
UNAVAILABLE = ProblemType("unavailable", 503, "Unavailable", "The database cannot be reached just now: try again.")

TABLE: Mapping[str, ProblemType] = {
    kind.name: kind
    for kind in (
        MOVED,
        MOVED_WRITE,
        BAD_REQUEST,
        NOT_JSON,
        UNAUTHENTICATED,
        FORBIDDEN,
        CROSS_SITE,
        NOT_FOUND,
        UNKNOWN_ROUTE,
        METHOD_NOT_ALLOWED,
        NOT_ACCEPTABLE,
        TOO_SLOW,
        CONFLICT,
        KEY_IN_USE,
        KEY_REUSED,
        PRECONDITION_FAILED,
        PRECONDITION_REQUIRED,
        TOO_LARGE,
        ADDRESS_TOO_LONG,
        UNSUPPORTED_MEDIA_TYPE,
        MISDIRECTED,
        INVALID_INPUT,
        EMPTY_TEXT,
        CHARSET,
        CONTROL_CHARACTER,
        UNREADABLE_HTML,
        CURSOR,
        RATE_LIMITED,
        HEADERS_TOO_LARGE,
        INTERNAL_ERROR,
        FETCH_FAILED,
        BUSY_HOST,
        QUEUE_FULL,
        UNAVAILABLE,
    )
}

# The nearest class in an error's ancestry decides.
BY_ERROR: Mapping[type[errors.SaysoError], ProblemType] = {
    errors.SaysoError: INTERNAL_ERROR,
    errors.InputError: INVALID_INPUT,
    errors.EmptyTextError: EMPTY_TEXT,
    errors.TooLargeError: TOO_LARGE,
    errors.CharsetError: CHARSET,
    errors.ControlCharacterError: CONTROL_CHARACTER,
    errors.UnreadableHtmlError: UNREADABLE_HTML,
    errors.CursorError: CURSOR,
    errors.NotFoundError: NOT_FOUND,
    errors.MovedError: MOVED,
    errors.ConflictError: CONFLICT,
    errors.ConfigurationError: INTERNAL_ERROR,
    errors.BrokenAnalysisError: INTERNAL_ERROR,
    faults.NotJsonError: NOT_JSON,
    faults.MediaTypeError: UNSUPPORTED_MEDIA_TYPE,
    spool.QueueFullError: QUEUE_FULL,
    fetch.FetchError: FETCH_FAILED,
    pages.BusyHostError: BUSY_HOST,
}

# Statuses that the framework itself raises.
BY_STATUS: Mapping[int, ProblemType] = {
    400: BAD_REQUEST,
    404: UNKNOWN_ROUTE,
    405: METHOD_NOT_ALLOWED,
    413: TOO_LARGE,
}


@dataclass(frozen=True, slots=True)
class Problem:
    """One error answer, before it is written."""

    kind: ProblemType
    detail: str
    faults: tuple[Fault, ...] = ()
    headers: Mapping[str, str] = field(default_factory=dict)

    def response(self, request_id: str) -> Response:
        """Return the answer that says this."""
        content: dict[str, object] = {
            "type": self.kind.uri,
            "title": self.kind.title,
            "status": self.kind.status,
            "detail": self.detail,
            "request_id": request_id,
        }
        if self.faults:
            content["errors"] = [{"field": f.field, "reason": f.reason} for f in self.faults]
        headers = {"Cache-Control": "no-store", **self.headers}
        return Response(orjson.dumps(content), self.kind.status, headers, MEDIA_TYPE)


class RefusedError(errors.SaysoError):
    """A request that the HTTP face itself refuses: a precondition that fails, a media type nobody can send."""

    def __init__(self, problem: Problem) -> None:
        super().__init__(problem.detail)
        self.problem = problem


def type_shape(kind: ProblemType) -> dict[str, object]:
    """Return a problem type as the service explains it."""
    return {"type": kind.uri, "status": kind.status, "title": kind.title, "meaning": kind.meaning}


def kind_of(error: errors.SaysoError) -> ProblemType:
    """Return the problem type that an error gives."""
    return next(BY_ERROR[cls] for cls in type(error).__mro__ if cls in BY_ERROR)


def problem_of(error: errors.SaysoError) -> Problem:
    """Return the problem that tells a client about ``error``; a defect says nothing of its inside."""
    if isinstance(error, RefusedError):
        return error.problem
    kind = kind_of(error)
    if kind is INTERNAL_ERROR:
        return Problem(kind, kind.meaning)
    if isinstance(error, faults.FieldsError):
        return Problem(kind, str(error), error.faults)
    if isinstance(error, errors.InputError):
        wait = math.ceil(error.retry_after or 1) if isinstance(error, pages.BusyHostError) else 0
        headers = {"Retry-After": str(wait)} if wait else {}
        found = (Fault(error.field, error.reason),)
        return Problem(kind, faults.told(found), found if error.field else (), headers)
    headers = {"Retry-After": QUEUE_SECONDS} if kind is QUEUE_FULL else {}
    return Problem(kind, str(error), headers=headers)
