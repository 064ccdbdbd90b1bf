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

from sqlalchemy import ColumnElement, CompoundSelect, Select, case, column, func, literal_column, select, table, text
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

# What of a row is its own, before what stands around it.
_OWN = {"revisions": "title", "quotes": "text"}
_LONGEST_TITLE = 2_000
_LABEL_A = "'{a}'::\"char\"[]"
# Cuts words to their stems as FTS5 does; made by a migration.
_STEMMING: ColumnElement[Any] = literal_column("'sayso'")


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

    What holds all the words itself comes before what holds some of them, and that before what has them around it
    only: a quote in its contents, an article in its title. Both databases tell the same; their own measures do not.
    ``upto`` is the greatest ``seq`` that counts; ``among`` selects those that do, where others need not be looked at.
    """
    if _on_sqlite(session):
        return _ranked_on_sqlite(seq, wanted, upto, among)
    rows = seq.class_.__table__.alias("found")
    query = select(rows.c.seq, _own_on_postgresql(seq, wanted).label("relevance")).select_from(rows)
    query = query.where(_vector_matches("found", seq, wanted), rows.c.seq <= upto)
    if among is not None:
        query = query.where(rows.c.seq.in_(among))
    return query.order_by(rows.c.seq.desc()).limit(RANKED)


def _ranked_on_sqlite(
    seq: InstrumentedAttribute[int], wanted: Wanted, upto: int, among: Select[Any] | CompoundSelect[Any] | None
) -> Select[Any]:
    name = seq.class_.__tablename__
    index = table(name + INDEX_SUFFIX, column("rowid"))
    # Looked up by row number, the index would be searched anew for each.
    number: ColumnElement[Any] = literal_column(f"+{index.name}.rowid")
    whole = _fts_query(name, wanted)

    def newest(query: str, *columns: ColumnElement[Any]) -> Select[Any]:
        found = select(index.c.rowid.label("seq"), *columns).where(_fts_matches(name, query), number <= upto)
        return (found if among is None else found.where(number.in_(among))).order_by(index.c.rowid.desc()).limit(RANKED)

    terms = _terms_of(wanted)
    every, some = (f"({whole}) AND {{{_OWN[name]}}} : ({word.join(terms)})" for word in (" ", " OR "))
    # Whatever of the newest is in one of these is among the newest of it too.
    own = case((number.in_(newest(every)), 2), (number.in_(newest(some)), 1), else_=0)
    return newest(whole, own.label("relevance"))


def _own_on_postgresql(seq: InstrumentedAttribute[int], wanted: Wanted) -> ColumnElement[int]:
    if seq.class_.__tablename__ == "quotes":
        own: ColumnElement[Any] = func.ts_filter(literal_column(f"found.{INDEX_COLUMN}"), literal_column(_LABEL_A))
    else:
        title = func.normalize(func.left(func.coalesce(literal_column("found.title"), ""), _LONGEST_TITLE), text("NFD"))
        own = func.to_tsvector(_STEMMING, func.regexp_replace(title, "[\u0300-\u036f]", "", "g"))
    every, some = (_websearch(word.join(_terms_of(wanted))) for word in (" ", " or "))
    return case((own.bool_op("@@")(every), 2), (own.bool_op("@@")(some), 1), else_=0)


def _terms_of(wanted: Wanted) -> list[str]:
    """Return all terms, in quotation marks."""
    return [f'"{term}"' for part in (wanted.words, wanted.about) if part is not None for term in telling_terms(part)]


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
    name = seq.class_.__tablename__
    return select(index.c.rowid).where(_fts_matches(name, _fts_query(name, wanted)))


def _fts_matches(name: str, query: str) -> ColumnElement[bool]:
    return literal_column(name + INDEX_SUFFIX).bool_op("MATCH")(query)


def _fts_query(name: str, wanted: Wanted) -> str:
    parts = []
    if wanted.words is not None:
        terms = _quoted(wanted.words)
        parts.append(f"({{text}} : ({terms}))" if name == "quotes" else f"({terms})")
    if wanted.about is not None:
        parts.append(f"({_quoted(wanted.about)})")
    return " AND ".join(parts)


def _tsquery(query: str | None) -> ColumnElement[Any]:
    return _websearch(_quoted(query or ""))


def _websearch(query: str) -> ColumnElement[Any]:
    plain = "".join(c for c in unicodedata.normalize("NFD", query) if not "\u0300" <= c <= "\u036f")
    return func.websearch_to_tsquery(_STEMMING, plain)


def _vector_matches(name: str, seq: InstrumentedAttribute[int], wanted: Wanted) -> ColumnElement[bool]:
    """Return the condition that PostgreSQL's vector of a table, by its name or alias, holds what is asked for."""
    vector: ColumnElement[Any] = literal_column(f"{name}.{INDEX_COLUMN}")
    found: ColumnElement[bool] = literal_column("true")
    if wanted.words is not None:
        asked = _tsquery(wanted.words)
        found = vector.bool_op("@@")(asked)
        if seq.class_.__tablename__ == "quotes":
            # The index tells where a word may be; the label, whether it stands in the quote itself.
            found = found & func.ts_filter(vector, literal_column(_LABEL_A)).bool_op("@@")(asked)
    if wanted.about is not None:
        found = found & vector.bool_op("@@")(_tsquery(wanted.about))
    return found
