"""The store itself: what reading and writing promise, and which databases it takes."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Barrier

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from app.errors import ConfigurationError
from app.store.articles import add_article, articles, text_of
from app.store.filters import ArticleFilter
from app.store.paging import PageRequest
from app.store.store import Store, open_store
from tests.store.stories import BASES, COUNCIL, linked, numbered, received

ROOT = Path(__file__).resolve().parents[2]
_WRITER = """
import os, sys
from app.store.articles import add_article
from app.store.store import open_store
from tests.store.stories import BASES, linked, received
store = open_store(sys.argv[1])
with store.writing() as session:
    found, _ = add_article(session, received(BASES), linked(BASES))
os.write(1, found.id.encode())
os.kill(os.getpid(), 9)
"""


def count(store: Store) -> int:
    with store.reading() as session:
        return len(articles(session, ArticleFilter(), PageRequest(200)).items)


def test_a_session_that_reads_cannot_write(store: Store) -> None:
    with pytest.raises(DBAPIError, match=r"(?i)read.?only"), store.reading() as session:
        add_article(session, received(BASES), linked(BASES))
    assert count(store) == 0
    with store.writing() as session:
        add_article(session, received(BASES), linked(BASES))
    assert count(store) == 1


def test_a_block_that_raises_leaves_nothing(store: Store) -> None:
    def stop() -> None:
        with store.writing() as session:
            add_article(session, received(BASES), linked(BASES))
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        stop()
    assert count(store) == 0


def test_a_reader_sees_one_state_while_others_write(store: Store) -> None:
    with store.reading() as session:
        assert articles(session, ArticleFilter(), PageRequest()).items == ()
        with store.writing() as writer:
            add_article(writer, received(BASES), linked(BASES))
        assert articles(session, ArticleFilter(), PageRequest()).items == ()
    assert count(store) == 1


def test_writers_at_once_wait_for_each_other(store: Store) -> None:
    together = Barrier(4)

    def write(number: int) -> None:
        together.wait()
        for i in range(5):
            story = numbered(number * 10 + i)
            with store.writing() as session:
                add_article(session, received(story), linked(story))

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(write, range(4)))
    assert count(store) == 20


def test_ping_asks_the_database(store: Store) -> None:
    store.ping()


def test_ping_fails_when_there_is_no_database(tmp_path: Path) -> None:
    store = open_store(f"sqlite:///{tmp_path / 'no' / 'folder' / 'x.sqlite3'}")
    with pytest.raises(DBAPIError):
        store.ping()
    store.close()


def test_sqlite_has_the_settings_that_keep_what_is_committed(sqlite_url: str) -> None:
    store = open_store(sqlite_url)
    with store.reading() as session:
        settings = {
            name: session.scalar(text(f"PRAGMA {name}"))
            for name in ("journal_mode", "synchronous", "foreign_keys", "busy_timeout")
        }
    store.close()
    assert settings == {"journal_mode": "wal", "synchronous": 2, "foreign_keys": 1, "busy_timeout": 10_000}


def test_what_was_committed_survives_a_kill(sqlite_url: str) -> None:
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    killed = subprocess.run(  # noqa: S603 (our own program)
        [sys.executable, "-c", _WRITER, sqlite_url], capture_output=True, env=environment, check=False, timeout=240
    )
    assert killed.returncode == -signal.SIGKILL, killed.stderr.decode()
    store = open_store(sqlite_url)
    with store.reading() as session:
        assert text_of(session, killed.stdout.decode()) == BASES.text
        assert session.scalar(text("PRAGMA integrity_check")) == "ok"
    with store.writing() as session:
        _, created = add_article(session, received(COUNCIL), linked(COUNCIL))
    assert created
    store.close()


@pytest.mark.parametrize(
    "url",
    ["", "nonsense", "mysql://localhost/x", "sqlite://", "sqlite:///:memory:", "sqlite:///file:x?mode=memory&uri=true"],
)
def test_a_url_of_no_database_that_keeps_anything_is_refused(url: str) -> None:
    with pytest.raises(ConfigurationError):
        open_store(url)


def test_a_refused_url_does_not_show_its_password() -> None:
    with pytest.raises(ConfigurationError) as caught:
        open_store("mysql://me:secret@localhost/x")
    assert "secret" not in str(caught.value)


@pytest.mark.parametrize("scheme", ["postgres", "postgresql", "postgresql+psycopg"])
def test_postgresql_goes_by_any_of_its_names(scheme: str) -> None:
    store = open_store(f"{scheme}://localhost/x")
    assert store.engine.url.drivername == "postgresql+psycopg"
    store.close()
