"""The feed of changes."""

from __future__ import annotations

import json

import pytest

from app.api import exports
from app.store.paging import PageRequest
from tests.api.service import BRIDGE, FERRY, Service

pytestmark = pytest.mark.anyio


async def test_a_mirror_follows_the_changes_to_the_end_and_later_goes_on(service_anywhere: Service) -> None:
    bridge = await service_anywhere.add(BRIDGE)
    ferry = await service_anywhere.add(FERRY)
    first = await service_anywhere.client.get("/changes", params={"limit": 1})
    second = await service_anywhere.client.get(first.json()["next"])
    await service_anywhere.client.delete(f"/articles/{bridge}")
    later = await service_anywhere.get("/changes", since=second.json()["position"])

    assert first.headers["link"] == f'<{first.json()["next"]}>; rel="next"'
    assert [(c["type"], c["article_id"]) for c in first.json()["items"]] == [("created", bridge)]
    assert [(c["type"], c["article_id"]) for c in second.json()["items"]] == [("created", ferry)]
    assert second.json()["next"] is None
    assert [(c["position"], c["type"], c["article_id"]) for c in later["items"]] == [(3, "deleted", bridge)]


async def test_where_nothing_changed_one_stays(service: Service) -> None:
    assert await service.get("/changes", since=7) == {"items": [], "next": None, "position": 7}


async def test_changes_are_lines_too_all_of_them_or_a_page(service: Service, monkeypatch: pytest.MonkeyPatch) -> None:
    for text in (BRIDGE, FERRY, f"{BRIDGE} {FERRY}"):
        await service.add(text)
    items = (await service.get("/changes", since=1))["items"]
    monkeypatch.setattr(exports, "FULL", PageRequest(1))

    whole = await service.client.get("/changes.ndjson?since=1")
    first = await service.client.get("/changes.csv?since=1&limit=1")
    link = first.headers["link"]
    second = await service.client.get(link[1 : link.index(">")])

    assert [json.loads(line) for line in whole.text.splitlines()] == items
    assert link == '<http://sayso.test/changes.csv?limit=1&since=2>; rel="next"'
    assert [answer.text.split("\r\n")[1].partition(",")[0] for answer in (first, second)] == ["2", "3"]
    assert "link" not in second.headers


@pytest.mark.parametrize("since", ["-1", "x", str(2**63)])
async def test_a_position_that_is_none_is_refused(service: Service, since: str) -> None:
    answer = await service.client.get("/changes", params={"since": since})

    assert (answer.status_code, answer.json()["errors"][0]["field"]) == (422, "since")
