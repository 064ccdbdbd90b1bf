"""Positions across stories: offices and stances of current revisions, the newest story's first."""

from __future__ import annotations

from typing import cast

from sqlalchemy import ColumnElement, select, union_all
from sqlalchemy.orm import Session

from app.annotate.titles import normal_title
from app.domain.annotation import Polarity, Tense
from app.errors import NotFoundError
from app.store.filters import PositionFilter, storable
from app.store.paging import Page, PageRequest, decode_cursor, page_of
from app.store.search import matches
from app.store.tables import PositionRow
from app.store.views import PositionKind, PositionView

_ORDER = (PositionRow.article_id.desc(), PositionRow.ordinal)


def position(session: Session, position_id: str) -> PositionView:
    """Return one position.

    Raises: NotFoundError.
    """
    row = session.scalar(select(PositionRow).where(PositionRow.id == position_id)) if storable(position_id) else None
    if row is None:
        raise NotFoundError("position", position_id)
    return _view(row)


def positions(session: Session, narrowed: PositionFilter, page: PageRequest) -> Page[PositionView]:
    """Return positions, each story's in the order of its text.

    Raises: CursorError.
    """
    wanted = _conditions(session, narrowed)
    if page.cursor is not None:
        article, last = decode_cursor(page.cursor, "positions", str, int)
        wanted += [
            PositionRow.article_id <= article,
            (PositionRow.article_id < article) | (PositionRow.ordinal > last),
        ]
    if narrowed.entity_id is not None:
        # Each way to be concerned has its index: the first of each, in order, hold the first of all.
        ways = (
            (PositionRow.actor_entity_id == narrowed.entity_id) & (PositionRow.kind == "office"),
            (PositionRow.actor_entity_id == narrowed.entity_id) & (PositionRow.kind == "stance"),
            PositionRow.organization_entity_id == narrowed.entity_id,
        )
        first = (select(PositionRow.seq).where(way, *wanted).order_by(*_ORDER).limit(page.limit + 1) for way in ways)
        wanted = [PositionRow.seq.in_(union_all(*(select(f.subquery().c.seq) for f in first)))]
    query = select(PositionRow).where(*wanted).order_by(*_ORDER).limit(page.limit + 1)
    return page_of("positions", page, session.scalars(query).all(), _view, lambda r: (r.article_id, r.ordinal))


def _conditions(session: Session, narrowed: PositionFilter) -> list[ColumnElement[bool]]:
    equal = (
        (PositionRow.kind, narrowed.kind),
        (PositionRow.article_id, narrowed.article_id),
        (PositionRow.organization_entity_id, narrowed.organization_id),
        (PositionRow.tense, narrowed.tense),
        (PositionRow.polarity, narrowed.polarity),
        (PositionRow.issue_id, narrowed.issue_id),
    )
    wanted = [column == value for column, value in equal if value is not None]
    for kind, actor in (("stance", narrowed.holder_id), ("office", narrowed.person_id)):
        if actor is not None:
            wanted += [PositionRow.kind == kind, PositionRow.actor_entity_id == actor]
    if narrowed.confidence is not None:
        wanted.append(PositionRow.confidence >= narrowed.confidence)
    if narrowed.title is not None:
        wanted += [PositionRow.kind == "office", matches(session, PositionRow.seq, normal_title(narrowed.title))]
    if narrowed.q is not None:
        wanted.append(matches(session, PositionRow.seq, narrowed.q))
    return wanted


def _view(row: PositionRow) -> PositionView:
    return PositionView(
        id=row.id,
        article_id=row.article_id,
        kind=cast(PositionKind, row.kind),
        actor_name=row.actor_name,
        actor_entity_id=row.actor_entity_id,
        organization_entity_id=row.organization_entity_id,
        title=row.title,
        tense=cast(Tense | None, row.tense),
        polarity=cast(Polarity | None, row.polarity),
        issue_id=row.issue_id,
        quote_id=row.quote_id,
        confidence=row.confidence,
        document=row.document,
    )
