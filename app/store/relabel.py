"""One story's entity made another: its rows and the documents that name it. Counts and names follow."""

from __future__ import annotations

from typing import Any

from sqlalchemy import delete, func, insert, literal_column, select, update
from sqlalchemy.orm import InstrumentedAttribute, Session

from app.store.change_log import note_as_it_is
from app.store.changes import apply_changes, prune, shared_of_article
from app.store.sayings import count_sightings, sayings_of_article
from app.store.tables import AnalysisRow, AppearanceRow, CorrectionRow, EntityRow, MentionRow, PositionRow, QuoteRow
from app.store.views import Json

_SILENCE = [0, 0]
BY_HAND = ["by hand", 9.0, ""]
_KEYS = {"person": "people", "organization": "organizations", "place": "places", "group": "groups"}
_NO_SYNC = {"synchronize_session": False}
_ACTORS = (
    QuoteRow.speaker_entity_id,
    PositionRow.actor_entity_id,
    PositionRow.organization_entity_id,
    PositionRow.reporter_entity_id,
)


def relabel(session: Session, article_id: str, old_id: str, new_id: str) -> Json:
    """Make what a story says of one entity be said of another that is there; return how it stood before.

    Where the story has both, they become one, and what comes back holds the documents that ``restore`` puts back.
    """
    both = _appearance(session, article_id, new_id) is not None
    known = shared_of_article(session, article_id, (old_id, new_id))
    row = _appearance(session, article_id, old_id)
    before: Json = {"score": row.score, "reasons": row.reasons or []} if row is not None else {}
    if both:
        before["whole"] = _whole(session, article_id, (old_id, new_id))
        _join_appearances(session, article_id, old_id, new_id)
    else:
        values = {"entity_id": new_id, "score": None, "reasons": [BY_HAND]}
        _update(session, AppearanceRow.entity_id, article_id, old_id, values)
    _update(session, MentionRow.entity_id, article_id, old_id, {"entity_id": new_id})
    for column in _ACTORS:
        _update(session, column, article_id, old_id, {column.key: new_id})
    for document in (AnalysisRow.document, QuoteRow.document, PositionRow.document):
        _rename(session, document, article_id, old_id, new_id)
    if both:
        _join_entries(session, article_id, new_id)
    session.flush()
    apply_changes(session, (known, shared_of_article(session, article_id, (old_id, new_id))))
    prune(session, known)
    count_sightings(session, sayings_of_article(session, article_id))
    note_as_it_is(session, "linked", article_id)
    return before


def restore(session: Session, article_id: str, old_id: str, new_id: str, before: Json) -> bool:
    """Put a story back to how it stood before ``relabel``; False when it was annotated anew or corrected since."""
    whole = before.get("whole")
    if whole is None:
        if _appearance(session, article_id, new_id) is None or _appearance(session, article_id, old_id) is not None:
            return False
        relabel(session, article_id, new_id, old_id)
        values = {"score": before.get("score"), "reasons": before.get("reasons", [])}
        _update(session, AppearanceRow.entity_id, article_id, old_id, values)
        return True
    if _run_of(session, article_id) != whole["run_id"] or _said(session, article_id) != whole.get("said", _SILENCE):
        return False
    known = shared_of_article(session, article_id, (old_id, new_id))
    both = AppearanceRow.entity_id.in_((old_id, new_id))
    moment = session.scalar(select(AppearanceRow.dated_at).where(AppearanceRow.article_id == article_id, both))
    session.execute(delete(AppearanceRow).where(AppearanceRow.article_id == article_id, both))
    rows = [{**row, "article_id": article_id, "dated_at": moment} for row in whole["appearances"]]
    session.execute(insert(AppearanceRow), rows)
    for start, end in whole["mentions"]:
        here = (MentionRow.article_id == article_id, MentionRow.start == start, MentionRow.end == end)
        session.execute(update(MentionRow).where(*here).values(entity_id=old_id), execution_options=_NO_SYNC)
    for table, ids in ((QuoteRow, whole["quotes"]), (PositionRow, whole["positions"])):
        for key, values in ids.items():
            session.execute(update(table).where(table.id == key).values(values), execution_options=_NO_SYNC)
    session.execute(
        update(AnalysisRow).where(AnalysisRow.run_id == whole["run_id"]).values(document=whole["document"]),
        execution_options=_NO_SYNC,
    )
    apply_changes(session, (known, shared_of_article(session, article_id, (old_id, new_id))))
    prune(session, known)
    count_sightings(session, sayings_of_article(session, article_id))
    note_as_it_is(session, "linked", article_id)
    return True


def ensure_entity(session: Session, values: Json) -> None:
    """Make an entity's row, without stories yet, unless it is there."""
    if session.get(EntityRow, values["id"]) is None:
        empty = {"articles": 0, "quotes": 0, "weight": 0, "identifiers": [], "identity_id": None}
        session.execute(insert(EntityRow), [{**empty, **values}])


def entity_values(session: Session, entity_id: str) -> Json:
    """Return what ``ensure_entity`` needs to make an entity's row again."""
    row = session.get_one(EntityRow, entity_id)
    names = ("id", "type", "key", "name", "folded", "state", "identifiers", "identity_id")
    return {name: getattr(row, name) for name in names}


def _appearance(session: Session, article_id: str, entity_id: str) -> AppearanceRow | None:
    here = (AppearanceRow.article_id == article_id, AppearanceRow.entity_id == entity_id)
    return session.scalar(select(AppearanceRow).where(*here).execution_options(populate_existing=True))


def _said(session: Session, article_id: str) -> list[int]:
    """Return what changes whenever a person corrects a story or takes a correction back."""
    undone = func.count(CorrectionRow.undone_at)
    said = select(func.coalesce(func.max(CorrectionRow.seq), 0), undone).where(CorrectionRow.article_id == article_id)
    return list(session.execute(said).one())


def _run_of(session: Session, article_id: str) -> str | None:
    """Return the run whose analysis of a story is the current one."""
    latest = select(AnalysisRow.run_id).where(AnalysisRow.article_id == article_id)
    return session.scalar(latest.order_by(AnalysisRow.revision.desc()).limit(1))


def _whole(session: Session, article_id: str, ids: tuple[str, str]) -> Json:
    """Return all that joining two entities of a story changes in it."""
    old_id = ids[0]
    of_old = (MentionRow.article_id == article_id, MentionRow.entity_id == old_id)
    rows = (_appearance(session, article_id, key) for key in ids)
    names = ("entity_id", "name", "aliases", "prominence", "quotes", "context", "score", "reasons")
    run_id = _run_of(session, article_id)
    return {
        "said": _said(session, article_id),
        "run_id": run_id,
        "document": session.scalar(select(AnalysisRow.document).where(AnalysisRow.run_id == run_id)),
        "appearances": [{name: getattr(row, name) for name in names} for row in rows if row is not None],
        "mentions": [list(pair) for pair in session.execute(select(MentionRow.start, MentionRow.end).where(*of_old))],
        "quotes": {
            q.id: {"speaker_entity_id": q.speaker_entity_id, "document": q.document}
            for q in session.scalars(select(QuoteRow).where(QuoteRow.article_id == article_id))
        },
        "positions": {
            p.id: {
                "actor_entity_id": p.actor_entity_id,
                "organization_entity_id": p.organization_entity_id,
                "reporter_entity_id": p.reporter_entity_id,
                "document": p.document,
            }
            for p in session.scalars(select(PositionRow).where(PositionRow.article_id == article_id))
        },
    }


def _join_appearances(session: Session, article_id: str, old_id: str, new_id: str) -> None:
    old, new = _appearance(session, article_id, old_id), _appearance(session, article_id, new_id)
    if old is None or new is None:
        return
    names = dict.fromkeys((new.name, *new.aliases, old.name, *old.aliases))
    values = {
        "aliases": [name for name in names if name != new.name],
        "prominence": min(1.0, (old.prominence or 0.0) + (new.prominence or 0.0)),
        "quotes": old.quotes + new.quotes,
        "context": sorted({tuple(pair) for pair in (*(old.context or ()), *(new.context or ()))}),
        "reasons": [*(new.reasons or ()), BY_HAND],
    }
    session.expunge(old)
    session.expunge(new)
    gone = (AppearanceRow.article_id == article_id, AppearanceRow.entity_id == old_id)
    session.execute(delete(AppearanceRow).where(*gone), execution_options=_NO_SYNC)
    _update(session, AppearanceRow.entity_id, article_id, new_id, values)


def _join_entries(session: Session, article_id: str, entity_id: str) -> None:
    """Make one entry of the two that a story's analysis has for one entity by now."""
    kind = session.scalar(select(EntityRow.type).where(EntityRow.id == entity_id))
    rows = session.execute(
        select(AnalysisRow.revision, AnalysisRow.document).where(AnalysisRow.article_id == article_id)
    ).all()
    for revision, document in rows:
        key = _KEYS[str(kind)]
        same = [entry for entry in document[key] if entry["id"] == entity_id]
        if len(same) > 1:
            entries = [e for e in document[key] if e["id"] != entity_id or e is same[0]]
            entries[entries.index(same[0])] = _one_entry(same)
            here = (AnalysisRow.article_id == article_id, AnalysisRow.revision == revision)
            changed = update(AnalysisRow).where(*here).values(document={**document, key: entries})
            session.execute(changed, execution_options=_NO_SYNC)


def _one_entry(entries: list[Json]) -> Json:
    first = entries[0]
    names = dict.fromkeys(n for e in entries for n in (e["name"], *e["aliases"]))
    sure = [e["confidence"] for e in entries if e["confidence"] is not None]
    shares = [e["prominence"] for e in entries if e["prominence"] is not None]
    return {
        **first,
        "aliases": [name for name in names if name != first["name"]],
        "offices": [office for e in entries for office in e["offices"]],
        "mentions": sorted((m for e in entries for m in e["mentions"]), key=lambda m: (m["start"], m["end"])),
        "prominence": min(1.0, sum(shares)) if shares else None,
        "confidence": max(sure) if sure else None,
    }


def _update(
    session: Session, column: InstrumentedAttribute[Any], article_id: str, entity_id: str, values: Json
) -> None:
    table = column.class_
    here = (table.article_id == article_id, column == entity_id)
    session.execute(update(table).where(*here).values(values), execution_options=_NO_SYNC)


def _rename(session: Session, column: InstrumentedAttribute[Any], article_id: str, old_id: str, new_id: str) -> None:
    """Put one id in another's place in a story's documents. Ids hold letters, digits and underscores only."""
    table = column.class_
    old, new = f"'\"{old_id}\"'", f"'\"{new_id}\"'"
    replaced = (
        f"replace(document, {old}, {new})"
        if session.get_bind().dialect.name == "sqlite"
        else f"replace(document::text, {old}, {new})::json"
    )
    changed = update(table).where(table.article_id == article_id).values({column: literal_column(replaced)})
    session.execute(changed, execution_options=_NO_SYNC)
