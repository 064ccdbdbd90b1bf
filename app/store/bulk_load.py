"""Rows loaded as fast as a database takes them: without its indexes, which are made anew when all are in.

For an empty machine's benchmark only: others must not use the database meanwhile, and a power cut may cost all of it.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any, Protocol

import psycopg
from psycopg import sql

from app.store.bulk import table_of
from app.store.store import Store
from app.store.tables import Base

Step = Callable[[str], None]
_CACHE_KB = 1_000_000


class Load(Protocol):
    """Takes rows, table by table."""

    def add(self, table: type[Base], columns: Sequence[str], rows: Sequence[Sequence[Any]]) -> None:
        """Insert rows of database values (JSON as text, times as text) into these columns."""

    def commit(self) -> None:
        """Keep what was inserted so far."""


@contextmanager
def loading(store: Store, tables: Sequence[type[Base]], step: Step) -> Iterator[Load]:
    """Open a load into ``tables``; their indexes are made anew when the block ends. ``step`` is told what is done."""
    names = [table_of(table).name for table in tables]
    if store.engine.dialect.name == "sqlite":
        with _sqlite(str(store.engine.url.database), names, step) as load:
            yield load
        return
    url = store.engine.url.set(drivername="postgresql").render_as_string(hide_password=False)
    with _postgres(url, names, step) as load:
        yield load


class _SqliteLoad:
    def __init__(self, connection: sqlite3.Connection) -> None:
        self.connection = connection

    def add(self, table: type[Base], columns: Sequence[str], rows: Sequence[Sequence[Any]]) -> None:
        quoted = ", ".join(f'"{column}"' for column in columns)
        places = ", ".join("?" for _ in columns)
        self.connection.executemany(f"INSERT INTO {table_of(table).name} ({quoted}) VALUES ({places})", rows)  # noqa: S608

    def commit(self) -> None:
        self.connection.execute("COMMIT")
        self.connection.execute("BEGIN")


@contextmanager
def _sqlite(path: str, names: Sequence[str], step: Step) -> Iterator[Load]:
    connection = sqlite3.connect(path, isolation_level=None)
    try:
        for pragma in ("foreign_keys = OFF", "synchronous = OFF", f"cache_size = -{_CACHE_KB}", "temp_store = MEMORY"):
            connection.execute(f"PRAGMA {pragma}")
        marks = ", ".join("?" for _ in names)
        found = connection.execute(
            f"SELECT name, sql FROM sqlite_master WHERE type = 'index' AND sql LIKE 'CREATE INDEX%' "  # noqa: S608
            f"AND tbl_name IN ({marks})",
            names,
        ).fetchall()
        for name, _ in found:
            connection.execute(f'DROP INDEX "{name}"')
        connection.execute("BEGIN")
        try:
            yield _SqliteLoad(connection)
        finally:
            connection.execute("COMMIT")
            for name, made in found:
                step(f"index {name}")
                connection.execute(made)
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    finally:
        connection.close()


class _PostgresLoad:
    def __init__(self, connection: psycopg.Connection[Any]) -> None:
        self.connection = connection

    def add(self, table: type[Base], columns: Sequence[str], rows: Sequence[Sequence[Any]]) -> None:
        names = sql.SQL(", ").join(map(sql.Identifier, columns))
        copied = sql.SQL("COPY {} ({}) FROM STDIN").format(sql.Identifier(table_of(table).name), names)
        with self.connection.cursor().copy(copied) as copy:
            for row in rows:
                copy.write_row(row)

    def commit(self) -> None:
        self.connection.commit()


@contextmanager
def _postgres(url: str, names: Sequence[str], step: Step) -> Iterator[Load]:
    with psycopg.connect(url) as connection:
        connection.execute("SET session_replication_role = replica")  # keys to other tables are right by their making
        connection.execute("SET TIME ZONE 'UTC'")
        connection.execute("SET maintenance_work_mem = '1GB'")
        found = connection.execute(
            "SELECT c.relname, pg_get_indexdef(c.oid) FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid "
            "JOIN pg_class t ON t.oid = i.indrelid WHERE t.relname = ANY(%s) AND NOT i.indisunique",
            [list(names)],
        ).fetchall()
        for name, _ in found:
            connection.execute(sql.SQL("DROP INDEX {}").format(sql.Identifier(name)))
        connection.commit()
        try:
            yield _PostgresLoad(connection)
            connection.commit()
        finally:
            connection.rollback()
            for name, made in found:
                step(f"index {name}")
                connection.execute(made)
            connection.commit()
        step("statistics")
        connection.autocommit = True
        connection.execute("VACUUM ANALYZE")
