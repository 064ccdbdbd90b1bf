"""Walks over what is annotated in stories: quotes and positions, narrowed by what they are and by their stories."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import ColumnElement, Select
from sqlalchemy.orm import Session

from app.store.filters import StoryFilter
from app.store.narrowing import arrived, asks_of_story, by_date, checks_of_story, story_keys, story_walk
from app.store.tables import ArticleRow, PositionRow, QuoteRow
from app.store.walks import SortKey, Walk, held

OF_STORY = ("source", "section", "language")
"""Facets that are columns of the story."""


@dataclass(frozen=True, slots=True)
class Through:
    """Another table that drives: its rows lead to the annotations, in the order of ``story`` and ``ordinal``."""

    source: Any
    story: Any
    ordinal: Any
    wanted: list[ColumnElement[bool]]
    leads: ColumnElement[bool]
    checked: list[ColumnElement[bool]]


def annotation_walk(
    session: Session,
    table: type[QuoteRow | PositionRow],
    narrowed: StoryFilter,
    equal: Mapping[Any, object],
    *,
    strong: int,
    through: Through | None = None,
    with_story: bool = False,
    sought: bool = False,
) -> Walk:
    """Return the walk over annotations that meet ``equal`` and whose stories meet ``narrowed``.

    ``equal`` maps columns to what they must be (None: anything); the first ``strong`` of them leave few rows and
    drive when they are given, in their order, before anything that is asked of the story; the others drive only
    when nothing is. ``sought`` says that words lead to the annotations: then these lead to their stories.
    """
    given = [column for column, value in equal.items() if value is not None]
    strongest = [column for column in list(equal)[:strong] if equal[column] is not None]
    own, tag = SortKey(table.ordinal, int), table.__tablename__
    if by_date(narrowed) or (not strongest and through is None and _story_drives(narrowed)):
        walk = story_walk(session, narrowed, tag)
        inner = walk.joined

        def from_story(query: Select[Any]) -> Select[Any]:
            story = walk.keys[-1].column
            if sought:
                return inner(query).join(table, held(session, table.article_id) == story)
            # The story leads to its annotations; the other way round, all of them would be looked at.
            return inner(query).join(table, table.article_id == held(session, story))

        checked = [*walk.checked, *(held(session, c) == equal[c] for c in given)]
        if through is not None:
            checked += _by_existence(through)
        return replace(walk, joined=from_story, keys=(*walk.keys, own), checked=checked)
    drives = (strongest or ([] if through is not None else given))[:1]
    source, story, ordinal = table, table.article_id, table.ordinal
    wanted = [column == equal[column] for column in drives]
    checked = [held(session, c) == equal[c] for c in given if c not in drives]
    if through is not None and not drives:
        source, story, ordinal = through.source, through.story, through.ordinal
        wanted = [*through.wanted]
        checked += through.checked
    elif through is not None:
        checked += _by_existence(through)
    wanted += arrived(narrowed, story)

    def from_own(query: Select[Any]) -> Select[Any]:
        if through is not None and not drives:
            query = query.join(table, through.leads)
        if with_story or asks_of_story(narrowed):
            query = query.join(ArticleRow, ArticleRow.id == story)
        return query

    checked += checks_of_story(session, narrowed, story)
    keys = (*story_keys(narrowed, story), SortKey(ordinal, int))
    own_tag = tag if source is table else f"{tag} through {source.__tablename__}"
    return Walk(own_tag, source, from_own, keys, len(keys), wanted, checked)


def story_column(name: str) -> Any:  # noqa: ANN401 (a column)
    """Return the column of the story that a facet counts."""
    return getattr(ArticleRow, name)


def _story_drives(narrowed: StoryFilter) -> bool:
    return bool(narrowed.mentions) or any(getattr(narrowed, name) is not None for name in OF_STORY)


def _by_existence(through: Through) -> list[ColumnElement[bool]]:
    return [through.source.__table__.select().where(through.leads, *through.wanted).exists()]
