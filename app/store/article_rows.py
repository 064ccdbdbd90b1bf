"""Articles as columns: what is read of one beside the run that annotated its current revision."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Select, select

from app.store.among import is_among
from app.store.rows import AnyRow
from app.store.runs import RUN_COLUMNS, run_beside
from app.store.tables import AnalysisRow, ArticleRow, RunRow
from app.store.views import ArticleView

_OF_ARTICLE = (
    *("id", "revision", "sha256", "length", "title", "section", "byline", "dateline", "authors", "source", "url"),
    *("language", "published_at", "external_id", "media_type", "head", "received_at", "updated_at"),
)
_WIDTH, _AUTHORS = len(_OF_ARTICLE), _OF_ARTICLE.index("authors")
COLUMNS = (
    *(getattr(ArticleRow, name) for name in _OF_ARTICLE),
    *RUN_COLUMNS,
)


def with_run(query: Select[Any]) -> Select[Any]:
    """Join the run that annotated the current revision to articles."""
    of_current = (AnalysisRow.article_id == ArticleRow.id) & (AnalysisRow.revision == ArticleRow.revision)
    return query.join(AnalysisRow, of_current).join(RunRow, RunRow.id == AnalysisRow.run_id)


# Statements are made once: making one takes longer than running it.
ARTICLES = with_run(select(*COLUMNS).select_from(ArticleRow))
BY_ID = ARTICLES.where(is_among(ArticleRow.id, "ids"))


def article_view(found: AnyRow) -> ArticleView:
    """Return the view of a row that begins with ``COLUMNS``."""
    told: list[Any] = [*found[:_WIDTH], run_beside(found[_WIDTH:])]
    told[_AUTHORS] = tuple(told[_AUTHORS])
    return ArticleView(*told)
