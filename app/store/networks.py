"""Discourse networks: who stands where on an issue, and with whom or against whom.

Source: two-mode affiliation and one-mode congruence and conflict networks as in Leifeld, "Discourse Network Analysis",
The Oxford Handbook of Political Networks, 2017.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from itertools import combinations

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.store.filters import PositionFilter
from app.store.folding import folded
from app.store.issues import issue
from app.store.positions import ORDER, conditions
from app.store.tables import ArticleRow, PositionRow
from app.store.views import Json, NetworkEdges, NetworkView, StandView, TieView

MOST_STANDS = 10_000
MOST_ACTORS = 200  # pairs grow with the square
_CHUNK = 500


def network(session: Session, narrowed: PositionFilter, edges: NetworkEdges | None = None) -> NetworkView:
    """Return the network of the issue that ``narrowed`` names, made of the stances that it leaves.

    Of more than 10,000 stances the newest count, of more than 200 actors those with the most.
    Raises: NotFoundError when there is no such issue.
    """
    about = issue(session, narrowed.issue_id or "")
    query = (
        select(PositionRow.document, ArticleRow.title, ArticleRow.source, ArticleRow.published_at)
        .join(ArticleRow, ArticleRow.id == PositionRow.article_id)
        .where(*conditions(session, narrowed))
        .order_by(*ORDER)
        .limit(MOST_STANDS + 1)
    )
    rows = session.execute(query).all()
    bodies = _bodies(session, sorted({row[0]["article_id"] for row in rows[:MOST_STANDS]}))
    stands = [
        StandView(row[0], actor_key(row[0]["holder"]), _organization(row[0], bodies), *row[1:])
        for row in rows[:MOST_STANDS]
    ]
    most = {key for key, _ in Counter(s.actor for s in stands).most_common(MOST_ACTORS)}
    shown = tuple(s for s in stands if s.actor in most)
    ties = (
        *(() if edges == "actor-actor" else sides(shown, about.id)),
        *(() if edges == "actor-issue" else meetings(shown)),
    )
    return NetworkView(about, shown, ties, complete=len(shown) == len(rows))


def actor_key(holder: Json) -> str:
    """Return what makes two holders the same: the id across stories, else the words of the description."""
    return holder["entity_id"] or "words:" + folded(holder["name"] or "")


def _bodies(session: Session, article_ids: Sequence[str]) -> dict[tuple[str, str], str]:
    """Return the organization of the office that each story gives each person, by (article, entity)."""
    found: dict[tuple[str, str], str] = {}
    for start in range(0, len(article_ids), _CHUNK):
        query = select(PositionRow.document).where(
            PositionRow.article_id.in_(article_ids[start : start + _CHUNK]),
            PositionRow.kind == "office",
            PositionRow.tense != "former",
        )
        for office in session.scalars(query.order_by(*ORDER)):
            if office["organization"] is not None:
                key = (office["article_id"], office["person"]["entity_id"])
                found.setdefault(key, office["organization"]["name"])
    return found


def _organization(position: Json, bodies: Mapping[tuple[str, str], str]) -> str | None:
    holder = position["holder"]
    if holder["type"] != "person":
        name: str | None = holder["name"]
        return name
    return bodies.get((position["article_id"], holder["entity_id"]))


def sides(stands: Iterable[StandView], issue_id: str) -> tuple[TieView, ...]:
    """Return the ties of actors with the issue; a weight counts the stances of that side."""
    counts = Counter((s.actor, s.position["polarity"]) for s in stands)
    return tuple(TieView(actor, issue_id, polarity, counts[actor, polarity]) for actor, polarity in sorted(counts))


def meetings(stands: Sequence[StandView]) -> tuple[TieView, ...]:
    """Return the ties of actors with each other: agreement where both are on one side, conflict where they are not.

    A weight counts the pairs of stances that can be told apart: the smaller number of the two, side by side.
    """
    counts = Counter((s.actor, s.position["polarity"]) for s in stands)
    ties = []
    for a, b in combinations(sorted({s.actor for s in stands}), 2):
        together = sum(min(counts[a, side], counts[b, side]) for side in ("supports", "opposes"))
        against = min(counts[a, "supports"], counts[b, "opposes"]) + min(counts[a, "opposes"], counts[b, "supports"])
        ties += [TieView(a, b, "agreement", together)] if together else []
        ties += [TieView(a, b, "conflict", against)] if against else []
    return tuple(ties)
