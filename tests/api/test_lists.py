"""Lists across stories: what narrows them, how they are paged, on both databases."""

from __future__ import annotations

import re
from typing import Any

import pytest

from tests.api.service import BRIDGE, FERRY, Service, client_of, make_service

pytestmark = pytest.mark.anyio


@pytest.fixture
async def stories(service_anywhere: Service) -> dict[str, str]:
    """Hand three stories in and return their ids."""
    add = service_anywhere.add
    bridge = await add(
        BRIDGE, title="Bridge", section="City", source="Courier", language="en", published_at="2024-03-05"
    )
    ferry = await add(FERRY, title="Ferry", section="City", source="Post", published_at="2024-03-06T12:00:00Z")
    plain = await add("Nothing is said here about harbors.", language="en-GB", url="https://x.example/1")
    return {"bridge": bridge, "ferry": ferry, "plain": plain}


def ids(page: dict[str, Any]) -> list[str]:
    """Return the ids of a page's items."""
    return [item["id"] for item in page["items"]]


async def test_articles_are_narrowed(service_anywhere: Service, stories: dict[str, str]) -> None:
    bridge, ferry, plain = stories["bridge"], stories["ferry"], stories["plain"]
    [ruiz] = (await service_anywhere.get("/people", name="Ana Ruiz"))["items"]
    [port] = (await service_anywhere.get("/organizations", name="port authority"))["items"]
    cases: list[tuple[dict[str, str], list[str]]] = [
        ({}, [plain, ferry, bridge]),
        ({"sort": "-published"}, [plain, ferry, bridge]),
        ({"section": "City"}, [ferry, bridge]),
        ({"source": "Courier"}, [bridge]),
        ({"section": "City", "source": "Post"}, [ferry]),
        ({"language": "en-GB"}, [plain]),
        ({"url": "https://x.example/1"}, [plain]),
        ({"external_id": "none"}, []),
        ({"published_from": "2024-03-05"}, [ferry, bridge]),
        ({"published_from": "2024-03-05T00:00:01Z"}, [ferry]),
        ({"published_to": "2024-03-06"}, [bridge]),
        ({"published_from": "2024-03-06T13:00:00+01:00", "published_to": "2024-03-07"}, [ferry]),
        ({"person": ruiz["id"]}, [ferry, bridge]),
        ({"organization": port["id"]}, [bridge]),
        ({"person": "nobody"}, []),
        ({"q": "harbor"}, [plain, bridge]),
        ({"q": "bridge closes"}, [bridge]),
        ({"q": '"'}, []),
    ]
    for narrowed, expected in cases:
        assert ids(await service_anywhere.get("/articles", **narrowed)) == expected, narrowed


async def test_quotes_are_narrowed(service_anywhere: Service, stories: dict[str, str]) -> None:
    [okafor] = (await service_anywhere.get("/people", q="okaf"))["items"]
    cases: list[tuple[dict[str, Any], list[str]]] = [
        ({}, ["It pays its way,", "We have waited too long.", "Nobody asked us,"]),
        ({"article": stories["bridge"]}, ["We have waited too long.", "Nobody asked us,"]),
        ({"speaker": okafor["id"]}, ["It pays its way,"]),
        ({"status": "unresolved"}, ["Nobody asked us,"]),
        ({"type": "indirect"}, []),
        ({"min_confidence": 0.5}, ["It pays its way,", "We have waited too long."]),
        ({"min_confidence": 0.95}, []),
        ({"q": "waited"}, ["We have waited too long."]),
        ({"q": "nothing"}, []),
    ]
    for narrowed, expected in cases:
        found = (await service_anywhere.get("/quotes", **narrowed))["items"]
        assert [quote["text"] for quote in found] == expected, narrowed
        for quote in found:
            assert await service_anywhere.get(f"/quotes/{quote['id']}") == quote


async def test_people_and_organizations_are_found_and_followed(
    service_anywhere: Service, stories: dict[str, str]
) -> None:
    people = (await service_anywhere.get("/people"))["items"]
    assert [(p["name"], p["articles"]) for p in people] == [("Ana Ruiz", 2), ("Tom Okafor", 1)]
    ruiz, okafor = people
    for narrowed, expected in (
        ({"title": "mayor"}, [ruiz]),
        ({"name": "tom okafor"}, [okafor]),
        ({"article": stories["bridge"]}, [ruiz]),
        ({"q": "ru"}, [ruiz]),
        ({"q": "ru", "title": "minister"}, []),
    ):
        assert (await service_anywhere.get("/people", **narrowed))["items"] == expected, narrowed
    assert await service_anywhere.get(f"/people/{ruiz['id']}") == ruiz
    assert ids(await service_anywhere.get(f"/people/{ruiz['id']}/articles")) == [stories["ferry"], stories["bridge"]]
    held = (await service_anywhere.get(f"/people/{ruiz['id']}/positions", kind="office"))["items"]
    assert [(p["title"], p["article_id"]) for p in held] == [("Mayor", stories["bridge"])]
    said = (await service_anywhere.get(f"/people/{okafor['id']}/quotes", q="pays", min_confidence=0.1))["items"]
    assert [quote["text"] for quote in said] == ["It pays its way,"]
    [port] = (await service_anywhere.get("/organizations"))["items"]
    assert (await service_anywhere.client.get(f"/people/{port['id']}")).status_code == 404
    [stance] = (await service_anywhere.get(f"/organizations/{port['id']}/positions", polarity="opposes"))["items"]
    assert stance["holder"]["entity_id"] == port["id"]
    assert (await service_anywhere.get(f"/organizations/{port['id']}/quotes"))["items"] == []
    assert ids(await service_anywhere.get(f"/organizations/{port['id']}/articles")) == [stories["bridge"]]


async def test_positions_and_issues_are_found(service_anywhere: Service, stories: dict[str, str]) -> None:
    everything = (await service_anywhere.get("/positions"))["items"]
    assert [(p["kind"], p["article_id"]) for p in everything] == [
        ("stance", stories["ferry"]),
        ("office", stories["bridge"]),
        ("stance", stories["bridge"]),
    ]
    for_ferry, mayor, against_closure = everything
    issue = for_ferry["issue"]
    for narrowed, expected in (
        ({"kind": "office"}, [mayor]),
        ({"polarity": "opposes"}, [against_closure]),
        ({"holder": for_ferry["holder"]["entity_id"]}, [for_ferry]),
        ({"person": for_ferry["holder"]["entity_id"]}, [mayor]),
        ({"organization": "none"}, []),
        ({"issue": issue["id"]}, [for_ferry]),
        ({"title": "mayor"}, [mayor]),
        ({"tense": "current"}, [mayor]),
        ({"article": stories["bridge"], "min_confidence": 0.75}, [mayor]),
        ({"q": "closure"}, [against_closure]),
    ):
        assert (await service_anywhere.get("/positions", **narrowed))["items"] == expected, narrowed
    [found] = (await service_anywhere.get("/issues", article=stories["ferry"]))["items"]
    assert found["first_seen"] == found["last_seen"] is not None
    assert 0 < found["prominence"] <= 1
    told = ("prominence", "first_seen", "last_seen")
    assert found == {**issue, "positions": 1, **{name: found[name] for name in told}}
    assert ids(await service_anywhere.get("/issues", q="ferr")) == [issue["id"]]
    path = f"/issues/{issue['id']}/positions"
    assert (await service_anywhere.get(path, polarity="supports"))["items"] == [for_ferry]
    assert (await service_anywhere.get(path, polarity="opposes"))["items"] == []


async def test_one_search_asks_everything(service_anywhere: Service, stories: dict[str, str]) -> None:
    found = await service_anywhere.get("/search", q="harbor")
    assert (found["query"], ids({"items": found["articles"]})) == ("harbor", [stories["plain"], stories["bridge"]])
    assert (found["people"], found["organizations"], found["quotes"]) == ([], [], [])
    named = await service_anywhere.get("/search", q="port", limit=1)
    assert [body["name"] for body in named["organizations"]] == ["Port Authority"]
    assert [q["text"] for q in (await service_anywhere.get("/search", q="waited"))["quotes"]] == [
        "We have waited too long."
    ]
    assert (await service_anywhere.get("/search", q='"*() OR'))["articles"] == []


@pytest.mark.parametrize("path", ["/articles?sort=-published", "/articles", "/quotes", "/people", "/positions"])
async def test_pages_follow_each_other_without_gap_or_repeat(
    service_anywhere: Service, stories: dict[str, str], path: str
) -> None:
    whole = ids(await service_anywhere.get(path))
    walked: list[str] = []
    url: str | None = f"{path}{'&' if '?' in path else '?'}limit=1"
    while url is not None:
        answer = await service_anywhere.client.get(url)
        walked += ids(answer.json())
        url = answer.json()["next"]
        link = answer.headers.get("link")
        assert link == (f'<{url}>; rel="next"' if url else None)
        assert url is None or url.startswith("http://sayso.test/")
        if url is not None:
            await service_anywhere.add(f"A story that comes in between, number {len(walked)} of {path}.")

    assert walked == whole


async def test_the_next_address_keeps_the_question_and_the_address_that_clients_use(sqlite_url: str) -> None:
    app = make_service(sqlite_url, base_url="https://news.example/sayso")
    async with client_of(app) as client:
        service = Service(app, client)
        await service.add(BRIDGE, source="A & B")
        created = await client.post("/articles", json={"text": FERRY, "source": "A & B"})
        page = await service.get("/articles", source="A & B", limit=1)
    app.state.parts.store.close()

    assert created.headers["location"].startswith("https://news.example/sayso/articles/")
    assert re.fullmatch(r"https://news\.example/sayso/articles\?source=A\+%26\+B&limit=1&cursor=[\w-]+", page["next"])
