"""Whatever is looked for, SQLite and PostgreSQL find the same, in the same order."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path

import pytest

from app.ingest.intake import Intake
from app.ingest.receive import receive
from app.store.articles import articles, relevant_articles
from app.store.filters import ArticleFilter, QuoteFilter
from app.store.paging import PageRequest
from app.store.quotes import quotes
from app.store.store import Store, open_store
from tests.api.plain_rules import PlainRules

SEEDS = sorted((Path(__file__).parents[2] / "seeds" / "stories").glob("*.txt"))
# Words of one stem to one stemmer of English and not to another, and what is cut into words.
ODD = (
    *("accuse accusation", "general generation generic", "formerly former", "hardly hard", "dying died", "communities"),
    *("deployed", "biases", "jointly", "exactly", "skies", "news", "café", "sao paulo", "long-term", "harbor-side"),
    *('"the end of the line"', '"three of the"', "1,200", "2.5", "e-mail a@b.example", "U.N.", "o'clock", "won't"),
)
LINES = " ".join(ODD).replace('"', "")
WHOLE = PageRequest(limit=200)


@pytest.fixture
def both(sqlite_url: str, postgres_url: str) -> Iterator[tuple[Store, Store]]:
    """Return a store of each kind with the same stories in it."""
    stores = open_store(sqlite_url), open_store(postgres_url)
    extra = [f'"{line}, {line}." Ana Ruiz said this. Around it: {LINES}' for line in ODD if '"' not in line]
    for store in stores:
        intake = Intake(store, PlainRules())
        for text in [*(path.read_text(encoding="utf-8") for path in SEEDS), *extra]:
            intake.add(receive(text.encode(), "text/plain; charset=utf-8"))
    yield stores
    for store in stores:
        store.close()


def found(store: Store, query: str) -> dict[str, list[str]]:
    """Return what a query finds, by what was asked, in its order."""
    with store.reading() as session:
        said = {
            "q": QuoteFilter(q=query),
            "about": QuoteFilter(about=query),
            "relevant": QuoteFilter(about=query, relevance=True),
            "both": QuoteFilter(q=query, about="harbor", relevance=True),
        }
        return {
            **{name: [view.text for view in quotes(session, asked, WHOLE).items] for name, asked in said.items()},
            "articles": [str(view.length) for view in articles(session, ArticleFilter(q=query), WHOLE).items],
            "relevant articles": [str(view.length) for view in relevant_articles(session, query, 50)],
        }


def test_the_same_is_found_in_the_same_order(both: tuple[Store, Store]) -> None:
    text = " ".join(path.read_text(encoding="utf-8") for path in SEEDS)
    words = sorted({word.lower() for word in re.findall(r"[^\W_]{3,}", text)})[::8]
    differing = {}
    for query in [*words, *map(" ".join, pairwise(words)), *ODD]:
        one, other = (found(store, query) for store in both)
        if one != other:
            differing[query] = {name: (one[name], other[name]) for name in one if one[name] != other[name]}

    assert not differing
