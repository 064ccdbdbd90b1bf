"""What holds after any number of kills: every accepted story is there once, with one analysis."""

from __future__ import annotations

import json
import random
import threading
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from typing import Any

import httpx
from sqlalchemy import text

from app.store.store import open_store
from tests.load.processes import PATIENCE


class Sender(threading.Thread):
    """Hands stories in, batch after batch, to whichever service answers, until each batch has been accepted."""

    def __init__(self, addresses: Sequence[str], uploads: int, stories: int) -> None:
        super().__init__()
        self.addresses = addresses
        self.uploads = uploads
        self.stories = stories
        self.accepted: list[str] = []
        self.refused = 0

    def run(self) -> None:
        """Send everything."""
        for number in range(self.uploads):
            lines = [{"text": story_text(number, i), "external_id": f"{number}-{i}"} for i in range(self.stories)]
            body = "\n".join(map(json.dumps, lines)).encode()
            time.sleep(random.uniform(0, 2))
            while not self._sent(body):
                self.refused += 1
                time.sleep(0.1)

    def _sent(self, body: bytes) -> bool:
        address = random.choice(self.addresses)
        try:
            headers = {"Content-Type": "application/x-ndjson"}
            answer = httpx.post(f"{address}/ingestions", content=body, headers=headers, timeout=60)
        except httpx.TransportError:
            return False
        if answer.status_code == httpx.codes.ACCEPTED:
            self.accepted.append(answer.json()["id"])
            return True
        assert answer.status_code == httpx.codes.SERVICE_UNAVAILABLE, answer.text
        return False


def story_text(upload: int, place: int) -> str:
    """Return a story like no other."""
    return f"Story {upload}-{place}. Tom Okafor supports the ferry. Ana Ruiz opposes the closure of pier {place}."


def wait_until_done(address: str, accepted: Sequence[str], patience: float = PATIENCE) -> None:
    """Return when every accepted ingestion is done, also those whose answer was lost.

    Raises: AssertionError telling how far they are when that takes too long.
    """
    end = time.monotonic() + patience
    states: dict[str, dict[str, object]] = {}
    while time.monotonic() < end:
        # A database that was killed may still be busy with itself.
        with suppress(httpx.TransportError, httpx.HTTPStatusError):
            for key in accepted:
                if states.get(key, {}).get("state") != "done":
                    states[key] = read(f"{address}/ingestions/{key}")
            listed = read(f"{address}/ingestions?limit=100")["items"]
            if all(state["state"] == "done" for state in (*states.values(), *listed)):
                return
        time.sleep(0.2)
    raise AssertionError([state for state in states.values() if state["state"] != "done"][:3])


def read(url: str) -> Any:  # noqa: ANN401 (a JSON value)
    """Return what is at an address. Raises: httpx.HTTPStatusError when the service cannot say."""
    return httpx.get(url, timeout=60).raise_for_status().json()


def check_whole(url: str, accepted: Sequence[str], uploads: int, stories: int) -> None:
    """Check that every story that was accepted is kept once, has one analysis, and was counted once."""
    store = open_store(url)
    with store.reading() as session:

        def one(query: str) -> int:
            found: int = session.execute(text(query)).scalar_one()
            return found

        def pairs(query: str) -> dict[str, int]:
            return {str(key): number for key, number in session.execute(text(query))}

        number = uploads * stories
        assert one("SELECT count(*) FROM articles") == number
        for table in ("revisions", "runs", "analyses"):
            assert one(f"SELECT count(*) FROM {table}") == number, table
        assert one("SELECT count(*) FROM positions") == 2 * number
        assert pairs("SELECT name, articles FROM entities") == {"Tom Okafor": number, "Ana Ruiz": number}
        kept = set(session.execute(text("SELECT external_id FROM articles")).scalars())
        assert kept == {f"{n}-{i}" for n in range(uploads) for i in range(stories)}
        # What an upload that broke off left is no ingestion, and is forgotten after ten minutes.
        taken = "IN (SELECT id FROM ingestions WHERE state <> 'receiving')"
        states = pairs(f"SELECT state, count(*) FROM ingestion_items WHERE ingestion_id {taken} GROUP BY state")
        assert set(states) <= {"annotated", "duplicate"}, states
        assert states["annotated"] == number
        # An upload whose answer was lost was sent again: then its stories are duplicates, and counted as such.
        assert set(accepted) <= set(session.execute(text("SELECT id FROM ingestions WHERE state = 'done'")).scalars())
        counts = "SELECT sum(stories), sum(annotated), sum(duplicate) FROM ingestion_batches"
        sums = session.execute(text(f"{counts} WHERE ingestion_id {taken}")).one()
        assert list(sums) == [sum(states.values()), number, states.get("duplicate", 0)]
        unknown = (
            "SELECT count(*) FROM ingestion_items i LEFT JOIN articles a ON a.id = i.article_id WHERE a.id IS NULL"
        )
        assert one(f"{unknown} AND i.ingestion_id {taken}") == 0
    store.close()


def kill_at_random(seconds: float, actions: Sequence[Callable[[], None]], least: float, most: float) -> int:
    """Do one of ``actions`` after another, at random moments, for so long; return how many were done."""
    end = time.monotonic() + seconds
    done = 0
    while time.monotonic() < end:
        time.sleep(random.uniform(least, most))
        random.choice(actions)()
        done += 1
    return done
