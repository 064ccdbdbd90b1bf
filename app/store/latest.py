"""The latest rows of each of several others: so many of each, found along an index one after another."""

from __future__ import annotations

from collections.abc import Sequence
from operator import itemgetter
from typing import Any

from sqlalchemy import Select, select, true
from sqlalchemy.orm import Session, aliased

from app.store.among import is_among
from app.store.known import chunks
from app.store.rows import AnyRow, read_rows
from app.store.tables import PositionRow, QuoteRow

# By their places: a row is slow to tell a value by its name.
_ARTICLE, _ORDINAL = itemgetter(-2), itemgetter(-1)


class Latest:
    """The newest stories' rows that lead to a key, at most ``most`` for each: ``columns`` of them behind the key.

    ``key`` is the column that others lead to by ``leads``, the name of one; rows have the values ``equal``. The
    statement is made once: making it takes longer than running it.
    """

    def __init__(
        self,
        key: Any,  # noqa: ANN401 (a column of any type)
        table: type[QuoteRow | PositionRow],
        leads: str,
        columns: Sequence[Any],
        most: int,
        equal: dict[str, object] | None = None,
    ) -> None:
        self.key = key
        self.table = table
        self.leads = leads
        self.columns = columns
        self.most = most
        self.equal = equal or {}
        self._made: dict[str, Select[Any]] = {}

    def rows(self, session: Session, keys: Sequence[str]) -> list[AnyRow]:
        """Return the rows for these keys, the newest story's first, each story's in the order of its text.

        Shape: key, columns, article_id, ordinal.
        """
        dialect = session.get_bind().dialect.name
        if dialect not in self._made:
            self._made[dialect] = self._query(dialect)
        found = [row for some in chunks(keys) for row in read_rows(session, self._made[dialect], {"keys": some})]
        found.sort(key=_ORDINAL)
        found.sort(key=_ARTICLE, reverse=True)
        return found

    def _query(self, dialect: str) -> Select[Any]:
        columns = (*self.columns, self.table.article_id, self.table.ordinal)
        if dialect == "sqlite":
            own = aliased(self.table)
            newest = self._newest(select(own.seq), own).correlate(self.key.class_)
            query = select(self.key.label("key"), *columns).join(self.table, self.table.seq.in_(newest))
        else:
            found = self._newest(select(*columns), self.table).correlate(self.key.class_).lateral()
            query = select(self.key.label("key"), *found.c).join(found, true())
        return query.where(is_among(self.key, "keys"))

    def _newest(self, query: Select[Any], row: Any) -> Select[Any]:  # noqa: ANN401 (a table)
        equal = (getattr(row, name) == value for name, value in self.equal.items())
        query = query.where(getattr(row, self.leads) == self.key, *equal)
        return query.order_by(row.article_id.desc(), row.ordinal).limit(self.most)
