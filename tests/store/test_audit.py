from __future__ import annotations

from datetime import UTC, datetime

from app.store.audit import Audited, add_entry, entries
from app.store.paging import PageRequest
from app.store.store import Store

NOW = datetime(2026, 3, 5, 12, tzinfo=UTC)


def entry(target: str, actor: str | None = None) -> Audited:
    return Audited(NOW, actor, "203.0.113.7", "POST", target, 201, "r1")


def test_entries_come_back_the_latest_first_a_page_at_a_time(store: Store) -> None:
    with store.writing() as session:
        for number in range(3):
            add_entry(session, entry(f"/{number}"))
    with store.reading() as session:
        first = entries(session, None, PageRequest(2))
        last = entries(session, None, PageRequest(2, first.next))

    assert [e.target for e in first.items] == ["/2", "/1"]
    assert last.items == (entry("/0"),)
    assert last.next is None


def test_entries_of_one_key_are_found(store: Store) -> None:
    with store.writing() as session:
        add_entry(session, entry("/a", "k1"))
        add_entry(session, entry("/b", "k2"))
    with store.reading() as session:
        assert [e.target for e in entries(session, "k1", PageRequest()).items] == ["/a"]
        assert entries(session, "\ud800", PageRequest()).items == ()


def test_a_path_that_no_column_holds_is_cut_to_one_that_it_does(store: Store) -> None:
    with store.writing() as session:
        add_entry(session, entry("/\0" + "x" * 1000))
    with store.reading() as session:
        [kept] = entries(session, None, PageRequest()).items
    assert kept.target == "/" + "x" * 499
