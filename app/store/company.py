"""How an entity's stories were linked to it, and who stands in the stories of an entity or an issue."""

from __future__ import annotations

from sqlalchemy import ColumnElement, Select, func, select
from sqlalchemy.orm import Session

from app.store.knowledge_views import CompanionView, LinkView, ReasonView
from app.store.paging import Page, PageRequest, decode_cursor, page_of
from app.store.tables import AppearanceRow, EntityRow, PositionRow

_STORIES = 1_000  # the latest; whoever has more is in the same company in these
_SHOWN = 100


def links(session: Session, entity_id: str, page: PageRequest) -> Page[LinkView]:
    """Return how each story's entity was linked to this one, the newest story first.

    Raises: CursorError.
    """
    query = select(AppearanceRow).where(AppearanceRow.entity_id == entity_id)
    if page.cursor is not None:
        (last,) = decode_cursor(page.cursor, "links of one", str)
        query = query.where(AppearanceRow.article_id < last)
    rows = session.scalars(query.order_by(AppearanceRow.article_id.desc()).limit(page.limit + 1)).all()
    return page_of("links of one", page, rows, _view, lambda r: (r.article_id,))


def company(session: Session, entity_id: str) -> tuple[CompanionView, ...]:
    """Return who stands in the latest thousand stories of an entity, those of most stories first."""
    stories = (
        select(AppearanceRow.article_id)
        .where(AppearanceRow.entity_id == entity_id)
        .order_by(AppearanceRow.article_id.desc())
        .limit(_STORIES)
    )
    return _beside(session, stories, AppearanceRow.entity_id != entity_id)


def issue_company(session: Session, issue_id: str) -> tuple[CompanionView, ...]:
    """Return who stands in the stories of the latest thousand stances on an issue, those of most stories first."""
    stories = (
        select(PositionRow.article_id)
        .where(PositionRow.issue_id == issue_id)
        .order_by(PositionRow.article_id.desc(), PositionRow.ordinal.desc())
        .limit(_STORIES)
    )
    return _beside(session, stories)


def _beside(session: Session, stories: Select[str], *wanted: ColumnElement[bool]) -> tuple[CompanionView, ...]:
    number = func.count().label("number")
    beside = (
        select(AppearanceRow.entity_id, number)
        .where(AppearanceRow.article_id.in_(stories.scalar_subquery()), *wanted)
        .group_by(AppearanceRow.entity_id)
        .order_by(number.desc(), AppearanceRow.entity_id)
        .limit(_SHOWN)
        .subquery()
    )
    rows = session.execute(
        select(EntityRow.id, EntityRow.type, EntityRow.name, beside.c.number)
        .join(beside, beside.c.entity_id == EntityRow.id)
        .order_by(beside.c.number.desc(), EntityRow.id)
    )
    return tuple(CompanionView(key, kind, name, articles) for key, kind, name, articles in rows)


def _view(row: AppearanceRow) -> LinkView:
    reasons = tuple(ReasonView(code, weight, detail) for code, weight, detail in row.reasons or ())
    return LinkView(row.article_id, row.name, tuple(row.aliases), row.score, reasons)
