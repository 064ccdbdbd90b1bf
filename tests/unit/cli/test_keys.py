"""``sayso keys``, and what ``sayso serve`` makes of there being none."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from click.testing import CliRunner, Result

from app.cli import main
from app.cli.serve import check_keys
from app.config import Settings
from app.errors import ConfigurationError
from app.store import audit, migrate
from app.store.keys import KeyView, find_key, list_keys, note_use
from app.store.paging import PageRequest
from app.store.store import open_store


@pytest.fixture(autouse=True)
def _database(sqlite_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the command use a migrated database of the test's own."""
    monkeypatch.setenv("SAYSO_DATABASE_URL", sqlite_url)


def sayso(*arguments: str) -> Result:
    return CliRunner().invoke(main, arguments)


def kept(url: str, sent: str) -> KeyView:
    store = open_store(url)
    with store.reading() as session:
        key = find_key(session, sent)
    store.close()
    assert key is not None
    return key


def test_a_key_is_made_and_printed_once(sqlite_url: str) -> None:
    made = sayso("keys", "create", "Archive desk", "--scope", "read", "--scope", "ingest", "--days", "30")
    key = kept(sqlite_url, made.stdout.strip())

    assert made.exit_code == 0
    assert (key.name, key.scopes) == ("Archive desk", ("read", "ingest"))
    assert key.expires_at is not None
    assert (key.expires_at - key.created_at).days == 30
    assert "this once only" in made.stderr
    assert made.stdout.strip() not in sayso("keys", "list").stdout


def test_a_key_reads_and_does_not_expire_unless_more_is_asked_for(sqlite_url: str) -> None:
    key = kept(sqlite_url, sayso("keys", "create", "desk").stdout.strip())

    assert (key.scopes, key.expires_at) == (("read",), None)


def test_keys_are_listed_with_what_became_of_them(sqlite_url: str) -> None:
    used = kept(sqlite_url, sayso("keys", "create", "used", "--days", "1").stdout.strip())
    revoked = kept(sqlite_url, sayso("keys", "create", "revoked").stdout.strip())
    store = open_store(sqlite_url)
    with store.writing() as session:
        note_use(session, used.id, datetime(2026, 3, 5, 12, tzinfo=UTC))
    store.close()

    told = sayso("keys", "revoke", revoked.id)
    lines = sayso("keys", "list").stdout.splitlines()

    assert lines[0].startswith(f"{used.id}  used: read; made ")
    assert "last used 2026-03-05 12:00 UTC; expires " in lines[0]
    assert f"{lines[1]}\n" == told.stdout
    assert "; revoked " in lines[1]


@pytest.mark.parametrize(
    ("arguments", "reason"),
    [
        (("revoke", "nothing"), "there is no key 'nothing'"),
        (("create", ""), "name: must be"),
        (("create", "desk", "--scope", "write"), "'write' is not one of"),
        (("create", "desk", "--days", "0"), "0 is not in the range"),
    ],
)
def test_what_cannot_be_is_said_in_a_line(arguments: tuple[str, ...], reason: str) -> None:
    told = sayso("keys", *arguments)

    assert told.exit_code == 2
    assert reason in told.stderr


def test_changes_of_the_keys_are_in_the_audit_log(sqlite_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    key = kept(sqlite_url, sayso("keys", "create", "desk").stdout.strip())
    for name in ("LOGNAME", "USER", "LNAME", "USERNAME"):
        monkeypatch.setenv(name, "archivist")
    sayso("keys", "revoke", key.id)
    store = open_store(sqlite_url)
    with store.reading() as session:
        log = audit.entries(session, None, PageRequest()).items
        assert list_keys(session)[0].revoked_at is not None
    store.close()

    assert [(e.action, e.target) for e in log] == [("revoke key", key.id), ("create key", key.id)]
    assert log[0].address == "archivist on this machine"


def test_a_user_without_a_name_is_someone(sqlite_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse() -> str:
        raise OSError

    monkeypatch.setattr("app.cli.keys.getuser", refuse)
    sayso("keys", "create", "desk")
    store = open_store(sqlite_url)
    with store.reading() as session:
        assert audit.entries(session, None, PageRequest()).items[0].address == "someone on this machine"
    store.close()


def test_others_are_served_when_there_is_a_key_and_while_the_database_is_away(sqlite_url: str, tmp_path: str) -> None:
    settings = Settings(sqlite_url, "0.0.0.0")  # noqa: S104 (the value under test)
    with pytest.raises(ConfigurationError, match="sayso keys create"):
        check_keys(settings)
    sayso("keys", "create", "desk")

    check_keys(settings)
    check_keys(Settings(f"sqlite:///{tmp_path}/none/sayso.sqlite3", "0.0.0.0"))  # noqa: S104 (as above)


def test_the_database_must_be_migrated(empty_sqlite_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SAYSO_DATABASE_URL", empty_sqlite_url)

    assert "run `sayso migrate` first" in sayso("keys", "list").stderr
    assert migrate.current(empty_sqlite_url) is None
