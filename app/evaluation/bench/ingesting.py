"""Stories handed in in bulk, without an end, for as long as something else is measured."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from http.client import HTTPConnection
from threading import Event, Thread

from app.evaluation.bench.texts import different_texts

_TOGETHER = 200
_PAUSE = 1.0


@contextmanager
def ingesting(port: int) -> Iterator[None]:
    """Keep the queue of the service on a port of this machine full of sample stories while the block runs."""
    stop = Event()
    texts = different_texts(1_000_000)

    def work() -> None:
        last = ""
        while not stop.is_set():
            if not last or _is_done(port, last):
                last = _hand_in(port, [next(texts) for _ in range(_TOGETHER)])
            stop.wait(_PAUSE)

    thread = Thread(target=work)
    thread.start()
    try:
        yield
    finally:
        stop.set()
        thread.join()


def _hand_in(port: int, texts: list[str]) -> str:
    body = b"".join(json.dumps({"text": f"{text}\nIt went out in bulk."}).encode() + b"\n" for text in texts)
    connection = HTTPConnection("127.0.0.1", port, timeout=60)
    try:
        connection.request("POST", "/ingestions", body, {"Content-Type": "application/x-ndjson"})
        accepted: str = json.loads(connection.getresponse().read())["id"]
        return accepted
    finally:
        connection.close()


def _is_done(port: int, ingestion: str) -> bool:
    connection = HTTPConnection("127.0.0.1", port, timeout=60)
    try:
        connection.request("GET", f"/ingestions/{ingestion}")
        state: str = json.loads(connection.getresponse().read())["state"]
        return state != "queued"
    finally:
        connection.close()
