"""Walks over all articles that bring them to the present pipeline. None of the functions commits.

A walk goes by article id and keeps its place in the transaction that replaces an analysis: it goes on where it stood.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Literal, cast

from sqlalchemy import ColumnElement, Select, func, insert, null, select, update
from sqlalchemy.orm import Session

from app.domain.analysis import Pipeline
from app.errors import NotFoundError
from app.store.filters import storable
from app.store.ids import new_id
from app.store.paging import Page, PageRequest, decode_cursor, page_of
from app.store.queue_tables import ReannotationRow
from app.store.tables import AnalysisRow, ArticleRow, RevisionRow, RunRow

WalkState = Literal["queued", "done", "cancelled"]


@dataclass(frozen=True, slots=True)
class WalkView:
    """How far a walk is. Units: ``rate`` is the most stories a second, None for as many as one thread does."""

    id: str
    state: WalkState
    pipeline: Pipeline
    rate: float | None
    total: int
    done: int
    failed: int
    last_failure: str | None
    request_id: str
    created_at: datetime
    finished_at: datetime | None


@dataclass(frozen=True, slots=True)
class OldArticle:
    """An article that another pipeline annotated: what its document is made from."""

    id: str
    title: str | None
    media_type: str
    text: str


@dataclass(frozen=True, slots=True)
class WalkTicket:
    """A walk that is to be gone on with, and by which attempt."""

    id: str
    attempt: str


def begin_walk(session: Session, pipeline: Pipeline, rate: float | None, request_id: str) -> tuple[WalkTicket, bool]:
    """Begin a walk and return it with True; return the one that is under way to this pipeline with False.

    Walks to other pipelines end: their work would be undone.
    """
    under_way = (ReannotationRow.state == "queued", *_to(pipeline))
    known = session.execute(select(ReannotationRow.id, ReannotationRow.attempt).where(*under_way).limit(1)).first()
    if known is not None:
        return WalkTicket(*known), False
    others = update(ReannotationRow).where(ReannotationRow.state == "queued")
    session.execute(others.values(state="cancelled", finished_at=datetime.now(UTC)))
    total = session.scalars(select(func.count()).select_from(_old(pipeline).subquery())).one()
    row = {
        "id": new_id(),
        "state": "queued",
        "attempt": new_id(),
        "pipeline_version": pipeline.version,
        "weights": pipeline.weights,
        "rate": rate,
        "total": total,
        "done": 0,
        "failed": 0,
        "after": "",
        "tries": 0,
        "request_id": request_id,
        "created_at": datetime.now(UTC),
    }
    session.execute(insert(ReannotationRow), [row])
    return WalkTicket(str(row["id"]), str(row["attempt"])), True


def next_articles(session: Session, walk_id: str, pipeline: Pipeline, most: int) -> list[OldArticle] | None:
    """Return the next articles of a walk to ``pipeline``, none at its end; None when it is over or to another one."""
    query = select(ReannotationRow.after).where(ReannotationRow.id == walk_id, ReannotationRow.state == "queued")
    after = session.scalars(query.where(*_to(pipeline))).one_or_none()
    if after is None:
        return None
    rows = session.execute(_old(pipeline).where(ArticleRow.id > after).order_by(ArticleRow.id).limit(most))
    return [OldArticle(*row) for row in rows]


def take_in_hand(session: Session, walk_id: str, article_id: str) -> int:
    """Say that work on an article begins, and return how often it has begun before."""
    same = ReannotationRow.in_hand == article_id
    row = session.execute(select(ReannotationRow.tries, same).where(ReannotationRow.id == walk_id)).one()
    before = row[0] if row[1] else 0
    values = {"in_hand": article_id, "tries": before + 1}
    session.execute(update(ReannotationRow).where(ReannotationRow.id == walk_id).values(values))
    return int(before)


def may_replace(session: Session, walk_id: str, pipeline: Pipeline, article_id: str) -> bool:
    """Say whether an article still has an old analysis and the walk goes on; nobody else goes on with it meanwhile."""
    query = select(ReannotationRow.after).where(ReannotationRow.id == walk_id, ReannotationRow.state == "queued")
    after = session.scalars(query.with_for_update()).one_or_none()
    if after is None or after >= article_id:
        return False
    return session.execute(_old(pipeline).where(ArticleRow.id == article_id)).first() is not None


def pass_by(session: Session, walk_id: str, article_id: str, failure: str | None = None) -> None:
    """Say that an article is through, or why it could not be annotated."""
    row = ReannotationRow
    counts = {"done": row.done + 1} if failure is None else {"failed": row.failed + 1, "last_failure": failure}
    behind = (row.id == walk_id, row.after < article_id)
    session.execute(update(row).where(*behind).values({"after": article_id, "in_hand": None, "tries": 0, **counts}))


def end_walk(session: Session, walk_id: str, state: WalkState) -> None:
    """Say that a walk is done or cancelled; one that is over stays what it is."""
    mine = (ReannotationRow.id == walk_id, ReannotationRow.state == "queued")
    session.execute(update(ReannotationRow).where(*mine).values(state=state, finished_at=datetime.now(UTC)))


def under_way(session: Session) -> list[WalkTicket]:
    """Return the walks that are not over."""
    query = select(ReannotationRow.id, ReannotationRow.attempt).where(ReannotationRow.state == "queued")
    return [WalkTicket(*row) for row in session.execute(query)]


def next_attempt(session: Session, ticket: WalkTicket) -> WalkTicket | None:
    """Give a walk to a new attempt; None when another did so first, or it is over."""
    attempt = new_id()
    row = ReannotationRow
    mine = (row.id == ticket.id, row.attempt == ticket.attempt, row.state == "queued")
    changed = session.execute(update(row).where(*mine).values(attempt=attempt)).rowcount  # type: ignore[attr-defined]
    return WalkTicket(ticket.id, attempt) if changed else None


def walk(session: Session, walk_id: str) -> WalkView:
    """Return one walk.

    Raises: NotFoundError.
    """
    row = session.get(ReannotationRow, walk_id) if storable(walk_id) else None
    if row is None:
        raise NotFoundError("reannotation", walk_id)
    return _view(row)


def walks(session: Session, page: PageRequest) -> Page[WalkView]:
    """Return the walks, the newest first.

    Raises: CursorError.
    """
    query = select(ReannotationRow).order_by(ReannotationRow.id.desc()).limit(page.limit + 1)
    if page.cursor is not None:
        (last,) = decode_cursor(page.cursor, "reannotations", str)
        query = query.where(ReannotationRow.id < last)
    return page_of("reannotations", page, session.scalars(query).all(), _view, lambda r: (r.id,))


def _to(pipeline: Pipeline) -> tuple[ColumnElement[bool], ...]:
    return ReannotationRow.pipeline_version == pipeline.version, ReannotationRow.weights == pipeline.weights


def _old(pipeline: Pipeline) -> Select[str, str | None, str, str]:
    """Return the query for the articles that another pipeline annotated, or a program that kept no corrections."""
    query = select(ArticleRow.id, ArticleRow.title, ArticleRow.media_type, RevisionRow.text)
    query = query.join(
        RevisionRow, (RevisionRow.article_id == ArticleRow.id) & (RevisionRow.number == ArticleRow.revision)
    )
    query = query.join(
        AnalysisRow, (AnalysisRow.article_id == ArticleRow.id) & (AnalysisRow.revision == ArticleRow.revision)
    )
    query = query.join(RunRow, RunRow.id == AnalysisRow.run_id)
    other = (RunRow.pipeline_version != pipeline.version) | (RunRow.weights != pipeline.weights)
    return query.where(other | AnalysisRow.machine.is_(null()))


def _view(row: ReannotationRow) -> WalkView:
    return WalkView(
        id=row.id,
        state=cast(WalkState, row.state),
        pipeline=Pipeline(row.pipeline_version, row.weights),
        rate=row.rate,
        total=row.total,
        done=row.done,
        failed=row.failed,
        last_failure=row.last_failure,
        request_id=row.request_id,
        created_at=row.created_at,
        finished_at=row.finished_at,
    )
