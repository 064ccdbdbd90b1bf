"""Quotes across stories: of current revisions, the newest story's first, each story's in the order of its text."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, cast

from sqlalchemy import Text, exists, select
from sqlalchemy import cast as sql_cast
from sqlalchemy.orm import Session, aliased

from app.domain.annotation import ActorStatus, QuoteType
from app.errors import NotFoundError
from app.store.annotation_walks import OF_STORY, Through, annotation_walk, story_column
from app.store.filters import QuoteFilter, storable
from app.store.paging import Page, PageRequest
from app.store.search import among_newest, matches
from app.store.tables import PositionRow, QuoteRow
from app.store.views import Facet, QuoteView
from app.store.walks import AnyRow, Walk

FACETS = ("type", "status", "speaker", "review", "source", "section", "language")

_COLUMNS = (
    QuoteRow.id,
    QuoteRow.article_id,
    QuoteRow.type,
    QuoteRow.text,
    QuoteRow.speaker_status,
    QuoteRow.speaker_name,
    QuoteRow.speaker_entity_id,
    QuoteRow.confidence,
    sql_cast(QuoteRow.document, Text).label("json"),
)


def quote(session: Session, quote_id: str) -> QuoteView:
    """Return one quote.

    Raises: NotFoundError.
    """
    query = select(*_COLUMNS).where(QuoteRow.id == quote_id)
    row = session.execute(query).one_or_none() if storable(quote_id) else None
    if row is None:
        raise NotFoundError("quote", quote_id)
    return _view(row)


def quotes_by_id(session: Session, ids: Iterable[str]) -> dict[str, QuoteView]:
    """Return the quotes that have one of ``ids``, by id; a quote that is gone is left out."""
    found = session.execute(select(*_COLUMNS).where(QuoteRow.id.in_(list(ids))))
    return {row.id: _view(row) for row in found}


def quotes(session: Session, narrowed: QuoteFilter, page: PageRequest) -> Page[QuoteView]:
    """Return quotes.

    Raises: CursorError.
    """
    rows, following = _walk(session, narrowed).page(session, _COLUMNS, page)
    return Page(tuple(map(_view, rows)), following)


def quote_facets(session: Session, narrowed: QuoteFilter, names: Sequence[str]) -> dict[str, Facet]:
    """Return how often each value of each facet occurs among the first quotes of the list."""
    columns = {
        "type": QuoteRow.type,
        "status": QuoteRow.speaker_status,
        "speaker": QuoteRow.speaker_entity_id,
        "review": QuoteRow.review,
    }
    walk = _walk(session, narrowed, with_story=any(name in OF_STORY for name in names))
    return {name: walk.facet(session, columns[name] if name in columns else story_column(name)) for name in names}


def _walk(session: Session, narrowed: QuoteFilter, *, with_story: bool = False) -> Walk:
    equal: dict[Any, object] = {
        QuoteRow.article_id: narrowed.article_id,
        QuoteRow.speaker_entity_id: narrowed.speaker_id,
        QuoteRow.review: narrowed.review,
        QuoteRow.speaker_status: narrowed.status,
        QuoteRow.type: narrowed.type,
    }
    walk = annotation_walk(
        session,
        QuoteRow,
        narrowed,
        equal,
        strong=2,
        tag="quotes",
        through=None if narrowed.issue_id is None else _shown_stances(narrowed.issue_id),
        with_story=with_story,
    )
    if narrowed.confidence is not None:
        walk.checked.append(QuoteRow.confidence >= narrowed.confidence)
    if narrowed.q is None:
        return walk
    if narrowed.article_id is not None or narrowed.speaker_id is not None:
        walk.checked.append(matches(session, QuoteRow.seq, narrowed.q))
        return walk
    return walk.driven_by(among_newest(session, QuoteRow.seq, narrowed.q))


def _shown_stances(issue_id: str) -> Through:
    """Return the way from an issue to the quotes that show a stance on it, each quote once."""
    earlier = aliased(PositionRow)
    repeated = exists().where(
        earlier.quote_id == PositionRow.quote_id,
        earlier.issue_id == PositionRow.issue_id,
        earlier.ordinal < PositionRow.ordinal,
    )
    return Through(
        PositionRow,
        PositionRow.article_id,
        PositionRow.ordinal,
        [PositionRow.issue_id == issue_id],
        PositionRow.quote_id == QuoteRow.id,
        [~repeated],
    )


def _view(row: AnyRow) -> QuoteView:
    return QuoteView(
        id=row.id,
        article_id=row.article_id,
        type=cast(QuoteType, row.type),
        text=row.text,
        speaker_status=cast(ActorStatus, row.speaker_status),
        speaker_name=row.speaker_name,
        speaker_entity_id=row.speaker_entity_id,
        confidence=row.confidence,
        json=row.json,
    )
