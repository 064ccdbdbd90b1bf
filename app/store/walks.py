"""Lists that walk an index in order, however they are narrowed.

One condition drives: its index hands out the rows in the list's order. The others are looked at row by row, over a
bounded stretch of the walk: a page that finds too little within the stretch is short, and its cursor goes on where
the stretch ended. So no combination of filters takes longer than the stretch is long, and none sorts or scans a table.
"""

from __future__ import annotations

import operator
from collections import Counter, defaultdict
from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from functools import cmp_to_key
from typing import Any

from sqlalchemy import (
    BinaryExpression,
    ColumnElement,
    Integer,
    Select,
    UnaryExpression,
    and_,
    bindparam,
    func,
    or_,
    select,
    true,
)
from sqlalchemy.orm import InstrumentedAttribute, Session
from sqlalchemy.sql.operators import custom_op

from app.errors import CursorError
from app.store.paging import Key, PageRequest, decode_cursor, encode_cursor
from app.store.rows import AnyRow, read_rows
from app.store.views import Facet

STRETCH = 1_000
"""Rows of the driving index that one page looks at, at most."""
COUNTED = 1_000
"""Items that a facet counts, at most."""
COUNTED_BESIDE = 500
"""Items that a facet counts, at most, whose values stand in another table."""
VALUES_SHOWN = 25
ROWS_BESIDE = 2_000
"""Rows of another table that a facet reads, at most."""

Given = Mapping[str, Any]
"""Values of the parameters that a walk's conditions have."""
_COMPARED = (operator.eq, operator.lt, operator.le, operator.gt, operator.ge)
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)
_LAST = 2**31 - 1
_NOTHING: Given = {}
Joined = Callable[[Select[Any]], Select[Any]]


@dataclass(frozen=True, slots=True)
class SortKey:
    """A column that a list is sorted by, and which way. ``kind`` is what its values are."""

    column: Any
    kind: type[str | int | datetime]
    descending: bool = False

    def order(self) -> ColumnElement[Any]:
        """Return the clause to order by."""
        ordered: ColumnElement[Any] = self.column.desc() if self.descending else self.column.asc()
        return ordered

    def beyond(self, value: object, *, inclusive: bool) -> ColumnElement[bool]:
        """Return the condition that a row comes after ``value``, or is level with it."""
        column = self.column
        if self.descending:
            found: ColumnElement[bool] = column <= value if inclusive else column < value
        else:
            found = column >= value if inclusive else column > value
        return found

    def before(self, value: object) -> ColumnElement[bool]:
        """Return the condition that a row comes before ``value`` or is level with it."""
        found: ColumnElement[bool] = self.column >= value if self.descending else self.column <= value
        return found


@dataclass(frozen=True, slots=True)
class Walk:
    """How a list is walked: from where, in which order, under which conditions.

    ``driving`` of the ``keys`` order the rows of the driving table, under the conditions ``wanted`` that its index
    serves; ``joined`` joins what items are made of to it, and ``checked`` are the conditions that remain. Statements
    are ``made`` of it once: the conditions may have parameters, whose values are ``given`` when it is walked.
    """

    tag: str
    source: Any
    joined: Joined
    keys: tuple[SortKey, ...]
    driving: int
    wanted: list[ColumnElement[bool]] = field(default_factory=list)
    checked: list[ColumnElement[bool]] = field(default_factory=list)
    made: dict[Hashable, Select[Any]] = field(default_factory=dict, init=False)

    def driven_by(self, session: Session, condition: ColumnElement[bool]) -> Walk:
        """Return the walk over the few rows that meet ``condition``: all of them are looked at, so nothing is cut."""
        rest = [loosened(session, one) for one in (*self.wanted, *self.checked)]
        return replace(self, wanted=[condition, *rest], checked=[], driving=len(self.keys))

    def page(
        self, session: Session, columns: Sequence[Any], request: PageRequest, given: Given = _NOTHING
    ) -> tuple[Sequence[AnyRow], str | None]:
        """Return the rows of one page, with the sort keys after the ``columns``, and the next page's cursor.

        Raises: CursorError.
        """
        start = None if request.cursor is None else self.decoded(request.cursor)
        edge = self._edge(session, start, given)
        key = ("page", tuple(columns), start is None, edge is None)
        query = self.made.get(key)
        if query is None:
            query = self._query(columns, start, edge).order_by(*(k.order() for k in self.keys))
            query = self.made[key] = query.limit(bindparam("most", type_=Integer()))
        values = {**given, **_named("start", start), **_named("edge", edge), "most": request.limit + 1}
        rows = read_rows(session, query, values)
        if len(rows) > request.limit:
            rows = rows[: request.limit]
            return rows, self.encoded(rows[-1][-len(self.keys) :])
        return rows, None if edge is None else self.encoded(edge)

    def facet(self, session: Session, column: Any, given: Given = _NOTHING) -> Facet:  # noqa: ANN401 (a column of any type)
        """Return how often each value of ``column`` occurs among the list's first items, the most frequent first."""
        edge = self._edge(session, None, given)
        key = ("facet", column, edge is None)
        counted = self.made.get(key)
        if counted is None:
            query = self._query([column.label("value")], None, edge)
            first = query.order_by(*(k.order() for k in self.keys)).limit(bindparam("most", type_=Integer())).subquery()
            counted = self.made[key] = select(first.c.value, func.count()).group_by(first.c.value)
        found = read_rows(session, counted, {**given, **_named("edge", edge), "most": COUNTED})
        rows = [(value, int(number)) for value, number in found]
        total = sum(number for _, number in rows)
        return Facet(ranked(rows)[:VALUES_SHOWN], total, capped=edge is not None or total == COUNTED)

    def facet_through(
        self,
        session: Session,
        key: Any,  # noqa: ANN401 (a column of any type)
        leads: Any,  # noqa: ANN401 (a column of any type)
        column: Any,  # noqa: ANN401 (a column of any type)
        *where: ColumnElement[bool],
        form: Callable[[str], str] = str,
        given: Given = _NOTHING,
    ) -> Facet:
        """Return how many of the list's first items have each value of ``column``, which stands in another table.

        Values of one ``form`` are one, told as most of them are written.
        ``leads`` is the column there that holds an item's ``key``. Only so many rows of it are read: then it is capped,
        and the items that were read of are those that count.
        """
        edge = self._edge(session, None, given)
        values = {**given, **_named("edge", edge)}
        query = self._query([key.label("key")], None, edge).order_by(*(k.order() for k in self.keys))
        first = query.limit(COUNTED_BESIDE).subquery()
        total = read_rows(session, select(func.count()).select_from(first), values)[0][0]
        told = (column.is_not(None), *where)
        if session.get_bind().dialect.name == "sqlite":
            beside = select(first.c.key, column.label("value")).join(leads.class_, leads == first.c.key).where(*told)
        else:
            # An offset, of nothing, keeps PostgreSQL from reading the whole other table to join it at once.
            own = select(column.label("value")).where(leads == first.c.key, *told).offset(0).lateral()
            beside = select(first.c.key, own.c.value).join(own, true())
        # Counted here: the database would look for these rows once for each of the figures.
        read = read_rows(session, beside.limit(ROWS_BESIDE), values)
        counts = _one_of_each_form({(key, value) for key, value in read}, form)
        whole = len(read) < ROWS_BESIDE
        items = total if whole else len({key for key, _ in read})
        capped = edge is not None or total == COUNTED_BESIDE or not whole
        return Facet(ranked(counts.items())[:VALUES_SHOWN], items, capped=capped)

    def _query(
        self, columns: Sequence[Any], start: tuple[Any, ...] | None, edge: tuple[Any, ...] | None
    ) -> Select[Any]:
        query = self.joined(select(*columns, *(k.column for k in self.keys)).select_from(self.source))
        query = query.where(*self.wanted, *self.checked)
        if start is not None:
            query = query.where(after(self.keys, _parameters("start", self.keys)))
        if edge is not None:
            keys = self.keys[: self.driving]
            query = query.where(until(keys, _parameters("edge", keys)))
        return query

    def _edge(self, session: Session, start: tuple[Any, ...] | None, given: Given) -> tuple[Any, ...] | None:
        """Return the sort keys of the last row of the stretch; None where the walk need not be cut or ends before."""
        own = self.driving == len(self.keys)
        if own and not self.checked:
            return None
        keys = self.keys[: self.driving]
        # A story in the middle of which a page ended is looked at again; one that it ended with is not.
        within = start is not None and not own and start[-1] != _LAST
        key = ("edge", start is None, within)
        query = self.made.get(key)
        if query is None:
            query = select(*(k.column for k in keys)).select_from(self.source).where(*self.wanted)
            if start is not None:
                query = query.where(after(keys, _parameters("start", keys), inclusive=within))
            query = query.order_by(*(k.order() for k in keys)).offset(bindparam("skipped", type_=Integer())).limit(1)
            self.made[key] = query
        found = read_rows(session, query, {**given, **_named("start", start), "skipped": STRETCH - 1})
        row = found[0] if found else None
        return None if row is None else (*row, *((_LAST,) * (len(self.keys) - self.driving)))

    def encoded(self, values: Sequence[Any]) -> str:
        """Return the cursor that points after the item with these sort keys."""
        plain: list[Key] = [(v - _EPOCH) // _MICROSECOND if isinstance(v, datetime) else v for v in values]
        return encode_cursor(self.tag, plain)

    def decoded(self, cursor: str) -> tuple[Any, ...]:
        """Return the sort keys that a cursor of this list holds.

        Raises: CursorError.
        """
        kinds: list[type[Key]] = [int if k.kind is datetime else k.kind for k in self.keys]  # type: ignore[misc]
        found = decode_cursor(cursor, self.tag, *kinds)
        try:
            return tuple(
                _EPOCH + timedelta(microseconds=int(value)) if key.kind is datetime else value
                for key, value in zip(self.keys, found, strict=True)
            )
        except OverflowError as error:
            raise CursorError("cursor", "is not one that a list of this service gave") from error


def merged_page(
    session: Session, walks: Sequence[Walk], columns: Sequence[Any], request: PageRequest, given: Given = _NOTHING
) -> tuple[Sequence[AnyRow], str | None]:
    """Return one page of several walks in the same order that have no item in common.

    Raises: CursorError.
    """
    if len(walks) == 1:
        return walks[0].page(session, columns, request, given)
    keys = walks[0].keys

    def compared(one: Sequence[Any], other: Sequence[Any]) -> int:
        return _compared(keys, one, other)

    place = cmp_to_key(compared)
    rows: list[AnyRow] = []
    ends: list[tuple[Any, ...]] = []
    for walk in walks:
        found, following = walk.page(session, columns, request, given)
        rows += found
        if following is not None:
            ends.append(walk.decoded(following))
    rows.sort(key=lambda row: place(row[-len(keys) :]))
    # Beyond the first end, another walk may have items that were not looked at yet.
    end = min(ends, key=place) if ends else None
    if end is not None:
        rows = [row for row in rows if _compared(keys, row[-len(keys) :], end) <= 0]
    if len(rows) > request.limit:
        rows = rows[: request.limit]
        end = tuple(rows[-1][-len(keys) :])
    return rows, None if end is None else walks[0].encoded(end)


def merged_facet(
    session: Session,
    walks: Sequence[Walk],
    column: Any,  # noqa: ANN401 (a column)
    given: Given = _NOTHING,
) -> Facet:
    """Return how often each value of ``column`` occurs among the first items of each of several walks."""
    facets = [walk.facet(session, column, given) for walk in walks]
    counts: Counter[str | None] = Counter()
    for facet in facets:
        counts.update(dict(facet.values))
    return Facet(
        ranked(counts.items())[:VALUES_SHOWN], sum(f.counted for f in facets), capped=any(f.capped for f in facets)
    )


def _one_of_each_form(told: Iterable[tuple[Any, str]], form: Callable[[str], str]) -> Counter[str | None]:
    """Return how many keys have a value of each form, by the form's most frequent value."""
    spelled: defaultdict[str, Counter[str | None]] = defaultdict(Counter)
    keys: defaultdict[str, set[Any]] = defaultdict(set)
    for key, value in told:
        spelled[form(value)][value] += 1
        keys[form(value)].add(key)
    return Counter({ranked(values.items())[0][0]: len(keys[one]) for one, values in spelled.items()})


def ranked(counts: Iterable[tuple[str | None, int]]) -> tuple[tuple[str | None, int], ...]:
    """Return values with their counts, the most frequent first, equals by their letters and the unknown last."""
    return tuple(sorted(counts, key=lambda row: (-row[1], row[0] is None, row[0] or "")))


def _compared(keys: Sequence[SortKey], one: Sequence[Any], other: Sequence[Any]) -> int:
    for key, mine, its in zip(keys, one, other, strict=True):
        if mine != its:
            return 1 if (mine > its) != key.descending else -1
    return 0


def _parameters(name: str, keys: Sequence[SortKey]) -> list[Any]:
    """Return a parameter for the value of each key."""
    return [bindparam(f"{name}_{i}", type_=key.column.type) for i, key in enumerate(keys)]


def _named(name: str, values: Sequence[Any] | None) -> dict[str, Any]:
    """Return the values of these parameters."""
    return {f"{name}_{i}": value for i, value in enumerate(values or ())}


def after(keys: Sequence[SortKey], values: Sequence[object], *, inclusive: bool = False) -> ColumnElement[bool]:
    """Return the condition that a row comes after the one with these sort keys.

    The first key alone bounds the walk along the index; the whole of it says where within equal ones to begin.
    """
    first, *rest = keys
    if not rest:
        return first.beyond(values[0], inclusive=inclusive)
    within = after(rest, values[1:], inclusive=inclusive)
    return and_(first.beyond(values[0], inclusive=True), or_(first.beyond(values[0], inclusive=False), within))


def until(keys: Sequence[SortKey], values: Sequence[object]) -> ColumnElement[bool]:
    """Return the condition that a row does not come after the one with these sort keys."""
    first, *rest = keys
    if not rest:
        return first.before(values[0])
    return and_(first.before(values[0]), or_(first.column != values[0], until(rest, values[1:])))


def are_few(session: Session, column: InstrumentedAttribute[Any], value: object) -> bool:
    """Say whether so few rows have a value in a column with an index that a page may look at all of them."""
    first = select(column).where(column == value).limit(STRETCH + 1).subquery()
    number: int = read_rows(session, select(func.count()).select_from(first))[0][0]
    return number <= STRETCH


def loosened(session: Session, condition: ColumnElement[bool]) -> ColumnElement[bool]:
    """Return a condition that compares a column so that it is looked at row by row (``held``); others as they are."""
    if isinstance(condition, BinaryExpression) and condition.operator in _COMPARED:
        loose: ColumnElement[bool] = condition.operator(held(session, condition.left), condition.right)
        return loose
    return condition


def held(session: Session, column: Any) -> Any:  # noqa: ANN401 (a column of any type)
    """Return ``column`` for a condition that is to be looked at row by row.

    SQLite, which keeps no statistics unless it is told to, would else choose another index than the driving one. A
    plus sign before a column is its documented way to say so; PostgreSQL knows how frequent values are.
    """
    if session.get_bind().dialect.name != "sqlite":
        return column
    return UnaryExpression(column, operator=custom_op("+"), type_=column.type)
