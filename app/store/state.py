"""Which state the database is in, so that what was read from it can be kept for as long as that state lasts.

A state is a value that changes whenever anything is committed, by this process or another. It may change when nothing
was; it never stays when something was. So an answer that was read after a state was seen is right as long as the
state is seen again.
"""

from __future__ import annotations

import asyncio
import logging
import sqlite3
from pathlib import Path
from typing import Protocol

import psycopg
from sqlalchemy import URL

log = logging.getLogger("sayso.store")

State = int | str
"""Compared with other states of the same object only."""

_FIRST_PAUSE = 1.0
_SNAPSHOT = "SELECT pg_current_snapshot()::text"


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
    return PostgresState(url.set(drivername="postgresql").render_as_string(hide_password=False))


class SqliteState:
    """The ``data_version`` of a connection that does nothing else.

    It is read from shared memory within microseconds, so the event loop does it itself.
    Source: SQLite's documentation of PRAGMA data_version: it changes when another connection, of this process or
    another, has committed.
    """

    def __init__(self, path: str) -> None:
        self._path = path
        self._connection: sqlite3.Connection | None = None

    async def current(self) -> State | None:
        """Return the version; None when the file is not there or is locked."""
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


class PostgresState:
    """The snapshot of a connection that does nothing else: two equal ones see the same commits.

    All who ask while one question is on its way share the next one: whoever asks is answered by a question that was
    put after they asked, and any number of requests costs one round trip.
    """

    def __init__(self, conninfo: str) -> None:
        self._conninfo = conninfo
        self.connection: psycopg.AsyncConnection[tuple[str]] | None = None
        self._loop: asyncio.AbstractEventLoop | None = None
        self._waiting: asyncio.Future[State | None] | None = None
        self._asking: asyncio.Task[None] | None = None
        self.resting_until = 0.0

    async def current(self) -> State | None:
        """Return the snapshot; None when the database cannot be reached."""
        loop = asyncio.get_running_loop()
        if loop is not self._loop:
            self.close()
            self._loop, self._waiting, self._asking = loop, None, None
        if loop.time() < self.resting_until:
            return None
        if self._waiting is None:
            self._waiting = loop.create_future()
            if self._asking is None:
                self._asking = loop.create_task(self._ask())
        # Whoever goes away must not take the answer from the others.
        return await asyncio.shield(self._waiting)

    def close(self) -> None:
        """Close the connection; those who wait are told that the state cannot be told."""
        if self.connection is not None:
            # All that closing a connection does, without a loop: the one that it was made on may be over.
            self.connection.pgconn.finish()
            self.connection = None

    async def _ask(self) -> None:
        while self._waiting is not None:
            waiting, self._waiting = self._waiting, None
            found = await self._snapshot()
            if not waiting.done():
                waiting.set_result(found)
        self._asking = None

    async def _snapshot(self) -> State | None:
        try:
            if self.connection is None:
                self.connection = await psycopg.AsyncConnection.connect(
                    self._conninfo, autocommit=True, connect_timeout=2, prepare_threshold=0
                )
            cursor = await self.connection.execute(_SNAPSHOT)
            row = await cursor.fetchone()
        except psycopg.Error as error:
            log.warning("the state of the database cannot be told: %s", type(error).__name__)
            self.close()
            self.resting_until = asyncio.get_running_loop().time() + _FIRST_PAUSE
            return None
        return None if row is None else row[0]
