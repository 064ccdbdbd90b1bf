"""Several processes behind one address are one service: as one process is, and when any of them is killed."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import httpx
import pytest
from sqlalchemy import text

from app.store.store import open_store
from tests.load.checks import Sender, wait_until_done
from tests.load.processes import PATIENCE, ROOT
from tests.ports import free_port

UPLOADS, STORIES = 3, 4
ALONE = 12
_STARTED = re.compile(r"Started server process \[(\d+)\]")


class Together:
    """``sayso serve --processes 2``: the process that was started, and those that answer."""

    def __init__(self, database_url: str, log: Path, **settings: str) -> None:
        self.port = free_port()
        self._log = log
        command = [sys.executable, "-m", "app.cli", "serve", "--port", str(self.port), "--processes", "2"]
        environment = {**os.environ, "SAYSO_DATABASE_URL": database_url, "SAYSO_WORKERS": "1", **settings}
        with log.open("wb") as stream:
            self.process = subprocess.Popen(command, stderr=stream, cwd=ROOT, env=environment)  # noqa: S603 (our own command)

    @property
    def address(self) -> str:
        """Return where it answers."""
        return f"http://127.0.0.1:{self.port}"

    @property
    def answering(self) -> list[int]:
        """Return the processes that answered so far, those that ended among them, by their ids."""
        return [int(found) for found in _STARTED.findall(self._log.read_text())]

    def messages(self) -> list[str]:
        """Return what the log says."""
        return [json.loads(line)["message"] for line in self._log.read_text().splitlines()]


@pytest.fixture
def started(tmp_path: Path) -> Iterator[Callable[..., Together]]:
    """Start services, which end with the test."""
    found: list[Together] = []

    def start(database_url: str, **settings: str) -> Together:
        found.append(Together(database_url, tmp_path / "log", **settings))
        until(lambda: len(found[-1].answering) == 2)
        until(lambda: httpx.get(f"{found[-1].address}/readyz", timeout=60).is_success)
        return found[-1]

    yield start
    for together in found:
        together.process.terminate()
        together.process.wait(PATIENCE)


def until(holds: Callable[[], bool]) -> None:
    """Return when something holds. Raises: AssertionError when it never does."""
    end = time.monotonic() + PATIENCE
    while True:
        try:
            if holds():
                return
        except httpx.TransportError:
            pass
        assert time.monotonic() < end
        time.sleep(0.1)


def runs(pid: int) -> bool:
    """Say whether a process is there and has not ended."""
    try:
        return "\nState:\tZ" not in Path(f"/proc/{pid}/status").read_text()
    except (FileNotFoundError, ProcessLookupError):
        return False


def test_they_are_one_service_and_lose_nothing_when_one_is_killed(
    database_url: str, started: Callable[..., Together]
) -> None:
    together = started(database_url)

    def post(number: int) -> bool:
        """Hand a story in and look for it, each on a connection of its own."""
        story = {"text": f"Mayor Ann Roe said that pier {number} will close.", "external_id": f"alone-{number}"}
        answer = httpx.post(f"{together.address}/articles", json=story, timeout=60)
        listed = httpx.get(f"{together.address}/articles?fields=id&limit=100", timeout=60)
        return answer.status_code == httpx.codes.CREATED and answer.json()["id"] in listed.text

    with ThreadPoolExecutor(4) as pool:
        found = list(pool.map(post, range(ALONE)))
    assert found == [True] * ALONE
    figures = [httpx.get(f"{together.address}/metrics", timeout=60).text for _ in range(4)]
    created = '_count{http_request_method="POST",http_response_status_code="201",http_route="/articles"} '
    assert [float(told.partition(created)[2].split("\n")[0]) for told in figures] == [ALONE] * 4

    sender = Sender([together.address], UPLOADS, STORIES)
    sender.start()
    killed = together.answering[0]
    os.kill(killed, signal.SIGKILL)
    until(lambda: len(together.answering) == 3)
    sender.join(PATIENCE)
    assert not sender.is_alive()
    wait_until_done(together.address, sender.accepted)
    together.process.terminate()
    together.process.wait(PATIENCE)

    assert not any(map(runs, together.answering))
    assert "defect" not in together.messages()
    store = open_store(database_url)
    with store.reading() as session:
        kept = sorted(session.execute(text("SELECT external_id FROM articles")).scalars())
        analyses = session.execute(text("SELECT count(*) FROM analyses")).scalar_one()
        workers = session.execute(text("SELECT count(*) FROM workers")).scalar_one()
    store.close()
    sent = [*(f"alone-{n}" for n in range(ALONE)), *(f"{n}-{i}" for n in range(UPLOADS) for i in range(STORIES))]
    assert kept == sorted(sent)
    assert analyses == len(sent)
    assert workers == 0


def test_they_are_replaced_one_after_another(sqlite_url: str, started: Callable[..., Together]) -> None:
    together = started(sqlite_url, SAYSO_WORKERS="0")
    first = together.answering

    together.process.send_signal(signal.SIGHUP)

    def replaced() -> bool:
        assert httpx.get(f"{together.address}/articles", timeout=60).is_success
        return len(together.answering) == 4 and not any(map(runs, first))

    until(replaced)


def test_they_end_with_the_process_that_was_started(sqlite_url: str, started: Callable[..., Together]) -> None:
    together = started(sqlite_url, SAYSO_WORKERS="0")

    together.process.kill()

    until(lambda: not any(map(runs, together.answering)))


def test_they_allow_no_more_than_the_limit(sqlite_url: str, started: Callable[..., Together]) -> None:
    together = started(sqlite_url, SAYSO_WORKERS="0", SAYSO_ACCESS="public-reads", SAYSO_RATE_PER_ADDRESS="40")

    def ask(_: int) -> tuple[int, str]:
        answer = httpx.get(f"{together.address}/articles", timeout=60)
        return answer.status_code, answer.headers["ratelimit-policy"]

    began = time.time() // 60
    with ThreadPoolExecutor(4) as pool:
        answers = list(pool.map(ask, range(120)))
    minutes = time.time() // 60 - began + 1

    statuses = [status for status, _ in answers]
    # What a process took of the limit and nobody asked it for again is spent too.
    assert 38 <= statuses.count(200) <= 40 * minutes
    assert {policy for _, policy in answers} == {'"address";q=40;w=60'}
