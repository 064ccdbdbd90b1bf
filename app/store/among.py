"""A column compared with any number of values that are one parameter, so that a statement is always the same words.

A parameter a value makes a statement of its own for every number of values: it is put together anew, and read and
planned anew by PostgreSQL, which prepares only what it sees again.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

import orjson
from sqlalchemy import BigInteger, Boolean, ColumnElement, Dialect, Integer, Text, bindparam, literal_column
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.orm import InstrumentedAttribute
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.functions import FunctionElement
from sqlalchemy.sql.operators import OperatorType
from sqlalchemy.types import TypeDecorator, TypeEngine


class _Values(TypeDecorator[Sequence[str] | Sequence[int]]):
    """Any number of values: an array on PostgreSQL, JSON on SQLite."""

    impl = Text
    cache_ok = True

    def __init__(self, *, whole: bool) -> None:
        super().__init__()
        self.whole = whole

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        """Return what a database takes them as."""
        if dialect.name == "postgresql" and self.whole:
            return dialect.type_descriptor(ARRAY(BigInteger()))
        return dialect.type_descriptor(Text())

    def process_bind_param(self, value: Sequence[str] | Sequence[int] | None, dialect: Dialect) -> Any:  # noqa: ANN401 (a driver's value)
        """Return the values as a driver takes them."""
        found = list(value or ())
        if dialect.name != "postgresql":
            return orjson.dumps(found).decode()
        return found if self.whole else f"{{{','.join(map(_quoted, found))}}}"


def _quoted(value: object) -> str:
    """Return a text as PostgreSQL writes it in an array: the driver takes longer, looking at each for itself."""
    return '"' + str(value).replace("\\", "\\\\").replace('"', '\\"') + '"'


class _IsAmong(FunctionElement[bool]):
    inherit_cache = True
    type = Boolean()

    def self_group(self, against: OperatorType | None = None) -> Any:  # noqa: ANN401, ARG002 (as the base class has it)
        """Return the condition as it is: compared with 1, as any other function would be, it finds no index."""
        return self


def as_written(values: Iterable[str]) -> list[ColumnElement[str]]:
    """Return our own words for an IN that has them as they are: parameters would be put into it anew each time."""
    return [literal_column(f"'{value}'") for value in values]


def is_among(column: ColumnElement[Any] | InstrumentedAttribute[Any], name: str) -> ColumnElement[bool]:
    """Return the condition that a column has one of the values of the parameter ``name``: strings or whole numbers."""
    return _IsAmong(column, bindparam(name, type_=_Values(whole=isinstance(column.type, Integer))))


@compiles(_IsAmong, "postgresql")
def _among_array(element: _IsAmong, compiler: SQLCompiler, **kw: Any) -> str:  # noqa: ANN401 (whatever the compiler hands on)
    column, values = element.clauses
    kind = "bigint[]" if isinstance(column.type, Integer) else "text[]"
    return f"{compiler.process(column, **kw)} = ANY (CAST({compiler.process(values, **kw)} AS {kind}))"


@compiles(_IsAmong, "sqlite")
def _among_json(element: _IsAmong, compiler: SQLCompiler, **kw: Any) -> str:  # noqa: ANN401 (whatever the compiler hands on)
    column, values = element.clauses
    return f"{compiler.process(column, **kw)} IN (SELECT value FROM json_each({compiler.process(values, **kw)}))"  # noqa: S608 (a parameter)
