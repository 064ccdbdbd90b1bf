"""Feeds in the store: whose time has come, what is known of them, whose turn it is at a host."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import func, select, update

from app.errors import NotFoundError
from app.store import feeds
from app.store.feed_tables import FeedEntryRow, FeedRow, HostRow
from app.store.feeds import FeedView, NewFeed, Polled
from app.store.paging import PageRequest
from app.store.store import Store

URL = "https://courier.example/feed"
PLAIN = Polled("Courier", "en", '"1"', None)


def follow(store: Store, url: str = URL, interval: int = 900) -> FeedView:
    with store.writing() as session:
        return feeds.add_feed(session, NewFeed(url, interval=interval))[0]


def read(store: Store, feed_id: str) -> FeedView:
    with store.reading() as session:
        return feeds.feed(session, feed_id)


def wait_of(view: FeedView) -> float:
    assert view.next_poll_at is not None
    assert view.polled_at is not None
    return (view.next_poll_at - view.polled_at).total_seconds()


def test_a_feed_is_followed_once(store: Store) -> None:
    first = follow(store)
    with store.writing() as session:
        again, created = feeds.add_feed(session, NewFeed(URL, interval=60))

    assert (again, created) == (first, False)
    other = follow(store, f"{URL}/2")
    with store.reading() as session:
        page = feeds.feeds(session, PageRequest(1))
        rest = feeds.feeds(session, PageRequest(1, page.next))
    assert [view.id for view in (*page.items, *rest.items)] == [other.id, first.id]
    assert rest.next is None


def test_a_due_feed_is_claimed_by_one(store: Store) -> None:
    view = follow(store)
    with store.reading() as session:
        assert feeds.is_any_due(session)
    with store.writing() as session:
        assert feeds.claim_due(session, 10) == [view.id]
        assert feeds.claim_due(session, 10) == []
        assert not feeds.is_any_due(session)
        feeds.poll_later(session, view.id, -1)
        assert feeds.claim_due(session, 10) == [view.id]


def test_failures_double_the_wait_up_to_a_day_and_a_success_forgets_them(store: Store) -> None:
    view = follow(store)
    waits = []
    for _ in range(9):
        with store.writing() as session:
            feeds.poll_failed(session, view.id, "answers with status 500")
        waits.append(wait_of(read(store, view.id)))
    assert waits == [1800, 3600, 7200, 14_400, 28_800, 57_600, 86_400, 86_400, 86_400]
    failing = read(store, view.id)
    assert (failing.failures, failing.error, failing.state) == (9, "answers with status 500", "active")

    with store.writing() as session:
        feeds.poll_succeeded(session, view.id, PLAIN)
    view = read(store, view.id)
    assert (view.failures, view.error, view.title, view.etag, wait_of(view)) == (0, None, "Courier", '"1"', 900)


def test_a_feed_waits_as_long_as_its_server_asks(store: Store) -> None:
    view = follow(store)
    with store.writing() as session:
        feeds.poll_failed(session, view.id, "x", retry_after=200_000)
    assert wait_of(read(store, view.id)) == 200_000
    with store.writing() as session:
        feeds.poll_succeeded(session, view.id, Polled(None, None, None, None, ttl=7200))
    assert wait_of(read(store, view.id)) == 7200


def test_a_feed_that_is_gone_is_not_asked_again_until_somebody_says_so(store: Store) -> None:
    view = follow(store)
    with store.writing() as session:
        feeds.poll_failed(session, view.id, "answers with status 410", gone=True)
    gone = read(store, view.id)
    assert (gone.state, gone.next_poll_at) == ("gone", None)

    with store.writing() as session:
        assert feeds.poll_soon(session, view.id).state == "active"
        assert feeds.claim_due(session, 10) == [view.id]


def test_entries_are_new_once_and_again_when_they_change(store: Store) -> None:
    view = follow(store)
    marks = {f"entry {i}": "a" for i in range(1200)}
    with store.writing() as session:
        assert feeds.unknown_entries(session, view.id, marks) == marks.keys()
        feeds.keep_entries(session, view.id, marks, new=1200, ingestion_id="i")
        assert feeds.unknown_entries(session, view.id, marks) == set()
        assert feeds.unknown_entries(session, view.id, {"entry 1": "b", "entry 2": "a"}) == {"entry 1"}
        feeds.keep_entries(session, view.id, {}, new=0, ingestion_id=None)
    found = read(store, view.id)
    assert (found.entries, found.ingestion_id) == (1200, "i")


def test_entries_long_out_of_a_feed_are_forgotten(store: Store) -> None:
    view = follow(store)
    with store.writing() as session:
        feeds.keep_entries(session, view.id, {"old": "a"}, new=1, ingestion_id="i")
        session.execute(update(FeedEntryRow).values(seen_at=datetime.now(UTC) - timedelta(days=91)))
        feeds.keep_entries(session, view.id, {"new": "a"}, new=1, ingestion_id="i")
        assert session.scalars(select(FeedEntryRow.key)).all() == [feeds.digest("new")]


def test_a_feed_that_went_meanwhile_is_no_error(store: Store) -> None:
    view = follow(store)
    with store.writing() as session:
        feeds.remove_feed(session, view.id)
    with store.writing() as session:
        feeds.keep_entries(session, view.id, {"a": "a"}, new=1, ingestion_id="i")
        feeds.poll_succeeded(session, view.id, PLAIN)
        feeds.poll_failed(session, view.id, "x")
        feeds.poll_later(session, view.id, 1)
        assert session.scalar(select(func.count()).select_from(FeedRow)) == 0
        for wrong in (view.id, "\0"):
            with pytest.raises(NotFoundError):
                feeds.remove_feed(session, wrong)


def test_hosts_are_asked_in_turn(store: Store) -> None:
    with store.writing() as session:
        waits = [feeds.take_turn(session, "courier.example", 10.0, 25.0) for _ in range(5)]
        other = feeds.take_turn(session, "other.example", 10.0, 0.0)

    assert waits[0] == other == 0
    assert [wait is not None and 10 * i - 5 < wait <= 10 * i for i, wait in enumerate(waits[:4])][1:3] == [True, True]
    assert waits[3:] == [None, None]


def test_hosts_are_forgotten(store: Store) -> None:
    with store.writing() as session:
        feeds.take_turn(session, "old.example", -100_000.0, 0.0)
        feeds.take_turn(session, "new.example", 1.0, 0.0)
        feeds.forget_hosts(session)
        assert session.scalars(select(HostRow.host)).all() == ["new.example"]
