"""Positions across stories: offices and stances of current revisions, the newest story's first."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import ColumnElement, Text, select
from sqlalchemy import cast as sql_cast
from sqlalchemy.orm import Session

from app.annotate.allegiance import country_of_actor
from app.annotate.titles import normal_title
from app.errors import InputError, NotFoundError
from app.store.among import is_among
from app.store.annotation_walks import OF_STORY, annotation_walk, story_column
from app.store.asked import ASKED_OF_STORY, Ways
from app.store.filters import PositionFilter, storable
from app.store.narrowing import by_date
from app.store.paging import Page, PageRequest
from app.store.rows import AnyRow, read_rows
from app.store.search import among_newest, matches
from app.store.tables import PositionRow
from app.store.views import Facet, PositionView
from app.store.walks import Walk, are_few, held, merged_facet, merged_page

FACETS = ("kind", "polarity", "tense", "issue", "review", "source", "section", "language")

ORDER = (PositionRow.article_id.desc(), PositionRow.ordinal)
_COLUMNS = (
    PositionRow.id,
    PositionRow.article_id,
    PositionRow.kind,
    PositionRow.actor_name,
    PositionRow.actor_entity_id,
    PositionRow.organization_entity_id,
    PositionRow.title,
    PositionRow.tense,
    PositionRow.polarity,
    PositionRow.issue_id,
    PositionRow.quote_id,
    PositionRow.confidence,
    sql_cast(PositionRow.document, Text).label("json"),
)
_WIDTH = len(_COLUMNS)
_CONCERNED = (PositionRow.actor_entity_id, PositionRow.organization_entity_id)
"""As what an entity may be concerned."""
_BY_ID = select(*_COLUMNS).where(is_among(PositionRow.id, "ids"))


def position(session: Session, position_id: str) -> PositionView:
    """Return one position.

    Raises: NotFoundError.
    """
    query = select(*_COLUMNS).where(PositionRow.id == position_id)
    row = session.execute(query).one_or_none() if storable(position_id) else None
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

    Raises: CursorError; InputError when the country is none.
    """
    few = _are_few(session, narrowed)
    sought = few or narrowed.q is not None or narrowed.title is not None
    # What is not found in its order is put in order by its keys alone: a thousand whole positions are much to sort.
    walks, given = (_WAYS_OF_FEW if few else _WAYS).of(session, narrowed)
    rows, following = merged_page(session, walks, _COLUMNS[:1] if sought else _COLUMNS, page, given)
    if sought:
        ids = [row.id for row in rows]
        whole = {row.id: row for row in read_rows(session, _BY_ID, {"ids": ids})}
        rows = [whole[key] for key in ids]
    return Page(tuple(map(_view, rows)), following)


def conditions(session: Session, narrowed: PositionFilter) -> list[ColumnElement[bool]]:
    """Return the conditions under which a position, joined with its article, is among those asked for.

    Raises: InputError when the country is none.
    """
    walk = _walk(session, narrowed, {}, with_story=True)
    return [*walk.wanted, *walk.checked]


def position_facets(session: Session, narrowed: PositionFilter, names: Sequence[str]) -> dict[str, Facet]:
    """Return how often each value of each facet occurs among the first positions of the list."""
    columns = {
        "kind": PositionRow.kind,
        "polarity": PositionRow.polarity,
        "tense": PositionRow.tense,
        "issue": PositionRow.issue_id,
        "review": PositionRow.review,
    }
    walks, given = _WAYS.of(session, narrowed, with_story=any(name in OF_STORY for name in names))
    return {
        name: merged_facet(session, walks, columns[name] if name in columns else story_column(name), given)
        for name in names
    }


def _are_few(session: Session, narrowed: PositionFilter) -> bool:
    """Say whether the positions of an entity or an issue are so few that they lead to their stories.

    That is of use where the stories' dates are asked for.
    """
    if not by_date(narrowed) or narrowed.q is not None or narrowed.title is not None:
        return False
    entity, issue = narrowed.entity_id, narrowed.issue_id
    if entity is not None:
        return all(are_few(session, column, entity) for column in _CONCERNED)
    return issue is not None and are_few(session, PositionRow.issue_id, issue)


def _walk_of_few(session: Session, narrowed: PositionFilter, with_story: bool) -> list[Walk]:  # noqa: FBT001 (as Ways calls it)
    entity = narrowed.entity_id
    walks = _walks_of(session, narrowed, with_story=with_story, leading=True)
    if entity is None:
        return [walk.driven_by(session, PositionRow.issue_id == narrowed.issue_id) for walk in walks]
    return [walk.driven_by(session, column == entity) for walk, column in zip(walks, _CONCERNED, strict=True)]


def _walks(session: Session, narrowed: PositionFilter, with_story: bool) -> list[Walk]:  # noqa: FBT001 (as Ways calls it)
    return _walks_of(session, narrowed, with_story=with_story)


def _walks_of(session: Session, narrowed: PositionFilter, *, with_story: bool, leading: bool = False) -> list[Walk]:
    """Return the walk over positions; over those of an entity, one for each way to be concerned."""
    entity = narrowed.entity_id
    if entity is None:
        return [_walk(session, narrowed, {}, with_story=with_story, leading=leading)]
    as_actor, as_body = (
        _walk(session, narrowed, {column: entity}, with_story=with_story, leading=leading) for column in _CONCERNED
    )
    actor = held(session, PositionRow.actor_entity_id)
    as_body.checked.append((actor != entity) | actor.is_(None))
    return [as_actor, as_body]


_PLAIN = frozenset(
    {
        *ASKED_OF_STORY,
        "mentions",
        *("article_id", "entity_id", "holder_id", "person_id", "organization_id", "reporter_id", "issue_id"),
        *("tense", "polarity", "review", "confidence"),
    }
)
_WAYS = Ways(_PLAIN, frozenset({"sort", "kind"}), _walks)
_WAYS_OF_FEW = Ways(_PLAIN, frozenset({"sort", "kind"}), _walk_of_few)


def _walk(
    session: Session,
    narrowed: PositionFilter,
    of_entity: dict[Any, object],
    *,
    with_story: bool,
    leading: bool = False,
) -> Walk:
    actors = [a for a in (narrowed.holder_id, narrowed.person_id) if a is not None]
    kinds = {k for k, a in (("stance", narrowed.holder_id), ("office", narrowed.person_id)) if a is not None}
    kind = narrowed.kind
    if narrowed.title is not None:
        kinds.add("office")
    if kind is None and len(kinds) == 1:
        kind = "stance" if "stance" in kinds else "office"
    asked: dict[Any, object] = {
        PositionRow.article_id: narrowed.article_id,
        PositionRow.actor_entity_id: actors[0] if actors else None,
        PositionRow.organization_entity_id: narrowed.organization_id,
        PositionRow.issue_id: narrowed.issue_id,
        PositionRow.reporter_entity_id: narrowed.reporter_id,
        PositionRow.review: narrowed.review,
        PositionRow.country: None if narrowed.country is None else known_country(narrowed.country),
        PositionRow.polarity: narrowed.polarity,
        PositionRow.tense: narrowed.tense,
        PositionRow.kind: kind,
    }
    # What concerns the entity stands in for what is asked of the same column, which is looked at row by row.
    clashing = [column == value for column, value in asked.items() if column in of_entity and value is not None]
    asked_words = [] if narrowed.title is None else [normal_title(narrowed.title)]
    asked_words += [] if narrowed.q is None else [narrowed.q]
    # What leaves few rows drives, and words are looked for in these; else the words themselves drive.
    few = bool(of_entity) or any(value is not None for value in list(asked.values())[:4])
    walk = annotation_walk(
        session,
        PositionRow,
        narrowed,
        {**asked, **of_entity},
        strong=5,
        with_story=with_story,
        sought=leading or (bool(asked_words) and not few),
    )
    walk.checked.extend(clashing)
    walk.checked.extend(PositionRow.kind == k for k in sorted(kinds) if k != kind)
    walk.checked.extend(held(session, PositionRow.actor_entity_id) == a for a in actors[1:])
    if narrowed.confidence is not None:
        walk.checked.append(PositionRow.confidence >= narrowed.confidence)
    for words in asked_words:
        if few:
            walk.checked.append(matches(session, PositionRow.seq, words))
        else:
            walk = walk.driven_by(session, among_newest(session, PositionRow.seq, words))
    return walk


def _view(row: AnyRow) -> PositionView:
    """Return the view of a row that begins with ``_COLUMNS``, which are its fields in their order."""
    return PositionView(*row[:_WIDTH])
