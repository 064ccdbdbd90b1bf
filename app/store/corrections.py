"""Corrections kept, undone and listed. Every function works in the caller's transaction; none commits."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import cast

from sqlalchemy import insert, select, update
from sqlalchemy.orm import Session

from app.domain.document import Document
from app.errors import ConflictError, InputError, NotFoundError
from app.review.correction import Action, Kind
from app.store.annotations import new_id, rewrite_analysis
from app.store.change_log import note_as_it_is
from app.store.filters import storable
from app.store.heads import head_of
from app.store.paging import Page, PageRequest, decode_cursor, page_of
from app.store.review_views import (
    CorrectionFilter,
    CorrectionState,
    CorrectionView,
    HeldStory,
    NewCorrection,
    ReviewedStory,
)
from app.store.tables import AnalysisRow, ArticleRow, CorrectionRow, PositionRow, QuoteRow, RevisionRow

_NO_SYNC = {"synchronize_session": False}


def hold_story(session: Session, article_id: str) -> HeldStory:
    """Return a story that stays as it is until the transaction ends, but for what the transaction does.

    Raises: NotFoundError.
    """
    locked = select(ArticleRow.id).where(ArticleRow.id == article_id).with_for_update()
    if not storable(article_id) or session.execute(locked).one_or_none() is None:
        raise NotFoundError("article", article_id)
    row = session.execute(
        select(RevisionRow.number, RevisionRow.text, RevisionRow.head, AnalysisRow.document)
        .join(AnalysisRow, _OF_REVISION)
        .where(RevisionRow.article_id == article_id, RevisionRow.current)
    ).one()
    return HeldStory(article_id, row.number, Document(row.text, head=head_of(row.head)), row.document)


def story_of(session: Session, annotation_id: str) -> tuple[Kind, str]:
    """Return the kind of an annotation and the id of the story that has it.

    Raises: NotFoundError.
    """
    if storable(annotation_id):
        of_quote = session.scalar(select(QuoteRow.article_id).where(QuoteRow.id == annotation_id))
        if of_quote is not None:
            return "quote", of_quote
        columns = select(PositionRow.kind, PositionRow.article_id).where(PositionRow.id == annotation_id)
        row = session.execute(columns).one_or_none()
        if row is not None:
            return cast(Kind, row.kind), row.article_id
    raise NotFoundError("annotation", annotation_id)


def add_correction(session: Session, held: HeldStory, made: NewCorrection) -> CorrectionView:
    """Keep a correction and write the story as it is with it.

    Raises: InputError when the text has not what the correction says.
    """
    key = new_id()
    row = {
        "id": key,
        "article_id": held.article_id,
        "revision": held.revision,
        "action": made.action,
        "kind": made.kind,
        "annotation_id": made.annotation_id,
        "value": made.value,
        "before": made.before,
        "note": made.note,
        "author": made.author,
        "made_at": datetime.now(UTC),
        "applied": True,
    }
    session.execute(insert(CorrectionRow), [row])
    _rewrite(session, held.article_id)
    view = correction(session, key)
    if view.state != "applied":
        raise InputError("value", view.reason or "cannot be applied")
    return view


def undo_correction(session: Session, correction_id: str, by: str | None = None) -> CorrectionView:
    """Take a correction back and write the story as it is without it.

    Raises: NotFoundError; ConflictError when it is undone already.
    """
    article_id = correction(session, correction_id).article_id
    hold_story(session, article_id)
    if correction(session, correction_id).state == "undone":
        msg = "the correction is undone already"
        raise ConflictError(msg)
    undone = update(CorrectionRow).where(CorrectionRow.id == correction_id)
    values = {"undone_at": datetime.now(UTC), "undone_by": by, "applied": False, "applied_to": None, "reason": None}
    session.execute(undone.values(values), execution_options=_NO_SYNC)
    _rewrite(session, article_id)
    return correction(session, correction_id)


def correction(session: Session, correction_id: str) -> CorrectionView:
    """Return one correction.

    Raises: NotFoundError.
    """
    query = select(CorrectionRow).where(CorrectionRow.id == correction_id).execution_options(populate_existing=True)
    row = session.scalar(query) if storable(correction_id) else None
    if row is None:
        raise NotFoundError("correction", correction_id)
    return _view(row)


def corrections(session: Session, narrowed: CorrectionFilter, page: PageRequest) -> Page[CorrectionView]:
    """Return corrections, the latest first.

    Raises: CursorError.
    """
    query = select(CorrectionRow).order_by(CorrectionRow.id.desc()).limit(page.limit + 1)
    if narrowed.article_id is not None:
        query = query.where(CorrectionRow.article_id == narrowed.article_id)
    if narrowed.state is not None:
        query = query.where(CorrectionRow.applied == (narrowed.state == "applied"))
    if narrowed.state in ("orphaned", "undone"):
        undone = CorrectionRow.undone_at.is_not(None)
        query = query.where(undone if narrowed.state == "undone" else ~undone)
    if page.cursor is not None:
        (last,) = decode_cursor(page.cursor, "corrections", str)
        query = query.where(CorrectionRow.id < last)
    return page_of("corrections", page, session.scalars(query).all(), _view, lambda r: (r.id,))


def reviewed_stories(session: Session, page: PageRequest) -> Page[ReviewedStory]:
    """Return the stories that have corrections which hold, the oldest first, with their analyses.

    Raises: CursorError.
    """
    holds = select(CorrectionRow.article_id).where(CorrectionRow.applied)
    if page.cursor is not None:
        (last,) = decode_cursor(page.cursor, "reviewed stories", str)
        holds = holds.where(CorrectionRow.article_id > last)
    holds = holds.group_by(CorrectionRow.article_id).order_by(CorrectionRow.article_id).limit(page.limit + 1)
    query = (
        select(RevisionRow.article_id, RevisionRow.sha256, RevisionRow.text, AnalysisRow.document)
        .join(AnalysisRow, _OF_REVISION)
        .where(RevisionRow.current, RevisionRow.article_id.in_(holds))
        .order_by(RevisionRow.article_id)
    )
    rows = session.execute(query).all()
    return page_of("reviewed stories", page, rows, lambda r: ReviewedStory(*r), lambda r: (r.article_id,))


_OF_REVISION = (RevisionRow.article_id == AnalysisRow.article_id) & (RevisionRow.number == AnalysisRow.revision)


def _rewrite(session: Session, article_id: str) -> None:
    rewrite_analysis(session, article_id)
    note_as_it_is(session, "corrected", article_id)


def _view(row: CorrectionRow) -> CorrectionView:
    state: CorrectionState = "applied" if row.applied else "undone" if row.undone_at is not None else "orphaned"
    return CorrectionView(
        id=row.id,
        article_id=row.article_id,
        revision=row.revision,
        action=cast(Action, row.action),
        kind=cast(Kind, row.kind),
        annotation_id=row.annotation_id,
        value=row.value,
        before=row.before,
        note=row.note,
        author=row.author,
        made_at=row.made_at,
        state=state,
        applied_to=row.applied_to,
        reason=row.reason,
        undone_at=row.undone_at,
        undone_by=row.undone_by,
    )
