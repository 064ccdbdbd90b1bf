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


def _counts(field: str, *path: str) -> tuple[Column, ...]:
    """Return the columns of what a run found, which lies along a path inside a field."""
    return tuple(
        Column(name, field, _part(field, *path, name))
        for name in ("people", "organizations", "places", "quotes", "positions")
    )


def _words(annotation: Json) -> str:
    """Return the words of a quote, or those that show a position."""
    found: str | None = annotation.get("text")
    return " … ".join(s["exact"] for s in annotation["evidence"]) if found is None else found


_REASONS = Column("reasons", "reasons", lambda item: "; ".join(r["code"] for r in item["reasons"]))
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
    *_counts("run", "counts"),
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
SAYINGS = (
    *own("id", "text", "quote_id", "speaker_id", "sightings"),
    Column("articles", "places", lambda item: "; ".join(dict.fromkeys(p["article_id"] for p in item["places"]))),
)
CHANGES = own("position", "at", "type", "article_id", "revision")
AUDIT = own("at", "key", "address", "action", "target", "status", "request_id")
LINKS = (
    *own("id", "type", "entity_id", "entity_name", "candidate_kind", "candidate_id", "candidate_name", "article_id"),
    *own("score", "state", "made_at"),
    _REASONS,
)
STORY_LINKS = (*own("article_id", "name"), _joined("aliases"), *own("score"), _REASONS)
MERGES = own("id", "action", "type", "from_id", "to_id", "note", "made_at", "undone_at")
RUNS = (
    *own("id", "article_id", "revision", "pipeline", "weights", "started_at", "seconds"),
    *_counts("counts"),
)
REANNOTATIONS = (
    *own("id", "state", "pipeline", "weights", "rate", "total", "done", "failed", "last_failure", "request_id"),
    *own("created_at", "finished_at"),
)
REVIEW = (
    *own("kind"),
    *(Column(name, "annotation", _part("annotation", name)) for name in ("id", "article_id")),
    Column("words", "annotation", lambda item: _words(item["annotation"])),
    *(Column(name, "annotation", _part("annotation", name)) for name in ("confidence", "method")),
    Column("review", "annotation", _part("annotation", "review", "status")),
)
CORRECTIONS = (
    *own("id", "article_id", "revision", "action", "kind", "annotation_id"),
    Column("fields", "value", lambda item: "; ".join(item["value"])),
    *own("state", "applied_to", "reason", "note", "author", "made_at", "undone_at", "undone_by"),
)
INGESTIONS = (
    *own("id", "state", "origin", "received", "annotated", "duplicate", "failed", "waiting", "rate", "seconds_left"),
    *own("request_id", "created_at", "started_at", "finished_at", "items_removed_at"),
)
ITEMS = own("line", "state", "external_id", "article_id", "reason", "tries", "place")
FEEDS = (
    *own("id", "url", "source", "pages", "interval", "state", "title", "language", "created_at", "polled_at"),
    *own("next_poll_at", "failures", "error", "entries", "ingestion_id"),
)
WEBHOOKS = (
    *own("id", "url", "description"),
    Column("events", "events", lambda item: "; ".join(item["events"] or ())),
    *own("state", "position", "waiting", "attempts", "next_attempt_at", "last_status", "last_error", "delivered"),
    *own("failed", "dead_letters", "created_at", "delivered_at"),
)
DEAD_LETTERS = own("id", "position", "type", "body", "attempts", "last_status", "last_error", "made_at")
SIGHTINGS = own("source", "url", "external_id", "published_at", "first_seen_at", "last_seen_at", "times")
REVISIONS = (
    *own("article_id", "number", "current", "title", "media_type", "received_at", "length", "sha256"),
    Column("run_id", "run", _part("run", "id")),
)
OFFICES = (
    *own("title", "normal_title", "organization", "organization_id", "tense", "held_from", "held_to", "former_from"),
    *own("stories"),
)
PROBLEMS = own("type", "status", "title", "meaning")


def write_rows(items: Iterable[Mapping[str, Any]], columns: Sequence[Column], *, header: bool) -> bytes:
    """Return items as lines of CSV (RFC 4180), a line with the names of the columns before them where asked."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    if header:
        writer.writerow([column.name for column in columns])
    writer.writerows([column.value(dict(item)) for column in columns] for item in items)
    return out.getvalue().encode()
