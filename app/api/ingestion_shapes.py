"""Ingestions as answers show them: their schemas, and how the store's views become them."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

from app.api.schemas import Shape
from app.api.shapes import Json
from app.store.ingestions import IngestionView, ItemView

ACCEPTED = 202
State = Literal["queued", "running", "done", "cancelled"]


class Ingestion(Shape):
    """Stories that came in together. `rate` is in stories a second, `seconds_left` by that rate; null is unknown.

    `items_removed_at` is since when only the counts are kept: then `failures` and `/items` are empty.
    """

    id: str
    state: State
    origin: str
    received: int
    annotated: int
    duplicate: int
    failed: int
    waiting: int
    rate: float | None
    seconds_left: float | None
    request_id: str
    created_at: datetime
    started_at: datetime | None
    finished_at: datetime | None
    items_removed_at: datetime | None
    failures: list[Item]


class Item(Shape):
    """One story of an ingestion: its line (or place in the array, or file), and what became of it."""

    line: int
    state: Literal["waiting", "annotated", "duplicate", "failed", "cancelled"]
    external_id: str | None
    article_id: str | None
    reason: str | None
    tries: int
    place: str | None


def ingestion_shape(view: IngestionView, failures: tuple[ItemView, ...], now: datetime) -> Json:
    """Return an ingestion with the first of its failures."""
    rate, left = view.rate(now), view.seconds_left(now)
    over = view.state in {"done", "cancelled"}
    return {
        "id": view.id,
        "state": view.state,
        "origin": view.origin,
        "received": view.received,
        "annotated": view.annotated,
        "duplicate": view.duplicate,
        "failed": view.failed,
        "waiting": 0 if over else view.received - view.settled,
        "rate": None if rate is None else round(rate, 2),
        "seconds_left": None if left is None else round(left, 1),
        "request_id": view.request_id,
        "created_at": view.created_at,
        "started_at": view.started_at,
        "finished_at": view.finished_at,
        "items_removed_at": view.items_removed_at,
        "failures": [item_shape(item) for item in failures],
    }


def item_shape(view: ItemView) -> Json:
    """Return what became of one story."""
    return {
        "line": view.line,
        "state": view.state,
        "external_id": view.external_id,
        "article_id": view.article_id,
        "reason": view.reason,
        "tries": view.tries,
        "place": view.place,
    }


INGESTION: Json = {
    "id": "018e0f3a5c7d7b1e9a4f2c6d8e0b1a40",
    "state": "running",
    "origin": "ndjson",
    "received": 1000,
    "annotated": 412,
    "duplicate": 7,
    "failed": 1,
    "waiting": 580,
    "rate": 10.5,
    "seconds_left": 55.2,
    "request_id": "5f0c7a1e8d2b4c6f9a3e1d7b5c8f2a40",
    "created_at": "2024-03-05T08:30:00Z",
    "started_at": "2024-03-05T08:30:01Z",
    "finished_at": None,
    "items_removed_at": None,
    "failures": [
        {
            "line": 17,
            "state": "failed",
            "external_id": "courier-20240305-17",
            "article_id": None,
            "reason": "published_at: no such date or time: day is out of range for month",
            "tries": 1,
            "place": None,
        }
    ],
}
