"""Quotes across stories: of current revisions, the newest story's first, each story's in the order of its text."""

from __future__ import annotations

from typing import cast

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.domain.annotation import ActorStatus, QuoteType
from app.errors import NotFoundError
from app.store.filters import QuoteFilter, storable
from app.store.paging import Page, PageRequest, decode_cursor, page_of
from app.store.search import matches
from app.store.tables import QuoteRow
from app.store.views import QuoteView


def quote(session: Session, quote_id: str) -> QuoteView:
    """Return one quote.

    Raises: NotFoundError.
    """
    row = session.scalar(select(QuoteRow).where(QuoteRow.id == quote_id)) if storable(quote_id) else None
    if row is None:
        raise NotFoundError("quote", quote_id)
    return _view(row)


def quotes(session: Session, narrowed: QuoteFilter, page: PageRequest) -> Page[QuoteView]:
    """Return quotes.

    Raises: CursorError.
    """
    query = select(QuoteRow).order_by(QuoteRow.article_id.desc(), QuoteRow.ordinal).limit(page.limit + 1)
    for column, wanted in (
        (QuoteRow.article_id, narrowed.article_id),
        (QuoteRow.speaker_entity_id, narrowed.speaker_id),
        (QuoteRow.speaker_status, narrowed.status),
        (QuoteRow.type, narrowed.type),
    ):
        if wanted is not None:
            query = query.where(column == wanted)
    if narrowed.confidence is not None:
        query = query.where(QuoteRow.confidence >= narrowed.confidence)
    if narrowed.q is not None:
        query = query.where(matches(session, QuoteRow.seq, narrowed.q))
    if page.cursor is not None:
        article, last = decode_cursor(page.cursor, "quotes", str, int)
        query = query.where(QuoteRow.article_id <= article, (QuoteRow.article_id < article) | (QuoteRow.ordinal > last))
    return page_of("quotes", page, session.scalars(query).all(), _view, lambda r: (r.article_id, r.ordinal))


def _view(row: QuoteRow) -> QuoteView:
    return QuoteView(
        id=row.id,
        article_id=row.article_id,
        type=cast(QuoteType, row.type),
        text=row.text,
        speaker_status=cast(ActorStatus, row.speaker_status),
        speaker_name=row.speaker_name,
        speaker_entity_id=row.speaker_entity_id,
        confidence=row.confidence,
        document=row.document,
    )
