"""Many rows written by one statement each, which is made once and kept. None of the functions commits.

Statements over tables, not classes: of a class the ORM sends one statement for each set of columns that are None, and
takes longer to make it than SQLite takes to run it. The rows do not go through SQLAlchemy one by one either, which
would take longer than to write them: SQLite gets them as tuples, column by column made what it keeps; PostgreSQL gets
all of them as one JSON text, which it reads into rows by the columns' own types, in one message instead of one a row.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, cast

import orjson
from sqlalchemy import (
    JSON,
    Dialect,
    Executable,
    Table,
    Text,
    bindparam,
    column,
    func,
    literal_column,
    select,
)
from sqlalchemy import cast as as_type
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from app.store.tables import Base

Row = dict[str, Any]
_Process = Callable[[Any], Any]
_KEPT = 500  # statements


def insert_rows(session: Session, table: type[Base], rows: Sequence[Row]) -> None:
    """Insert rows, all of the same columns; none does nothing."""
    _write(session, table, rows, None)


def insert_unknown(session: Session, table: type[Base], rows: Sequence[Row]) -> None:
    """Insert the rows whose keys are not there yet."""
    _write(session, table, rows, _Known())


def add_counts(
    session: Session,
    table: type[Base],
    key: tuple[str, ...],
    counts: tuple[str, ...],
    rows: Sequence[Row],
    *,
    latest: tuple[str, ...] = (),
) -> None:
    """Insert rows, or add their ``counts`` to those of the rows that have their keys, and set what is ``latest``.

    No two of the rows have the same key.
    """
    _write(session, table, rows, _Known(key, counts, latest))


def table_of(table: type[Base]) -> Table:
    """Return the table that a class stands for."""
    return cast(Table, table.__table__)


@dataclass(frozen=True, slots=True)
class _Known:
    """What becomes of rows whose ``key`` is known: counts are added, the latest is set. Without a key, nothing."""

    key: tuple[str, ...] = ()
    counts: tuple[str, ...] = ()
    latest: tuple[str, ...] = ()


def _write(session: Session, table: type[Base], rows: Sequence[Row], known: _Known | None) -> None:
    if not rows:
        return
    dialect, names = session.get_bind().dialect, tuple(rows[0])
    if dialect.name == "postgresql":
        session.execute(_from_json(table, names, known), {"rows": orjson.dumps(rows).decode()})
        return
    statement, processes = _by_tuples(dialect, table, names, known)
    columns = (([row[name] for row in rows], process) for name, process in processes)
    made = [values if process is None else map(process, values) for values, process in columns]
    session.connection().exec_driver_sql(statement, list(zip(*made, strict=True)))


@lru_cache(_KEPT)
def _by_tuples(
    dialect: Dialect, table: type[Base], names: tuple[str, ...], known: _Known | None
) -> tuple[str, tuple[tuple[str, _Process | None], ...]]:
    """Return SQLite's statement for rows of these columns, and what makes the values of each what it keeps."""
    into = table_of(table)
    made = _settled(sqlite.insert(into), table, known).compile(dialect=dialect, column_keys=names)
    in_order: Sequence[str] = made.positiontup  # as they stand in the table
    return str(made), tuple(
        (name, into.c[name].type.dialect_impl(dialect).bind_processor(dialect)) for name in in_order
    )


@lru_cache(_KEPT)
def _from_json(table: type[Base], names: tuple[str, ...], known: _Known | None) -> Executable:
    """Return PostgreSQL's statement for rows of these columns, all in one text."""
    into = table_of(table)
    text = as_type(bindparam("rows", type_=Text()), JSON())
    rows = func.json_populate_recordset(literal_column(f"NULL::{into.name}"), text)
    values = rows.table_valued(*(column(name) for name in names))
    statement = postgresql.insert(into).from_select(names, select(*(values.c[name] for name in names)))
    settled: Executable = _settled(statement, table, known)
    return settled


def _settled(statement: Any, table: type[Base], known: _Known | None) -> Any:  # noqa: ANN401 (the dialects' inserts share no type)
    """Return an insert that says what becomes of the rows that are known."""
    if known is None:
        return statement
    if not known.key:
        return statement.on_conflict_do_nothing()
    changed = {name: table_of(table).c[name] + statement.excluded[name] for name in known.counts}
    changed |= {name: statement.excluded[name] for name in known.latest}
    return statement.on_conflict_do_update(index_elements=known.key, set_=changed)
