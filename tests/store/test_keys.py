from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta

import pytest

from app.errors import InputError, NotFoundError
from app.store.keys import (
    KeyView,
    Scope,
    any_usable,
    create_key,
    find_key,
    list_keys,
    note_use,
    revoke_key,
)
from app.store.store import Store

NOW = datetime(2026, 3, 5, 12, tzinfo=UTC)


def made(store: Store, *scopes: Scope, expires_at: datetime | None = None) -> tuple[KeyView, str]:
    with store.writing() as session:
        return create_key(session, "desk", scopes or ("read",), NOW, expires_at)


def found(store: Store, sent: str) -> KeyView | None:
    with store.reading() as session:
        return find_key(session, sent)


def test_a_key_is_found_by_what_its_holder_sends(store: Store) -> None:
    key, sent = made(store, "ingest", "read")

    assert found(store, sent) == key
    assert (key.scopes, key.created_at, key.last_used_at) == (("read", "ingest"), NOW, None)


def test_a_key_holds_256_random_bits_and_the_database_holds_none_of_them(store: Store) -> None:
    key, sent = made(store)
    _, other = made(store)

    assert re.fullmatch(rf"sayso_{key.id}_[A-Za-z0-9_-]{{43}}", sent)
    assert sent.rsplit("_", 1)[1] != other.rsplit("_", 1)[1]
    with store.engine.connect() as connection:
        rows = connection.exec_driver_sql("SELECT * FROM api_keys").fetchall()
    assert len(rows) == 2
    assert sent[-43:] not in str(rows)


def test_what_is_no_key_of_ours_is_not_found(store: Store) -> None:
    _, sent = made(store)
    _, other = made(store)

    for wrong in ("", "sayso", sent[:-1], f"{sent}x", sent.upper(), sent[:19] + other[19:], "\0", "\ud800", "é" * 62):
        assert found(store, wrong) is None


def test_keys_are_listed_the_oldest_first(store: Store) -> None:
    with store.writing() as session:
        later, _ = create_key(session, "later", ["read"], NOW + timedelta(days=1))
        first, _ = create_key(session, " first ", ["admin"], NOW)
    with store.reading() as session:
        assert list_keys(session) == (first, later)
    assert first.name == "first"


def test_a_key_is_usable_until_it_expires() -> None:
    key = KeyView("1", "desk", ("read",), NOW, NOW + timedelta(days=1), None, None)

    assert key.usable_at(NOW)
    assert not key.usable_at(NOW + timedelta(days=1))


def test_a_revoked_key_stays_revoked_since_the_first_time(store: Store) -> None:
    key, sent = made(store)
    with store.writing() as session:
        revoke_key(session, key.id, NOW)
        again = revoke_key(session, key.id, NOW + timedelta(days=1))
    kept = found(store, sent)

    assert again.revoked_at == NOW
    assert kept is not None
    assert not kept.usable_at(NOW)
    with store.reading() as session:
        assert not any_usable(session, NOW)


def test_a_key_that_is_not_there_cannot_be_revoked(store: Store) -> None:
    with store.writing() as session, pytest.raises(NotFoundError):
        revoke_key(session, "nothing", NOW)


def test_the_last_use_never_goes_back(store: Store) -> None:
    key, sent = made(store)
    with store.writing() as session:
        note_use(session, key.id, NOW)
        note_use(session, key.id, NOW - timedelta(hours=1))

    kept = found(store, sent)
    assert kept is not None
    assert kept.last_used_at == NOW


@pytest.mark.parametrize(
    ("name", "scopes", "expires_at", "field"),
    [
        ("", ["read"], None, "name"),
        ("x" * 101, ["read"], None, "name"),
        ("a\nb", ["read"], None, "name"),
        ("desk", [], None, "scope"),
        ("desk", ["write"], None, "scope"),
        ("desk", ["read"], NOW, "expires"),
    ],
)
def test_a_key_that_cannot_be_is_named_by_what_is_wrong(
    store: Store, name: str, scopes: list[Scope], expires_at: datetime | None, field: str
) -> None:
    with store.writing() as session, pytest.raises(InputError) as caught:
        create_key(session, name, scopes, NOW, expires_at)
    assert caught.value.field == field


def test_admin_may_do_everything_and_others_what_they_name() -> None:
    admin = KeyView("1", "desk", ("admin",), NOW, None, None, None)
    reader = KeyView("2", "desk", ("read",), NOW, None, None, None)

    assert admin.allows("ingest")
    assert reader.allows("read")
    assert not reader.allows("ingest")
