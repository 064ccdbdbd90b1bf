"""Which state the database is in, so that what was read from it can be kept for as long as that state lasts.

A state is a value that changes whenever anything is committed, by this process or another. It may change when nothing
was; it never stays when something was. So an answer that was read after a state was seen is right as long as the
state is seen again.
"""

from __future__ import annotations

import asyncio
import sqlite3
from pathlib import Path
from typing import Protocol

from sqlalchemy import URL

State = int | str
"""Compared with other states of the same object only."""


class DatabaseState(Protocol):
    """What tells states apart."""

    async def current(self) -> State | None:
        """Return the state that the database is in now; None when it cannot be told."""

    def close(self) -> None:
        """Let go of what it holds."""


def state_of(url: URL) -> DatabaseState:
    """Return what tells the states of a database apart."""
    if url.get_backend_name() == "sqlite":
        return SqliteState(str(url.database))
    from app.store.postgres_state import PostgresState  # noqa: PLC0415 (SQLite needs no client of PostgreSQL)

    return PostgresState(url.set(drivername="postgresql").render_as_string(hide_password=False))


class SqliteState:
    """The ``data_version`` of a connection that does nothing else.

    It is read from shared memory within microseconds, so the event loop does it itself. One look answers all who ask in
    one turn of the loop: whatever they are asked for had come before the turn began, and so before the look.
    Source: SQLite's documentation of PRAGMA data_version: it changes when another connection, of this process or
    another, has committed.
    """

    def __init__(self, path: str) -> None:
        self._path = path
        self._connection: sqlite3.Connection | None = None
        self._turn: asyncio.AbstractEventLoop | None = None
        self._seen: State | None = None

    async def current(self) -> State | None:
        """Return the version; None when the file is not there or is locked."""
        loop = asyncio.get_running_loop()
        if self._turn is not loop:
            self._seen = self._look()
            self._turn = loop
            # It comes before all that the loop takes up from here on: requests that it has not read yet among them.
            loop.call_soon(self._forget)
        return self._seen

    def _forget(self) -> None:
        self._turn = None

    def _look(self) -> State | None:
        try:
            if self._connection is None:
                self._connection = self._opened()
            found = self._connection.execute("PRAGMA data_version").fetchone()
        except sqlite3.Error:
            self.close()
            return None
        return int(found[0])

    def close(self) -> None:
        """Close the connection."""
        if self._connection is not None:
            self._connection.close()
            self._connection = None

    def _opened(self) -> sqlite3.Connection:
        # Never waits for a lock: the loop has others to serve.
        uri = f"{Path(self._path).absolute().as_uri()}?mode=ro"
        connection = sqlite3.connect(uri, uri=True, timeout=0, isolation_level=None, check_same_thread=False)
        # The first look opens the log beside the file; without it the version of a changed file would not change.
        connection.execute("SELECT 1 FROM sqlite_master LIMIT 1").fetchone()
        return connection
