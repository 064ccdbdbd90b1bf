"""Where entities and issues went that were merged into others."""

from __future__ import annotations

from collections.abc import Collection

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.store.among import is_among
from app.store.bulk import table_of
from app.store.knowledge_tables import RedirectRow

_CHUNK = 400
_REDIRECTS = table_of(RedirectRow)
_MOVED = select(_REDIRECTS.c.old_id, _REDIRECTS.c.new_id).where(is_among(_REDIRECTS.c.old_id, "places"))
_LONGEST_CHAIN = 20  # merges of what was merged; a chain cannot close, since what is merged is gone


def redirected(session: Session, ids: Collection[str]) -> dict[str, str]:
    """Return where those of ``ids`` went that were merged, however often what they were merged into was merged too."""
    found = {key: key for key in ids}
    for _ in range(_LONGEST_CHAIN):
        places = sorted(set(found.values()))
        moved = {
            old: new
            for i in range(0, len(places), _CHUNK)
            for old, new in session.execute(_MOVED, {"places": places[i : i + _CHUNK]})
        }
        if not moved:
            break
        found = {key: moved.get(place, place) for key, place in found.items()}
    return {key: place for key, place in found.items() if key != place}


def moved_to(session: Session, key: str) -> str | None:
    """Return the id that ``key`` was merged into, or None."""
    return redirected(session, (key,)).get(key)
