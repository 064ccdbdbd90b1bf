"""What people said of a story, applied over an analysis that is about to be written, in the same transaction."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import cast

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from app.domain.analysis import check
from app.knowledge.link import LinkedEntity, link_entity
from app.review.apply import apply_corrections
from app.review.correction import Action, Correction, Kind, Outcome
from app.store.redirects import redirected
from app.store.tables import CorrectionRow, EntityRow
from app.store.views import LinkedAnalysis


def live_corrections(session: Session, article_id: str) -> tuple[Correction, ...]:
    """Return the corrections of a story that nobody has undone, in the order in which they were made."""
    query = select(CorrectionRow).where(CorrectionRow.article_id == article_id, CorrectionRow.undone_at.is_(None))
    return tuple(correction_of(row) for row in session.scalars(query.order_by(CorrectionRow.seq)))


def correction_of(row: CorrectionRow) -> Correction:
    """Return what a row says."""
    return Correction(
        row.id,
        cast(Action, row.action),
        cast(Kind, row.kind),
        row.annotation_id,
        row.revision,
        row.value,
        row.before,
        row.author,
        row.made_at,
    )


def review_story(
    session: Session, article_id: str, revision: int, linked: LinkedAnalysis
) -> tuple[LinkedAnalysis, Mapping[str, str]]:
    """Return ``linked`` as people corrected it, and the ids across stories that they gave entities they added.

    What became of each correction is noted on it.
    """
    corrections = live_corrections(session, article_id)
    if not corrections:
        return linked, {}
    text = linked.document.text
    reviewed = apply_corrections(linked.analysis, text, corrections, salt=article_id, revision=revision)
    _note(session, reviewed.outcomes)
    entities = {e.id: linked.entities.get(e.id) or link_entity(e) for e in reviewed.analysis.entities}
    analysis = check(reviewed.analysis, linked.document)
    return replace(linked, analysis=analysis, entities=entities, reviews=reviewed.reviews), reviewed.entities


def with_given_ids(session: Session, linked: LinkedAnalysis, given: Mapping[str, str]) -> LinkedAnalysis:
    """Return ``linked`` with the ids across stories that people gave to entities, as far as these are still known."""
    if not given:
        return linked
    moved = redirected(session, set(given.values()))
    wanted = {local: moved.get(key, key) for local, key in given.items()}
    keys = select(EntityRow.id, EntityRow.key).where(EntityRow.id.in_(set(wanted.values())))
    known = {row.id: row.key for row in session.execute(keys)}
    entities = {
        local: LinkedEntity(key, linked.entities[local].type, linked.entities[local].name, known[key])
        for local, key in wanted.items()
        if key in known
    }
    return replace(linked, entities={**linked.entities, **entities})


def _note(session: Session, outcomes: Mapping[str, Outcome]) -> None:
    for key, outcome in outcomes.items():
        values = {"applied": outcome.applied, "applied_to": outcome.annotation_id, "reason": outcome.reason}
        noted = update(CorrectionRow).where(CorrectionRow.id == key).values(values)
        session.execute(noted, execution_options={"synchronize_session": False})
