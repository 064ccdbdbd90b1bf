"""What schemathesis is told of this API that the description of the API cannot tell it."""

from __future__ import annotations

from typing import Any

import schemathesis
from schemathesis import Case, CheckContext, HookContext, Response, SerializationContext

from app.api.uploads import NDJSON, URI_LIST
from app.ingest.media_types import HTML, NEWSML

ABOUT_THE_TEXT = frozenset({"charset", "control-character", "empty-text", "fetch-failed", "unreadable-html"})
"""Problems of what is read in a string: no schema tells a text from white space, a page with a story from one without.
"""

ABOUT_WHAT_IS_KEPT = frozenset({"cursor", "idempotency-key-reused"})
"""Problems of a value that must be one that the service gave, or that was not used before."""

ABOUT_A_FIELD = frozenset(
    {
        "annotation_id",
        "article_id",
        "articles",
        "value",
        "bodies",
        "country",
        "feed",
        "into",
        "issue",
        "labels",
        "newsml",
        "position",
        "pubstatus",
        "url",
        "url_list",
        "urls",
    }
)
"""Fields whose values are looked up, or are documents of another standard."""

ABOUT_THE_STORY = frozenset({"contents", "cue", "evidence", "holder", "organization", "person", "speaker", "target"})
"""Fields of an annotation, which must be of words and people that are in its story."""

ABOUT_ANY_FIELD = frozenset(
    {
        "input should be a valid integer",
        "is not a field that is known here",
        "must not be null",
        "relevance is that of words: give q or about too",
    }
)
"""What schemas tell less strictly: 1.0 is whole to them, a position is changed by the fields of what it is, and no
parameter says that it needs another."""

AS_THEY_ARE = (NDJSON, NEWSML, HTML, URI_LIST)
"""Media types of bodies that are a string to the description, and are sent as they are."""


@schemathesis.check
def valid_data_is_taken(_ctx: CheckContext, response: Response, case: Case[Any]) -> bool | None:
    """Check that what fits the schemas is refused for what no schema tells only."""
    if case.meta is None or not case.meta.generation.mode.is_positive or response.status_code != 422:
        return None
    told = response.json()
    if told["type"].removeprefix("/problems/") in ABOUT_THE_TEXT | ABOUT_WHAT_IS_KEPT:
        return None
    faults = [fault for fault in told.get("errors", ()) if fault["reason"] not in ABOUT_ANY_FIELD]
    wrong = {fault["field"].partition(".")[0] for fault in faults} - ABOUT_A_FIELD
    if case.method == "PATCH":
        wrong -= ABOUT_THE_STORY
    assert not wrong, f"valid data should have been taken: {told['detail']}"
    return None


@schemathesis.check
def nothing_is_away(_ctx: CheckContext, response: Response, _case: Case[Any]) -> bool | None:
    """Check that nothing is unavailable, but for a host that is asked for other pages already."""
    assert response.status_code != 503 or response.json()["type"] == "/problems/busy-host", response.text
    return None


@schemathesis.serializer(*AS_THEY_ARE)
def as_it_is(_ctx: SerializationContext, value: Any) -> bytes:  # noqa: ANN401 (whatever was generated)
    """Return a body that is not wrapped into anything."""
    return value if isinstance(value, bytes) else str(value).encode("utf-8", "surrogatepass")


@schemathesis.hook
def filter_case(_ctx: HookContext, case: Case[Any]) -> bool:
    """Leave out what is no string where a string is asked for: on the wire it would be one."""
    return case.media_type not in AS_THEY_ARE or isinstance(case.body, str | bytes)


@schemathesis.hook
def map_query(_ctx: HookContext, query: dict[str, Any] | None) -> dict[str, Any] | None:
    """Leave most cursors out: made up, they are all refused, and nothing behind them would be tried."""
    if query and len(str(query.get("cursor", ""))) % 5:
        query.pop("cursor")
    return query
