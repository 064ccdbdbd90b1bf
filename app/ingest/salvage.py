"""Fields as documents of others hold them: what cannot be kept is left out, and the story still comes."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime

from app.ingest.faults import FieldsError
from app.ingest.fields import StoryFields, read_fields

_LONGEST = {"title": 1000, "byline": 1000}
_OTHERS = 300
_LINES = ("title", "section", "byline", "source", "language", "url", "external_id")


def salvage_fields(values: Mapping[str, object], *, by_address: bool = False) -> StoryFields:
    """Return the fields of a story; metadata that cannot be kept is left out, white space in a line is made single.

    A moment is kept as it is when it has a zone, and is taken for UTC when it has none.
    Raises: FieldsError when there is no text or HTML, nor an address that may stand for it.
    """
    kept = {name: value for name, value in values.items() if value not in (None, "", [], ())}
    for name in _LINES:
        if name in kept:
            kept[name] = _line(kept[name], _LONGEST.get(name, _OTHERS) if name != "url" else None)
    if "authors" in kept:
        kept["authors"] = [_line(author, _OTHERS) for author in as_list(kept["authors"])][:100]
    if isinstance(kept.get("published_at"), datetime | str):
        kept["published_at"] = _moment(kept["published_at"])
    while True:
        try:
            known = {name: value for name, value in kept.items() if value is not None}
            return read_fields(known, by_address=by_address)
        except FieldsError as error:
            faulty = {fault.field.partition(".")[0] for fault in error.faults} - {"text", "html"}
            if not faulty & kept.keys():
                raise
            for name in faulty:
                kept.pop(name, None)


def as_list(value: object) -> list[object]:
    """Return ``value`` when it is a list, a list of it when it is something else, no item for None."""
    if value is None:
        return []
    return list(value) if isinstance(value, list | tuple) else [value]


def _line(value: object, longest: int | None) -> str | None:
    words = " ".join(value.split()) if isinstance(value, str) else ""
    if longest is not None and len(words) > longest:
        words = words[:longest].rstrip()
    return words or None


def _moment(value: object) -> str | None:
    if isinstance(value, str):
        try:
            value = datetime.fromisoformat(value.strip())
        except ValueError:
            return None
    if not isinstance(value, datetime):
        return None
    return (value if value.tzinfo else value.replace(tzinfo=UTC)).isoformat()
