"""A receiver is told of every change in order, whenever the process that tells it is killed."""

from __future__ import annotations

import sys
import threading
import time
from pathlib import Path

import httpx

from tests.api.inbox import receiving
from tests.load.checks import kill_at_random, story_text
from tests.load.processes import PATIENCE, Process
from tests.load.test_killed import LONG

SECONDS = 60.0 if LONG else 4.0
STORIES = 300 if LONG else 25


def test_no_message_is_missed_nor_out_of_order(database_url: str, tmp_path: Path) -> None:
    process = Process("serve", database_url, 1, tmp_path / "log")
    process.start()
    process.wait_ready()
    with receiving() as inbox:
        made = httpx.post(f"{process.address}/webhooks", json={"url": inbox.url}, timeout=60)
        assert made.status_code == 201, made.text
        sender = threading.Thread(target=send, args=(process,))
        sender.start()
        kills = kill_at_random(SECONDS, [lambda: restart(process)], 0.5, 2.5)
        sender.join(PATIENCE)
        assert not sender.is_alive()
        end = time.monotonic() + PATIENCE
        while len(set(inbox.positions())) < STORIES and time.monotonic() < end:
            time.sleep(0.1)
        process.stop()

        positions = inbox.positions()
        sys.stdout.write(f"{kills} kills, {STORIES} changes, {len(positions) - STORIES} told twice\n")
        assert list(dict.fromkeys(positions)) == list(range(1, STORIES + 1))
        # Whatever came twice came again before anything else did.
        assert positions == sorted(positions)
        assert len(inbox.read(made.json()["secret"])) == len(positions)
    assert "defect" not in (tmp_path / "log").read_text()


def send(process: Process) -> None:
    """Hand stories in one by one; one whose answer is lost is sent again, and is the same story."""
    for number in range(STORIES):
        while True:
            try:
                answer = httpx.post(f"{process.address}/articles", json={"text": story_text(0, number)}, timeout=60)
            except httpx.TransportError:
                time.sleep(0.1)
                continue
            if answer.status_code in {200, 201}:
                break
            time.sleep(0.1)


def restart(process: Process) -> None:
    """Kill the process and start it again."""
    process.kill()
    process.start()
    process.wait_ready()
