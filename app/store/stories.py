"""Stories that are the same or alike: where each was seen, and which belong together. None of the functions commits.

A story joins the group of the stored story that it shares most with, when that is enough; the candidates are those that
share a band of its signature, found by an index, and their texts decide. Two stories that come in at the same moment by
two writers do not see each other.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import sha256

import orjson
from sqlalchemy import delete, insert, select
from sqlalchemy.orm import Session

from app.errors import NotFoundError
from app.store.annotations import new_id
from app.store.bulk import insert_rows
from app.store.changes import insert_for
from app.store.filters import storable
from app.store.story_tables import BandRow, SightingRow, StoryGroupRow
from app.store.tables import ArticleRow, RevisionRow
from app.store.views import ReceivedArticle
from app.text.overlap import Overlap, bands_of, overlap, runs_of

ALIKE = Overlap(resemblance=0.35, containment=0.6)
"""What two stories share at least to be of one group: both must be reached."""
MOST_MEMBERS = 500
_LOOKED_AT = 400
_COMPARED = 5
_MOST_SIGHTINGS = 200


@dataclass(frozen=True, slots=True)
class Sighting:
    """That a story was handed in, so many times, as coming from somewhere."""

    source: str | None
    url: str | None
    external_id: str | None
    published_at: datetime | None
    first_seen_at: datetime
    last_seen_at: datetime
    times: int


@dataclass(frozen=True, slots=True)
class Member:
    """A story of a group: ``like_id`` is the story it was found to be like, None for the first or when that is gone."""

    article_id: str
    like_id: str | None
    overlap: Overlap | None


@dataclass(frozen=True, slots=True)
class StoryGroup:
    """Stories that are alike, the first received first; of very many, the first five hundred."""

    id: str
    members: tuple[Member, ...]


def see(session: Session, article_id: str, received: ReceivedArticle) -> None:
    """Note that a story was handed in: once for each source, address and id of the sender, with first and last time."""
    now = datetime.now(UTC)
    origin = (received.source, received.url, received.external_id)
    row = {
        "article_id": article_id,
        "key": sha256(orjson.dumps(origin)).hexdigest(),
        "source": received.source,
        "url": received.url,
        "external_id": received.external_id,
        "published_at": received.published_at,
        "first_seen_at": now,
        "last_seen_at": now,
        "times": 1,
    }
    statement = insert_for(session)(SightingRow).values(row)
    changed = {"last_seen_at": now, "times": SightingRow.times + 1}
    session.execute(statement.on_conflict_do_update(index_elements=["article_id", "key"], set_=changed))


def see_again(session: Session, received: ReceivedArticle, digest: str) -> None:
    """Note that a story was handed in again, unless it has been deleted meanwhile."""
    query = select(ArticleRow.id).where(ArticleRow.sha256 == digest).with_for_update(read=True, key_share=True)
    article_id = session.scalars(query).one_or_none()
    if article_id is not None:
        see(session, article_id, received)


def replace(session: Session, article_id: str, revision_seq: int, text: str) -> None:
    """Find the place of a new current text, in place of the earlier one's."""
    mine = select(RevisionRow.seq).where(RevisionRow.article_id == article_id)
    session.execute(delete(BandRow).where(BandRow.revision_seq.in_(mine)))
    session.execute(delete(StoryGroupRow).where(StoryGroupRow.article_id == article_id))
    place(session, article_id, revision_seq, text)


def place(session: Session, article_id: str, revision_seq: int, text: str) -> None:
    """Find the stories that a new article's text is like, and let it be found by others."""
    runs = runs_of(text)
    bands = bands_of(runs)
    if not bands:
        return
    found = _most_alike(session, article_id, runs, bands)
    insert_rows(session, BandRow, [{"band": band, "revision_seq": revision_seq} for band in bands])
    if found is not None:
        _join(session, article_id, *found)


def sightings(session: Session, article_id: str) -> tuple[Sighting, ...]:
    """Return where a story was seen, the first first.

    Raises: NotFoundError.
    """
    _check(session, article_id)
    query = select(SightingRow).where(SightingRow.article_id == article_id)
    rows = session.scalars(query.order_by(SightingRow.first_seen_at, SightingRow.key).limit(_MOST_SIGHTINGS))
    return tuple(
        Sighting(r.source, r.url, r.external_id, r.published_at, r.first_seen_at, r.last_seen_at, r.times) for r in rows
    )


def group_of(session: Session, article_id: str) -> StoryGroup | None:
    """Return the group that a story is in, None when no other is like it.

    Raises: NotFoundError.
    """
    _check(session, article_id)
    group_id = _group_id(session, article_id)
    return None if group_id is None else story_group(session, group_id)


def story_group(session: Session, group_id: str) -> StoryGroup:
    """Return a group.

    Raises: NotFoundError.
    """
    query = select(StoryGroupRow).where(StoryGroupRow.group_id == group_id)
    rows = session.scalars(query.order_by(StoryGroupRow.article_id).limit(MOST_MEMBERS)) if storable(group_id) else ()
    members = tuple(_member(row) for row in rows)
    if not members:
        raise NotFoundError("story_group", group_id)
    return StoryGroup(group_id, members)


def members_of(session: Session, group_id: str) -> list[str]:
    """Return the ids of the articles of a group, none when there is no such group."""
    query = select(StoryGroupRow.article_id).where(StoryGroupRow.group_id == group_id)
    return list(session.scalars(query.order_by(StoryGroupRow.article_id).limit(MOST_MEMBERS)))


def _most_alike(
    session: Session, article_id: str, runs: frozenset[int], bands: tuple[int, ...]
) -> tuple[str, Overlap] | None:
    """Return the stored story that shares most with these runs, if that is enough."""
    # Of a signature that very many share, the first few hundred rows tell enough.
    rows = session.scalars(select(BandRow.revision_seq).where(BandRow.band.in_(bands)).limit(_LOOKED_AT))
    shared: dict[int, int] = {}
    for seq in rows:
        shared[seq] = shared.get(seq, 0) + 1
    best = sorted(shared, key=lambda seq: (-shared[seq], seq))[:_COMPARED]
    texts = select(RevisionRow.article_id, RevisionRow.text, RevisionRow.seq)
    texts = texts.where(RevisionRow.seq.in_(best), RevisionRow.article_id != article_id).order_by(RevisionRow.seq)
    compared = [(row.article_id, overlap(runs, runs_of(row.text))) for row in session.execute(texts)]
    alike = [
        (other, found)
        for other, found in compared
        if found.resemblance >= ALIKE.resemblance and found.containment >= ALIKE.containment
    ]
    return max(alike, key=lambda pair: pair[1].resemblance, default=None)


def _join(session: Session, article_id: str, like_id: str, found: Overlap) -> None:
    """Put a story into the group of the one it is like; that one's may begin with it."""
    group_id = _group_id(session, like_id)
    if group_id is None:
        group_id = new_id()
        first = insert_for(session)(StoryGroupRow).values(article_id=like_id, group_id=group_id)
        session.execute(first.on_conflict_do_nothing(index_elements=["article_id"]))
        group_id = _group_id(session, like_id) or group_id
    row = {
        "article_id": article_id,
        "group_id": group_id,
        "like_id": like_id,
        "resemblance": round(found.resemblance, 4),
        "containment": round(found.containment, 4),
    }
    session.execute(insert(StoryGroupRow), [row])


def _group_id(session: Session, article_id: str) -> str | None:
    return session.scalars(select(StoryGroupRow.group_id).where(StoryGroupRow.article_id == article_id)).one_or_none()


def _check(session: Session, article_id: str) -> None:
    found = (
        session.scalars(select(ArticleRow.id).where(ArticleRow.id == article_id)).first()
        if storable(article_id)
        else None
    )
    if found is None:
        raise NotFoundError("article", article_id)


def _member(row: StoryGroupRow) -> Member:
    shared = None
    if row.resemblance is not None and row.containment is not None:
        shared = Overlap(row.resemblance, row.containment)
    return Member(row.article_id, row.like_id, shared)
