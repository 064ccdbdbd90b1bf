"""Entities merged and split by hand or by an import: each change is recorded and can be undone.

What is merged into another leaves a redirect, so that its id still leads somewhere.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import cast

from sqlalchemy import delete, insert, select, update
from sqlalchemy.orm import Session, aliased

from app.domain.annotation import EntityType
from app.errors import ConflictError, InputError, NotFoundError
from app.knowledge.link import id_of
from app.store.doubts import settle_certain
from app.store.filters import storable
from app.store.ids import new_id
from app.store.knowledge_tables import ChangedArticleRow, ChangeRow, OpenLinkRow, RedirectRow
from app.store.knowledge_views import ChangeView
from app.store.paging import Page, PageRequest, decode_cursor, page_of
from app.store.relabel import ensure_entity, entity_values, relabel, restore
from app.store.tables import AppearanceRow, EntityRow
from app.store.views import Json

_NO_SYNC = {"synchronize_session": False}


def merge(session: Session, source_id: str, target_id: str, note: str | None = None) -> ChangeView:
    """Make one entity of two: all that stories say of ``source_id`` is said of ``target_id`` from now on.

    Raises: NotFoundError; InputError when they are one already or of different types.
    """
    source, target = _both(session, source_id, target_id)
    if source.type != target.type:
        raise InputError("into", f"a {source.type} cannot become a {target.type}")
    kept = entity_values(session, source_id)
    change_id = record_change(session, ("merge", source.type), (source_id, target_id), note, {"source": kept})
    if kept["identity_id"] is not None and target.identity_id is None:
        values = {"identity_id": kept["identity_id"], "identifiers": kept["identifiers"]}
        _set_entity(session, target_id, values)
    for article_id in _stories(session, source_id):
        before = relabel(session, article_id, source_id, target_id)
        session.execute(
            insert(ChangedArticleRow), [{"change_id": change_id, "article_id": article_id, "detail": before}]
        )
    redirect(session, source_id, target_id, change_id)
    _turn_doubts(session, source_id, target_id)
    return change(session, change_id)


def split(session: Session, entity_id: str, article_ids: Sequence[str], note: str | None = None) -> ChangeView:
    """Make two entities of one: what these stories say of it is said of another from now on.

    Raises: NotFoundError; InputError when a story does not have it, or when none would be left.
    """
    row = _entity(session, entity_id)
    stories = set(_stories(session, entity_id))
    asked = sorted(set(article_ids))
    strange = next((a for a in asked if a not in stories), None)
    if strange is not None:
        raise InputError("articles", f"{strange} does not mention {entity_id}")
    if not asked or len(asked) == len(stories):
        raise InputError("articles", "some stories move, and some stay")
    other_id = _free_id(session, row, asked[0])
    other = {**entity_values(session, entity_id), "id": other_id, "state": "settled"}
    ensure_entity(session, {**other, "identifiers": [], "identity_id": None})
    change_id = record_change(session, ("split", row.type), (entity_id, other_id), note, {})
    for article_id in asked:
        before = relabel(session, article_id, entity_id, other_id)
        session.execute(
            insert(ChangedArticleRow), [{"change_id": change_id, "article_id": article_id, "detail": before}]
        )
    return change(session, change_id)


def undo(session: Session, change_id: str) -> ChangeView:
    """Undo a merge or a split. Stories that were annotated anew since stay where they are when they hold both.

    Raises: NotFoundError; ConflictError when it is undone already, or what it made was changed since.
    """
    row = session.get(ChangeRow, change_id) if storable(change_id) else None
    if row is None or row.type not in ("person", "organization", "place", "group"):
        raise NotFoundError("change", change_id)
    if row.undone_at is not None:
        msg = "the change is undone already"
        raise ConflictError(msg)
    if session.get(RedirectRow, row.to_id) is not None or session.get(EntityRow, row.to_id) is None:
        msg = "what the change made was changed since: undo that first"
        raise ConflictError(msg)
    stories = session.execute(
        select(ChangedArticleRow.article_id, ChangedArticleRow.detail)
        .where(ChangedArticleRow.change_id == change_id)
        .order_by(ChangedArticleRow.article_id)
    ).all()
    if row.action == "merge":
        session.execute(delete(RedirectRow).where(RedirectRow.old_id == row.from_id, RedirectRow.change_id == row.id))
        ensure_entity(session, row.detail["source"])
        _give_back_identity(session, row)
    for article_id, before in stories:
        restore(session, article_id, row.from_id, row.to_id, before)
    session.expire_all()
    if session.get(EntityRow, row.to_id) is None:
        redirect(session, row.to_id, row.from_id, row.id)
    session.execute(
        update(ChangeRow).where(ChangeRow.id == change_id).values(undone_at=datetime.now(UTC)),
        execution_options=_NO_SYNC,
    )
    return change(session, change_id)


def change(session: Session, change_id: str) -> ChangeView:
    """Return one change.

    Raises: NotFoundError.
    """
    query = select(ChangeRow).where(ChangeRow.id == change_id).execution_options(populate_existing=True)
    row = session.scalar(query) if storable(change_id) else None
    if row is None:
        raise NotFoundError("change", change_id)
    return _view(row)


def changes(session: Session, entity_id: str | None, page: PageRequest) -> Page[ChangeView]:
    """Return changes, the latest first; those that concern one entity or issue when its id is given.

    Raises: CursorError.
    """
    query = select(ChangeRow).order_by(ChangeRow.id.desc()).limit(page.limit + 1)
    if entity_id is not None:
        query = query.where((ChangeRow.from_id == entity_id) | (ChangeRow.to_id == entity_id))
    if page.cursor is not None:
        (last,) = decode_cursor(page.cursor, "changes", str)
        query = query.where(ChangeRow.id < last)
    return page_of("changes", page, session.scalars(query).all(), _view, lambda r: (r.id,))


def changes_among(session: Session, entity_ids: Sequence[str], limit: int) -> tuple[ChangeView, ...]:
    """Return the latest merges and splits that made any of these entities what they are, but for those undone."""
    concerned = ChangeRow.from_id.in_(entity_ids) | ChangeRow.to_id.in_(entity_ids)
    query = select(ChangeRow).where(concerned, ChangeRow.undone_at.is_(None)).order_by(ChangeRow.id.desc())
    return tuple(map(_view, session.scalars(query.limit(limit))))


def record_change(session: Session, what: tuple[str, str], ids: tuple[str, str], note: str | None, detail: Json) -> str:
    """Write down a change and return its id; ``what`` is its action and type, ``ids`` whence and whither."""
    row = {
        "id": new_id(),
        "action": what[0],
        "type": what[1],
        "from_id": ids[0],
        "to_id": ids[1],
        "note": note,
        "made_at": datetime.now(UTC),
        "undone_at": None,
        "detail": detail,
    }
    session.execute(insert(ChangeRow), [row])
    return str(row["id"])


def redirect(session: Session, old_id: str, target_id: str, change_id: str) -> None:
    """Let an id lead to another from now on."""
    # An id that comes back from where it went must not lead there any more, or the two would lead in a circle.
    session.execute(delete(RedirectRow).where(RedirectRow.old_id.in_((old_id, target_id))))
    session.execute(insert(RedirectRow), [{"old_id": old_id, "new_id": target_id, "change_id": change_id}])


def _give_back_identity(session: Session, row: ChangeRow) -> None:
    source = row.detail["source"]
    target = session.get_one(EntityRow, row.to_id)
    if source["identity_id"] is not None and target.identity_id == source["identity_id"]:
        _set_entity(session, row.to_id, {"identity_id": None, "identifiers": []})


def _set_entity(session: Session, entity_id: str, values: Json) -> None:
    session.execute(update(EntityRow).where(EntityRow.id == entity_id).values(values), execution_options=_NO_SYNC)


def _turn_doubts(session: Session, source_id: str, target_id: str) -> None:
    """Let who may be one that is merged be one who may be what it is merged into."""
    of_source = (OpenLinkRow.candidate_id == source_id, OpenLinkRow.state == "open")
    waited = set(session.scalars(select(OpenLinkRow.entity_id).where(*of_source)))
    other = aliased(OpenLinkRow)
    known = select(other.entity_id).where(other.candidate_id == target_id)
    turned = update(OpenLinkRow).where(
        *of_source, OpenLinkRow.entity_id != target_id, OpenLinkRow.entity_id.not_in(known)
    )
    session.execute(turned.values(candidate_id=target_id), execution_options=_NO_SYNC)
    session.execute(delete(OpenLinkRow).where(OpenLinkRow.candidate_id == source_id))
    settle_certain(session, waited)


def _both(session: Session, source_id: str, target_id: str) -> tuple[EntityRow, EntityRow]:
    if source_id == target_id:
        raise InputError("into", "is the one that is to be merged")
    found = {key: _entity(session, key) for key in sorted((source_id, target_id))}  # locked in one order
    return found[source_id], found[target_id]


def _entity(session: Session, entity_id: str) -> EntityRow:
    row = session.get(EntityRow, entity_id, with_for_update=True) if storable(entity_id) else None
    if row is None:
        raise NotFoundError("entity", entity_id)
    return row


def _stories(session: Session, entity_id: str) -> list[str]:
    query = select(AppearanceRow.article_id).where(AppearanceRow.entity_id == entity_id)
    return list(session.scalars(query.order_by(AppearanceRow.article_id)))


def _free_id(session: Session, row: EntityRow, article_id: str) -> str:
    """Return an id that no entity has: made from the name and the first story that moves."""
    number = 0
    while True:
        made = id_of(cast(EntityType, row.type), f"{row.key}#{article_id}#{number}")
        if session.get(EntityRow, made) is None and session.get(RedirectRow, made) is None:
            return made
        number += 1


def _view(row: ChangeRow) -> ChangeView:
    return ChangeView(
        id=row.id,
        action=row.action,
        type=row.type,
        from_id=row.from_id,
        to_id=row.to_id,
        note=row.note,
        made_at=row.made_at,
        undone_at=row.undone_at,
    )
