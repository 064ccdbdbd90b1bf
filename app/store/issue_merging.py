"""Issues merged and split by hand, label by label: recorded, redirected, undone."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime

from sqlalchemy import delete, func, insert, literal_column, select, update
from sqlalchemy.orm import Session

from app.errors import ConflictError, InputError, NotFoundError
from app.knowledge.issues import telling_words
from app.store.change_log import note_as_it_is
from app.store.changes import insert_for
from app.store.filters import storable
from app.store.folding import folded
from app.store.issue_links import name_issues
from app.store.issues import issue_id
from app.store.knowledge_tables import ChangeRow, IssueLabelRow, IssueWordRow, RedirectRow
from app.store.knowledge_views import ChangeView, LabelView, ReasonView
from app.store.merging import change, record_change, redirect
from app.store.tables import AnalysisRow, IssueRow, PositionRow

_NO_SYNC = {"synchronize_session": False}
_LABELS_SHOWN = 200


def labels_of(session: Session, key: str) -> tuple[LabelView, ...]:
    """Return the labels of an issue, those of most stances first."""
    rows = session.scalars(
        select(IssueLabelRow)
        .where(IssueLabelRow.issue_id == key)
        .order_by(IssueLabelRow.positions.desc(), IssueLabelRow.folded)
        .limit(_LABELS_SHOWN)
    )
    return tuple(
        LabelView(r.label, r.positions, r.score, tuple(ReasonView(*reason) for reason in r.reasons), r.fixed)
        for r in rows
    )


def merge_issues(session: Session, source_id: str, target_id: str, note: str | None = None) -> ChangeView:
    """Make one issue of two: the labels of ``source_id`` are those of ``target_id`` from now on.

    Raises: NotFoundError; InputError when they are one already.
    """
    if source_id == target_id:
        raise InputError("into", "is the one that is to be merged")
    for key in sorted((source_id, target_id)):
        _locked(session, key)
    labels = _move(session, source_id, target_id, None)
    made = record_change(session, ("merge", "issue"), (source_id, target_id), note, {"labels": labels})
    redirect(session, source_id, target_id, made)
    return change(session, made)


def split_issue(session: Session, key: str, labels: Sequence[str], note: str | None = None) -> ChangeView:
    """Make two issues of one: these labels are another's from now on.

    Raises: NotFoundError; InputError when the issue has no such label, or none would be left.
    """
    _locked(session, key)
    having = set(session.scalars(select(IssueLabelRow.folded).where(IssueLabelRow.issue_id == key)))
    asked = sorted({folded(label) for label in labels})
    strange = next((label for label in asked if label not in having), None)
    if strange is not None:
        raise InputError("labels", f"the issue has no label {strange[:80]!r}")
    if not asked or len(asked) == len(having):
        raise InputError("labels", "some labels move, and some stay")
    made = issue_id(asked[0])
    if session.get(IssueRow, made) is not None or session.get(RedirectRow, made) is not None:
        made = issue_id(f"{asked[0]} #{key}")
    session.execute(insert(IssueRow), [{"id": made, "label": asked[0], "folded": asked[0], "positions": 0}])
    _move(session, key, made, asked)
    done = record_change(session, ("split", "issue"), (key, made), note, {"labels": asked})
    return change(session, done)


def undo_issue_change(session: Session, change_id: str) -> ChangeView:
    """Undo a merge or a split of issues.

    Raises: NotFoundError; ConflictError when it is undone already, or what it made was changed since.
    """
    row = session.get(ChangeRow, change_id) if storable(change_id) else None
    if row is None or row.type != "issue":
        raise NotFoundError("change", change_id)
    if row.undone_at is not None or session.get(IssueRow, row.to_id) is None:
        msg = "the change is undone already, or what it made was changed since"
        raise ConflictError(msg)
    labels = list(row.detail["labels"])
    if row.action == "merge":
        session.execute(delete(RedirectRow).where(RedirectRow.old_id == row.from_id))
        here = {"id": row.from_id, "label": labels[0], "folded": labels[0], "positions": 0}
        session.execute(insert(IssueRow), [here])
    _move(session, row.to_id, row.from_id, labels)
    if session.get(IssueRow, row.to_id, populate_existing=True) is None:
        redirect(session, row.to_id, row.from_id, row.id)
    session.execute(
        update(ChangeRow).where(ChangeRow.id == change_id).values(undone_at=datetime.now(UTC)),
        execution_options=_NO_SYNC,
    )
    return change(session, change_id)


def _locked(session: Session, key: str) -> None:
    if not storable(key) or session.get(IssueRow, key, with_for_update=True) is None:
        raise NotFoundError("issue", key)


def _move(session: Session, source_id: str, target_id: str, labels: Sequence[str] | None) -> list[str]:
    """Move labels, all of them for None, with their stances, and return them; an issue without labels goes."""
    rows = session.execute(select(IssueLabelRow.folded, IssueLabelRow.label).where(IssueLabelRow.issue_id == source_id))
    moving = {key: label for key, label in rows if labels is None or key in labels}
    everything = labels is None
    stances = session.execute(
        select(PositionRow.seq, PositionRow.article_id, PositionRow.document["issue"]["label"].as_string()).where(
            PositionRow.issue_id == source_id
        )
    ).all()
    moved = [(seq, article) for seq, article, label in stances if everything or folded(label) in moving]
    for start in range(0, len(moved), 400):
        part = moved[start : start + 400]
        _rename(session, source_id, target_id, [seq for seq, _ in part])
    for article in sorted({article for _, article in moved}):
        _rename_in_analysis(session, article)
        note_as_it_is(session, "linked", article)
    session.execute(
        update(IssueLabelRow)
        .where(IssueLabelRow.issue_id == source_id, IssueLabelRow.folded.in_(sorted(moving)))
        .values(issue_id=target_id, fixed=True),
        execution_options=_NO_SYNC,
    )
    for key, number in ((source_id, -len(moved)), (target_id, len(moved))):
        counted = update(IssueRow).where(IssueRow.id == key).values(positions=IssueRow.positions + number)
        session.execute(counted, execution_options=_NO_SYNC)
    _move_words(session, source_id, target_id, moving.values())
    left = session.scalar(select(func.count()).where(IssueLabelRow.issue_id == source_id))
    if not left:
        session.execute(delete(IssueRow).where(IssueRow.id == source_id))
    name_issues(session, {source_id, target_id})
    return sorted(moving)


def _move_words(session: Session, source_id: str, target_id: str, labels: Iterable[str]) -> None:
    """Give an issue the words of labels that come to it, and those that stand around the issue they come from."""
    words = {word for label in labels for word in telling_words(label)}
    around = session.execute(
        select(IssueWordRow.word, IssueWordRow.kind, IssueWordRow.count).where(
            IssueWordRow.issue_id == source_id, IssueWordRow.kind != "label"
        )
    )
    rows = [{"word": w, "kind": "label", "issue_id": target_id, "count": 1} for w in sorted(words)]
    rows += [{"word": w, "kind": kind, "issue_id": target_id, "count": n} for w, kind, n in around]
    if rows:
        session.execute(insert_for(session)(IssueWordRow).on_conflict_do_nothing(), rows)
    left = session.scalars(select(IssueLabelRow.label).where(IssueLabelRow.issue_id == source_id)).all()
    kept = {word for label in left for word in telling_words(label)}
    gone = [w for w in words if w not in kept]
    session.execute(
        delete(IssueWordRow).where(
            IssueWordRow.issue_id == source_id, IssueWordRow.kind == "label", IssueWordRow.word.in_(gone)
        )
    )


def _rename(session: Session, source_id: str, target_id: str, stances: Sequence[int]) -> None:
    """Put one issue's id in another's place in stances. Ids hold letters, digits and underscores only."""
    old, new = f"'\"{source_id}\"'", f"'\"{target_id}\"'"
    replaced = (
        f"replace(document, {old}, {new})"
        if session.get_bind().dialect.name == "sqlite"
        else f"replace(document::text, {old}, {new})::json"
    )
    changed = update(PositionRow).where(PositionRow.seq.in_(stances))
    values = {PositionRow.document: literal_column(replaced), PositionRow.issue_id: target_id}
    session.execute(changed.values(values), execution_options=_NO_SYNC)


def _rename_in_analysis(session: Session, article_id: str) -> None:
    """Let a story's analysis name the issues that its stances' rows name."""
    rows = session.execute(select(PositionRow.id, PositionRow.document).where(PositionRow.article_id == article_id))
    now = {key: document for key, document in rows}  # noqa: C416 (a row is no pair to mypy)
    latest = select(AnalysisRow).where(AnalysisRow.article_id == article_id).order_by(AnalysisRow.revision.desc())
    row = session.scalar(latest.limit(1))
    if row is not None:
        positions = [now.get(p["id"], p) for p in row.document["positions"]]
        row.document = {**row.document, "positions": positions}
        session.flush()
