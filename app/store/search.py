"""Full text, by the database's own index: FTS5 on SQLite, tsvector on PostgreSQL. The two meet here only.

A query is words and "phrases in quotation marks"; all of them must occur, in any inflection and without regard
to case and accents. The indexes themselves are made by migrations and follow the tables by triggers (SQLite) and
a generated column (PostgreSQL); words that a column broke at its end are in them whole as well as in their parts.
"""

from __future__ import annotations

import re
import unicodedata
from typing import Any

from sqlalchemy import ColumnElement, Select, column, func, literal_column, select, table
from sqlalchemy.orm import InstrumentedAttribute, Session

# The tables that have a full-text index: on SQLite it is the table <name>_search, on PostgreSQL a column search.
INDEXED = ("revisions", "quotes", "positions")
INDEX_SUFFIX = "_search"
INDEX_COLUMN = "search"

_TERMS = re.compile(r'"([^"]*)"|([^"\s]+)')
_SEPARATORS = {"Cc", "Cf", "Cs", "Zs", "Zl", "Zp"}


def terms_of(query: str) -> tuple[str, ...]:
    """Return the words and phrases asked for; none for a query without a letter or digit."""
    clean = "".join(" " if unicodedata.category(c) in _SEPARATORS else c for c in query)
    found = ((phrase or word).strip() for phrase, word in _TERMS.findall(clean))
    return tuple(term for term in found if any(c.isalnum() for c in term))


NEWEST = 5_000
"""Of the rows that hold the words asked for, a list looks at so many: the ones that were stored last."""


def among_newest(session: Session, seq: InstrumentedAttribute[int], query: str) -> ColumnElement[bool]:
    """Return the condition that the row with this ``seq`` is among the newest that hold what ``query`` asks for."""
    if session.get_bind().dialect.name == "sqlite":
        found = _hits(seq, query)
        if found is None:
            return literal_column("1") == literal_column("0")
        rowid = found.selected_columns[0]
        return seq.in_(found.order_by(rowid.desc()).limit(NEWEST))
    rows = seq.class_.__table__.alias("found")
    condition = _vector_matches("found", query)
    newest = select(rows.c.seq).where(condition).order_by(rows.c.seq.desc()).limit(NEWEST)
    return seq.in_(newest)


def matches(session: Session, seq: InstrumentedAttribute[int], query: str) -> ColumnElement[bool]:
    """Return the condition that the row with this ``seq`` holds what ``query`` asks for."""
    if session.get_bind().dialect.name == "sqlite":
        found = _hits(seq, query)
        return literal_column("1") == literal_column("0") if found is None else seq.in_(found)
    return _vector_matches(seq.class_.__tablename__, query)


def _quoted(query: str) -> str:
    return " ".join(f'"{term}"' for term in terms_of(query))


def _hits(seq: InstrumentedAttribute[int], query: str) -> Select[Any] | None:
    """Return the row numbers of SQLite's index that hold what is asked for, None when nothing is asked for."""
    terms = _quoted(query)
    if not terms:
        return None
    index = table(seq.class_.__tablename__ + INDEX_SUFFIX, column("rowid"))
    return select(index.c.rowid).where(literal_column(index.name).bool_op("MATCH")(terms))


def _vector_matches(name: Any, query: str) -> ColumnElement[bool]:  # noqa: ANN401 (the name of a table or an alias)
    """Return the condition that PostgreSQL's vector of a table holds what is asked for."""
    terms = _quoted(query)
    if not terms:
        return literal_column("1") == literal_column("0")
    plain = unicodedata.normalize("NFD", terms)
    plain = "".join(c for c in plain if not "\u0300" <= c <= "\u036f")
    vector: ColumnElement[Any] = literal_column(f"{name}.{INDEX_COLUMN}")
    return vector.bool_op("@@")(func.websearch_to_tsquery("english", plain))
