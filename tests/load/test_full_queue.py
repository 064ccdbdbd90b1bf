"""A queue that is full refuses more, whatever the size of what is handed in, and loses nothing that it took."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import httpx

from tests.load.checks import check_whole, story_text, wait_until_done
from tests.load.processes import Process

NDJSON = {"Content-Type": "application/x-ndjson"}
STORIES = 100
LARGE, OF_BYTES, AT_ONCE = 400, 100_000, 3


def upload(number: int) -> bytes:
    """Return a hundred short stories."""
    stories = ({"text": story_text(number, i), "external_id": f"{number}-{i}"} for i in range(STORIES))
    return b"".join(json.dumps(story).encode() + b"\n" for story in stories)


def large() -> Iterator[bytes]:
    """Yield forty megabytes of stories."""
    for place in range(LARGE):
        yield json.dumps({"text": f"{place} " + "word " * (OF_BYTES // 5)}).encode() + b"\n"


def test_large_uploads_to_a_full_queue_are_refused_in_little_memory(sqlite_url: str, tmp_path: Path) -> None:
    process = Process("serve", sqlite_url, 0, tmp_path / "log", most_queued=2 * STORIES + 50)
    process.start()
    process.wait_ready()

    def send(body: bytes | Iterator[bytes]) -> httpx.Response:
        return httpx.post(f"{process.address}/ingestions", content=body, headers=NDJSON, timeout=120)

    taken = [send(upload(number)) for number in range(2)]
    assert [answer.status_code for answer in taken] == [202, 202]
    before = process.most_memory()
    with ThreadPoolExecutor(AT_ONCE) as several:
        refused = [send(upload(2)), *several.map(lambda _: send(large()), range(AT_ONCE))]
    grown = process.most_memory() - before

    assert {answer.status_code for answer in refused} == {503}
    assert all(int(answer.headers["retry-after"]) > 0 for answer in refused)
    sys.stdout.write(f"{AT_ONCE} uploads of {LARGE * OF_BYTES / 1e6:.0f} MB refused in {grown / 1e6:.0f} MB more\n")
    assert grown < LARGE * OF_BYTES
    listed = httpx.get(f"{process.address}/ingestions", timeout=120).json()["items"]
    assert {one["id"] for one in listed} == {answer.json()["id"] for answer in taken}

    worker = Process("worker", sqlite_url, 1, tmp_path / "log")
    worker.start()
    accepted = [answer.headers["location"].rpartition("/ingestions/")[2] for answer in taken]
    wait_until_done(process.address, accepted)
    taken.append(send(upload(2)))
    assert taken[-1].status_code == 202
    accepted.append(taken[-1].json()["id"])
    wait_until_done(process.address, accepted)
    for one in (worker, process):
        one.stop()
    check_whole(sqlite_url, accepted, 3, STORIES)
