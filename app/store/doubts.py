"""Links put up for review: that an entity of a story may be another, or an authority's entry."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import delete, exists, func, select, update
from sqlalchemy.orm import Session

from app.knowledge.link import Proposal
from app.store.bulk import insert_unknown
from app.store.ids import new_id
from app.store.knowledge_tables import OpenLinkRow
from app.store.tables import AppearanceRow, EntityRow


def write_open_links(
    session: Session, found: Sequence[tuple[str, Sequence[tuple[str, Proposal]]]], *, fresh: bool
) -> None:
    """Put the links of stories, by their ids, up for review, in place of those of theirs that nobody has decided.

    ``fresh`` says that the stories have put up none before.
    """
    waited: set[str] = set()
    if not fresh:
        kept = {entity_id for _, of in found for entity_id, _ in of}
        for article_id, _ in found:
            waited |= keep_doubts(session, article_id, kept)
        stale = (OpenLinkRow.article_id.in_([article_id for article_id, _ in found]), OpenLinkRow.state == "open")
        session.execute(delete(OpenLinkRow).where(*stale))
    rows = [_open_row(article_id, entity_id, proposal) for article_id, of in found for entity_id, proposal in of]
    _add_open_rows(session, rows)
    settle_certain(session, waited)


def keep_doubts(session: Session, article_id: str, anew: Collection[str] = ()) -> set[str]:
    """Hand the links that a story put up for review to another story of the entity, where there is one.

    Those of the entities in ``anew`` stay. Returns the entities that had such links.
    """
    mine = (OpenLinkRow.article_id == article_id, OpenLinkRow.state == "open")
    waited = set(session.scalars(select(OpenLinkRow.entity_id).where(*mine)))
    for entity_id in sorted(waited.difference(anew)):
        elsewhere = (AppearanceRow.entity_id == entity_id, AppearanceRow.article_id != article_id)
        other = session.scalar(select(func.min(AppearanceRow.article_id)).where(*elsewhere))
        if other is not None:
            moved = update(OpenLinkRow).where(*mine, OpenLinkRow.entity_id == entity_id).values(article_id=other)
            session.execute(moved, execution_options={"synchronize_session": False})
    return waited


def settle_certain(session: Session, entities: Iterable[str]) -> None:
    """Let those of some entities be settled of whom no link waits for review any more."""
    waits = exists().where(OpenLinkRow.entity_id == EntityRow.id, OpenLinkRow.state == "open")
    for entity_id in sorted(entities):
        certain = update(EntityRow).where(EntityRow.id == entity_id, EntityRow.state == "open", ~waits)
        session.execute(certain.values(state="settled"), execution_options={"synchronize_session": False})


def add_open_links(session: Session, found: Iterable[tuple[str, Proposal]]) -> int:
    """Put links that no story asks for up for review unless they were before; return how many are new."""
    return _add_open_rows(session, [_open_row(None, entity_id, proposal) for entity_id, proposal in found])


def _add_open_rows(session: Session, rows: Sequence[dict[str, Any]]) -> int:
    if not rows:
        return 0
    known = session.execute(
        select(OpenLinkRow.entity_id, OpenLinkRow.candidate_id).where(
            OpenLinkRow.entity_id.in_({row["entity_id"] for row in rows})
        )
    )
    seen = {(entity, candidate) for entity, candidate in known}
    fresh: dict[tuple[str, str], dict[str, Any]] = {}
    for row in rows:
        fresh.setdefault((row["entity_id"], row["candidate_id"]), row)
    kept = [row for key, row in sorted(fresh.items()) if key not in seen and key[0] != key[1]]
    insert_unknown(session, OpenLinkRow, kept)
    return len(kept)


def _open_row(article_id: str | None, entity_id: str, proposal: Proposal) -> dict[str, Any]:
    candidate = proposal.candidate
    known = candidate.entity_id is not None
    return {
        "id": new_id(),
        "article_id": article_id,
        "entity_id": entity_id,
        "candidate_kind": "entity" if known else "identity",
        "candidate_id": candidate.entity_id if known else candidate.identity,
        "type": candidate.profile.type,
        "score": round(proposal.likeness.score, 4),
        "reasons": reasons_of(proposal.likeness.reasons),
        "state": "open",
        "made_at": datetime.now(UTC),
    }


def reasons_of(reasons: Iterable[Any]) -> list[list[Any]]:
    """Return reasons as they are stored."""
    return [[r.code, round(r.weight, 2), r.detail] for r in reasons]
