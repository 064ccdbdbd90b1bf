"""Links that somebody must look at: an entity that may be another, or an authority's entry."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Literal

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from app.errors import ConflictError, NotFoundError
from app.store.changes import add_keys
from app.store.filters import storable
from app.store.knowledge_tables import OpenLinkRow
from app.store.knowledge_views import OpenLinkView, ReasonView
from app.store.known import identity_by_id
from app.store.linking import set_identity
from app.store.merging import merge
from app.store.paging import Page, PageRequest, decode_cursor, page_of
from app.store.tables import EntityNameRow, EntityRow

LinkState = Literal["open", "accepted", "rejected"]
LinkDecision = Literal["accept", "reject"]


def open_links(session: Session, state: LinkState, page: PageRequest, kind: str | None = None) -> Page[OpenLinkView]:
    """Return links in one state, the latest first.

    Raises: CursorError.
    """
    query = select(OpenLinkRow).where(OpenLinkRow.state == state)
    if kind is not None:
        query = query.where(OpenLinkRow.type == kind)
    if page.cursor is not None:
        (last,) = decode_cursor(page.cursor, "links", str)
        query = query.where(OpenLinkRow.id < last)
    rows = session.scalars(query.order_by(OpenLinkRow.id.desc()).limit(page.limit + 1)).all()
    names = _names(session, rows[: page.limit])
    return page_of("links", page, rows, lambda r: _view(r, names), lambda r: (r.id,))


def open_link(session: Session, link_id: str) -> OpenLinkView:
    """Return one link.

    Raises: NotFoundError.
    """
    row = _row(session, link_id)
    return _view(row, _names(session, [row]))


def decide_link(session: Session, link_id: str, decision: LinkDecision) -> OpenLinkView:
    """Say whether an open link holds. An entity that is accepted to be another is merged into it.

    Raises: NotFoundError; ConflictError when it was decided already, or the other is gone.
    """
    row = _row(session, link_id)
    if row.state != "open":
        msg = f"the link is {row.state} already"
        raise ConflictError(msg)
    view = _view(row, _names(session, [row]))
    state: LinkState = "accepted" if decision == "accept" else "rejected"
    entity_id, candidate_id, kind = row.entity_id, row.candidate_id, row.candidate_kind
    session.execute(
        update(OpenLinkRow).where(OpenLinkRow.id == link_id).values(state=state),
        execution_options={"synchronize_session": False},
    )
    if decision == "accept" and kind == "entity":
        if session.get(EntityRow, candidate_id) is None:
            msg = "the one that it may be is there no more"
            raise ConflictError(msg)
        merge(session, entity_id, candidate_id, f"link {link_id} accepted")
    elif decision == "accept":
        identity = identity_by_id(session, candidate_id)
        if identity is None:
            msg = "the authority's entry is there no more"
            raise ConflictError(msg)
        set_identity(session, entity_id, candidate_id, identity.identifiers)
        settle(session, entity_id)
    elif not _has_open(session, entity_id):
        settle(session, entity_id)
    return replace(view, state=state)


def settle(session: Session, entity_id: str) -> None:
    """Let an entity be found as a candidate from now on."""
    session.execute(
        update(EntityRow).where(EntityRow.id == entity_id).values(state="settled"),
        execution_options={"synchronize_session": False},
    )
    kind = session.scalar(select(EntityRow.type).where(EntityRow.id == entity_id))
    names = session.scalars(
        select(EntityNameRow.name).where(
            EntityNameRow.entity_id == entity_id, EntityNameRow.kind.in_(("name", "alias"))
        )
    )
    add_keys(session, [(entity_id, name) for name in names], {entity_id: {"type": kind, "state": "settled"}})


def _has_open(session: Session, entity_id: str) -> bool:
    query = select(OpenLinkRow.id).where(OpenLinkRow.entity_id == entity_id, OpenLinkRow.state == "open")
    return session.scalar(query.limit(1)) is not None


def _row(session: Session, link_id: str) -> OpenLinkRow:
    row = session.get(OpenLinkRow, link_id) if storable(link_id) else None
    if row is None:
        raise NotFoundError("link", link_id)
    return row


def _names(session: Session, found: Sequence[OpenLinkRow]) -> dict[str, str]:
    ids = {key for r in found for key in (r.entity_id, r.candidate_id)}
    rows = session.execute(select(EntityRow.id, EntityRow.name).where(EntityRow.id.in_(sorted(ids))))
    names = {key: str(name) for key, name in rows}
    for row in found:
        if row.candidate_kind == "identity":
            identity = identity_by_id(session, row.candidate_id)
            names[row.candidate_id] = identity.name if identity is not None else row.candidate_id
    return names


def _view(row: OpenLinkRow, names: dict[str, str]) -> OpenLinkView:
    return OpenLinkView(
        id=row.id,
        type=row.type,
        entity_id=row.entity_id,
        entity_name=names.get(row.entity_id, row.entity_id),
        candidate_kind=row.candidate_kind,
        candidate_id=row.candidate_id,
        candidate_name=names.get(row.candidate_id, row.candidate_id),
        article_id=row.article_id,
        score=row.score,
        reasons=tuple(ReasonView(code, weight, detail) for code, weight, detail in row.reasons),
        state=row.state,
        made_at=row.made_at,
    )
