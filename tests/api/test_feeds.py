"""Feeds are followed and pages fetched: from loopback, which the tests allow, on both databases."""

from __future__ import annotations

import json
import time
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from typing import Any

import anyio
import pytest
from fastapi import FastAPI
from sqlalchemy import update

from app.api.parts import Parts
from app.store import batches
from app.store.feed_tables import FeedRow
from tests.api.service import Service, client_of, make_service
from tests.unit.ingest.web import LOOPBACK, Reply, Web, serving

pytestmark = pytest.mark.anyio

PATIENCE = 120.0
PARAGRAPH = "The Harbor bridge number {} will close in May, Mayor Ana Ruiz announced to a crowd at the quay."
URI_LIST = {"Content-Type": "text/uri-list"}


@pytest.fixture
def web() -> Iterator[Web]:
    with serving() as found:
        yield found


@pytest.fixture
async def service(sqlite_url: str) -> AsyncIterator[Service]:
    """Return a client of a service that may fetch from loopback, as fast as it likes."""
    async with fetching(sqlite_url) as found:
        yield found


@pytest.fixture
async def service_anywhere(database_url: str) -> AsyncIterator[Service]:
    """Return the same: the test runs once on each kind of database."""
    async with fetching(database_url) as found:
        yield found


@asynccontextmanager
async def fetching(url: str) -> AsyncIterator[Service]:
    app = make_service(url, allowed_networks=LOOPBACK, fetch_gap=0.0)
    async with client_of(app) as client:
        yield Service(app, client)
    parts: Parts = app.state.parts
    parts.pages.close()
    parts.store.close()


def page(number: int, title: str = "Bridge") -> str:
    body = f"<article><p>{PARAGRAPH.format(number)}</p></article>"
    return f"<html><head><title>{title}</title></head><body>{body}</body></html>"


def json_feed(*items: dict[str, Any]) -> str:
    return json.dumps({"version": "https://jsonfeed.org/version/1.1", "title": "Courier", "items": items})


def work_off(app: FastAPI) -> None:
    """Do what a worker does, in this thread and without one."""
    parts: Parts = app.state.parts
    parts.worker.sweep()
    with parts.store.reading() as session:
        tickets = batches.oldest_queued(session, 100)
    for ticket in tickets:
        parts.worker.work.run(ticket.seq)


async def follow(service: Service, url: str, **more: Any) -> str:  # noqa: ANN401 (a JSON value)
    answer = await service.client.post("/feeds", json={"url": url, **more})
    assert answer.status_code == 201, answer.text
    assert answer.headers["location"] == f"http://sayso.test/feeds/{answer.json()['id']}"
    return str(answer.json()["id"])


async def poll(service: Service, feed_id: str) -> dict[str, Any]:
    """Poll a feed in this thread and return it."""
    parts: Parts = service.app.state.parts
    await anyio.to_thread.run_sync(parts.worker.feeds.poll, feed_id)
    found: dict[str, Any] = await service.get(f"/feeds/{feed_id}")
    return found


async def test_a_feeds_pages_are_fetched_once_and_kept_with_what_the_feed_says(service: Service, web: Web) -> None:
    web.says("/a", page(1, "Page's own title"), Content_Type="text/html")
    feed = json_feed({"id": "a-1", "url": "/a", "title": "Bridge closes", "date_published": "2024-03-05T09:30:00Z"})
    url = web.says("/feed", feed, ETag='"1"')
    feed_id = await follow(service, url)

    found = await poll(service, feed_id)
    work_off(service.app)

    assert (found["title"], found["entries"], found["failures"], found["error"]) == ("Courier", 1, 0, None)
    [article] = (await service.get("/articles"))["items"]
    assert (article["title"], article["source"], article["external_id"]) == ("Bridge closes", "Courier", "a-1")
    assert (article["url"], article["published_at"]) == (f"{web.url}/a", "2024-03-05T09:30:00Z")
    ingestion = await service.get(f"/ingestions/{found['ingestion_id']}")
    assert (ingestion["state"], ingestion["origin"], ingestion["annotated"]) == ("done", f"feed {feed_id}", 1)
    web.says("/feed", status=304)
    again = await poll(service, feed_id)
    assert (again["entries"], again["failures"], again["title"]) == (1, 0, "Courier")
    assert web.asked[-1][1]["if-none-match"] == '"1"'
    assert web.paths == ["/feed", "/robots.txt", "/a", "/feed"]


async def test_only_new_and_changed_entries_are_handed_on(service: Service, web: Web) -> None:
    one, two = ({"id": str(i), "content_html": f"<p>{PARAGRAPH.format(i)}</p>"} for i in (1, 2))
    feed_id = await follow(service, web.says("/feed", json_feed(one)), pages=False, source="The Courier")

    entries = [(await poll(service, feed_id))["entries"]]
    web.says("/feed", json_feed(two, one))
    entries.append((await poll(service, feed_id))["entries"])
    entries.append((await poll(service, feed_id))["entries"])
    web.says("/feed", json_feed(two, {"id": "1", "content_text": "The bridge stays open after all."}))
    entries.append((await poll(service, feed_id))["entries"])
    work_off(service.app)

    assert entries == [1, 2, 2, 3]
    kept = (await service.get("/articles"))["items"]
    assert {(article["source"], article["external_id"]) for article in kept} == {
        ("The Courier", "1"),
        ("The Courier", "2"),
    }
    assert len(kept) == 3


async def test_a_feed_that_fails_backs_off_and_says_why(service: Service, web: Web) -> None:
    feed_id = await follow(service, web.says("/feed", status=503, Retry_After="7000"), interval=60)

    failing = await poll(service, feed_id)
    web.says("/feed", "<html></html>")
    no_feed = await poll(service, feed_id)
    web.says("/feed", status=410)
    gone = await poll(service, feed_id)
    soon = await service.client.post(f"/feeds/{feed_id}/poll")

    def wait(feed: dict[str, Any]) -> timedelta:
        return datetime.fromisoformat(feed["next_poll_at"]) - datetime.fromisoformat(feed["polled_at"])

    assert (failing["failures"], failing["error"], wait(failing)) == (
        1,
        "answers with status 503",
        timedelta(seconds=7000),
    )
    assert (no_feed["failures"], no_feed["error"], wait(no_feed)) == (
        2,
        "is no RSS, Atom or JSON Feed",
        timedelta(seconds=240),
    )
    assert (gone["state"], gone["next_poll_at"], gone["failures"]) == ("gone", None, 3)
    assert (soon.status_code, soon.json()["state"]) == (202, "active")


async def test_an_entry_whose_page_cannot_be_had_fails_alone(service: Service, web: Web) -> None:
    web.says("/robots.txt", "User-agent: *\nDisallow: /private\n")
    web.says("/good", page(1), Content_Type="text/html")
    web.says("/pdf", b"%PDF", Content_Type="application/pdf")
    body = f"# my list\n{web.url}/good\n\n{web.url}/private/a\n{web.url}/pdf\n{web.url}/absent\nhttp://10.0.0.1/\nnowhere\n"

    answer = await service.client.post("/ingestions", content=body, headers=URI_LIST)
    assert answer.status_code == 202, answer.text
    work_off(service.app)

    found = await service.get(f"/ingestions/{answer.json()['id']}")
    assert (found["state"], found["origin"], found["annotated"], found["failed"]) == ("done", "uri-list", 1, 5)
    assert {failure["line"]: failure["reason"] for failure in found["failures"]} == {
        4: "url: the site's robots.txt forbids programs to fetch this",
        5: "url: is application/pdf: a page is text/html or text/plain",
        6: "url: answers with status 404",
        7: "url: the host 10.0.0.1 is not at a public address",
        8: "url: must be an absolute http or https address",
    }
    assert [failure["place"] for failure in found["failures"][-2:]] == ["http://10.0.0.1/", "nowhere"]
    assert web.paths == ["/robots.txt", "/good", "/pdf", "/absent"]


@pytest.mark.parametrize(("status", "wait", "times"), [(500, "0", 2), (429, "0", 2), (429, "77", 1), (503, "77", 1)])
async def test_a_page_that_is_in_trouble_is_asked_for_twice_unless_it_asks_to_wait(
    service: Service, web: Web, status: int, wait: str, times: int
) -> None:
    web.says("/bad", status=status, Retry_After=wait)
    answer = await service.client.post("/ingestions", json={"urls": [f"{web.url}/bad"]})

    work_off(service.app)

    found = await service.get(f"/ingestions/{answer.json()['id']}")
    assert (found["failed"], found["failures"][0]["reason"]) == (1, f"url: answers with status {status}")
    assert web.paths == ["/robots.txt", *["/bad"] * times]


@pytest.mark.parametrize("kind", ["urls", "url_list", "feed"])
async def test_an_ingestion_refers_to_addresses_a_list_or_a_feed(service: Service, web: Web, kind: str) -> None:
    web.says("/a", page(1), Content_Type="text/html; charset=utf-8")
    web.says("/b", PARAGRAPH.format(2), Content_Type="text/plain")
    addresses = [f"{web.url}/a", f"{web.url}/b"]
    web.says("/list", "\n".join(addresses))
    web.says("/feed", json_feed(*({"url": url} for url in addresses)))
    reference = {"urls": addresses, "url_list": f"{web.url}/list", "feed": f"{web.url}/feed"}[kind]

    answer = await service.client.post("/ingestions", json={kind: reference, "source": "The Courier"})
    assert answer.status_code == 202, answer.text
    work_off(service.app)

    found = await service.get(f"/ingestions/{answer.json()['id']}")
    assert (found["origin"], found["received"], found["annotated"]) == ("json", 2, 2)
    kept = (await service.get("/articles"))["items"]
    assert {article["url"] for article in kept} == set(addresses)
    assert {article["source"] for article in kept} == {"The Courier"}


@pytest.mark.parametrize(
    ("content", "status", "field"),
    [
        ({"urls": ["https://a.example/"], "feed": "https://a.example/"}, 422, "urls"),
        ({"urls": []}, 422, "urls"),
        ({"urls": ["nowhere"]}, 422, "urls.0"),
        ({"feed": "https://a.example/", "more": 1}, 422, "more"),
        ({}, 422, "urls"),
        ({"feed": "http://127.0.0.1:9/"}, 422, "feed"),
        ({"url_list": "http://10.0.0.1/"}, 422, "url_list"),
    ],
)
async def test_a_reference_that_leads_nowhere_is_refused(
    service: Service, content: dict[str, Any], status: int, field: str
) -> None:
    answer = await service.client.post("/ingestions", json=content)

    assert answer.status_code == status, answer.text
    assert answer.json()["errors"][0]["field"] == field
    assert (await service.get("/ingestions"))["items"] == []


async def test_an_article_is_fetched_by_its_address(service: Service, web: Web) -> None:
    url = web.says("/a", page(1), Content_Type="text/html")

    answer = await service.client.post("/articles", json={"url": url, "source": "The Courier", "title": "My title"})

    assert answer.status_code == 201, answer.text
    article = answer.json()
    assert (article["text"], article["title"], article["source"]) == (PARAGRAPH.format(1), "My title", "The Courier")
    assert (article["url"], article["media_type"]) == (url, "text/html")


async def test_a_page_in_its_own_charset_is_read(service: Service, web: Web) -> None:
    words = PARAGRAPH.format(1).replace("Ruiz", "Ruíz")
    url = web.says(
        "/a",
        f"<html><body><article><p>{words}</p></article></body></html>".encode("latin-1"),
        Content_Type="text/html; charset=iso-8859-1",
    )

    answer = await service.client.post("/articles", json={"url": url})

    assert answer.json()["text"] == words


@pytest.mark.parametrize(
    ("path", "reason"),
    [
        ("/private/a", "robots.txt forbids"),
        ("/absent", "status 404"),
        ("/away", "not at a public address"),
        ("/long", "larger than 1000000 bytes"),
        ("/empty", "not an HTML page"),
    ],
)
async def test_what_cannot_be_fetched_is_the_clients_to_know(
    service: Service, web: Web, path: str, reason: str
) -> None:
    web.says("/robots.txt", "User-agent: Sayso\nDisallow: /private\n")
    web.says("/away", status=302, Location="http://169.254.169.254/latest")
    web.says("/long", "x" * 1_000_001, Content_Type="text/html")
    web.says("/empty", "", Content_Type="text/html")

    answer = await service.client.post("/articles", json={"url": f"{web.url}{path}"})

    assert answer.status_code == 422, answer.text
    assert answer.headers["content-type"] == "application/problem+json"
    assert reason in answer.json()["errors"][0]["reason"]


async def test_a_private_address_is_refused_unless_it_is_allowed(sqlite_url: str, web: Web) -> None:
    app = make_service(sqlite_url)
    url = web.says("/a", page(1), Content_Type="text/html")
    async with client_of(app) as client:
        answer = await client.post("/articles", json={"url": url})
    app.state.parts.pages.close()
    app.state.parts.store.close()

    assert answer.status_code == 422
    assert answer.json()["errors"] == [{"field": "url", "reason": "the host 127.0.0.1 is not at a public address"}]
    assert web.asked == []


async def test_a_host_is_not_asked_faster_than_it_likes(sqlite_url: str, web: Web) -> None:
    web.says("/robots.txt", "User-agent: *\nCrawl-delay: 30\n")
    web.says("/a", page(1), Content_Type="text/html")
    app = make_service(sqlite_url, allowed_networks=LOOPBACK, fetch_gap=0.0)
    async with client_of(app) as client:
        answers = [await client.post("/articles", json={"url": f"{web.url}/a"}) for _ in range(2)]
        feed = (await client.post("/feeds", json={"url": f"{web.url}/feed"})).json()
    app.state.parts.pages.close()
    app.state.parts.store.close()

    assert [answer.status_code for answer in answers] == [201, 503]
    assert (answers[1].json()["type"], answers[1].headers["retry-after"]) == ("/problems/busy-host", "30")
    assert feed["state"] == "active"


async def test_feeds_are_listed_and_let_go(service: Service, web: Web) -> None:
    url = web.says("/feed", json_feed({"id": "1", "content_text": PARAGRAPH.format(1)}))
    feed_id = await follow(service, url)
    await poll(service, feed_id)
    work_off(service.app)

    again = await service.client.post("/feeds", json={"url": url, "interval": 60})
    listed = await service.get("/feeds")
    gone = await service.client.delete(f"/feeds/{feed_id}")
    absent = await service.client.get(f"/feeds/{feed_id}")
    await anyio.to_thread.run_sync(service.app.state.parts.worker.feeds.poll, feed_id)

    assert (again.status_code, again.json()["interval"]) == (200, 900)
    assert [feed["id"] for feed in listed["items"]] == [feed_id]
    assert (gone.status_code, absent.status_code) == (204, 404)
    assert len((await service.get("/articles"))["items"]) == 1


@pytest.mark.parametrize(
    ("content", "field"),
    [
        ({}, "url"),
        ({"url": "ftp://a.example/"}, "url"),
        ({"url": "http://10.0.0.1/feed"}, "url"),
        ({"url": "https://a.example/", "interval": 5}, "interval"),
    ],
)
async def test_a_wrong_feed_is_told_what_is_wrong(service: Service, content: dict[str, Any], field: str) -> None:
    answer = await service.client.post("/feeds", json=content)

    assert (answer.status_code, answer.json()["errors"][0]["field"]) == (422, field)


async def wait_until(happened: Callable[[], Any]) -> Any:  # noqa: ANN401 (a JSON value)
    """Return what becomes true in the end."""
    until = time.monotonic() + PATIENCE
    while time.monotonic() < until:
        found = await happened()
        if found:
            return found
        await anyio.sleep(0.2)
    pytest.fail("it did not happen in time")


async def test_a_worker_polls_on_schedule_and_takes_the_stories_in(service_anywhere: Service, web: Web) -> None:
    service = service_anywhere
    web.says("/feed", json_feed({"url": "/a", "id": "1"}))
    web.says("/a", page(1), Content_Type="text/html")
    worker = service.app.state.parts.worker
    worker.start()
    assert worker.wait_ready(PATIENCE)
    try:
        feed_id = await follow(service, f"{web.url}/feed")

        async def kept() -> Any:  # noqa: ANN401 (a JSON value)
            return (await service.get("/articles"))["items"]

        assert len(await wait_until(kept)) == 1
        web.says("/feed", json_feed({"url": "/b", "id": "2"}, {"url": "/a", "id": "1"}))
        web.replies["/b"] = Reply(page(2).encode(), headers={"Content-Type": "text/html"})
        with service.app.state.parts.store.writing() as session:
            session.execute(update(FeedRow).values(next_poll_at=datetime.now(UTC)))

        async def both() -> bool:
            return len(await kept()) == 2

        assert await wait_until(both)
        assert (await service.get(f"/feeds/{feed_id}"))["entries"] == 2
    finally:
        await anyio.to_thread.run_sync(worker.stop)
