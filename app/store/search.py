"""Full text, by the database's own index: FTS5 on SQLite, tsvector on PostgreSQL. The two meet here only.

A query is words and "phrases in quotation marks"; all of them must occur, in any inflection and without regard
to case and accents; words that stand in every text are not looked for. The indexes themselves are made by migrations
and follow the tables by triggers (SQLite) and a generated column (PostgreSQL); words that a column broke at its end are
in them whole as well as in their parts. What stands around quotes is in their index too, for what they are about.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, CompoundSelect, Select, column, func, literal_column, select, table
from sqlalchemy.orm import InstrumentedAttribute, Session

from app.store.stop_words import STOP_WORDS

# The tables that have a full-text index: on SQLite it is the table <name>_search, on PostgreSQL a column search.
INDEXED = ("revisions", "quotes", "positions")
INDEX_SUFFIX = "_search"
INDEX_COLUMN = "search"

_TERMS = re.compile(r'"([^"]*)"|([^"\s]+)')
_SEPARATORS = {"Cc", "Cf", "Cs", "Zs", "Zl", "Zp"}

NEWEST = 1_000
"""Of the rows that hold the words asked for, a list looks at so many: the ones that were stored last."""
RANKED = 1_000
"""Of the rows that hold the words asked for, so many are put in the order of relevance: those stored last."""

# How much a word counts by where it stands. On SQLite column by column, on PostgreSQL for the labels D, C, B and A.
_WEIGHTS = {
    "revisions": ("4.0, 1.0", "{0.1, 0.1, 0.1, 0.1}"),
    "quotes": ("2.0, 1.0", "{0.1, 0.1, 0.5, 1.0}"),
    "positions": ("1.0", "{0.1, 0.1, 0.1, 0.1}"),
}


def terms_of(query: str) -> tuple[str, ...]:
    """Return the words and phrases asked for; none for a query without a letter or digit."""
    clean = "".join(" " if unicodedata.category(c) in _SEPARATORS else c for c in query)
    found = ((phrase or word).strip() for phrase, word in _TERMS.findall(clean))
    return tuple(term for term in found if any(c.isalnum() for c in term))


def telling_terms(query: str) -> tuple[str, ...]:
    """Return the words and phrases that are looked for: those of every text are left out, in a phrase at its ends."""
    found = []
    for term in terms_of(query):
        words = term.split()
        while words and words[0].lower() in STOP_WORDS:
            del words[0]
        while words and words[-1].lower() in STOP_WORDS:
            del words[-1]
        if words:
            found.append(" ".join(words))
    return tuple(found)


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a row is to hold: ``words`` in its text, ``about`` in its text or in what stands around that."""

    words: str | None = None
    about: str | None = None

    @property
    def nothing(self) -> bool:
        """Whether something is asked for in which no word can be found."""
        return any(part is not None and not telling_terms(part) for part in (self.words, self.about))


def among_newest(session: Session, seq: InstrumentedAttribute[int], query: str | Wanted) -> ColumnElement[bool]:
    """Return the condition that the row with this ``seq`` is among the newest that hold what ``query`` asks for."""
    wanted = _wanted(query)
    if wanted.nothing:
        return _never()
    if _on_sqlite(session):
        found = _hits(seq, wanted)
        return seq.in_(found.order_by(found.selected_columns[0].desc()).limit(NEWEST))
    rows = seq.class_.__table__.alias("found")
    newest = select(rows.c.seq).where(_vector_matches("found", seq, wanted)).order_by(rows.c.seq.desc()).limit(NEWEST)
    return seq.in_(newest)


def matches(session: Session, seq: InstrumentedAttribute[int], query: str | Wanted) -> ColumnElement[bool]:
    """Return the condition that the row with this ``seq`` holds what ``query`` asks for."""
    wanted = _wanted(query)
    if wanted.nothing:
        return _never()
    if _on_sqlite(session):
        return seq.in_(_hits(seq, wanted))
    return _vector_matches(seq.class_.__tablename__, seq, wanted)


def ranked(
    session: Session,
    seq: InstrumentedAttribute[int],
    wanted: Wanted,
    upto: int,
    among: Select[Any] | CompoundSelect[Any] | None,
) -> Select[Any]:
    """Return ``seq`` and ``relevance``, the greater the better, of the newest rows that hold what is wanted.

    ``upto`` is the greatest ``seq`` that counts; ``among`` selects those that do, where others need not be looked at.
    Source: Okapi BM25, as FTS5 has it; cover density, as PostgreSQL's ts_rank_cd has it.
    """
    name = seq.class_.__tablename__
    if _on_sqlite(session):
        index = table(name + INDEX_SUFFIX, column("rowid"))
        # bm25 is the less the better. Looked up by row number, the index would be searched anew for each.
        relevance: ColumnElement[Any] = literal_column(f"-bm25({index.name}, {_WEIGHTS[name][0]})").label("relevance")
        query = select(index.c.rowid.label("seq"), relevance).where(_fts_matches(seq, wanted))
        number: ColumnElement[Any] = literal_column(f"+{index.name}.rowid")
        order: ColumnElement[Any] = index.c.rowid
    else:
        rows = seq.class_.__table__.alias("found")
        vector: ColumnElement[Any] = literal_column(f"found.{INDEX_COLUMN}")
        asked = _tsquery(wanted.words) if wanted.about is None else _tsquery(wanted.about)
        if wanted.words is not None and wanted.about is not None:
            asked = asked.op("&&")(_tsquery(wanted.words))
        relevance = func.ts_rank_cd(literal_column(f"'{_WEIGHTS[name][1]}'::real[]"), vector, asked).label("relevance")
        query = select(rows.c.seq, relevance).select_from(rows).where(_vector_matches("found", seq, wanted))
        number = order = rows.c.seq
    query = query.where(number <= upto)
    if among is not None:
        query = query.where(number.in_(among))
    return query.order_by(order.desc()).limit(RANKED)


def _wanted(query: str | Wanted) -> Wanted:
    return Wanted(query) if isinstance(query, str) else query


def _never() -> ColumnElement[bool]:
    return literal_column("1") == literal_column("0")


def _on_sqlite(session: Session) -> bool:
    return session.get_bind().dialect.name == "sqlite"


def _quoted(query: str) -> str:
    return " ".join(f'"{term}"' for term in telling_terms(query))


def _hits(seq: InstrumentedAttribute[int], wanted: Wanted) -> Select[Any]:
    """Return the row numbers of SQLite's index that hold what is asked for."""
    index = table(seq.class_.__tablename__ + INDEX_SUFFIX, column("rowid"))
    return select(index.c.rowid).where(_fts_matches(seq, wanted))


def _fts_matches(seq: InstrumentedAttribute[int], wanted: Wanted) -> ColumnElement[bool]:
    name = seq.class_.__tablename__
    parts = []
    if wanted.words is not None:
        terms = _quoted(wanted.words)
        parts.append(f"({{text}} : ({terms}))" if name == "quotes" else f"({terms})")
    if wanted.about is not None:
        parts.append(f"({_quoted(wanted.about)})")
    return literal_column(name + INDEX_SUFFIX).bool_op("MATCH")(" AND ".join(parts))


def _tsquery(query: str | None) -> ColumnElement[Any]:
    plain = unicodedata.normalize("NFD", _quoted(query or ""))
    plain = "".join(c for c in plain if not "\u0300" <= c <= "\u036f")
    return func.websearch_to_tsquery(literal_column("'english'"), plain)


def _vector_matches(name: str, seq: InstrumentedAttribute[int], wanted: Wanted) -> ColumnElement[bool]:
    """Return the condition that PostgreSQL's vector of a table, by its name or alias, holds what is asked for."""
    vector: ColumnElement[Any] = literal_column(f"{name}.{INDEX_COLUMN}")
    found: ColumnElement[bool] = literal_column("true")
    if wanted.words is not None:
        asked = _tsquery(wanted.words)
        found = vector.bool_op("@@")(asked)
        if seq.class_.__tablename__ == "quotes":
            # The index tells where a word may be; the label, whether it stands in the quote itself.
            found = found & func.ts_filter(vector, literal_column("'{a}'::\"char\"[]")).bool_op("@@")(asked)
    if wanted.about is not None:
        found = found & vector.bool_op("@@")(_tsquery(wanted.about))
    return found
