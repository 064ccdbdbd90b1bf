"""What waits to be looked through by a person: quotes and positions of current revisions, the least sure first."""

from __future__ import annotations

from sqlalchemy import Select, Text, select
from sqlalchemy import cast as sql_cast
from sqlalchemy.orm import Session

from app.store.paging import Page, PageRequest, decode_cursor, page_of
from app.store.review_views import ReviewFilter
from app.store.tables import PositionRow, QuoteRow
from app.store.walks import held

_WHOLE = 10_000
_Row = tuple[int, str, str]


def waiting(session: Session, narrowed: ReviewFilter, page: PageRequest) -> Page[str]:
    """Return annotations as they are served, in JSON, the least sure first; those whose confidence is unknown lead.

    Raises: CursorError.
    """
    rows: list[_Row] = []
    for table in (QuoteRow, PositionRow):
        if narrowed.kind is None or (narrowed.kind == "quote") == (table is QuoteRow):
            rows += [(rank, key, shown) for rank, key, shown in session.execute(_query(session, table, narrowed, page))]
    return page_of("review", page, sorted(rows)[: page.limit + 1], lambda r: r[2], lambda r: (r[0], r[1]))


def _query(
    session: Session, table: type[QuoteRow | PositionRow], narrowed: ReviewFilter, page: PageRequest
) -> Select[int, str, str]:
    # A story has few: its index drives, and not that of all that wait.
    review = table.review if narrowed.article_id is None else held(session, table.review)
    query = _columns(table).where(review == narrowed.status)
    if narrowed.kind is not None and table is PositionRow:
        query = query.where(PositionRow.kind == narrowed.kind)
    if narrowed.article_id is not None:
        query = query.where(table.article_id == narrowed.article_id)
    if narrowed.confidence is not None:
        query = query.where(table.review_rank <= round(_WHOLE * narrowed.confidence))
    if page.cursor is not None:
        rank, last = decode_cursor(page.cursor, "review", int, str)
        query = query.where(table.review_rank >= rank, (table.review_rank > rank) | (table.id > last))
    return query.order_by(table.review_rank, table.id).limit(page.limit + 1)


def _columns(table: type[QuoteRow | PositionRow]) -> Select[int, str, str]:
    return select(table.review_rank, table.id, sql_cast(table.document, Text))
