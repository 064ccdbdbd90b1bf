"""The clients speak to a real server over a real socket."""

from __future__ import annotations

import csv
import io
import re
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import aclosing
from pathlib import Path

import anyio
import httpx
import pytest
import uvicorn
from fastapi import FastAPI

from app.client import (
    AsyncSayso,
    ConflictProblem,
    NoAnswerError,
    NotFoundProblem,
    RefusedProblem,
    Retries,
    Sayso,
)
from tests.api.inbox import receiving
from tests.api.service import BRIDGE, FERRY, client_of, make_service
from tests.unit.ingest.web import LOOPBACK

PATIENCE = 120.0


@pytest.fixture
def server(sqlite_url: str) -> Iterator[str]:
    """Serve on a free port of this machine, with a worker."""
    app = make_service(sqlite_url, workers=1, allowed_networks=LOOPBACK)
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        running = uvicorn.Server(uvicorn.Config(app, log_config=None, lifespan="on"))
        thread = threading.Thread(target=running.run, kwargs={"sockets": [listening]})
        thread.start()
        until = time.monotonic() + PATIENCE
        while not running.started and time.monotonic() < until:
            time.sleep(0.02)
        yield f"http://127.0.0.1:{listening.getsockname()[1]}"
        running.should_exit = True
        thread.join()


def test_the_blocking_client(server: str) -> None:
    with Sayso(server) as sayso:
        article = sayso.add(text=BRIDGE, source="Courier")
        assert sayso.add(text=BRIDGE)["id"] == article["id"]
        read = sayso.article(article["id"])
        words = [quote["text"] for quote in sayso.quotes(article=article["id"], limit=1)]
        person = next(sayso.people(name="Ana Ruiz"))

        assert (read["text"], read["source"]) == (BRIDGE, "Courier")
        assert words == [quote["text"] for quote in read["quotes"]]
        assert len(words) > 1
        for quote in read["quotes"]:
            assert [BRIDGE[s["start"] : s["end"]] for s in quote["contents"]] == [s["exact"] for s in quote["contents"]]
        assert sayso.person(person["id"])["name"] == "Ana Ruiz"
        assert sayso.quote(read["quotes"][0]["id"])["article_id"] == article["id"]
        assert sayso.text(article["id"]) == BRIDGE
        assert sayso.search("bridge")["articles"][0]["id"] == article["id"]
        assert [s["name"] for s in sayso.suggest("ruiz", type="person", limit=1)] == ["Ana Ruiz"]
        found = list(sayso.quotes(speaker="Ruiz", about="bridge", sort="relevance"))
        assert [quote["speaker"]["name"] for quote in found] == ["Ana Ruiz"]
        assert [a["id"] for a in sayso.articles(source="Courier")] == [article["id"]]
        assert {p["kind"] for p in sayso.positions(article=article["id"])} <= {"stance", "office"}
        assert all(issue["positions"] for issue in sayso.issues())
        organization = next(sayso.organizations())
        assert sayso.organization(organization["id"])["id"] == organization["id"]
        assert sayso.annotate(text=FERRY)["text"] == FERRY
        seen, tag = sayso.tagged(article["id"])
        assert seen == read
        assert sayso.replace(article["id"], text=FERRY, if_match=tag)["revision"] == 2
        with pytest.raises(ConflictProblem):
            sayso.replace(article["id"], text=BRIDGE, if_match=tag)
        with pytest.raises(ConflictProblem):
            sayso.remove(article["id"], if_match=tag)
        done = sayso.finished(sayso.ingest([{"text": BRIDGE}, {"text": " "}])["id"], every=0.1)
        assert (done["state"], done["annotated"], done["failed"]) == ("done", 1, 1)
        assert [change["type"] for change in sayso.changes()] == ["created", "updated", "created"]
        assert [change["type"] for change in sayso.changes(since=2)] == ["created"]
        assert sayso.get("/readyz")["status"] == "ready"
        sayso.remove(article["id"])
        with pytest.raises(NotFoundProblem) as missing:
            sayso.article(article["id"])
        with pytest.raises(RefusedProblem) as refused:
            sayso.add(text=BRIDGE, published_at="yesterday")
    assert missing.value.type == "/problems/not-found"
    assert missing.value.request_id
    assert refused.value.errors[0][0] == "published_at"


def test_the_asynchronous_client(server: str) -> None:
    async def speak() -> None:
        async with AsyncSayso(server) as sayso:
            article = await sayso.add(text=BRIDGE)
            assert (await sayso.article(article["id"]))["text"] == await sayso.text(article["id"]) == BRIDGE
            quotes = [quote async for quote in sayso.quotes(article=article["id"], limit=1)]
            assert quotes == article["quotes"]
            people = [person async for person in sayso.people()]
            assert (await sayso.person(people[0]["id"]))["id"] == people[0]["id"]
            assert (await sayso.quote(quotes[0]["id"]))["text"] == quotes[0]["text"]
            assert (await sayso.search("bridge"))["articles"]
            assert (await sayso.suggest("ruiz"))[0]["name"] == "Ana Ruiz"
            assert [a["id"] async for a in sayso.articles()] == [article["id"]]
            assert [p["kind"] async for p in sayso.positions()]
            assert [i["id"] async for i in sayso.issues()]
            organizations = [o async for o in sayso.organizations()]
            assert (await sayso.organization(organizations[0]["id"]))["id"] == organizations[0]["id"]
            assert (await sayso.annotate(text=FERRY))["text"] == FERRY
            assert (await sayso.replace(article["id"], text=FERRY))["revision"] == 2
            started = await sayso.ingest([{"text": BRIDGE}])
            assert (await sayso.finished(started["id"], every=0.1))["annotated"] == 1
            await sayso.remove(article["id"])

    anyio.run(speak)


def test_webhooks_are_told_by_the_blocking_client(server: str) -> None:
    with receiving() as inbox, Sayso(server) as sayso:
        made = sayso.webhooks.add(url=inbox.url, events=["story.created"])
        key = made["id"]
        assert sayso.webhooks.test(key)["status"] == 204
        assert [message["type"] for message in inbox.read(made["secret"])] == ["webhook.test"]
        assert [webhook["id"] for webhook in sayso.webhooks] == [key]
        paused = sayso.webhooks.change(key, state="paused", description="mine")
        assert (paused["state"], paused["description"]) == ("paused", "mine")
        assert sayso.webhooks.change(key, description=None)["description"] is None
        assert sayso.webhooks.get(key)["events"] == ["story.created"]
        assert sayso.webhooks.new_secret(key, overlap_hours=0)["secret"] != made["secret"]
        assert list(sayso.webhooks.dead_letters(key)) == []
        with pytest.raises(NotFoundProblem):
            sayso.webhooks.redeliver(key, key)
        with pytest.raises(NotFoundProblem):
            sayso.webhooks.forget(key, key)
        sayso.webhooks.remove(key)
        with pytest.raises(NotFoundProblem):
            sayso.webhooks.get(key)


def test_webhooks_are_told_by_the_asynchronous_client(server: str) -> None:
    async def speak(url: str) -> None:
        async with AsyncSayso(server) as sayso:
            key = (await sayso.webhooks.add(url=url))["id"]
            assert (await sayso.webhooks.test(key))["delivered"]
            assert [webhook["id"] async for webhook in sayso.webhooks] == [key]
            assert (await sayso.webhooks.change(key, state="paused"))["state"] == "paused"
            assert (await sayso.webhooks.get(key))["events"] is None
            assert (await sayso.webhooks.new_secret(key))["secret"]
            assert [letter async for letter in sayso.webhooks.dead_letters(key)] == []
            with pytest.raises(NotFoundProblem):
                await sayso.webhooks.redeliver(key, key)
            with pytest.raises(NotFoundProblem):
                await sayso.webhooks.forget(key, key)
            await sayso.webhooks.remove(key)

    with receiving() as inbox:
        anyio.run(speak, inbox.url)


def test_lists_come_whole(server: str) -> None:
    odd = BRIDGE.replace("too long", "too\u2028long")
    with Sayso(server) as sayso:
        for text in (BRIDGE, FERRY, odd):
            sayso.add(text=text)
        every = list(sayso.quotes())

        assert list(sayso.export("quotes", limit=1)) == every
        assert list(sayso.export("quotes", q="pays")) == list(sayso.quotes(q="pays"))
        assert any("\u2028" in quote["text"] for quote in every)
        rows = list(csv.DictReader(io.StringIO(b"".join(sayso.download("quotes", "csv")).decode(), newline="")))
        assert [row["id"] for row in rows] == [quote["id"] for quote in every]
        with pytest.raises(RefusedProblem):
            list(sayso.export("quotes", color="red"))

    async def speak() -> None:
        async with AsyncSayso(server) as sayso:
            assert [quote async for quote in sayso.export("quotes")] == every
            async with aclosing(sayso.export("quotes")) as some:
                assert await anext(some) == every[0]

    anyio.run(speak)


def test_the_examples_of_the_guide_run(server: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    guide = (Path(__file__).parents[2] / "docs" / "client.md").read_text(encoding="utf-8")
    examples = re.findall(r"```python\n(.*?)```", guide, re.DOTALL)

    for example in examples:
        exec(example.replace("http://127.0.0.1:8000", server), {})  # noqa: S102 (our own)

    assert len(examples) == 4
    assert (tmp_path / "quotes.csv").read_text(encoding="utf-8").startswith("id,")


def test_who_was_merged_is_found_at_the_new_place(app: FastAPI) -> None:
    async def speak() -> None:
        async with AsyncSayso("http://sayso.test", transport=httpx.ASGITransport(app)) as sayso:
            await sayso.add(text=FERRY)
            ruiz, okafor = [person async for person in sayso.people()]
            async with client_of(app) as client:
                await client.post(f"/people/{okafor['id']}/merge", json={"into": ruiz["id"]})
            assert (await sayso.person(okafor["id"]))["id"] == ruiz["id"]

    anyio.run(speak)


def test_nobody_there_is_said() -> None:
    with Sayso("http://127.0.0.1:9", retries=Retries(most=0)) as sayso, pytest.raises(NoAnswerError):
        sayso.article("a")
