"""The columns of lists as CSV. A header never changes within a major version; new columns come at the end."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

Json = dict[str, Any]
Value = Callable[[Json], Any]


@dataclass(frozen=True, slots=True)
class Column:
    """A column: its name, the field of the item that it is made of, and how."""

    name: str
    field: str
    value: Value


def own(*names: str) -> tuple[Column, ...]:
    """Return columns that are fields of the item as they are."""

    def column(name: str) -> Column:
        return Column(name, name, lambda item: item.get(name))

    return tuple(map(column, names))


def _part(field: str, *path: str) -> Value:
    """Return what lies along a path inside a field, None where the path breaks off."""

    def value(item: Json) -> Any:  # noqa: ANN401 (any JSON value)
        found: Any = item.get(field)
        for step in path:
            found = None if found is None else found.get(step)
        return found

    return value


def _actor(prefix: str, *fields: str) -> tuple[Column, ...]:
    """Return the columns of the actor that an item has under one of several fields."""

    def of(key: str) -> Value:
        return lambda item: next((item[f][key] for f in fields if item.get(f)), None)

    return tuple(
        Column(name, fields[0], of(key))
        for name, key in ((prefix, "name"), (f"{prefix}_id", "entity_id"), (f"{prefix}_status", "status"))
    )


def _ends(field: str) -> tuple[Column, ...]:
    """Return the columns of where the first span begins and the last one ends."""
    return (
        Column("start", field, lambda item: min((s["start"] for s in item[field]), default=None)),
        Column("end", field, lambda item: max((s["end"] for s in item[field]), default=None)),
    )


def _joined(field: str) -> Column:
    return Column(field, field, lambda item: "; ".join(item[field]))


QUOTES = (
    *own("id", "article_id", "type", "text"),
    *_actor("speaker", "speaker"),
    Column("speaker_office", "speaker", _part("speaker", "office")),
    Column("cue", "cue", _part("cue", "exact")),
    *_ends("contents"),
    *own("confidence", "method"),
)
POSITIONS = (
    *own("id", "article_id", "kind"),
    *_actor("actor", "holder", "person"),
    *own("title"),
    *_actor("organization", "organization"),
    *own("tense", "polarity"),
    Column("issue", "issue", _part("issue", "label")),
    Column("issue_id", "issue", _part("issue", "id")),
    Column("evidence", "evidence", lambda item: " … ".join(s["exact"] for s in item["evidence"])),
    *_ends("evidence"),
    *own("quote_id", "confidence", "method"),
)
ARTICLES = (
    *own("id", "revision", "title", "section", "byline", "dateline"),
    _joined("authors"),
    *own("source", "url", "language", "published_at", "external_id", "media_type", "received_at", "updated_at"),
    *own("length", "sha256"),
    *(
        Column(name, "run", _part("run", "counts", name))
        for name in ("people", "organizations", "places", "quotes", "positions")
    ),
)
ENTITIES = (
    *own("id", "type", "name"),
    _joined("aliases"),
    Column(
        "identifiers", "identifiers", lambda item: "; ".join(f"{i['scheme']}:{i['id']}" for i in item["identifiers"])
    ),
    *own("articles"),
)
OWN_ENTITIES = (
    *own("id", "type", "name"),
    _joined("aliases"),
    Column("mentions", "mentions", lambda item: len(item["mentions"])),
    *own("prominence", "confidence"),
)
ISSUES = own("id", "label", "positions", "prominence", "first_seen", "last_seen")


def write_rows(items: Iterable[Mapping[str, Any]], columns: Sequence[Column], *, header: bool) -> bytes:
    """Return items as lines of CSV (RFC 4180), a line with the names of the columns before them where asked."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    if header:
        writer.writerow([column.name for column in columns])
    writer.writerows([column.value(dict(item)) for column in columns] for item in items)
    return out.getvalue().encode()
