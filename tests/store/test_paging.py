"""Pages: whole, in order, without repeats, whatever comes in between; cursors belong to their list."""

from __future__ import annotations

import base64
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy.orm import Session

from app.errors import CursorError, InputError
from app.store.articles import add_article, articles
from app.store.entities import entities
from app.store.filters import ArticleFilter, EntityFilter, IssueFilter, PositionFilter, QuoteFilter
from app.store.issues import issues
from app.store.paging import Page, PageRequest, decode_cursor, encode_cursor
from app.store.positions import positions
from app.store.quotes import quotes
from app.store.store import Store
from tests.store.stories import Story, linked, numbered, received

List = Callable[[Session, PageRequest], Page[Any]]
LISTS: dict[str, List] = {
    "articles": lambda s, p: articles(s, ArticleFilter(), p),
    "articles by date": lambda s, p: articles(s, ArticleFilter(sort="-published"), p),
    "quotes": lambda s, p: quotes(s, QuoteFilter(), p),
    "positions": lambda s, p: positions(s, PositionFilter(), p),
    "entities": lambda s, p: entities(s, EntityFilter(type="person"), p),
    "issues": lambda s, p: issues(s, IssueFilter(), p),
}


def person(number: int) -> Story:
    """Return a story about a person of its own, on an issue of its own."""
    name, issue = f"Person {number:02} Number", f"matter {number:02}"
    return Story(
        text=f'{name} supports {issue}. "I do," {name} said.',
        entities=(("person", name, ()),),
        quotes=((name, "I do"), (name, "said")),
        stances=((name, "supports", issue),),
    )


def put(session: Session, story: Story, day: int = 1) -> None:
    add_article(session, received(story, published_at=datetime(2024, 1, day, tzinfo=UTC)), linked(story))


@pytest.mark.parametrize("name", LISTS)
def test_pages_hold_the_whole_list_once_and_in_order(store: Store, name: str) -> None:
    with store.writing() as session:
        for i in range(7):
            put(session, person(i), 1 + i // 3)
    with store.reading() as session:
        whole = LISTS[name](session, PageRequest(200))
        assert whole.next is None
        for limit in (1, 3, 7, 14):
            paged: list[Any] = []
            cursor = None
            while True:
                page = LISTS[name](session, PageRequest(limit, cursor))
                assert 1 <= len(page.items) <= limit
                paged += page.items
                cursor = page.next
                if cursor is None:
                    break
            assert tuple(paged) == whole.items


@pytest.mark.parametrize("name", LISTS)
def test_a_page_starts_where_the_last_ended_whatever_came_in_between(store: Store, name: str) -> None:
    with store.writing() as session:
        for i in range(0, 8, 2):
            put(session, person(i), 10)
    with store.reading() as session:
        before = LISTS[name](session, PageRequest()).items
        first = LISTS[name](session, PageRequest(2))
    with store.writing() as session:
        for i in range(1, 8, 2):
            put(session, person(i), 20)
    with store.reading() as session:
        rest = LISTS[name](session, PageRequest(200, first.next)).items
    seen = [x.id for x in (*first.items, *rest)]
    assert len(seen) == len(set(seen))
    assert [i for i in seen if i in {x.id for x in before}] == [x.id for x in before]


@pytest.mark.parametrize("name", LISTS)
def test_a_cursor_of_another_list_is_refused(store: Store, name: str) -> None:
    other = "issues" if name != "issues" else "quotes"
    with store.writing() as session:
        for i in range(3):
            put(session, person(i))
    with store.reading() as session:
        cursor = LISTS[other](session, PageRequest(1)).next
        with pytest.raises(CursorError, match="another list"):
            LISTS[name](session, PageRequest(1, cursor))


def make(*parts: object) -> str:
    return base64.urlsafe_b64encode(orjson.dumps(parts)).rstrip(b"=").decode()


@pytest.mark.parametrize(
    "cursor",
    [
        "",
        "x",
        "é",
        "!!!!",
        "a b",
        make(),
        make("quotes"),
        make("quotes", "a"),
        make("quotes", "a", "b"),
        make("quotes", 1, 2),
        make("quotes", "a", True),
        make("quotes", "a", 1.5),
        make("quotes", "a", None),
        make("quotes", "a", 2**63),
        make("quotes", "a\0", 1),
        make("quotes", "a", 1, 2),
        make("quotes", "a" * 3000, 1),
        base64.urlsafe_b64encode(b'{"quotes": 1}').decode(),
        base64.urlsafe_b64encode(b'"quotes"').decode(),
        base64.urlsafe_b64encode(b"\xff\xfe").decode(),
    ],
)
def test_what_is_no_cursor_is_refused(cursor: str) -> None:
    with pytest.raises(CursorError):
        decode_cursor(cursor, "quotes", str, int)


def test_a_moment_that_no_clock_shows_is_refused(store: Store) -> None:
    with store.reading() as session:
        for moment in (2**62, -(2**62)):
            with pytest.raises(CursorError):
                LISTS["articles by date"](session, PageRequest(1, make("articles by date", moment, "a")))


@given(
    st.text(alphabet=st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=100),
    st.integers(-(2**63) + 1, 2**63 - 1),
)
def test_a_cursor_gives_back_its_keys(name: str, number: int) -> None:
    assert decode_cursor(encode_cursor("list", (name, number)), "list", str, int) == (name, number)


@given(st.text(max_size=60))
def test_any_string_is_a_cursor_or_refused(cursor: str) -> None:
    with pytest.raises(CursorError):
        decode_cursor(cursor, "quotes", str, int)


@pytest.mark.parametrize("limit", [0, -1, 201])
def test_a_page_holds_1_to_200_items(limit: int) -> None:
    with pytest.raises(InputError, match="1 to 200"):
        PageRequest(limit)


def test_the_last_page_may_be_full(store: Store) -> None:
    with store.writing() as session:
        put(session, numbered(1))
        put(session, replace(numbered(2), stances=()))
    with store.reading() as session:
        assert articles(session, ArticleFilter(), PageRequest(2)).next is None
