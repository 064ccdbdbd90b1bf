"""The log of changes, in the order of commits."""

from __future__ import annotations

import threading
from contextlib import suppress

from app.errors import NotFoundError
from app.ingest.corrections import Editor
from app.store.articles import add_article, add_revision, add_run, analysis_of, remove_article
from app.store.change_log import Change, changes_since, note, note_as_it_is
from app.store.corrections import undo_correction
from app.store.merging import merge, undo
from app.store.store import Store
from tests.store.stories import BASES, COUNCIL, Story, linked, received

MARTA = Story(
    text='"No toll," Marta Oduya said.', entities=(("person", "Marta Oduya", ()),), quotes=(("Marta Oduya", "No toll"),)
)
ZORA = Story(text='"Never," Zora Lind said.', entities=(("person", "Zora Lind", ()),), quotes=(("Zora Lind", "Never"),))


def changes(store: Store, since: int = 0, limit: int = 100) -> list[tuple[int, str, str, int]]:
    with store.reading() as session:
        return [(c.position, c.kind, c.article_id, c.revision) for c in changes_since(session, since, limit)]


def test_what_happens_to_a_story_is_told_in_order(store: Store) -> None:
    with store.writing() as session:
        key = add_article(session, received(BASES), linked(BASES))[0].id
    with store.writing() as session:
        add_article(session, received(BASES), linked(BASES))  # known already: nothing changes
    with store.writing() as session:
        add_revision(session, key, received(COUNCIL), linked(COUNCIL))
        add_revision(session, key, received(COUNCIL, title="Council"), linked(COUNCIL))
        add_run(session, key, linked(COUNCIL))
    with store.writing() as session:
        remove_article(session, key)

    assert changes(store) == [
        (1, "created", key, 1),
        (2, "updated", key, 2),
        (3, "updated", key, 2),
        (4, "annotated", key, 2),
        (5, "deleted", key, 2),
    ]
    assert [position for position, *_ in changes(store, since=2, limit=2)] == [3, 4]


def test_corrections_merges_and_what_takes_them_back_are_told(store: Store) -> None:
    with store.writing() as session:
        marta, zora = (add_article(session, received(s), linked(s))[0].id for s in (MARTA, ZORA))
        people = {e["name"]: e["id"] for key in (marta, zora) for e in analysis_of(session, key)["people"]}
        [quote] = analysis_of(session, marta)["quotes"]
    said, _ = Editor(store).say(quote["id"], "confirm")
    with store.writing() as session:
        undo_correction(session, said.id)
        made = merge(session, people["Zora Lind"], people["Marta Oduya"])
        undo(session, made.id)
        note_as_it_is(session, "linked", "gone")  # nothing to tell

    assert [(kind, key) for _, kind, key, _ in changes(store, since=2)] == [
        ("corrected", marta),
        ("corrected", marta),
        ("linked", zora),
        ("linked", zora),
    ]


def test_what_is_rolled_back_has_not_happened(store: Store) -> None:
    with suppress(NotFoundError), store.writing() as session:
        note(session, "created", "a", 1)
        remove_article(session, "nothing")
    with store.writing() as session:
        note(session, "created", "b", 1)

    assert changes(store) == [(1, "created", "b", 1)]


def test_a_session_that_is_used_again_tells_each_change_once(store: Store) -> None:
    with store.writing() as session:
        note(session, "created", "a", 1)
        with session.begin_nested():
            note(session, "updated", "a", 2)

    assert [kind for _, kind, *_ in changes(store)] == ["created", "updated"]


def test_a_transaction_that_is_committed_late_gets_a_late_position(postgres_store: Store) -> None:
    """A reader that has seen what was committed first must not be overtaken from behind."""
    begun, other_is_done = threading.Event(), threading.Event()

    def slow() -> None:
        with postgres_store.writing() as session:
            note(session, "created", "slow", 1)
            begun.set()
            assert other_is_done.wait(60)

    thread = threading.Thread(target=slow)
    thread.start()
    assert begun.wait(60)
    with postgres_store.writing() as session:
        note(session, "created", "fast", 1)
    seen = changes(postgres_store)
    other_is_done.set()
    thread.join()

    assert seen == [(1, "created", "fast", 1)]
    assert changes(postgres_store, since=1) == [(2, "created", "slow", 1)]


def test_writers_at_once_leave_no_gap_and_a_reader_misses_nothing(store: Store) -> None:
    def write(name: str) -> None:
        for number in range(5):
            with store.writing() as session:
                note(session, "created", name, number)

    threads = [threading.Thread(target=write, args=(name,)) for name in "abcd"]
    for thread in threads:
        thread.start()
    followed: list[Change] = []
    while any(thread.is_alive() for thread in threads) or len(followed) < 20:
        with store.reading() as session:
            followed += changes_since(session, followed[-1].position if followed else 0, 3)
    for thread in threads:
        thread.join()

    assert [change.position for change in followed] == list(range(1, 21))
    for name in "abcd":
        assert [c.revision for c in followed if c.article_id == name] == list(range(5))
