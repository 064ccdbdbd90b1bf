"""Keys that clients send, looked up in the database and remembered for some seconds."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from hashlib import sha256

from sqlalchemy.exc import OperationalError

from app.store.keys import KeyView, find_key, note_use
from app.store.store import Store

log = logging.getLogger("sayso.http")

REMEMBERED_SECONDS = 10.0
"""How long a key that was revoked elsewhere may still open something."""
NOTED_EVERY = timedelta(minutes=5)
"""How fresh the last use of a key is: it is written down no more often than this."""
_MOST = 10_000


class Keyring:
    """The keys that were sent lately. A key known here costs no look at the database."""

    def __init__(self, store: Store, clock: Callable[[], float] = time.monotonic) -> None:
        self._store = store
        self._clock = clock
        # By digest, so that how long a look takes tells nothing of a key, and no key lies in memory.
        self._known: dict[bytes, tuple[float, KeyView]] = {}

    def remembered(self, sent: str) -> KeyView | None:
        """Return a key that was looked up some seconds ago and opens something still."""
        entry = self._known.get(_name(sent))
        if entry is None or entry[0] < self._clock() or not entry[1].usable_at(datetime.now(UTC)):
            return None
        return entry[1]

    def look_up(self, sent: str) -> KeyView | None:
        """Return the key that was sent, from the database, one that has ended too; write the use of others down."""
        now = datetime.now(UTC)
        with self._store.reading() as session:
            key = find_key(session, sent)
        if key is None or not key.usable_at(now):
            self._known.pop(_name(sent), None)
            return key
        if len(self._known) >= _MOST:
            self._known.pop(next(iter(self._known)))
        self._known[_name(sent)] = (self._clock() + REMEMBERED_SECONDS, key)
        if key.last_used_at is None or now - key.last_used_at >= NOTED_EVERY:
            self._note_use(key.id, now)
        return key

    def _note_use(self, key_id: str, now: datetime) -> None:
        try:
            with self._store.writing() as session:
                note_use(session, key_id, now)
        except OperationalError as error:
            # A database that cannot be written to now is no reason to refuse a read.
            log.warning("the use of key %s is not written down: %s", key_id, error.__cause__)


def _name(sent: str) -> bytes:
    return sha256(sent.encode("utf-8", "surrogatepass")).digest()
