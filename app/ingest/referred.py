"""Waiting stories that are named by their address: their pages, fetched before they are read."""

from __future__ import annotations

from dataclasses import replace
from threading import Event

import orjson

from app.errors import InputError
from app.ingest.fetch import FetchError
from app.ingest.fields import StoryFields, read_fields
from app.ingest.media_types import JSON
from app.ingest.pages import Pages, may_help
from app.ingest.strict_json import read_object
from app.store.batches import WaitingItem

_PATIENCE = 3_600.0
_LONGEST_PAUSE = 5.0


def fetched_item(item: WaitingItem, pages: Pages, stop: Event) -> WaitingItem:
    """Return a story that waits, with its page where only the address is there; anything else as it is.

    Raises: FetchError; AddressError; InputError for a page that is no text.
    """
    fields = _address_of(item)
    if fields is None:
        return item
    try:
        found = pages.story(fields, patience=_PATIENCE, stop=stop)
    except FetchError as error:
        pause = error.retry_after if error.retry_after is not None else 1.0
        # A server that asks to wait longer is not asked again: the story fails, and may be tried later.
        if not may_help(error) or pause > _LONGEST_PAUSE:
            raise
        stop.wait(pause)
        found = pages.story(fields, patience=_PATIENCE, stop=stop)
    return replace(item, payload=orjson.dumps(found.model_dump(mode="json", exclude_none=True)), content_type=None)


def _address_of(item: WaitingItem) -> StoryFields | None:
    """Return the fields of a story that is only named; what cannot be read is left to whoever reads it."""
    kind = (item.content_type or JSON).partition(";")[0].strip().lower()
    if kind != JSON or b'"url"' not in item.payload:
        return None
    try:
        fields = read_fields(read_object(item.payload), by_address=True)
    except InputError:
        return None
    return fields if fields.is_address else None
