"""Articles: what comes in with its analysis, its revisions, and what is read of them.

Every function works in the caller's transaction; none commits.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from hashlib import sha256
from typing import Any

from sqlalchemy import ColumnElement, Row, Select, bindparam, delete, func, insert, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from app.errors import BrokenAnalysisError, ConflictError, NotFoundError
from app.store import stories
from app.store.among import is_among
from app.store.annotations import Place, write_analysis, write_new_analyses
from app.store.article_rows import ARTICLES, BY_ID, COLUMNS, article_view, with_run
from app.store.asked import ASKED_OF_STORY, Ways
from app.store.bulk import table_of
from app.store.change_log import note
from app.store.changes import Shared, apply_changes, prune, shared_of_article
from app.store.doubts import keep_doubts
from app.store.filters import ArticleFilter, storable
from app.store.heads import head_values
from app.store.ids import new_id
from app.store.narrowing import by_date, story_walk
from app.store.paging import Page, PageRequest
from app.store.past import keep_past
from app.store.revisions import analysis_of, revision_of, revisions, text_of
from app.store.rows import read_rows
from app.store.sayings import count_sightings, sayings_of_article
from app.store.search import Wanted, among_newest, ranked
from app.store.tables import AppearanceRow, ArticleRow, PositionRow, RevisionRow
from app.store.views import ArticleView, Facet, Json, LinkedAnalysis, ReceivedArticle
from app.store.walks import Walk, held

__all__ = [
    "add_article",
    "add_articles",
    "add_revision",
    "add_run",
    "analysis_of",
    "article",
    "article_by_external_id",
    "article_by_text",
    "article_facets",
    "articles",
    "articles_by_id",
    "articles_of_texts",
    "relevant_articles",
    "remove_article",
    "revision_of",
    "revisions",
    "sha256_of",
    "text_of",
]

FACETS = ("source", "section", "language")
_ARTICLES, _REVISIONS = table_of(ArticleRow), table_of(RevisionRow)
_NEW_ARTICLE = {
    dialect: made.on_conflict_do_nothing(index_elements=["sha256"]).returning(_ARTICLES.c.id)
    for dialect, made in (("sqlite", sqlite.insert(_ARTICLES)), ("postgresql", postgresql.insert(_ARTICLES)))
}
_OF_TEXT = select(_ARTICLES.c.id).where(_ARTICLES.c.sha256 == bindparam("sha256"))
_OF_TEXTS = select(_ARTICLES.c.id, _ARTICLES.c.sha256).where(is_among(_ARTICLES.c.sha256, "these"))
_NEW_REVISION = insert(_REVISIONS).returning(_REVISIONS.c.seq, sort_by_parameter_order=True)
_SAME_TEXT = "another article has this text"


def sha256_of(text: str) -> str:
    """Return the digest by which texts are the same, in hex."""
    return sha256(text.encode()).hexdigest()


def add_article(session: Session, received: ReceivedArticle, linked: LinkedAnalysis) -> tuple[ArticleView, bool]:
    """Store a new article and return it with True; return what is stored with False when its text is known.

    Raises: BrokenAnalysisError when the analysis is of another text.
    """
    [(article_id, created)] = add_articles(session, [(received, linked)])
    return article(session, article_id), created


def add_articles(
    session: Session, stories_in: Sequence[tuple[ReceivedArticle, LinkedAnalysis]]
) -> list[tuple[str, bool]]:
    """Store new articles as if one after another, and return the id of each with True.

    Of a text that is known it is the id of what is stored, with False.
    Raises: BrokenAnalysisError when an analysis is of another text.
    """
    for received, linked in stories_in:
        _check_text(received, linked)
    now = datetime.now(UTC)
    rows = [_article_row(received, now) for received, _ in stories_in]
    # In the order of the texts' digests: two that add the same texts at once wait for each other in one order.
    created = _insert_articles(session, sorted(rows, key=lambda row: (row["sha256"], row["id"])))
    ids = []
    for row in rows:
        key = row["id"] if row["id"] in created else _known_or_inserted(session, row, created)
        ids.append(key)
    new = [(row, *story) for row, story in zip(rows, stories_in, strict=True) if row["id"] in created]
    seqs = _insert_revisions(session, [(row["id"], 1, received, now) for row, received, _ in new])
    stories.see(session, [(key, received) for key, (received, _) in zip(ids, stories_in, strict=True)])
    texts = ((row["id"], seq, received.text) for (row, received, _), seq in zip(new, seqs, strict=True))
    stories.place(session, list(texts))
    places = [Place(row["id"], 1, row["dated_at"].astimezone(UTC)) for row, _, _ in new]
    write_new_analyses(session, [(place, linked) for place, (_, _, linked) in zip(places, new, strict=True)])
    for row, _, _ in new:
        note(session, "created", row["id"], 1)
    return [(key, row["id"] in created) for key, row in zip(ids, rows, strict=True)]


def add_revision(session: Session, article_id: str, received: ReceivedArticle, linked: LinkedAnalysis) -> ArticleView:
    """Make a new text the current revision of an article; the text it already has only updates the metadata.

    Raises: NotFoundError; ConflictError when another article has this text; BrokenAnalysisError when the analysis
    is of another text.
    """
    _check_text(received, linked)
    row = _locked(session, article_id)
    now = datetime.now(UTC)
    metadata = _metadata(received, now, row.received_at)
    stories.see(session, [(article_id, received)])
    if row.sha256 == sha256_of(received.text):
        _update(session, article_id, metadata)
        note(session, "updated", article_id, row.revision)
        for table in (AppearanceRow, PositionRow):
            dated = update(table).where(table.article_id == article_id)
            session.execute(dated.values(dated_at=metadata["dated_at"]))
        current = (RevisionRow.article_id == article_id) & RevisionRow.current
        session.execute(update(RevisionRow).where(current).values(title=received.title))
        return article(session, article_id)
    number = row.revision + 1
    try:
        with session.begin_nested():
            _update(session, article_id, {**metadata, **_text_values(received), "revision": number})
    except IntegrityError as error:
        raise ConflictError(_SAME_TEXT) from error
    session.execute(update(RevisionRow).where(RevisionRow.article_id == article_id).values(current=False))
    [seq] = _insert_revisions(session, [(article_id, number, received, now)])
    stories.replace(session, article_id, seq, received.text)
    write_analysis(session, article_id, number, linked)
    note(session, "updated", article_id, number)
    return article(session, article_id)


def add_run(session: Session, article_id: str, linked: LinkedAnalysis) -> ArticleView:
    """Put a new analysis of an article's current text in place of the one it has.

    Raises: NotFoundError; ConflictError when the text has changed since it was annotated.
    """
    row = _locked(session, article_id)
    if row.sha256 != sha256_of(linked.document.text):
        msg = "the analysis is not of the current revision's text"
        raise ConflictError(msg)
    _update(session, article_id, {"updated_at": datetime.now(UTC)})
    keep_past(session, article_id, row.revision)
    write_analysis(session, article_id, row.revision, linked)
    note(session, "annotated", article_id, row.revision)
    return article(session, article_id)


def remove_article(session: Session, article_id: str) -> None:
    """Delete an article with all that was found in it, and the entities and issues that were in no other.

    Raises: NotFoundError.
    """
    row = _locked(session, article_id)
    old = shared_of_article(session, article_id)
    apply_changes(session, (old, Shared()))
    said = sayings_of_article(session, article_id)
    keep_doubts(session, article_id)
    session.execute(delete(ArticleRow).where(ArticleRow.id == article_id))
    count_sightings(session, said)
    prune(session, old)
    note(session, "deleted", article_id, row.revision)


def article(session: Session, article_id: str) -> ArticleView:
    """Return one article.

    Raises: NotFoundError.
    """
    found = articles_by_id(session, [article_id]).get(article_id) if storable(article_id) else None
    if found is None:
        raise NotFoundError("article", article_id)
    return found


def article_by_text(session: Session, sha256: str) -> ArticleView | None:
    """Return the article whose current text has this digest, or None."""
    return _first(session, ARTICLES.where(ArticleRow.sha256 == sha256))


def articles_of_texts(session: Session, digests: Iterable[str]) -> dict[str, str]:
    """Return the ids of the articles whose current texts have these digests, by digest; of others there is none."""
    found = session.execute(_OF_TEXTS, {"these": list(digests)})
    return {digest: article_id for article_id, digest in found}


def article_by_external_id(session: Session, external_id: str) -> ArticleView | None:
    """Return the article that came with this id, the latest when there are several, or None."""
    if not storable(external_id):
        return None
    latest = ARTICLES.where(ArticleRow.external_id == external_id).order_by(ArticleRow.id.desc())
    return _first(session, latest)


def articles(session: Session, narrowed: ArticleFilter, page: PageRequest) -> Page[ArticleView]:
    """Return articles, the newest first unless ``narrowed`` sorts them otherwise.

    Raises: CursorError.
    """
    if narrowed.q is not None:
        # What holds the words is put in order by its keys alone.
        walk = _walk(session, narrowed, with_story=False)
        ids, following = walk.page(session, (ArticleRow.id.label("found"),), page)
        views = articles_by_id(session, [row.found for row in ids])
        return Page(tuple(views[row.found] for row in ids), following)
    walk, given = _WAYS.of(session, narrowed, with_story=True)
    rows, following = walk.page(session, COLUMNS, page, given)
    return Page(tuple(map(article_view, rows)), following)


def article_facets(session: Session, narrowed: ArticleFilter, names: Sequence[str]) -> dict[str, Facet]:
    """Return how often each value of each facet occurs among the first articles of the list."""
    walk, given = _WAYS.of(session, narrowed)
    return {name: walk.facet(session, getattr(ArticleRow, name), given) for name in names}


def articles_by_id(session: Session, ids: Iterable[str]) -> dict[str, ArticleView]:
    """Return the articles that have one of ``ids``, by id; one that is gone is left out."""
    return {row.id: article_view(row) for row in read_rows(session, BY_ID, {"ids": list(ids)})}


def relevant_articles(session: Session, q: str, limit: int) -> tuple[ArticleView, ...]:
    """Return the articles that hold the words asked for, those that they fit best first, at most ``limit``."""
    wanted = Wanted(q)
    if wanted.nothing:
        return ()
    upto = session.scalar(select(func.max(RevisionRow.seq))) or 0
    found = ranked(session, RevisionRow.seq, wanted, upto, None).subquery()
    query = (
        select(RevisionRow.article_id)
        .join(found, found.c.seq == RevisionRow.seq)
        .order_by(found.c.relevance.desc(), found.c.seq.desc())
        .limit(limit)
    )
    ids = session.scalars(query).all()
    views = articles_by_id(session, ids)
    return tuple(views[key] for key in ids)


def _walk(session: Session, narrowed: ArticleFilter, with_story: bool) -> Walk:  # noqa: FBT001 (as Ways calls it)
    """Return the walk over articles; ``with_story``: joined with what lists show of each."""
    walk = story_walk(session, narrowed, "articles")
    asked = ((ArticleRow.url, narrowed.url or None), (ArticleRow.external_id, narrowed.external_id))
    exact = [(column, value) for column, value in asked if value is not None]
    few: list[ColumnElement[bool]] = []
    if narrowed.story_group is not None:
        few.append(ArticleRow.id.in_(stories.members_of(session, narrowed.story_group)))
    if (few or exact) and not by_date(narrowed) and not narrowed.mentions:
        # An address, an id of the sender's or a group leaves next to nothing: its index drives.
        few += [column == value for column, value in exact]
        walk = replace(walk, wanted=few, checked=[*walk.checked, *walk.wanted])
    else:
        walk.checked.extend([*few, *(held(session, column) == value for column, value in exact)])
    if narrowed.q is not None:
        hits = select(RevisionRow.article_id).where(
            RevisionRow.current, among_newest(session, RevisionRow.seq, narrowed.q)
        )
        walk = walk.driven_by(session, ArticleRow.id.in_(hits))
    inner = walk.joined

    def joined(query: Select[Any]) -> Select[Any]:
        return with_run(inner(query))

    return replace(walk, joined=joined) if with_story else walk


_WAYS = Ways(frozenset({*ASKED_OF_STORY, "mentions", "external_id"}), frozenset({"sort"}), _walk)


def _check_text(received: ReceivedArticle, linked: LinkedAnalysis) -> None:
    if received.text != linked.document.text:
        msg = "the analysis is of another text than the one received"
        raise BrokenAnalysisError(msg)


def _text_values(received: ReceivedArticle) -> Json:
    return {"sha256": sha256_of(received.text), "length": len(received.text)}


def _metadata(received: ReceivedArticle, now: datetime, received_at: datetime | None = None) -> Json:
    return {
        "title": received.title,
        "section": received.section,
        "byline": received.byline,
        "dateline": received.dateline,
        "authors": list(received.authors),
        "source": received.source,
        "url": received.url,
        "language": received.language,
        "published_at": received.published_at,
        "dated_at": received.published_at or received_at or now,
        "external_id": received.external_id,
        "media_type": received.media_type,
        "head": head_values(received.head),
        "updated_at": now,
    }


def _article_row(received: ReceivedArticle, now: datetime) -> Json:
    came = {"id": new_id(), "revision": 1, "received_at": now}
    return {**came, **_text_values(received), **_metadata(received, now)}


def _insert_articles(session: Session, rows: Sequence[Json]) -> set[str]:
    """Insert the articles whose texts are not known yet and return the ids of these."""
    if not rows:
        return set()
    return set(session.execute(_NEW_ARTICLE[session.get_bind().dialect.name], rows).scalars())


def _known_or_inserted(session: Session, row: Json, created: set[str]) -> str:
    """Return the id of the article that has a text; the row's own, added to ``created``, when that is gone by now."""
    while True:
        known = session.execute(_OF_TEXT, {"sha256": row["sha256"]}).scalar_one_or_none()
        if known is not None:
            return str(known)
        if _insert_articles(session, [row]):
            created.add(row["id"])
            return str(row["id"])


def _insert_revisions(session: Session, revised: Sequence[tuple[str, int, ReceivedArticle, datetime]]) -> Sequence[int]:
    """Insert revisions, by article and number, and return their numbers in the table."""
    rows = [
        {
            "article_id": article_id,
            "number": number,
            "current": True,
            **_text_values(received),
            "title": received.title,
            "media_type": received.media_type,
            "head": head_values(received.head),
            "received_at": now,
            "text": received.text,
        }
        for article_id, number, received, now in revised
    ]
    return session.execute(_NEW_REVISION, rows).scalars().all() if rows else ()


def _update(session: Session, article_id: str, values: Json) -> None:
    statement = update(ArticleRow).where(ArticleRow.id == article_id).values(values)
    session.execute(statement, execution_options={"synchronize_session": False})


def _locked(session: Session, article_id: str) -> Row[int, str, datetime]:
    query = select(ArticleRow.revision, ArticleRow.sha256, ArticleRow.received_at)
    query = query.where(ArticleRow.id == article_id).with_for_update()
    row = session.execute(query).one_or_none() if storable(article_id) else None
    if row is None:
        raise NotFoundError("article", article_id)
    return row


def _first(session: Session, query: Select[Any]) -> ArticleView | None:
    row = next(iter(read_rows(session, query.limit(1))), None)
    return None if row is None else article_view(row)
