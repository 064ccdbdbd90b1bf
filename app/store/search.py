"""Full text, by the database's own index: FTS5 on SQLite, tsvector on PostgreSQL. The two meet here only.

A query is words and "phrases in quotation marks"; all of them must occur, in any inflection and without regard
to case and accents. The indexes themselves are made by the first migration and follow the tables by triggers
(SQLite) and a generated column (PostgreSQL).
"""

from __future__ import annotations

import re
import unicodedata

from sqlalchemy import ColumnElement, column, func, literal_column, select, table
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


def matches(session: Session, seq: InstrumentedAttribute[int], query: str) -> ColumnElement[bool]:
    """Return the condition that the row with this ``seq`` holds what ``query`` asks for."""
    name = seq.class_.__tablename__
    terms = " ".join(f'"{term}"' for term in terms_of(query))
    if not terms:
        return literal_column("1") == literal_column("0")
    if session.get_bind().dialect.name == "sqlite":
        index = table(name + INDEX_SUFFIX, column("rowid"))
        hit = literal_column(index.name).bool_op("MATCH")(terms)
        return seq.in_(select(index.c.rowid).where(hit))
    plain = unicodedata.normalize("NFD", terms)
    plain = "".join(c for c in plain if not "\u0300" <= c <= "\u036f")
    return literal_column(f"{name}.{INDEX_COLUMN}").bool_op("@@")(func.websearch_to_tsquery("english", plain))
