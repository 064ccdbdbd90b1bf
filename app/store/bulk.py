"""Many rows written by one statement each, which is made once and kept. None of the functions commits.

Statements over tables, not classes: of a class the ORM sends one statement for each set of columns that are None, and
takes longer to make it than SQLite takes to run it.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from typing import Any, cast

from sqlalchemy import BindParameter, Executable, Table, bindparam
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from app.store.tables import Base

Row = dict[str, Any]


def insert_rows(session: Session, table: type[Base], rows: Sequence[Row]) -> None:
    """Insert rows, all of the same columns; none does nothing."""
    if rows:
        session.execute(_insert(_dialect(session), table), rows)


def insert_unknown(session: Session, table: type[Base], rows: Sequence[Row]) -> None:
    """Insert the rows whose keys are not there yet."""
    if rows:
        session.execute(_insert_unknown(_dialect(session), table), rows)


def add_counts(
    session: Session,
    table: type[Base],
    key: tuple[str, ...],
    counts: tuple[str, ...],
    rows: Sequence[Row],
    *,
    latest: tuple[str, ...] = (),
) -> None:
    """Insert rows, or add their ``counts`` to those of the rows that have their keys, and set what is ``latest``."""
    if rows:
        session.execute(_add_counts(_dialect(session), table, key, counts, latest), rows)


def among(name: str) -> BindParameter[Any]:
    """Return a parameter that stands for any number of values: for statements that are made once."""
    return bindparam(name, expanding=True)


def table_of(table: type[Base]) -> Table:
    """Return the table that a class stands for."""
    return cast(Table, table.__table__)


def _dialect(session: Session) -> str:
    return session.get_bind().dialect.name


@cache
def _insert(dialect: str, table: type[Base]) -> Any:  # noqa: ANN401 (the two dialects' inserts share no type)
    return (sqlite if dialect == "sqlite" else postgresql).insert(table_of(table))


@cache
def _insert_unknown(dialect: str, table: type[Base]) -> Executable:
    statement: Executable = _insert(dialect, table).on_conflict_do_nothing()
    return statement


@cache
def _add_counts(
    dialect: str, table: type[Base], key: tuple[str, ...], counts: tuple[str, ...], latest: tuple[str, ...]
) -> Executable:
    statement = _insert(dialect, table)
    changed = {count: table_of(table).c[count] + statement.excluded[count] for count in counts}
    changed |= {column: statement.excluded[column] for column in latest}
    added: Executable = statement.on_conflict_do_update(index_elements=key, set_=changed)
    return added
