"""Which state a PostgreSQL is in: see ``app.store.state``."""

from __future__ import annotations

import asyncio
import logging

import psycopg
from psycopg.conninfo import conninfo_to_dict, make_conninfo
from psycopg.pq import ExecStatus

from app.store.state import State

log = logging.getLogger("sayso.store")

_FIRST_PAUSE = 1.0
_CONNECT_SECONDS = 2
_NAME = "sayso_state"
_PREPARE = f"PREPARE {_NAME} AS SELECT pg_current_snapshot()::text"

Asking = asyncio.Future[State | None]


class PostgresState:
    """The snapshot of a connection that does nothing else: two equal ones see the same commits.

    All who ask while one question is on its way share the next one: whoever asks is answered by a question that was
    put after they asked, and any number of requests costs one round trip. The question is put by libpq itself: a
    cursor for each takes many times as long as the database takes to answer.
    """

    def __init__(self, conninfo: str) -> None:
        # Whoever is served in the meantime waits for it: not as long as libpq does, unless the address says so.
        said = "connect_timeout" in conninfo_to_dict(conninfo)
        self._conninfo = conninfo if said else make_conninfo(conninfo, connect_timeout=_CONNECT_SECONDS)
        self.connection: psycopg.AsyncConnection[tuple[str]] | None = None
        self._loop: asyncio.AbstractEventLoop | None = None
        self._socket = -1
        self._waiting: list[Asking] = []
        self._asked: list[Asking] = []
        self._opening: asyncio.Task[None] | None = None
        self.resting_until = 0.0

    async def current(self) -> State | None:
        """Return the snapshot; None when the database cannot be reached."""
        loop = asyncio.get_running_loop()
        if loop is not self._loop:
            self.close()
            self._loop, self._opening = loop, None
        if loop.time() < self.resting_until:
            return None
        waiting: Asking = loop.create_future()
        self._waiting.append(waiting)
        if self.connection is None:
            self._opening = self._opening or loop.create_task(self._open())
        elif not self._asked:
            self._ask()
        return await waiting

    def close(self) -> None:
        """Close the connection; those who wait are told that the state cannot be told."""
        if self.connection is not None:
            if self._loop is not None and not self._loop.is_closed():
                self._loop.remove_reader(self._socket)
            # All that closing a connection does, without a loop: the one that it was made on may be over.
            self.connection.pgconn.finish()
            self.connection = None
        left, self._waiting, self._asked = [*self._asked, *self._waiting], [], []
        _tell(left, None)

    async def _open(self) -> None:
        loop = asyncio.get_running_loop()
        try:
            connection = await psycopg.AsyncConnection.connect(self._conninfo, autocommit=True)
            await connection.execute(_PREPARE)
        except psycopg.Error as error:
            self._fail(error)
        else:
            self.connection, self._socket = connection, connection.pgconn.socket
            loop.add_reader(self._socket, self._read)
            self._ask()
        finally:
            self._opening = None

    def _ask(self) -> None:
        """Put the question that all who wait now are answered by."""
        if self.connection is None or not self._waiting:
            return
        self._asked, self._waiting = self._waiting, []
        try:
            self.connection.pgconn.send_query_prepared(_NAME.encode(), None)
            self.connection.pgconn.flush()
        except psycopg.Error as error:
            self._fail(error)

    def _read(self) -> None:
        """Take what the database sent: an answer, or that it goes away."""
        if self.connection is None:
            return
        pgconn = self.connection.pgconn
        try:
            pgconn.consume_input()
            if not self._asked or pgconn.is_busy():
                return
            result = pgconn.get_result()
            while pgconn.get_result() is not None:
                pass
        except psycopg.Error as error:
            self._fail(error)
            return
        found = None if result is None or result.status != ExecStatus.TUPLES_OK else result.get_value(0, 0)
        if found is None:
            self._fail(psycopg.OperationalError("the question was refused"))
            return
        answered, self._asked = self._asked, []
        _tell(answered, found.decode())
        self._ask()

    def _fail(self, error: psycopg.Error) -> None:
        log.warning("the state of the database cannot be told: %s", type(error).__name__)
        self.resting_until = asyncio.get_running_loop().time() + _FIRST_PAUSE
        self.close()


def _tell(asking: list[Asking], state: State | None) -> None:
    """Answer those who ask; whoever went away meanwhile needs no answer."""
    for future in asking:
        if not future.done() and not future.get_loop().is_closed():
            future.set_result(state)
