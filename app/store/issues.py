"""Issues: what stances are about, the same across stories as long as their labels say the same words."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from hashlib import blake2b

from sqlalchemy import ColumnElement, exists, func, select, union
from sqlalchemy.orm import Session

from app.errors import MovedError, NotFoundError
from app.store.among import is_among
from app.store.asked import Ways
from app.store.filters import IssueFilter, storable
from app.store.folding import folded
from app.store.known import chunks
from app.store.latest import Latest
from app.store.paging import Page, PageRequest
from app.store.redirects import moved_to
from app.store.rows import AnyRow, read_rows
from app.store.search import NEWEST, among_newest
from app.store.tables import IssueRow, PositionRow
from app.store.views import Facet, IssueView
from app.store.walks import SortKey, Walk

_FIRST, _LATEST = (
    select(way(PositionRow.dated_at)).where(PositionRow.issue_id == IssueRow.id).scalar_subquery()
    for way in (func.min, func.max)
)
_SEEN = select(IssueRow.id, _FIRST, _LATEST).where(is_among(IssueRow.id, "ids"))
_COLUMNS = (IssueRow.id, IssueRow.label, IssueRow.positions)
_WIDTH = len(_COLUMNS)
_BY_ID = select(*_COLUMNS).where(is_among(IssueRow.id, "ids"))
_STANCES_OF = (
    select(PositionRow.article_id, func.count())
    .where(is_among(PositionRow.article_id, "ids"), PositionRow.kind == "stance")
    .group_by(PositionRow.article_id)
)
_DIGEST_BYTES = 10
LAST = "\U0010ffff"
_LATEST_STANCES = Latest(IssueRow.id, PositionRow, "issue_id", (), 20)


def issue_id(label: str) -> str:
    """Return the id of the issue that ``label`` names."""
    return "iss_" + blake2b(folded(label).encode(), digest_size=_DIGEST_BYTES).hexdigest()


def issue(session: Session, issue_id: str) -> IssueView:
    """Return one issue.

    Raises: NotFoundError; MovedError when it was merged into another.
    """
    return _views(session, [_row(session, issue_id)])[issue_id]


def issue_key(session: Session, issue_id: str) -> str:
    """Return the id of an issue that is known.

    Raises: NotFoundError; MovedError when it was merged into another.
    """
    return str(_row(session, issue_id).id)


def issues(session: Session, narrowed: IssueFilter, page: PageRequest) -> Page[IssueView]:
    """Return issues by label.

    Raises: CursorError.
    """
    walk, given = _WAYS.of(session, narrowed)
    rows, following = walk.page(session, _COLUMNS, page, given)
    found = _views(session, rows)
    return Page(tuple(found[row.id] for row in rows), following)


def issue_facets(session: Session, narrowed: IssueFilter, names: Sequence[str]) -> dict[str, Facet]:
    """Return on how many of the list's first issues each side is taken; ``names`` are "polarity", or none."""
    walk, given = _WAYS.of(session, narrowed)
    through = (IssueRow.id, PositionRow.issue_id, PositionRow.polarity)
    return {name: walk.facet_through(session, *through, given=given) for name in names}


def _walk(_session: Session, narrowed: IssueFilter, _with_story: bool) -> Walk:  # noqa: FBT001 (as Ways calls it)
    wanted: list[ColumnElement[bool]] = []
    if narrowed.prefix is not None:
        start = folded(narrowed.prefix)
        wanted += [IssueRow.folded >= start, IssueRow.folded < start + LAST]
    if narrowed.article_id is not None:
        wanted.append(
            IssueRow.id.in_(select(PositionRow.issue_id).where(PositionRow.article_id == narrowed.article_id))
        )
    checked: list[ColumnElement[bool]] = []
    if narrowed.polarity is not None:
        taken = (PositionRow.issue_id == IssueRow.id, PositionRow.polarity == narrowed.polarity)
        checked.append(exists().where(*taken))
    keys = (SortKey(IssueRow.folded, str), SortKey(IssueRow.id, str))
    tag = "issues"
    if narrowed.sort == "-positions":
        keys = (SortKey(IssueRow.positions, int, descending=True), SortKey(IssueRow.id, str, descending=True))
        tag = "issues by positions"
    return Walk(tag, IssueRow, lambda query: query, keys, len(keys), wanted, checked)


_WAYS = Ways(frozenset({"article_id", "polarity"}), frozenset({"sort"}), _walk)


def issues_of_words(session: Session, q: str, limit: int) -> tuple[IssueView, ...]:
    """Return issues whose label begins with ``q`` or a stance on which holds all its words, the best known first."""
    begins = folded(q)
    labelled = select(IssueRow.id).where(IssueRow.folded >= begins, IssueRow.folded < begins + LAST).limit(NEWEST)
    stated = select(PositionRow.issue_id).where(among_newest(session, PositionRow.seq, q))
    # Both in one set: of an "or" between the two, PostgreSQL would look at every issue.
    query = select(*_COLUMNS).where(IssueRow.id.in_(union(select(labelled.subquery().c.id), stated)))
    rows = read_rows(session, query.order_by(IssueRow.positions.desc(), IssueRow.id.desc()).limit(limit))
    found = _views(session, rows)
    return tuple(found[row.id] for row in rows)


def issues_by_id(session: Session, ids: Iterable[str]) -> dict[str, IssueView]:
    """Return the issues that have one of ``ids``, by id; one that is gone is left out."""
    return _views(session, read_rows(session, _BY_ID, {"ids": list(ids)}))


def _row(session: Session, issue_id: str) -> AnyRow:
    row = next(iter(read_rows(session, _BY_ID, {"ids": [issue_id]})), None) if storable(issue_id) else None
    place = moved_to(session, issue_id) if row is None and storable(issue_id) else None
    if place is not None:
        raise MovedError("issue", issue_id, place)
    if row is None:
        raise NotFoundError("issue", issue_id)
    return row


def _views(session: Session, rows: Sequence[AnyRow]) -> dict[str, IssueView]:
    """Return issues by id, each with the dates of its first and last stance, and its share of its latest stories."""
    found = read_rows(session, _SEEN, {"ids": [row.id for row in rows]})
    seen = {issue_id: (since, until) for issue_id, since, until in found}
    shares = _shares(session, [row.id for row in rows])
    views = {}
    for row in rows:
        key, label, stances = row[:_WIDTH]
        since, until = seen[key]
        views[key] = IssueView(
            id=key,
            label=label,
            positions=stances,
            first_seen=since,
            last_seen=until,
            prominence=shares.get(key),
        )
    return views


def _shares(session: Session, ids: Sequence[str]) -> dict[str, float]:
    """Return the mean share of issues among the stances of the stories of their latest stances."""
    if not ids:
        return {}
    stances = Counter((key, article) for key, article, _ in _LATEST_STANCES.rows(session, ids))
    taken: dict[str, int] = {}
    for chunk in chunks(sorted({article for _, article in stances})):
        rows = read_rows(session, _STANCES_OF, {"ids": chunk})
        taken |= {article: number for article, number in rows}  # noqa: C416 (a row is no pair to mypy)
    parts: dict[str, list[float]] = defaultdict(list)
    for (key, article), number in stances.items():
        parts[key].append(number / taken[article])
    return {key: round(sum(found) / len(found), 4) for key, found in parts.items()}
