"""Revisions of articles: their texts, which never change, and their finished analyses."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import TypeVarTuple

from sqlalchemy import Row, Select, select
from sqlalchemy.orm import Session, defer

from app.errors import NotFoundError
from app.store.filters import storable
from app.store.heads import head_of
from app.store.rows import read_rows
from app.store.runs import run_view
from app.store.tables import AnalysisRow, ArticleRow, RevisionRow, RunRow
from app.store.views import Json, RevisionView

Ts = TypeVarTuple("Ts")
_MAX_REVISION = 2**31 - 1


def revisions(session: Session, article_id: str) -> tuple[RevisionView, ...]:
    """Return the revisions of an article, the latest first.

    Raises: NotFoundError.
    """
    query = _revisions().where(RevisionRow.article_id == article_id).order_by(RevisionRow.number.desc())
    found = session.execute(query).all() if storable(article_id) else ()
    if not found:
        raise NotFoundError("article", article_id)
    return tuple(_revision_view(row) for row in found)


def revision_of(session: Session, article_id: str, revision: int | None = None) -> RevisionView:
    """Return one revision of an article, the current one by default.

    Raises: NotFoundError.
    """
    return _revision_view(_one(session, _revisions(), article_id, revision))


def text_of(session: Session, article_id: str, revision: int | None = None) -> str:
    """Return the canonical text of a revision, the current one by default.

    Raises: NotFoundError.
    """
    text: str = _one(session, select(RevisionRow.text), article_id, revision)[0]
    return text


def analysis_of(session: Session, article_id: str, revision: int | None = None) -> Json:
    """Return the finished analysis of a revision, the current one by default, as ``serialise_analysis`` made it.

    Raises: NotFoundError.
    """
    query = select(AnalysisRow.document).join(
        RevisionRow,
        (RevisionRow.article_id == AnalysisRow.article_id) & (RevisionRow.number == AnalysisRow.revision),
    )
    document: Json = _one(session, query, article_id, revision)[0]
    return document


def changed_at(session: Session, article_id: str) -> datetime:
    """Return when an article was changed last.

    Raises: NotFoundError.
    """
    query = select(ArticleRow.updated_at).where(ArticleRow.id == article_id)
    found = session.scalar(query) if storable(article_id) else None
    if found is None:
        raise NotFoundError("article", article_id)
    return found


def texts_of(session: Session, ids: Iterable[str]) -> dict[str, str]:
    """Return the current texts of several articles, by the article's id; one that is gone is left out."""
    query = select(RevisionRow.article_id, RevisionRow.text).where(
        RevisionRow.article_id.in_(list(ids)), RevisionRow.current
    )
    return {row.article_id: row.text for row in session.execute(query)}


def parts_of_analyses(session: Session, ids: Iterable[str], names: Sequence[str]) -> dict[str, dict[str, str]]:
    """Return these lists of the finished analyses of articles' current revisions as JSON, by the article's id.

    The database takes them out: what is not asked for is neither sent nor read.
    """
    of_current = (AnalysisRow.article_id == ArticleRow.id) & (AnalysisRow.revision == ArticleRow.revision)
    lists = (AnalysisRow.document[name].as_string() for name in names)
    query = select(ArticleRow.id, *lists).join(AnalysisRow, of_current).where(ArticleRow.id.in_(list(ids)))
    return {key: dict(zip(names, found, strict=True)) for key, *found in read_rows(session, query)}


def _revisions() -> Select[RevisionRow, RunRow]:
    of_revision = (AnalysisRow.article_id == RevisionRow.article_id) & (AnalysisRow.revision == RevisionRow.number)
    query = select(RevisionRow, RunRow).options(defer(RevisionRow.text, raiseload=True))
    return query.join(AnalysisRow, of_revision).join(RunRow, RunRow.id == AnalysisRow.run_id)


def _revision_view(row: Row[RevisionRow, RunRow]) -> RevisionView:
    found, run = row
    return RevisionView(
        article_id=found.article_id,
        number=found.number,
        sha256=found.sha256,
        length=found.length,
        title=found.title,
        media_type=found.media_type,
        head=head_of(found.head),
        received_at=found.received_at,
        current=found.current,
        run=run_view(run),
    )


def _one(session: Session, query: Select[*Ts], article_id: str, revision: int | None) -> Row[*Ts]:
    if not storable(article_id):
        raise NotFoundError("article", article_id)
    query = query.where(RevisionRow.article_id == article_id)
    if revision is None:
        row = session.execute(query.where(RevisionRow.current)).one_or_none()
    elif 1 <= revision <= _MAX_REVISION:
        row = session.execute(query.where(RevisionRow.number == revision)).one_or_none()
    else:
        row = None
    if row is None:
        kind, key = ("article", article_id) if revision is None else ("revision", f"{article_id}/{revision}")
        raise NotFoundError(kind, key)
    return row
