"""The same text is one article with several sightings; texts alike are one group, with what they share."""

from __future__ import annotations

import json
from random import Random
from typing import Any

import pytest

from app.store import batches
from tests.api.service import BRIDGE, FERRY, Service

pytestmark = pytest.mark.anyio

JSON = {"Content-Type": "application/json"}


def paragraphs(seed: int, number: int) -> list[str]:
    random = Random(seed)
    return [" ".join(f"word{random.randrange(100_000)}" for _ in range(40)) + "." for _ in range(number)]


def story(*parts: list[str]) -> str:
    return "\n\n".join(paragraph for part in parts for paragraph in part)


def work_off(service: Service) -> None:
    parts = service.app.state.parts
    parts.worker.sweep()
    with parts.store.reading() as session:
        tickets = batches.oldest_queued(session, 100)
    for ticket in tickets:
        parts.worker.work.run(ticket.seq)


async def sightings(service: Service, article: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = (await service.get(f"/articles/{article}/sightings"))["items"]
    return found


async def test_the_same_text_is_one_article_seen_in_several_places(service_anywhere: Service) -> None:
    service = service_anywhere
    article = await service.add(BRIDGE, source="Courier", url="https://courier.example/1", external_id="c1")
    assert await service.add(BRIDGE, source="Gazette", published_at="2024-03-05") == article
    assert await service.add(BRIDGE, source="Gazette", published_at="2024-03-05") == article
    body = json.dumps([{"text": BRIDGE, "source": "Tribune"}, {"text": BRIDGE}, {"text": BRIDGE}])
    sent = await service.client.post("/ingestions", content=body, headers=JSON)
    work_off(service)

    found = await sightings(service, article)

    assert (await service.get(f"/ingestions/{sent.json()['id']}"))["duplicate"] == 3
    assert [(s["source"], s["url"], s["external_id"], s["times"]) for s in found] == [
        ("Courier", "https://courier.example/1", "c1", 1),
        ("Gazette", None, None, 2),
        ("Tribune", None, None, 1),
        (None, None, None, 2),
    ]
    assert found[1]["published_at"] == "2024-03-05T00:00:00Z"
    assert found[1]["first_seen_at"] < found[1]["last_seen_at"]
    assert (await service.get(f"/articles/{article}"))["source"] == "Courier"


async def test_stories_of_an_ingestion_that_are_new_are_seen_and_grouped(service_anywhere: Service) -> None:
    service = service_anywhere
    wire = paragraphs(1, 6)
    lines = [{"text": story(wire), "source": "A"}, {"text": story(wire, paragraphs(2, 2)), "source": "B"}]
    await service.client.post("/ingestions", json=lines)
    work_off(service)

    first, second = [a["id"] for a in (await service.get("/articles", sort="received"))["items"]]

    assert [s["source"] for s in await sightings(service, second)] == ["B"]
    group = await service.get(f"/articles/{first}/similar")
    assert [member["article"]["id"] for member in group["items"]] == [first, second]


async def test_an_update_and_a_cut_are_of_the_storys_group(service_anywhere: Service) -> None:
    service = service_anywhere
    wire = paragraphs(1, 8)
    first = await service.add(story(wire))
    alone = await service.get(f"/articles/{first}/similar")
    update = await service.add(story(wire, paragraphs(2, 2)))
    cut = await service.add(story(wire[:5]))
    other = await service.add(story(paragraphs(3, 8)))

    group = await service.get(f"/articles/{cut}/similar")

    assert alone == {"id": None, "items": []}
    assert [member["article"]["id"] for member in group["items"]] == [first, update, cut]
    assert [member["like"] for member in group["items"]] == [None, first, first]
    assert group["items"][0]["overlap"] is None
    assert [round(member["overlap"]["resemblance"], 1) for member in group["items"][1:]] == [0.8, 0.6]
    assert [round(member["overlap"]["containment"], 2) for member in group["items"][1:]] == [1.0, 1.0]
    assert await service.get(f"/story-groups/{group['id']}") == group
    assert await service.get(f"/articles/{other}/similar") == {"id": None, "items": []}
    listed = await service.get("/articles", story_group=group["id"])
    assert [item["id"] for item in listed["items"]] == [cut, update, first]
    assert (await service.get("/articles", story_group="none"))["items"] == []


async def test_a_new_revision_finds_its_place_anew(service_anywhere: Service) -> None:
    service = service_anywhere
    wire = paragraphs(1, 6)
    first = await service.add(story(wire))
    second = await service.add(story(wire, paragraphs(2, 1)))
    assert len((await service.get(f"/articles/{first}/similar"))["items"]) == 2

    await service.client.put(f"/articles/{second}", json={"text": story(paragraphs(3, 6)), "source": "B"})
    apart = await service.get(f"/articles/{second}/similar")
    third = await service.add(story(paragraphs(3, 6), paragraphs(4, 1)))

    assert apart == {"id": None, "items": []}
    together = await service.get(f"/articles/{third}/similar")
    assert [member["article"]["id"] for member in together["items"]] == [second, third]
    assert [s["source"] for s in await sightings(service, second)] == [None, "B"]


async def test_a_group_outlives_its_members(service_anywhere: Service) -> None:
    service = service_anywhere
    wire = paragraphs(1, 6)
    first = await service.add(story(wire))
    second = await service.add(story(wire, paragraphs(2, 1)))
    group = (await service.get(f"/articles/{second}/similar"))["id"]

    await service.client.delete(f"/articles/{first}")
    left = await service.get(f"/story-groups/{group}")
    third = await service.add(story(wire, paragraphs(5, 1)))
    joined = await service.get(f"/story-groups/{group}")
    for article in (second, third):
        await service.client.delete(f"/articles/{article}")

    assert [(m["article"]["id"], m["like"]) for m in left["items"]] == [(second, None)]
    assert [m["article"]["id"] for m in joined["items"]] == [second, third]
    for path in (f"/story-groups/{group}", f"/articles/{first}/similar", f"/articles/{first}/sightings"):
        assert (await service.client.get(path)).status_code == 404


async def test_short_texts_are_alike_to_nothing(service: Service) -> None:
    await service.add("The ferry stays.")
    again = await service.add("The ferry stays!")

    assert (await service.get(f"/articles/{again}/similar"))["items"] == []
    assert (await service.get(f"/articles/{await service.add(FERRY)}/similar"))["items"] == []
