"""Positions across stories: offices and stances of current revisions, the newest story's first."""

from __future__ import annotations

from typing import cast

from sqlalchemy import ColumnElement, exists, select, union_all
from sqlalchemy.orm import Session

from app.annotate.allegiance import country_of_actor
from app.annotate.titles import normal_title
from app.domain.annotation import Polarity, Tense
from app.errors import InputError, NotFoundError
from app.store.filters import PositionFilter, storable
from app.store.paging import Page, PageRequest, decode_cursor, page_of
from app.store.search import matches
from app.store.tables import ArticleRow, PositionRow
from app.store.views import PositionKind, PositionView

ORDER = (PositionRow.article_id.desc(), PositionRow.ordinal)


def position(session: Session, position_id: str) -> PositionView:
    """Return one position.

    Raises: NotFoundError.
    """
    row = session.scalar(select(PositionRow).where(PositionRow.id == position_id)) if storable(position_id) else None
    if row is None:
        raise NotFoundError("position", position_id)
    return _view(row)


def known_country(name: str) -> str:
    """Return the name under which actors carry a country, given any of its names, its adjective or its metonym.

    Raises: InputError when there is no such country.
    """
    country = country_of_actor(name, "place")
    if country is None:
        raise InputError("country", "names no country")
    return country


def positions(session: Session, narrowed: PositionFilter, page: PageRequest) -> Page[PositionView]:
    """Return positions, each story's in the order of its text.

    Raises: CursorError.
    """
    wanted = conditions(session, narrowed)
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
        first = (select(PositionRow.seq).where(way, *wanted).order_by(*ORDER).limit(page.limit + 1) for way in ways)
        wanted = [PositionRow.seq.in_(union_all(*(select(f.subquery().c.seq) for f in first)))]
    query = select(PositionRow).where(*wanted).order_by(*ORDER).limit(page.limit + 1)
    return page_of("positions", page, session.scalars(query).all(), _view, lambda r: (r.article_id, r.ordinal))


def conditions(session: Session, narrowed: PositionFilter) -> list[ColumnElement[bool]]:
    """Return the conditions under which a position is among those asked for.

    Raises: InputError when the country is none.
    """
    equal = (
        (PositionRow.kind, narrowed.kind),
        (PositionRow.article_id, narrowed.article_id),
        (PositionRow.organization_entity_id, narrowed.organization_id),
        (PositionRow.reporter_entity_id, narrowed.reporter_id),
        (PositionRow.country, None if narrowed.country is None else known_country(narrowed.country)),
        (PositionRow.tense, narrowed.tense),
        (PositionRow.polarity, narrowed.polarity),
        (PositionRow.issue_id, narrowed.issue_id),
    )
    wanted = [column == value for column, value in equal if value is not None]
    within = []
    if narrowed.published_from is not None:
        within.append(ArticleRow.published_at >= narrowed.published_from)
    if narrowed.published_to is not None:
        within.append(ArticleRow.published_at < narrowed.published_to)
    if within:
        # Asked row by row along the list's own index: the list is in the order of articles, not of dates.
        dated = exists().where(ArticleRow.id == PositionRow.article_id, *within)
        wanted.append(dated.correlate(PositionRow))
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
