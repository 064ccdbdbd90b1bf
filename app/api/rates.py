"""How many requests a key or an address may make a minute, over all replicas.

A window of time allows so many requests. One process counts in memory. Replicas share a row of PostgreSQL, and the
processes of one machine one of a file, from which each takes a batch (a twentieth of the limit) at a time and spends it
alone: the database is asked once a batch, not once a request, and together they never allow more than the limit.

Source: draft-ietf-httpapi-ratelimit-headers-10, RateLimit header fields for HTTP.
"""

from __future__ import annotations

import time
from asyncio import Lock, to_thread
from collections.abc import Callable
from dataclasses import dataclass, field

from app.store import rates
from app.store.store import Store

WINDOW_SECONDS = 60
_BATCHES = 20
_MOST = 20_000


@dataclass(frozen=True, slots=True)
class Standing:
    """How one key or address stands. Units: ``reset`` in seconds until the window ends."""

    allowed: bool
    policy: str
    limit: int
    left: int
    reset: int

    @property
    def fields(self) -> list[tuple[bytes, bytes]]:
        """Return the header fields that tell it."""
        return [
            (b"ratelimit-policy", f'"{self.policy}";q={self.limit};w={WINDOW_SECONDS}'.encode()),
            (b"ratelimit", f'"{self.policy}";r={self.left};t={self.reset}'.encode()),
        ]


@dataclass(slots=True)
class _Window:
    """What this process holds of one subject's window: requests it may allow, and those left beyond them."""

    begins: int
    held: int = 0
    beyond: int = 0
    exhausted: bool = False
    lock: Lock = field(default_factory=Lock)


class Rates:
    """Counts requests by key or address; with others where ``shared``."""

    def __init__(self, store: Store, clock: Callable[[], float] = time.time, *, shared: bool | None = None) -> None:
        self._store = store
        self._clock = clock
        self._shared = not store.is_sqlite if shared is None else shared
        self._windows: dict[str, _Window] = {}
        self._swept = 0

    async def take(self, policy: str, subject: str, limit: int) -> Standing:
        """Take one request of a subject's window and say whether there was one."""
        now = self._clock()
        begins = int(now) // WINDOW_SECONDS * WINDOW_SECONDS
        name = f"{policy}:{subject}"
        window = self._windows.get(name)
        if window is None or window.begins != begins:
            self._make_room()
            window = self._windows[name] = _Window(begins) if self._shared else _Window(begins, limit)
        if window.held < 1 and self._shared and not window.exhausted:
            async with window.lock:
                # Another request may have fetched a batch while this one waited.
                if window.held < 1 and not window.exhausted:
                    await to_thread(self._fetch, name, window, limit)
        allowed = window.held > 0
        window.held -= allowed
        reset = max(1, begins + WINDOW_SECONDS - int(now))
        return Standing(allowed, policy, limit, window.held + window.beyond, reset)

    def _fetch(self, name: str, window: _Window, limit: int) -> None:
        with self._store.writing() as session:
            if self._swept < window.begins:
                rates.forget(session, window.begins - WINDOW_SECONDS)
                self._swept = window.begins
            wanted = max(1, limit // _BATCHES)
            window.held, window.beyond = rates.take(session, name, window.begins, wanted, limit)
            window.exhausted = window.held == 0

    def _make_room(self) -> None:
        while len(self._windows) >= _MOST:
            self._windows.pop(next(iter(self._windows)))
