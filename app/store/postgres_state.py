"""Which state a PostgreSQL is in: see ``app.store.state``."""

from __future__ import annotations

import asyncio
import logging

import psycopg

from app.store.state import State

log = logging.getLogger("sayso.store")

_FIRST_PAUSE = 1.0
_SNAPSHOT = "SELECT pg_current_snapshot()::text"


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
