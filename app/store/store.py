"""The store: one database behind sessions that write in one transaction or cannot write at all."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from threading import Lock
from typing import Any

import orjson
from sqlalchemy import Connection, Engine, create_engine, event, make_url, text
from sqlalchemy.engine import URL
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.exc import ArgumentError
from sqlalchemy.orm import Session
from sqlalchemy.pool import ConnectionPoolEntry

from app.errors import ConfigurationError
from app.store.state import state_of

_BUSY_TIMEOUT_MS = 10_000
_LOG_PAGES = 8_000  # of 4 kB
_CACHE_KB = 8_000  # of each connection, of which few are in use
_OPTIONS: dict[str, Any] = {
    "pool_size": 20,
    "max_overflow": 20,
    "pool_use_lifo": True,  # what was used last has its pages in memory
    "json_deserializer": orjson.loads,
    "hide_parameters": True,  # a story has no place in the message of an error, and so in a log
}


class Store:
    """Articles and everything found in them, in one database. Safe to share between threads.

    ``state`` tells whether anything was committed between two looks. ``writer`` is the engine for those who write by
    themselves: it takes SQLite's write lock when it begins.
    """

    def __init__(self, engine: Engine) -> None:
        self.engine = engine
        self.state = state_of(engine.url)
        self.writer = engine.execution_options(sayso_begin="BEGIN IMMEDIATE")
        readonly = {"postgresql_readonly": True, "isolation_level": "REPEATABLE READ"}
        self.is_sqlite = is_sqlite = engine.dialect.name == "sqlite"
        # SQLite lets those who wait for its one writer sleep and look again, ever longer; in one process the next comes
        # at once. Others' writers are waited for by SQLite's own means.
        self._turn = Lock() if is_sqlite else None
        self._reader = engine.execution_options(**({"sayso_query_only": True} if is_sqlite else readonly))

    @contextmanager
    def writing(self) -> Iterator[Session]:
        """Open a session whose changes are all on disk when the block ends, or none of them when it raises."""
        with self._in_turn(), Session(self.writer, autoflush=False, expire_on_commit=False) as session, session.begin():
            yield session

    @contextmanager
    def _in_turn(self) -> Iterator[None]:
        if self._turn is None:
            yield
            return
        # Who waits too long goes on, and SQLite says what is the matter.
        has_turn = self._turn.acquire(timeout=_BUSY_TIMEOUT_MS / 1000)
        try:
            yield
        finally:
            if has_turn:
                self._turn.release()

    @contextmanager
    def reading(self) -> Iterator[Session]:
        """Open a session that sees one state of the database and cannot change it."""
        with self._reader.connect() as connection, Session(connection, autoflush=False) as session:
            yield session

    def ping(self) -> None:
        """Ask the database for an answer; raises what the driver raises when there is none."""
        with self.reading() as session:
            session.execute(text("SELECT 1"))

    def close(self) -> None:
        """Close every connection."""
        self.state.close()
        self.engine.dispose()


def open_store(database_url: str) -> Store:
    """Return the store at ``database_url``; nothing is connected to before the first session.

    Raises: ConfigurationError when the URL is not one of SQLite or PostgreSQL.
    """
    return Store(create_store_engine(database_url))


def create_store_engine(database_url: str, *, foreign_keys: bool = True) -> Engine:
    """Return an engine for ``database_url`` with the settings that Sayso relies on.

    Migrations switch ``foreign_keys`` off: rebuilding a table of SQLite would otherwise empty those that refer to it.
    Raises: ConfigurationError when the URL is not one of SQLite or PostgreSQL.
    """
    url = _checked(database_url)
    if url.get_backend_name() == "postgresql":
        return create_engine(url, pool_pre_ping=True, json_serializer=_dumps, **_OPTIONS)
    engine = create_engine(url, json_serializer=_dumps, **_OPTIONS)
    pragmas = (
        # Lists look into several tables for each page: in SQLite's own 2 MB they put out each other's pages.
        f"PRAGMA cache_size = -{_CACHE_KB}",
        f"PRAGMA busy_timeout = {_BUSY_TIMEOUT_MS}",
        "PRAGMA journal_mode = WAL",
        "PRAGMA synchronous = FULL",
        # Sixteen stories change some thousand pages, many of them the same as those before: after every commit, as by
        # default, they would be written into the file three times as often. The log stays on disk meanwhile.
        f"PRAGMA wal_autocheckpoint = {_LOG_PAGES}",
        f"PRAGMA foreign_keys = {'ON' if foreign_keys else 'OFF'}",
    )

    def set_pragmas(connection: DBAPIConnection, _entry: ConnectionPoolEntry) -> None:
        # The driver's own transactions start late and leave DDL out; ours begin by the event below.
        connection.isolation_level = None
        for pragma in pragmas:
            connection.execute(pragma)

    event.listen(engine, "connect", set_pragmas)
    event.listen(engine, "begin", _begin)
    return engine


def _begin(connection: Connection) -> None:
    options = connection.get_execution_options()
    query_only = options.get("sayso_query_only", False)
    # What the connection was told stays with it in the pool: mostly there is nothing to tell it.
    if connection.info.get("query_only", False) != query_only:
        connection.exec_driver_sql(f"PRAGMA query_only = {'ON' if query_only else 'OFF'}")
        connection.info["query_only"] = query_only
    if query_only:
        # It locks nothing yet and cannot fail: nothing of SQLAlchemy's is needed around it.
        connection.connection.cursor().execute("BEGIN").close()
    else:
        connection.exec_driver_sql(options.get("sayso_begin", "BEGIN"))


def _checked(database_url: str) -> URL:
    try:
        url = make_url(database_url)
    except ArgumentError as error:
        msg = "the database URL cannot be read; one looks like sqlite:///data/sayso.sqlite3"
        raise ConfigurationError(msg) from error
    if url.drivername in ("postgresql", "postgres"):
        return url.set(drivername="postgresql+psycopg")
    if url.drivername in ("sqlite", "sqlite+pysqlite") and not _in_memory(url.database or ""):
        return url
    if url.drivername == "postgresql+psycopg":
        return url
    msg = f"the database is a file of SQLite or a PostgreSQL, not {url.render_as_string(hide_password=True)}"
    raise ConfigurationError(msg)


def _in_memory(database: str) -> bool:
    return database in ("", ":memory:") or database.startswith("file:")


def _dumps(value: object) -> str:
    return orjson.dumps(value).decode()
