"""Issues over HTTP: their labels, merged and split by hand."""

from __future__ import annotations

import pytest

from tests.api.service import BRIDGE, FERRY, Service

pytestmark = pytest.mark.anyio


async def test_issues_are_merged_split_and_put_back(service_anywhere: Service) -> None:
    service = service_anywhere
    await service.add(BRIDGE)
    await service.add(FERRY)
    ids = {i["label"]: i["id"] for i in (await service.get("/issues"))["items"]}
    source, target = ids["ferry"], ids["closure"]

    made = await service.client.post(f"/issues/{source}/merge", json={"into": target})
    assert (made.status_code, made.json()["type"]) == (200, "issue")
    whole = await service.get(f"/issues/{target}")
    assert (whole["positions"], sorted(label["label"] for label in whole["labels"])) == (2, ["closure", "ferry"])
    moved = await service.client.get(f"/issues/{source}/positions")
    assert (moved.status_code, moved.headers["location"]) == (301, f"http://sayso.test/issues/{target}/positions")

    parted = await service.client.post(f"/issues/{target}/split", json={"labels": ["ferry"]})
    assert (await service.get(f"/issues/{parted.json()['to_id']}"))["positions"] == 1
    undone = await service.client.post(f"/merges/{parted.json()['id']}/undo")
    assert undone.status_code == 200
    assert (await service.get(f"/issues/{target}"))["positions"] == 2
    refused = await service.client.post(f"/issues/{target}/split", json={"labels": ["nothing"]})
    assert (refused.status_code, refused.json()["errors"][0]["field"]) == (422, "labels")
