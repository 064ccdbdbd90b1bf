"""Lists of one story's own items: they are few and lie in one stored document, so they are narrowed right there."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from app.api.columns import Column
from app.api.list_parameters import PartQuestion
from app.api.lists import answer_list, counted
from app.api.offsets import in_utf16
from app.api.parameters import checked_id
from app.api.parts import reading
from app.api.shapes import Json
from app.store import revisions
from app.store.paging import decode_cursor, encode_cursor
from app.store.views import Facet
from app.store.walks import VALUES_SHOWN, ranked

Value = Callable[[Json], Any]

# What an item has under the name of a parameter.
VALUES: Mapping[str, Value] = {
    "type": lambda item: item["type"],
    "status": lambda item: item["speaker"]["status"],
    "speaker": lambda item: item["speaker"]["entity_id"],
    "kind": lambda item: item["kind"],
    "polarity": lambda item: item.get("polarity"),
    "tense": lambda item: item.get("tense"),
    "review": lambda item: item["review"]["status"] if "review" in item else "machine",
    "issue": lambda item: (item.get("issue") or {}).get("id"),
}


def answer_part(
    request: Request, article_id: str, question: PartQuestion, part: str, columns: Sequence[Column]
) -> Response:
    """Return one page of the people, organizations, quotes or positions of a story."""
    key = checked_id("article", article_id)
    asked = question.model_dump(exclude_none=True)
    with reading(request) as session:
        found: list[Json] = revisions.analysis_of(session, key, question.revision)[part]
        items = [item for item in found if _meets(item, asked)]
        facets = counted(request, session, asked.get("facet"), lambda names: {n: _facet(items, n) for n in names})
        start = 0 if question.cursor is None else int(decode_cursor(question.cursor, f"{part} of an article", int)[0])
        end = len(items) if question.limit is None else start + question.limit
        shown = items[max(0, start) : end]
        # A facet's labels are names of the whole store, which change without the story.
        modified = None if facets else revisions.changed_at(session, key)
        if question.offset_unit == "utf16":
            shown = in_utf16(shown, revisions.text_of(session, key, question.revision))
    following = encode_cursor(f"{part} of an article", [end]) if end < len(items) else None
    return answer_list(
        request, shown, following, asked.get("fields"), beside={"facets": facets}, modified=modified, columns=columns
    )


def _meets(item: Json, asked: Mapping[str, Any]) -> bool:
    if any(name in asked and value(item) != asked[name] for name, value in VALUES.items()):
        return False
    least = asked.get("min_confidence")
    return least is None or (item["confidence"] is not None and item["confidence"] >= least)


def _facet(items: list[Json], name: str) -> Facet:
    counts = Counter(VALUES[name](item) for item in items)
    return Facet(ranked(counts.items())[:VALUES_SHOWN], len(items), capped=False)
