"""Which index drives a list that is narrowed by what its stories are, and which conditions remain."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import BindParameter, ColumnElement, Select, bindparam, exists
from sqlalchemy.orm import Session, aliased

from app.store.filters import StoryFilter
from app.store.tables import AppearanceRow, ArticleRow
from app.store.walks import SortKey, Walk, held

_OF_STORY = ("source", "section", "language")
_DRIFT = timedelta(seconds=1)
"""How far the clock in an id and the moment of arrival may lie apart: both are read within one function."""
_OTHER = aliased(AppearanceRow)


def story_keys(narrowed: StoryFilter, story: Any) -> tuple[SortKey, ...]:  # noqa: ANN401 (a column)
    """Return the sort keys of stories: by arrival, which their ids tell, or by date."""
    descending = narrowed.sort.startswith("-")
    by_id = SortKey(story, str, descending)
    if not by_date(narrowed):
        return (by_id,)
    return (SortKey(ArticleRow.dated_at, datetime, descending), by_id)


def by_date(narrowed: StoryFilter) -> bool:
    """Say whether the list is sorted by publication."""
    return narrowed.sort.endswith("published")


def story_walk(session: Session, narrowed: StoryFilter, tag: str) -> Walk:
    """Return the walk over stories that meet ``narrowed``, joined with nothing yet.

    Publication drives where it sorts; else the rarest thing that an index knows: an entity, then source, section or
    language, then arrival.
    """
    source: Any = ArticleRow
    story: Any = ArticleRow.id
    driving: str | None = None
    wanted: list[ColumnElement[bool]] = []
    mentions = narrowed.mentions
    if by_date(narrowed):
        wanted += _published(narrowed, ArticleRow.dated_at)
    elif mentions:
        source, story = AppearanceRow, AppearanceRow.article_id
        wanted.append(AppearanceRow.entity_id == mentions[0])
        mentions = mentions[1:]
    else:
        driving = next((name for name in _OF_STORY if getattr(narrowed, name) is not None), None)
        if driving is not None:
            wanted.append(getattr(ArticleRow, driving) == getattr(narrowed, driving))
    if not by_date(narrowed):
        wanted += arrived(narrowed, story)

    def joined(query: Select[Any]) -> Select[Any]:
        if source is ArticleRow:
            return query
        return query.join(ArticleRow, ArticleRow.id == AppearanceRow.article_id)

    checked = [
        *_equal(session, narrowed, but=driving),
        *_published(narrowed, held(session, ArticleRow.published_at)),
        *_ingested(narrowed),
        *_mentioning(mentions, story),
    ]
    keys = story_keys(narrowed, story)
    return Walk(f"{tag} by date" if by_date(narrowed) else tag, source, joined, keys, len(keys), wanted, checked)


def checks_of_story(session: Session, narrowed: StoryFilter, story: Any) -> list[ColumnElement[bool]]:  # noqa: ANN401
    """Return the conditions on a story for a walk that something else drives; they need the articles joined."""
    return [
        *_equal(session, narrowed, but=None),
        *_published(narrowed, held(session, ArticleRow.published_at)),
        *_ingested(narrowed),
        *_mentioning(narrowed.mentions, story),
    ]


def asks_of_story(narrowed: StoryFilter) -> bool:
    """Say whether any condition is on the articles' own columns."""
    ranges = (narrowed.published_from, narrowed.published_to, narrowed.ingested_from, narrowed.ingested_to)
    return any(r is not None for r in ranges) or any(getattr(narrowed, name) is not None for name in _OF_STORY)


def arrived(narrowed: StoryFilter, story: Any) -> list[ColumnElement[bool]]:  # noqa: ANN401 (a column)
    """Return the range of ids that stories of the asked time of arrival lie in: ids begin with a clock."""
    found = []
    if narrowed.ingested_from is not None:
        found.append(story >= _bound("ingested_from", narrowed.ingested_from))
    if narrowed.ingested_to is not None:
        found.append(story < _bound("ingested_to", narrowed.ingested_to))
    return found


def _bound(name: str, moment: datetime | BindParameter[Any]) -> Any:  # noqa: ANN401 (a value or a parameter)
    """Return the id at which a range of arrival begins or ends; of a parameter another one, see ``bound_of``."""
    return bindparam(f"{name}_id") if isinstance(moment, BindParameter) else bound_of(name, moment)


def bound_of(name: str, moment: datetime) -> str:
    """Return the id at which a range of arrival begins (``ingested_from``) or ends (``ingested_to``)."""
    return _first_id(moment - _DRIFT if name == "ingested_from" else moment + _DRIFT)


def _first_id(moment: datetime) -> str:
    """Return the start of the UUIDs of version 7 that are made from ``moment`` on."""
    return f"{max(0, int(moment.timestamp() * 1000)):012x}"


def _equal(session: Session, narrowed: StoryFilter, but: str | None) -> list[ColumnElement[bool]]:
    return [
        held(session, getattr(ArticleRow, name)) == getattr(narrowed, name)
        for name in _OF_STORY
        if name != but and getattr(narrowed, name) is not None
    ]


def _published(narrowed: StoryFilter, column: Any) -> list[ColumnElement[bool]]:  # noqa: ANN401 (a column)
    found = []
    if narrowed.published_from is not None:
        found.append(column >= narrowed.published_from)
    if narrowed.published_to is not None:
        found.append(column < narrowed.published_to)
    return found


def _ingested(narrowed: StoryFilter) -> list[ColumnElement[bool]]:
    found = []
    if narrowed.ingested_from is not None:
        found.append(ArticleRow.received_at >= narrowed.ingested_from)
    if narrowed.ingested_to is not None:
        found.append(ArticleRow.received_at < narrowed.ingested_to)
    return found


def _mentioning(entities: tuple[str, ...], story: Any) -> list[ColumnElement[bool]]:  # noqa: ANN401 (a column)
    return [exists().where(_OTHER.article_id == story, _OTHER.entity_id == entity) for entity in entities]
