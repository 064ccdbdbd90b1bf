"""Runs: which pipeline annotated which revision, when, how long it took and how much it found."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.errors import NotFoundError
from app.store.filters import check_filter, storable
from app.store.paging import Page, PageRequest, decode_cursor, page_of
from app.store.tables import ArticleRow, RunRow
from app.store.views import Counts, RunView

_OF_RUN = ("id", "article_id", "revision", "pipeline_version", "weights", "started_at", "seconds")
_COUNTED = ("people", "organizations", "places", "quotes", "positions")
RUN_COLUMNS = tuple(getattr(RunRow, name).label(f"run_{name}") for name in (*_OF_RUN, *_COUNTED))
"""A run as columns beside others."""


def run(session: Session, run_id: str) -> RunView:
    """Return one run.

    Raises: NotFoundError.
    """
    row = session.get(RunRow, run_id) if storable(run_id) else None
    if row is None:
        raise NotFoundError("run", run_id)
    return run_view(row)


def runs(session: Session, article_id: str) -> tuple[RunView, ...]:
    """Return every run over every revision of an article, the latest first.

    Raises: NotFoundError.
    """
    if not storable(article_id) or session.get(ArticleRow, article_id) is None:
        raise NotFoundError("article", article_id)
    found = session.scalars(select(RunRow).where(RunRow.article_id == article_id).order_by(RunRow.id.desc()))
    return tuple(run_view(r) for r in found)


def all_runs(
    session: Session,
    page: PageRequest,
    *,
    article_id: str | None = None,
    pipeline: str | None = None,
    weights: str | None = None,
) -> Page[RunView]:
    """Return runs, the newest first; all that is given must hold.

    Raises: CursorError; InputError when what is given cannot be in a database.
    """
    check_filter((("article", article_id), ("pipeline", pipeline), ("weights", weights)))
    query = select(RunRow).order_by(RunRow.id.desc()).limit(page.limit + 1)
    wanted = ((RunRow.article_id, article_id), (RunRow.pipeline_version, pipeline), (RunRow.weights, weights))
    for column, value in wanted:
        if value is not None:
            query = query.where(column == value)
    if page.cursor is not None:
        (last,) = decode_cursor(page.cursor, "runs", str)
        query = query.where(RunRow.id < last)
    return page_of("runs", page, session.scalars(query).all(), run_view, lambda r: (r.id,))


def run_view(row: RunRow) -> RunView:
    """Return the view of a row."""
    return run_beside([getattr(row, name) for name in (*_OF_RUN, *_COUNTED)])


def run_beside(values: Sequence[Any]) -> RunView:
    """Return the view of values that begin with those of ``RUN_COLUMNS``."""
    counts = Counts(*values[len(_OF_RUN) : len(_OF_RUN) + len(_COUNTED)])
    key, article_id, revision, version, weights, started_at, seconds = values[: len(_OF_RUN)]
    return RunView(key, article_id, revision, version, weights, started_at, seconds, counts)
