from __future__ import annotations

from app.store.rates import forget, take
from app.store.store import Store


def test_no_more_is_given_than_the_limit_whoever_asks(store: Store) -> None:
    with store.writing() as session:
        assert take(session, "key:a", 60, 4, 10) == (4, 6)
        assert take(session, "key:a", 60, 4, 10) == (4, 2)
        assert take(session, "key:a", 60, 4, 10) == (2, 0)
        assert take(session, "key:a", 60, 4, 10) == (0, 0)


def test_every_subject_and_every_window_has_its_own(store: Store) -> None:
    with store.writing() as session:
        take(session, "key:a", 60, 10, 10)
        assert take(session, "key:b", 60, 1, 10) == (1, 9)
        assert take(session, "key:a", 120, 1, 10) == (1, 9)


def test_windows_that_are_over_are_forgotten(store: Store) -> None:
    with store.writing() as session:
        take(session, "key:a", 60, 10, 10)
        take(session, "key:a", 120, 10, 10)
        forget(session, 120)
        assert take(session, "key:a", 60, 1, 10) == (1, 9)
        assert take(session, "key:a", 120, 1, 10) == (0, 0)
