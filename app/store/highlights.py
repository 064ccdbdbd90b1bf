"""Which words of a quote, and around it, are those that were asked for: found again as full text finds them.

Full text tells that a quote holds the words, not where. Here they are told apart and cut to their stems by the same
rules: Porter's on SQLite, Snowball's English ones on PostgreSQL, by the library ``snowballstemmer``.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from threading import local

import snowballstemmer
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.domain.span import Span
from app.store.search import Wanted, telling_terms
from app.store.tables import QuoteRow, RevisionRow
from app.store.views import Json

_WORD = re.compile(r"[^\W_]+(?:-\r?\n[^\W_]+)*")
_BREAK = re.compile(r"-\r?\n")
_STEMMER = "porter"
_LONGEST = 64
_OF_THREAD = local()

Stems = tuple[str, ...]


def highlights(session: Session, quotes: Sequence[Json], wanted: Wanted) -> dict[str, list[Json]]:
    """Return where each quote, by id, holds the words that are wanted: in the order of the text, none within another.

    ``wanted.words`` are found in the contents, ``wanted.about`` there and around them, cue and speaker left out;
    someone asked about is found under other words than the name too.
    Shape: {"start", "end", "exact"} with ``text[start:end] == exact``.
    """
    stemming = _STEMMER
    words, about = (_terms(part, stemming) for part in (wanted.words, wanted.about))
    own = select(
        QuoteRow.id,
        QuoteRow.window_start,
        QuoteRow.named,
        func.substr(RevisionRow.text, QuoteRow.window_start + 1, QuoteRow.window_end - QuoteRow.window_start),
    ).join(RevisionRow, (RevisionRow.article_id == QuoteRow.article_id) & RevisionRow.current)
    rows = session.execute(own.where(QuoteRow.id.in_([quote["id"] for quote in quotes]))).all() if about else []
    around = {key: (start, text, named or []) for key, start, named, text in rows if start is not None}
    return {quote["id"]: list(_found(quote, around.get(quote["id"]), words, about, stemming)) for quote in quotes}


def _found(
    quote: Json,
    around: tuple[int, str, list[list[int | str]]] | None,
    words: Sequence[Stems],
    about: Sequence[Stems],
    stemming: str,
) -> Iterator[Json]:
    spans = []
    for content in quote["contents"]:
        found = _occurring((*words, *about), content["exact"], content["start"], stemming)
        spans += [(span, content["exact"], content["start"]) for span in found]
    if around is not None:
        start, text, named = around
        taken = [(part["start"], part["end"]) for part in (quote["cue"], quote["speaker"]["mention"]) if part]
        spans += [(span, text, start) for span in _occurring(about, text, start, stemming, taken)]
        for begin, end, name in named:
            if any(True for _ in _occurring(about, str(name), 0, stemming)):
                spans.append((Span(int(begin), int(end)), text, start))
    last = -1
    for span, text, start in sorted(set(spans), key=lambda found: (found[0].start, -found[0].end)):
        if span.start >= last:
            yield {"start": span.start, "end": span.end, "exact": text[span.start - start : span.end - start]}
            last = span.end


def _terms(query: str | None, stemming: str) -> tuple[Stems, ...]:
    if query is None:
        return ()
    found = (tuple(stem for _, stem in _stems(term, stemming)) for term in telling_terms(query))
    return tuple(stems for stems in found if stems)


def _occurring(
    terms: Iterable[Stems], text: str, start: int, stemming: str, taken: Sequence[tuple[int, int]] = ()
) -> Iterator[Span]:
    """Yield where terms occur in a text that begins at ``start``, phrases as a whole; ``taken`` words do not count."""
    words = _stems(text, stemming)
    stems = [stem for _, stem in words]
    there = [term for term in terms if term[0] in stems]
    if there and taken:
        words = [
            one for one in words if not any(b < start + one[0].end() and start + one[0].start() < e for b, e in taken)
        ]
        stems = [stem for _, stem in words]
    for term in there:
        size = len(term)
        for i in range(len(stems) - size + 1):
            if stems[i] == term[0] and tuple(stems[i : i + size]) == term:
                yield Span(start + words[i][0].start(), start + words[i + size - 1][0].end())


def _stems(text: str, stemming: str) -> list[tuple[re.Match[str], str]]:
    """Return the words of a text, each with its stem; one that a column broke is one word."""
    return [(word, stem_of(_whole(word[0]), stemming)) for word in _WORD.finditer(text)]


def _whole(word: str) -> str:
    return _BREAK.sub("", word) if "\n" in word else word


@lru_cache(maxsize=20_000)
def stem_of(word: str, stemming: str) -> str:
    """Return what all inflections of a word have in common, without case and accents."""
    letters = (c for c in unicodedata.normalize("NFD", word.lower()) if not unicodedata.combining(c))
    plain = "".join(letters)
    # Longer ones are no words of a language, and stemming takes time.
    return plain if len(plain) > _LONGEST else str(_stemmer(stemming).stemWord(plain))


def _stemmer(stemming: str) -> snowballstemmer.stemmer:
    """Return this thread's stemmer: one holds the word that it is at, so no two threads may have the same."""
    own: dict[str, snowballstemmer.stemmer] = _OF_THREAD.__dict__
    if stemming not in own:
        own[stemming] = snowballstemmer.stemmer(stemming)
    return own[stemming]
