"""Offices of one person over time: what dated stories state, put together post by post."""

from __future__ import annotations

from datetime import UTC, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.store.folding import folded
from app.store.positions import ORDER
from app.store.tables import ArticleRow, PositionRow
from app.store.views import Json, StatementView, TenureView

MOST_READ = 2_000
MOST_SHOWN = 20  # statements of one post
_HELD = frozenset({"current", "acting"})
_LAST = datetime.max.replace(tzinfo=UTC)

_Stated = tuple[Json, datetime | None]


def tenures(session: Session, entity_id: str) -> tuple[TenureView, ...]:
    """Return the posts that stories state for a person, in the order in which dated stories first state them.

    Two statements are of one post when their titles have one normal form and their organizations are one. Of more than
    2,000 statements the newest stories' count.
    """
    query = (
        select(PositionRow.document, ArticleRow.published_at)
        .join(ArticleRow, ArticleRow.id == PositionRow.article_id)
        .where(PositionRow.actor_entity_id == entity_id, PositionRow.kind == "office")
        .order_by(*ORDER)
        .limit(MOST_READ)
    )
    posts: dict[tuple[str, str], list[_Stated]] = {}
    for stated, when in session.execute(query):
        body = stated["organization"] or {}
        place = body.get("entity_id") or folded(body.get("name") or "")
        posts.setdefault((folded(stated["normal_title"]), place), []).append((stated, when))
    return tuple(sorted(map(_tenure, posts.values()), key=_start))


def _tenure(rows: list[_Stated]) -> TenureView:
    # Dated stories decide by their dates; an undated one counts as older than all of them, the last arrived first.
    rows = sorted(rows, key=lambda r: (r[1] is not None, r[1] or _LAST), reverse=True)
    latest = rows[0][0]
    body = latest["organization"] or {}
    held = sorted(when for stated, when in rows if when is not None and stated["tense"] in _HELD)
    former = sorted(when for stated, when in rows if when is not None and stated["tense"] == "former")
    return TenureView(
        title=latest["title"],
        normal_title=latest["normal_title"],
        organization=body.get("name"),
        organization_id=body.get("entity_id"),
        tense=latest["tense"],
        held_from=held[0] if held else None,
        held_to=held[-1] if held else None,
        former_from=former[0] if former else None,
        stories=len({stated["article_id"] for stated, _ in rows}),
        statements=tuple(
            StatementView(stated["id"], stated["article_id"], when, stated["title"], stated["tense"])
            for stated, when in rows[:MOST_SHOWN]
        ),
    )


def _start(tenure: TenureView) -> tuple[datetime, str, str]:
    started = min(filter(None, (tenure.held_from, tenure.former_from)), default=_LAST)
    return started, tenure.normal_title, tenure.organization or ""
