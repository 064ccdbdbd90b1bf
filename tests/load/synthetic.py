"""Very many short stories through the queue, without weights: what the queue and the store cost, and whether they tire.

``python -m tests.load.synthetic 100000 [URL]`` prints stories a second, time of a processor, bytes and memory a story,
tenth by tenth. It is no test: it takes as long as it takes.
"""

from __future__ import annotations

import json
import random
import resource
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from sqlalchemy import text

from app.config import Settings
from app.ingest.intake import Intake
from app.ingest.jobs import Jobs
from app.ingest.pages import open_pages
from app.ingest.spool import Spool
from app.ingest.streams import LineSplitter
from app.ingest.worker import Worker
from app.store import ingestions, migrate
from app.store.store import Store, open_store
from tests.api.plain_rules import PlainRules

FIRST = ("Ana", "Tom", "Lena", "Omar", "Ines", "Paul", "Rosa", "Karl", "Mina", "Erik", "Nora", "Hugo")
LAST = ("Ruiz", "Okafor", "Holt", "Petrov", "Silva", "Chen", "Haas", "Moreau", "Novak", "Berg", "Costa", "Weiss")
PLACES = ("harbor", "bridge", "ferry", "market", "school", "tunnel", "stadium", "airport", "library", "canal")
LONGEST = 1_000_000


def stories(number: int) -> Iterator[bytes]:
    """Yield stories as lines of JSON: four sentences of a few people out of a hundred and forty-four."""
    chance = random.Random(7)

    def person() -> str:
        return f"{chance.choice(FIRST)} {chance.choice(LAST)}"

    for n in range(number):
        place, mayor, other = chance.choice(PLACES), person(), person()
        body = (
            f"The {place} number {n} will close in May, Mayor {mayor} announced.\n\n"
            f'"We have waited {n % 97} days too long" {mayor} said. {other} opposes the closure of {place} {n}.\n\n'
            f"The Port Authority had asked for {n * 7 % 1000} million. {person()} supports the {place}."
        )
        yield json.dumps({"text": body, "external_id": f"s{n}"}).encode() + b"\n"


def size_of(store: Store) -> int:
    """Return the bytes that the database takes."""
    is_sqlite = store.engine.dialect.name == "sqlite"
    query = "SELECT page_count * page_size FROM pragma_page_count(), pragma_page_size()"
    with store.reading() as session:
        found: int = session.execute(
            text(query if is_sqlite else "SELECT pg_database_size(current_database())")
        ).scalar_one()
    return found


def resident() -> int:
    """Return the bytes of memory that this process holds now."""
    return int(Path("/proc/self/statm").read_text().split()[1]) * resource.getpagesize()


def main(number: int, url: str) -> None:
    """Load so many stories and say how it went."""
    migrate.upgrade(url)
    store = open_store(url)
    jobs = Jobs(store)
    settings = Settings(database_url=url, workers=2, max_text_bytes=LONGEST)
    pages = open_pages(store, settings)
    worker = Worker(Intake(store, PlainRules()), jobs, pages, settings)
    empty = size_of(store)
    clock = time.perf_counter()
    spool, splitter = Spool(jobs, "synthetic", number), LineSplitter(LONGEST)
    for line in stories(number):
        spool.take(splitter.feed(line))
    key = spool.accept().id
    spooled = time.perf_counter() - clock
    say(f"on disk: {number / spooled:.0f} stories/s, {(size_of(store) - empty) / number:.0f} bytes each, {told()}")
    worker.start()
    step = max(1, number // 10)
    clock, used, last = time.perf_counter(), time.process_time(), 0
    costs: list[float] = []
    while True:
        time.sleep(0.1)
        with store.reading() as session:
            view = ingestions.ingestion(session, key)
        if view.settled >= last + step or view.finished_at is not None:
            now, by_now = time.perf_counter(), time.process_time()
            if view.settled > last:
                rate = (view.settled - last) / (now - clock)
                costs.append(1000 * (by_now - used) / (view.settled - last))
                each = (size_of(store) - empty) / view.settled
                say(
                    f"{view.settled}: {rate:.1f} stories/s, {costs[-1]:.1f} ms of a processor each, "
                    f"{each:.0f} bytes each, {told()}, {view.failed} failed"
                )
            clock, used, last = now, by_now, view.settled
        if view.finished_at is not None:
            break
    say(f"the last tenth costs {costs[-1] / costs[0]:.2f} times what the first does")
    worker.stop()
    pages.close()
    jobs.close()
    store.close()


def told() -> str:
    """Return the memory that is held, in words."""
    return f"{resident() / 1e6:.0f} MB held"


def say(line: str) -> None:
    """Print a line at once."""
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    where = sys.argv[2] if len(sys.argv) > 2 else f"sqlite:///{tempfile.mkdtemp(prefix='sayso-synthetic-')}/s.sqlite3"
    main(int(sys.argv[1]), where)
