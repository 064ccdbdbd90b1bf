"""Stories that are the same or alike: where each was seen, and which belong together. None of the functions commits.

A story joins the group of the stored story that it shares most with, when that is enough; the candidates are those that
share a band of its signature, found by an index, and their texts decide. Two stories that come in at the same moment by
two writers do not see each other.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import sha256
from typing import Any

import orjson
from sqlalchemy import bindparam, delete, select
from sqlalchemy.orm import Session

from app.errors import NotFoundError
from app.store.among import is_among
from app.store.annotations import new_id
from app.store.bulk import add_counts, insert_rows, insert_unknown, table_of
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
_BANDS, _REVISIONS, _MEMBERS = table_of(BandRow), table_of(RevisionRow), table_of(StoryGroupRow)
_HAVING = select(_BANDS.c.band, _BANDS.c.revision_seq).where(is_among(_BANDS.c.band, "these")).limit(bindparam("most"))
_TEXTS = select(_REVISIONS.c.seq, _REVISIONS.c.article_id, _REVISIONS.c.text).where(is_among(_REVISIONS.c.seq, "these"))
_GROUPS = select(_MEMBERS.c.article_id, _MEMBERS.c.group_id).where(is_among(_MEMBERS.c.article_id, "these"))


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


def see(session: Session, seen: Sequence[tuple[str, ReceivedArticle]]) -> None:
    """Note that stories were handed in: once for each source, address and id of the sender, with first and last time.

    ``seen`` are the ids of articles with what came in.
    """
    now = datetime.now(UTC)
    rows: dict[tuple[str, str], dict[str, Any]] = {}
    for article_id, received in seen:
        key = sha256(orjson.dumps((received.source, received.url, received.external_id))).hexdigest()
        row = {
            "article_id": article_id,
            "key": key,
            "source": received.source,
            "url": received.url,
            "external_id": received.external_id,
            "published_at": received.published_at,
            "first_seen_at": now,
            "last_seen_at": now,
            "times": 1,
        }
        rows.setdefault((article_id, key), {**row, "times": 0})["times"] += 1
    add_counts(
        session,
        SightingRow,
        ("article_id", "key"),
        ("times",),
        [row for _, row in sorted(rows.items())],
        latest=("last_seen_at",),
    )


def see_again(session: Session, received: ReceivedArticle, digest: str) -> None:
    """Note that a story was handed in again, unless it has been deleted meanwhile."""
    query = select(ArticleRow.id).where(ArticleRow.sha256 == digest).with_for_update(read=True, key_share=True)
    article_id = session.scalars(query).one_or_none()
    if article_id is not None:
        see(session, [(article_id, received)])


def replace(session: Session, article_id: str, revision_seq: int, text: str) -> None:
    """Find the place of a new current text, in place of the earlier one's."""
    mine = select(RevisionRow.seq).where(RevisionRow.article_id == article_id)
    session.execute(delete(BandRow).where(BandRow.revision_seq.in_(mine)))
    session.execute(delete(StoryGroupRow).where(StoryGroupRow.article_id == article_id))
    place(session, [(article_id, revision_seq, text)])


def place(session: Session, texts: Sequence[tuple[str, int, str]]) -> None:
    """Find the stories that new articles' texts are like, those before them among them, and let them be found.

    ``texts`` are the articles' ids, their revisions' numbers in the table, and their texts.
    """
    signed = []
    for article_id, seq, text in texts:
        runs = runs_of(text)
        bands = bands_of(runs)
        if bands:
            signed.append(_Signed(article_id, seq, runs, bands))
    if not signed:
        return
    found = _most_alike(session, signed)
    insert_rows(session, BandRow, _band_rows(signed))
    _join(session, found)


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
        raise NotFoundError("group", group_id)
    return StoryGroup(group_id, members)


def members_of(session: Session, group_id: str) -> list[str]:
    """Return the ids of the articles of a group, none when there is no such group."""
    query = select(StoryGroupRow.article_id).where(StoryGroupRow.group_id == group_id)
    return list(session.scalars(query.order_by(StoryGroupRow.article_id).limit(MOST_MEMBERS)))


@dataclass(frozen=True, slots=True)
class _Signed:
    """A new text with its runs of words and its signature."""

    article_id: str
    seq: int
    runs: frozenset[int]
    bands: tuple[int, ...]


def _band_rows(signed: Iterable[_Signed]) -> list[dict[str, int]]:
    return [{"band": band, "revision_seq": seq} for band, seq in sorted((b, s.seq) for s in signed for b in s.bands)]


def _most_alike(session: Session, signed: Sequence[_Signed]) -> list[tuple[str, str, Overlap]]:
    """Return the stories that are like another, with that one, the likest, and what they share."""
    having: dict[int, list[int]] = defaultdict(list)
    # Of a signature that very many share, the first few hundred rows tell enough.
    bands = {"these": sorted({band for one in signed for band in one.bands}), "most": _LOOKED_AT * len(signed)}
    for band, seq in session.execute(_HAVING, bands).all():
        having[band].append(seq)
    nearest: list[list[int]] = []
    for one in signed:
        shared = Counter(seq for band in one.bands for seq in having[band][:_LOOKED_AT])
        nearest.append(sorted(shared, key=lambda seq: (-shared[seq], seq))[:_COMPARED])
        for band in one.bands:
            having[band].append(one.seq)
    known = {one.seq: (one.article_id, one.runs) for one in signed}
    wanted = sorted({seq for near in nearest for seq in near} - known.keys())
    if wanted:
        for row in session.execute(_TEXTS, {"these": wanted}).all():
            known[row.seq] = (row.article_id, runs_of(row.text))
    found = []
    for one, near in zip(signed, nearest, strict=True):
        compared = [(known[seq][0], overlap(one.runs, known[seq][1])) for seq in sorted(near) if seq in known]
        alike = [
            (other, share)
            for other, share in compared
            if other != one.article_id
            and share.resemblance >= ALIKE.resemblance
            and share.containment >= ALIKE.containment
        ]
        if alike:
            found.append((one.article_id, *max(alike, key=lambda pair: pair[1].resemblance)))
    return found


def _join(session: Session, found: Sequence[tuple[str, str, Overlap]]) -> None:
    """Put stories into the groups of those they are like; a group may begin with that one."""
    if not found:
        return
    mine = {article_id for article_id, _, _ in found}
    others = sorted({like_id for _, like_id, _ in found} - mine)
    groups = _groups_of(session, others)
    firsts = {key: new_id() for key in others if key not in groups}
    if firsts:
        empty = dict.fromkeys(("like_id", "resemblance", "containment"))
        rows = [{"article_id": key, "group_id": group_id, **empty} for key, group_id in firsts.items()]
        insert_unknown(session, StoryGroupRow, rows)
        groups |= {**firsts, **_groups_of(session, list(firsts))}
    joined = []
    for article_id, like_id, shared in found:
        groups[article_id] = groups[like_id]
        row = {"article_id": article_id, "group_id": groups[like_id], "like_id": like_id}
        told = {"resemblance": round(shared.resemblance, 4), "containment": round(shared.containment, 4)}
        joined.append({**row, **told})
    insert_rows(session, StoryGroupRow, joined)


def _groups_of(session: Session, ids: Sequence[str]) -> dict[str, str]:
    return {row.article_id: row.group_id for row in session.execute(_GROUPS, {"these": ids})}


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
