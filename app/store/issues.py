"""Issues: what stances are about, the same across stories as long as their labels say the same words."""

from __future__ import annotations

from hashlib import blake2b

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.errors import NotFoundError
from app.store.filters import IssueFilter, storable
from app.store.folding import folded
from app.store.paging import Page, PageRequest, decode_cursor, page_of
from app.store.tables import IssueRow, PositionRow
from app.store.views import IssueView

_DIGEST_BYTES = 10
LAST = "\U0010ffff"


def issue_id(label: str) -> str:
    """Return the id of the issue that ``label`` names."""
    return "iss_" + blake2b(folded(label).encode(), digest_size=_DIGEST_BYTES).hexdigest()


def issue(session: Session, issue_id: str) -> IssueView:
    """Return one issue.

    Raises: NotFoundError.
    """
    row = session.get(IssueRow, issue_id) if storable(issue_id) else None
    if row is None:
        raise NotFoundError("issue", issue_id)
    return _view(row)


def issues(session: Session, narrowed: IssueFilter, page: PageRequest) -> Page[IssueView]:
    """Return issues by label.

    Raises: CursorError.
    """
    query = select(IssueRow).order_by(IssueRow.folded, IssueRow.id).limit(page.limit + 1)
    if narrowed.prefix is not None:
        start = folded(narrowed.prefix)
        query = query.where(IssueRow.folded >= start, IssueRow.folded < start + LAST)
    if narrowed.article_id is not None:
        query = query.where(
            IssueRow.id.in_(select(PositionRow.issue_id).where(PositionRow.article_id == narrowed.article_id))
        )
    if page.cursor is not None:
        label, last = decode_cursor(page.cursor, "issues", str, str)
        query = query.where(IssueRow.folded >= label, (IssueRow.folded > label) | (IssueRow.id > last))
    rows = session.scalars(query).all()
    return page_of("issues", page, rows, _view, lambda r: (r.folded, r.id))


def _view(row: IssueRow) -> IssueView:
    return IssueView(id=row.id, label=row.label, positions=row.positions)
