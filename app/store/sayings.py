"""Quotes across stories: the same words are one saying, with every place where they stand."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any

from sqlalchemy import bindparam, delete, select
from sqlalchemy.orm import Session

from app.errors import NotFoundError
from app.knowledge.sayings import Words, same_saying, saying_key, shingles, words_of
from app.store.among import is_among
from app.store.bulk import insert_unknown, table_of
from app.store.filters import storable
from app.store.knowledge_tables import SayingRow, ShingleRow
from app.store.knowledge_views import SayingView, SightingView
from app.store.known import chunks
from app.store.latest import Latest
from app.store.paging import Page, PageRequest, decode_cursor, page_of
from app.store.rows import AnyRow, read_rows
from app.store.tables import ArticleRow, QuoteRow
from app.store.views import Json

_COMMON = 200  # sayings that have a shingle, from which on it tells nothing
_MARKS = 2_000
_LOOKED_AT = 8  # sayings that share most shingles with a quote
_SAYINGS = table_of(SayingRow)
_CHANGE = _SAYINGS.update().where(_SAYINGS.c.id == bindparam("saying"))
_SHOWN, _SHOWN_IN_LIST = 200, 10  # the latest places of a saying
_OF_SAYING = (SayingRow.id, SayingRow.text, SayingRow.quote_id, SayingRow.speaker_entity_id, SayingRow.sightings)
_OF_SIGHTING = (QuoteRow.id, QuoteRow.text, QuoteRow.speaker_name, QuoteRow.speaker_entity_id)
_PLACES, _FEW_PLACES = (
    Latest(SayingRow.id, QuoteRow, "saying_id", _OF_SIGHTING, most) for most in (_SHOWN, _SHOWN_IN_LIST)
)
_QUOTES, _SHINGLES = table_of(QuoteRow), table_of(ShingleRow)
_MARKED = select(_SHINGLES.c.shingle, _SHINGLES.c.saying_id).where(is_among(_SHINGLES.c.shingle, "these"))
_TAKEN = select(_SAYINGS.c.id).where(is_among(_SAYINGS.c.id, "these"))
_STANDING = select(
    _SAYINGS.c.id, _SAYINGS.c.text, _SAYINGS.c.quote_id, _SAYINGS.c.sightings, _SAYINGS.c.speaker_entity_id
).where(is_among(_SAYINGS.c.id, "these"))
_WHERE = select(_QUOTES.c.saying_id, _QUOTES.c.id, _QUOTES.c.text, _QUOTES.c.speaker_entity_id).where(
    is_among(_QUOTES.c.saying_id, "these")
)
_STORIES = select(ArticleRow.id, ArticleRow.title, ArticleRow.source, ArticleRow.published_at).where(
    is_among(ArticleRow.id, "these")
)
_Place = tuple[str, str, str | None]


class Sayings:
    """Finds the sayings of the quotes of a few stories that are written in one transaction.

    Each story sees the sayings that those before it found; ``write`` makes the new ones.
    """

    def __init__(self, session: Session, stories: Sequence[Sequence[Json]]) -> None:
        """Read what will be asked for. ``stories`` are the serialised quotes of each."""
        self._told = [_Quotes(quotes) for quotes in stories]
        marks = [of for quotes in self._told for of in quotes.marks.values()]
        self._known = _Known(session, {mark for of in marks for mark in of})
        self._known.read([words for quotes in self._told for words in quotes.words.values()], marks)

    def find(self, place: int) -> dict[str, str]:
        """Return the sayings of the quotes of a story that can be known again, by the quotes' ids.

        ``place`` is the story's among those given; each is asked for once, in their order.
        """
        quotes = self._told[place]
        found: dict[str, str] = {}
        for key, words in quotes.words.items():
            marks = quotes.marks[key]
            saying = self._known.same(words, marks)
            found[key] = saying if saying is not None else self._known.add(quotes.texts[key], words, key, marks)
        if place + 1 < len(self._told):
            self._known.see({key: (found[key], quotes.texts[key], quotes.words[key].speaker) for key in found})
        return found

    def write(self, found: Iterable[str]) -> None:
        """Store the new sayings; ``found`` are the sayings of all quotes."""
        self._known.write(Counter(found))


class _Quotes:
    """The quotes of one story that can be known again."""

    def __init__(self, quotes: Sequence[Json]) -> None:
        told = {q["id"]: words_of(q["text"], q["speaker"]["entity_id"]) for q in quotes}
        self.words = {key: words for key, words in told.items() if words.can_recur}
        self.texts = {q["id"]: q["text"] for q in quotes}
        self.marks = {key: shingles(words.words) for key, words in self.words.items()}


def count_sightings(session: Session, sayings: Collection[str]) -> None:
    """Count anew where these sayings stand, choose their longest form, and drop those that stand nowhere."""
    for chunk in chunks(sorted(sayings)):
        places = _places(session, chunk)
        gone = [saying for saying in chunk if saying not in places]
        if gone:
            session.execute(delete(SayingRow).where(SayingRow.id.in_(gone)))
        before = {
            row.id: (row.text, row.quote_id, row.sightings, row.speaker_entity_id)
            for row in session.execute(_STANDING, {"these": sorted(places)})
        }
        changed: list[Json] = []
        for saying, of in sorted(places.items()):
            quote_id, text, speaker = _standing(of)
            if before.get(saying) == (text, quote_id, len(of), speaker):
                continue
            values = {"text": text, "quote_id": quote_id, "sightings": len(of), "speaker_entity_id": speaker}
            changed.append({"saying": saying, **values})
            if before.get(saying, ("",))[0] != text:
                _index(session, [(mark, saying) for mark in sorted(shingles(words_of(text).words))])
        if changed:
            session.execute(_CHANGE, changed)


def sayings_of_article(session: Session, article_id: str) -> set[str]:
    """Return the sayings of a stored article's quotes."""
    query = select(QuoteRow.saying_id).where(QuoteRow.article_id == article_id, QuoteRow.saying_id.is_not(None))
    return {str(saying) for saying in session.scalars(query)}


def saying(session: Session, saying_id: str) -> SayingView:
    """Return one saying with the latest places where it stands.

    Raises: NotFoundError.
    """
    row = session.get(SayingRow, saying_id, populate_existing=True) if storable(saying_id) else None
    if row is None:
        raise NotFoundError("saying", saying_id)
    return _views(session, [row])[0]


def saying_of_quote(session: Session, quote_id: str) -> SayingView:
    """Return the saying that a quote is a sighting of; a quote too short to be known again is its only sighting.

    Raises: NotFoundError.
    """
    row = session.scalar(select(QuoteRow).where(QuoteRow.id == quote_id)) if storable(quote_id) else None
    if row is None:
        raise NotFoundError("quote", quote_id)
    if row.saying_id is not None:
        return saying(session, row.saying_id)
    [story] = _stories(session, [row.article_id]).values()
    here = SightingView(row.id, row.article_id, row.text, row.speaker_name, row.speaker_entity_id, *story)
    return SayingView(None, row.text, row.id, row.speaker_entity_id, 1, (here,))


def sayings(session: Session, page: PageRequest, speaker_id: str | None = None, fewest: int = 2) -> Page[SayingView]:
    """Return sayings that stand in ``fewest`` places or more, those in most places first, each with its latest ten.

    Raises: CursorError.
    """
    query = select(*_OF_SAYING).where(SayingRow.sightings >= fewest)
    if speaker_id is not None:
        query = query.where(SayingRow.speaker_entity_id == speaker_id)
    if page.cursor is not None:
        number, last = decode_cursor(page.cursor, "sayings", int, str)
        later = (SayingRow.sightings < number) | (SayingRow.id < last)
        query = query.where(SayingRow.sightings <= number, later)
    rows = read_rows(session, query.order_by(SayingRow.sightings.desc(), SayingRow.id.desc()).limit(page.limit + 1))
    views = {view.id: view for view in _views(session, rows[: page.limit], _SHOWN_IN_LIST)}
    return page_of("sayings", page, rows, lambda r: views[r.id], lambda r: (r.sightings, r.id))


def _places(session: Session, sayings: Sequence[str]) -> dict[str, list[_Place]]:
    """Return where sayings stand: quote, text, speaker."""
    places: dict[str, list[_Place]] = defaultdict(list)
    for saying, quote_id, text, speaker in session.execute(_WHERE, {"these": sayings}).all():
        places[saying].append((quote_id, text, speaker))
    return places


def _standing(places: Sequence[_Place]) -> _Place:
    """Return the longest form of a saying with its quote, and the speaker whom most give it to."""
    last = {text: quote_id for quote_id, text, _ in sorted(places, key=lambda place: place[0])}
    text, quote_id = max(last.items(), key=_fullness) if len(last) > 1 else next(iter(last.items()))
    speakers = Counter(speaker for _, _, speaker in places if speaker is not None)
    return quote_id, text, min(speakers, key=lambda s: (-speakers[s], s)) if speakers else None


def _fullness(form: tuple[str, str]) -> tuple[int, bool, int, str]:
    text, quote_id = form
    return len(words_of(text).words), not text.isupper(), len(text), quote_id


class _Known:
    """The sayings that share shingles with the stories' quotes, and those that the stories found."""

    def __init__(self, session: Session, marks: Collection[int]) -> None:
        self.session = session
        self.by_mark: dict[int, set[str]] = defaultdict(set)
        self.words: dict[str, Words] = {}
        self.taken: set[str] = set()
        self.places: dict[str, list[_Place]] = {}
        self.fresh: dict[str, Json] = {}
        self.index: list[tuple[int, str]] = []
        for chunk in (sorted(marks)[i : i + _MARKS] for i in range(0, len(marks), _MARKS)):
            for mark, saying_id in session.execute(_MARKED, {"these": chunk}).all():
                self.by_mark[mark].add(saying_id)

    def read(self, told: Collection[Words], marks: Iterable[Collection[int]]) -> None:
        """Read the sayings that these quotes will be compared with, and which ids are taken, at once."""
        near = {key for of in marks for key in self._near(of)}
        self._read(sorted(near))
        for chunk in chunks(sorted({saying_key(words.words) for words in told})):
            self.taken |= set(self.session.execute(_TAKEN, {"these": chunk}).scalars())

    def same(self, words: Words, marks: Collection[int]) -> str | None:
        """Return the saying that has most of these words, when one is the same."""
        near = self._near(marks)
        self._read([key for key in near if key not in self.words])
        shares = {key: share for key in near if (share := same_saying(words, self.words[key])) is not None}
        return max(sorted(shares), key=lambda key: shares[key]) if shares else None

    def _near(self, marks: Collection[int]) -> list[str]:
        hits: Counter[str] = Counter()
        for mark in marks:
            found = self.by_mark.get(mark, set())
            if len(found) <= _COMMON:
                hits.update(found)
        return sorted(hits, key=lambda key: (-hits[key], key))[:_LOOKED_AT]

    def add(self, text: str, words: Words, quote_id: str, marks: Collection[int]) -> str:
        """Found a saying."""
        key = saying_key(words.words)
        is_there = key in self.words or key in self.taken
        if is_there:
            key = saying_key((*words.words, quote_id))  # the same words, found to be somebody else's
            is_there = self.session.get(SayingRow, key) is not None
        if not is_there:
            self.fresh[key] = {"id": key, "text": text, "quote_id": quote_id, "speaker_entity_id": words.speaker}
            self.index += [(mark, key) for mark in sorted(marks)]
        self.words[key] = words
        for mark in marks:
            self.by_mark[mark].add(key)
        return key

    def see(self, quotes: Mapping[str, tuple[str, str, str | None]]) -> None:
        """Let sayings stand where a story's quotes do: their longest form is what the next is compared with."""
        touched = sorted({saying for saying, _, _ in quotes.values()})
        for chunk in chunks([key for key in touched if key not in self.places and key not in self.fresh]):
            places = _places(self.session, chunk)
            self.places.update({key: places.get(key, []) for key in chunk})
        for quote_id, (saying, text, speaker) in quotes.items():
            self.places.setdefault(saying, []).append((quote_id, text, speaker))
        for saying in touched:
            _, text, speaker = _standing(self.places[saying])
            words = words_of(text, speaker)
            if words != self.words[saying]:
                self.words[saying] = words
                for mark in shingles(words.words):
                    self.by_mark[mark].add(saying)

    def write(self, sightings: Mapping[str, int]) -> None:
        """Store what the stories found, with how often it stands in them."""
        rows = [{**row, "sightings": sightings[key]} for key, row in sorted(self.fresh.items())]
        insert_unknown(self.session, SayingRow, rows)
        _index(self.session, self.index)

    def _read(self, keys: Sequence[str]) -> None:
        for chunk in chunks(keys):
            for row in self.session.execute(_STANDING, {"these": chunk}):
                self.words[row.id] = words_of(row.text, row.speaker_entity_id)


def _index(session: Session, marks: Sequence[tuple[int, str]]) -> None:
    insert_unknown(session, ShingleRow, [{"shingle": mark, "saying_id": key} for mark, key in sorted(set(marks))])


def _views(session: Session, rows: Sequence[SayingRow | AnyRow], most: int = _SHOWN) -> list[SayingView]:
    ids = [row.id for row in rows]
    places: dict[str, list[SightingView]] = defaultdict(list)
    found = (_PLACES if most > _SHOWN_IN_LIST else _FEW_PLACES).rows(session, ids)
    stories = _stories(session, {article_id for *_, article_id, _ in found})
    for saying, quote_id, text, speaker, speaker_id, article_id, _ in found:
        places[saying].append(SightingView(quote_id, article_id, text, speaker, speaker_id, *stories[article_id]))
    return [
        SayingView(row.id, row.text, row.quote_id, row.speaker_entity_id, row.sightings, tuple(places[row.id]))
        for row in rows
    ]


def _stories(session: Session, ids: Collection[str]) -> dict[str, tuple[Any, ...]]:
    """Return title, source and time of publication of stories."""
    found: dict[str, tuple[Any, ...]] = {}
    for chunk in chunks(sorted(ids)):
        for key, *told in read_rows(session, _STORIES, {"these": chunk}):
            found[key] = tuple(told)
    return found
