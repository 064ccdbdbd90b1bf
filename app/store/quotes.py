"""Quotes across stories: of current revisions, the newest story's first, each story's in the order of its text."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy import CompoundSelect, Select, Text, exists, false, func, select, union_all
from sqlalchemy import cast as sql_cast
from sqlalchemy.orm import Session, aliased

from app.errors import NotFoundError
from app.store.among import is_among
from app.store.annotation_walks import OF_STORY, Through, annotation_walk, story_column
from app.store.asked import ASKED_OF_STORY, Ways
from app.store.filters import QuoteFilter, storable
from app.store.narrowing import by_date, checks_of_story
from app.store.paging import Page, PageRequest, decode_cursor, encode_cursor
from app.store.rows import AnyRow, read_rows
from app.store.search import NEWEST, Wanted, among_newest, matches, ranked
from app.store.tables import ArticleRow, PositionRow, QuoteRow
from app.store.views import Facet, QuoteView
from app.store.walks import Walk, are_few, held, merged_facet, merged_page

FACETS = ("type", "status", "speaker", "review", "source", "section", "language")

_BY_RELEVANCE = "quotes by relevance"
_EARLIER = aliased(PositionRow)
_REPEATED = exists().where(
    _EARLIER.quote_id == PositionRow.quote_id,
    _EARLIER.issue_id == PositionRow.issue_id,
    _EARLIER.ordinal < PositionRow.ordinal,
)

_COLUMNS = (
    QuoteRow.id,
    QuoteRow.article_id,
    QuoteRow.type,
    QuoteRow.text,
    QuoteRow.speaker_status,
    QuoteRow.speaker_name,
    QuoteRow.speaker_entity_id,
    QuoteRow.confidence,
    sql_cast(QuoteRow.document, Text).label("json"),
)
_WIDTH = len(_COLUMNS)
_BY_ID = select(*_COLUMNS).where(is_among(QuoteRow.id, "ids"))


def quote(session: Session, quote_id: str) -> QuoteView:
    """Return one quote.

    Raises: NotFoundError.
    """
    found = quotes_by_id(session, [quote_id]).get(quote_id) if storable(quote_id) else None
    if found is None:
        raise NotFoundError("quote", quote_id)
    return found


def quotes_by_id(session: Session, ids: Iterable[str]) -> dict[str, QuoteView]:
    """Return the quotes that have one of ``ids``, by id; a quote that is gone is left out."""
    return {row.id: _view(row) for row in read_rows(session, _BY_ID, {"ids": list(ids)})}


def quotes(session: Session, narrowed: QuoteFilter, page: PageRequest) -> Page[QuoteView]:
    """Return quotes.

    Raises: CursorError.
    """
    if narrowed.relevance:
        ids, following = _relevant(session, narrowed, page)
        return Page(_in_order(session, ids), following)
    few = _are_few(session, narrowed)
    walks, given = (_WAYS_OF_FEW if few else _WAYS).of(session, narrowed)
    sought = few or wanted_of(narrowed) is not None
    # What is not found in its order is put in order by its keys alone: a thousand whole quotes are much to sort.
    columns = _COLUMNS[:1] if sought else _COLUMNS
    rows, following = merged_page(session, walks, columns, page, given) if walks else ([], None)
    if sought:
        return Page(_in_order(session, [row.id for row in rows]), following)
    return Page(tuple(map(_view, rows)), following)


def _in_order(session: Session, ids: Sequence[str]) -> tuple[QuoteView, ...]:
    found = quotes_by_id(session, ids)
    return tuple(found[key] for key in ids)


def quote_facets(session: Session, narrowed: QuoteFilter, names: Sequence[str]) -> dict[str, Facet]:
    """Return how often each value of each facet occurs among the first quotes of the list."""
    columns = {
        "type": QuoteRow.type,
        "status": QuoteRow.speaker_status,
        "speaker": QuoteRow.speaker_entity_id,
        "review": QuoteRow.review,
    }
    walks, given = _WAYS.of(session, narrowed, with_story=any(name in OF_STORY for name in names))
    return {
        name: merged_facet(session, walks, columns[name] if name in columns else story_column(name), given)
        for name in names
    }


def wanted_of(narrowed: QuoteFilter) -> Wanted | None:
    """Return which words are asked for, None when none are."""
    return None if narrowed.q is None and narrowed.about is None else Wanted(narrowed.q, narrowed.about)


def _are_few(session: Session, narrowed: QuoteFilter) -> bool:
    """Say whether one speaker's quotes are so few that they lead to their stories, of which the dates are asked for."""
    speaker = narrowed.speaker_id
    if speaker is None or not by_date(narrowed) or wanted_of(narrowed) is not None:
        return False
    return are_few(session, QuoteRow.speaker_entity_id, speaker)


def _walk_of_few(session: Session, narrowed: QuoteFilter, with_story: bool) -> list[Walk]:  # noqa: FBT001 (as Ways calls it)
    walk = _walk(session, narrowed, narrowed.speaker_id, with_story=with_story, leading=True)
    return [walk.driven_by(session, QuoteRow.speaker_entity_id == narrowed.speaker_id)]


def _walks(session: Session, narrowed: QuoteFilter, with_story: bool) -> list[Walk]:  # noqa: FBT001 (as Ways calls it)
    """Return the walk over quotes; of several speakers, one for each."""
    speakers = [narrowed.speaker_id] if narrowed.speakers is None else narrowed.speakers
    return [_walk(session, narrowed, speaker, with_story=with_story) for speaker in speakers]


_PLAIN = frozenset(
    {*ASKED_OF_STORY, "mentions", "article_id", "speaker_id", "status", "type", "issue_id", "review", "confidence"}
)
_WAYS = Ways(_PLAIN, frozenset({"sort"}), _walks)
_WAYS_OF_FEW = Ways(_PLAIN, frozenset({"sort"}), _walk_of_few)


def _walk(
    session: Session, narrowed: QuoteFilter, speaker: str | None, *, with_story: bool, leading: bool = False
) -> Walk:
    equal: dict[Any, object] = {
        QuoteRow.article_id: narrowed.article_id,
        QuoteRow.speaker_entity_id: speaker,
        QuoteRow.review: narrowed.review,
        QuoteRow.speaker_status: narrowed.status,
        QuoteRow.type: narrowed.type,
    }
    wanted = wanted_of(narrowed)
    few = narrowed.article_id is not None or speaker is not None
    walk = annotation_walk(
        session,
        QuoteRow,
        narrowed,
        equal,
        strong=2,
        through=None if narrowed.issue_id is None else _shown_stances(narrowed.issue_id),
        with_story=with_story,
        sought=leading or (wanted is not None and not few),
    )
    if narrowed.confidence is not None:
        walk.checked.append(QuoteRow.confidence >= narrowed.confidence)
    if wanted is None:
        return walk
    if few:
        walk.checked.append(matches(session, QuoteRow.seq, wanted))
        return walk
    return walk.driven_by(session, among_newest(session, QuoteRow.seq, wanted))


def _relevant(session: Session, narrowed: QuoteFilter, page: PageRequest) -> tuple[Sequence[str], str | None]:
    """Return the ids of one page in the order of relevance, and the cursor of the next.

    What is stored later than the first page has no place on the others: a cursor says what was the last then.
    Raises: CursorError.
    """
    if page.cursor is None:
        upto, start = session.scalar(select(func.max(QuoteRow.seq))) or 0, 0
    else:
        upto, start = (abs(int(key)) for key in decode_cursor(page.cursor, _BY_RELEVANCE, int, int))
    wanted = wanted_of(narrowed)
    if wanted is None or wanted.nothing:
        return [], None
    found = ranked(session, QuoteRow.seq, wanted, upto, _few(narrowed)).subquery()
    equal = {
        QuoteRow.article_id: narrowed.article_id,
        QuoteRow.speaker_entity_id: narrowed.speaker_id,
        QuoteRow.review: narrowed.review,
        QuoteRow.speaker_status: narrowed.status,
        QuoteRow.type: narrowed.type,
    }
    query = select(QuoteRow.id).select_from(found).join(QuoteRow, QuoteRow.seq == found.c.seq)
    query = query.join(ArticleRow, ArticleRow.id == QuoteRow.article_id)
    query = query.where(
        *(held(session, column) == value for column, value in equal.items() if value is not None),
        *checks_of_story(session, narrowed, QuoteRow.article_id),
    )
    if narrowed.confidence is not None:
        query = query.where(QuoteRow.confidence >= narrowed.confidence)
    if narrowed.issue_id is not None:
        shown = (PositionRow.quote_id == QuoteRow.id, PositionRow.issue_id == narrowed.issue_id)
        query = query.where(exists().where(*shown))
    order = (found.c.relevance.desc(), found.c.seq.desc())
    rows = session.scalars(query.order_by(*order).offset(start).limit(page.limit + 1)).all()
    more = len(rows) > page.limit
    return rows[: page.limit], encode_cursor(_BY_RELEVANCE, (upto, start + page.limit)) if more else None


def _few(narrowed: QuoteFilter) -> Select[Any] | CompoundSelect[Any] | None:
    """Return the quotes of an article or of speakers, of each the newest: among them relevant ones are looked for."""
    if narrowed.article_id is not None:
        return select(QuoteRow.seq).where(QuoteRow.article_id == narrowed.article_id)
    speakers = narrowed.speakers if narrowed.speaker_id is None else (narrowed.speaker_id,)
    if speakers is None:
        return None
    newest = (
        select(QuoteRow.seq)
        .where(QuoteRow.speaker_entity_id == speaker)
        .order_by(QuoteRow.article_id.desc(), QuoteRow.ordinal.desc())
        .limit(NEWEST)
        .subquery()
        for speaker in speakers
    )
    return union_all(*(select(of.c.seq) for of in newest)) if speakers else select(QuoteRow.seq).where(false())


def _shown_stances(issue_id: str) -> Through:
    """Return the way from an issue to the quotes that show a stance on it, each quote once."""
    return Through(
        PositionRow,
        PositionRow.article_id,
        PositionRow.ordinal,
        [PositionRow.issue_id == issue_id],
        PositionRow.quote_id == QuoteRow.id,
        [~_REPEATED],
    )


def _view(row: AnyRow) -> QuoteView:
    """Return the view of a row that begins with ``_COLUMNS``, which are its fields in their order."""
    return QuoteView(*row[:_WIDTH])
