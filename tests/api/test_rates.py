"""How many requests a minute a key or an address may make."""

from __future__ import annotations

from asyncio import sleep
from collections.abc import Sequence
from pathlib import Path

import httpx
import pytest

from app.api import rates
from app.api.guard import counted_as
from app.api.rates import Rates
from app.store.keys import create_key
from app.store.rates import begin_counts, counts_in
from app.store.store import Store
from tests.api.service import Service, client_of, make_service
from tests.api.test_keys import NOW

pytestmark = pytest.mark.anyio


async def answers_of_one_minute(
    client: httpx.AsyncClient, path: str, headers: Sequence[dict[str, str]]
) -> list[httpx.Response]:
    """Return the answers to one request for each of ``headers``, all in one minute."""
    for minute in range(1, 4):
        answers = [await client.get(path, headers=sent) for sent in headers]
        ends = [int(answer.headers["ratelimit"].partition(";t=")[2]) for answer in answers]
        if sorted(ends, reverse=True) == ends:
            return answers
        assert minute < 3
        # The minute ended between them: the next one has just begun, but some of it is spent.
        await sleep(ends[-1])
    raise AssertionError


async def test_a_key_is_counted_and_told_how_it_stands(database_url: str) -> None:
    app = make_service(database_url, access="keys", rate_per_key=2)
    with app.state.parts.store.writing() as session:
        _, sent = create_key(session, "desk", ["read"], NOW)
        _, other = create_key(session, "other", ["read"], NOW)
    async with client_of(app) as client:
        one, two = {"Authorization": f"Bearer {sent}"}, {"Authorization": f"Bearer {other}"}
        *answers, spared = await answers_of_one_minute(client, "/articles", [one, one, one, two])
    app.state.parts.store.close()

    assert [a.status_code for a in answers] == [200, 200, 429]
    assert [a.headers["ratelimit"].partition(";t=")[0] for a in answers] == ['"key";r=1', '"key";r=0', '"key";r=0']
    assert answers[2].headers["ratelimit-policy"] == '"key";q=2;w=60'
    assert answers[2].json()["type"] == "/problems/rate-limited"
    assert answers[2].headers["retry-after"] == answers[2].headers["ratelimit"].partition(";t=")[2]
    assert spared.status_code == 200


async def test_who_guesses_keys_is_counted_by_address(sqlite_url: str) -> None:
    app = make_service(sqlite_url, access="keys", rate_per_address=2)
    guesses = [{"Authorization": f"Bearer {guess}"} for guess in range(3)]
    async with client_of(app) as client:
        answers = await answers_of_one_minute(client, "/articles", guesses)
    app.state.parts.store.close()

    assert [a.status_code for a in answers] == [401, 401, 429]


async def test_who_reads_without_a_key_is_counted_by_address(sqlite_url: str) -> None:
    app = make_service(sqlite_url, access="public-reads", rate_per_address=1)
    async with client_of(app) as client:
        first, second = await answers_of_one_minute(client, "/articles", [{}, {}])
    app.state.parts.store.close()

    assert (first.status_code, second.status_code) == (200, 429)
    assert first.headers["ratelimit-policy"] == '"address";q=1;w=60'


async def test_nobody_is_counted_where_the_owner_says_so(sqlite_url: str) -> None:
    app = make_service(sqlite_url, access="public-reads", rate_per_address=0)
    async with client_of(app) as client:
        answer = await client.get("/articles")
    app.state.parts.store.close()

    assert answer.status_code == 200
    assert "ratelimit" not in answer.headers


async def test_nobody_is_counted_where_no_key_is_asked_for(service: Service) -> None:
    assert "ratelimit" not in (await service.client.get("/articles")).headers


async def test_replicas_together_allow_no_more_than_the_limit(postgres_store: Store) -> None:
    replicas = [Rates(postgres_store, lambda: 125.0) for _ in range(3)]

    standings = [await replicas[i % 3].take("key", "a", 40) for i in range(60)]

    assert sum(s.allowed for s in standings) == 40
    assert not standings[-1].allowed
    assert {s.reset for s in standings} == {55}


async def test_a_replica_asks_the_database_once_a_batch(postgres_store: Store) -> None:
    taken: list[int] = []

    class Counted(Rates):
        def _fetch(self, name: str, window: rates._Window, limit: int) -> None:
            taken.append(1)
            super()._fetch(name, window, limit)

    replica = Counted(postgres_store, lambda: 125.0)
    for _ in range(150):
        await replica.take("key", "a", 100)

    assert len(taken) == 21  # twenty batches of five, and the one that came back empty


async def test_a_new_minute_starts_anew(store: Store) -> None:
    now = [0.0]
    counted = Rates(store, lambda: now[0])
    allowed = []
    for second in (0, 1, 59, 60, 61):
        now[0] = second
        allowed.append((await counted.take("key", "a", 1)).allowed)

    assert allowed == [True, False, False, True, False]


async def test_what_is_held_in_memory_is_bounded(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rates, "_MOST", 2)
    counted = Rates(store, lambda: 0.0)
    for subject in ("a", "b", "c"):
        await counted.take("key", subject, 1)

    assert len(counted._windows) == 2  # noqa: SLF001 (its size is the point)


@pytest.mark.parametrize(
    ("address", "counted"),
    [
        ("203.0.113.7", "203.0.113.7"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("::ffff:203.0.113.7", "203.0.113.7"),
        ("a-unix-socket", "a-unix-socket"),
    ],
)
def test_an_address_is_counted_as_the_subscriber_behind_it(address: str, counted: str) -> None:
    assert counted_as(address) == counted


async def test_processes_of_one_machine_together_allow_no_more_than_the_limit(tmp_path: Path) -> None:
    begin_counts(tmp_path)
    stores = [counts_in(tmp_path) for _ in range(3)]
    processes = [Rates(store, lambda: 125.0, shared=True) for store in stores]

    standings = [await processes[i % 3].take("key", "a", 40) for i in range(60)]

    for store in stores:
        store.close()
    assert sum(s.allowed for s in standings) == 40
    assert not standings[-1].allowed
