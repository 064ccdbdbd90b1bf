"""Figures for Prometheus, and the request id in the worker's log lines."""

from __future__ import annotations

import logging
import re

import pytest

from app.api.logs import JsonLines
from tests.api.service import BRIDGE, FERRY, Service, client_of, make_service, work_off
from tests.api.test_ingestions import hand_in, lines

pytestmark = pytest.mark.anyio


async def figures(service: Service) -> dict[str, float]:
    """Return the figures by their names with attributes."""
    answer = await service.client.get("/metrics")
    assert answer.status_code == 200
    assert answer.headers["content-type"].startswith("text/plain; version=0.0.4")
    found = (line.rpartition(" ") for line in answer.text.splitlines() if not line.startswith("#"))
    return {name: float(value) for name, _, value in found}


async def test_the_queue_is_told_before_and_after(service_anywhere: Service) -> None:
    await hand_in(service_anywhere.client, lines(BRIDGE, FERRY, BRIDGE, {}))
    before = await figures(service_anywhere)
    work_off(service_anywhere.app)
    after = await figures(service_anywhere)

    assert before["sayso_ingestion_queue_depth"] == 4
    assert before["sayso_ingestion_queue_oldest_age_seconds"] > 0
    assert after["sayso_ingestion_queue_depth"] == 0
    assert after["sayso_ingestion_queue_oldest_age_seconds"] == 0
    assert after['sayso_ingestion_stories_total{outcome="annotated"}'] == 2
    assert after['sayso_ingestion_stories_total{outcome="duplicate"}'] == 1
    assert after['sayso_ingestion_stories_total{outcome="failed"}'] == 1
    for stage in ("reading", "annotating", "storing"):
        assert after[f'sayso_ingestion_stage_duration_seconds_total{{stage="{stage}"}}'] > 0
    assert after["sayso_workers"] == 0


async def test_requests_are_counted_by_route_and_not_by_path(service: Service) -> None:
    await service.client.get("/articles/none")
    await service.client.get("/articles/nothing")
    await service.client.get("/nowhere")
    await service.client.request("BREW", "/articles")
    await service.client.head("/articles")
    await service.client.get("/quotes.csv")
    found = await figures(service)

    def count(method: str, route: str, status: int) -> float:
        labels = f'http_request_method="{method}",http_response_status_code="{status}",http_route="{route}"'
        return found[f"http_server_request_duration_seconds_count{{{labels}}}"]

    assert count("GET", "/articles/{article_id}", 404) == 2
    assert count("GET", "", 404) == 1
    assert (count("HEAD", "/articles", 200), count("GET", "/quotes", 200)) == (1, 1)
    assert [name for name in found if "_OTHER" in name]
    assert not [name for name in found if "nothing" in name or "nowhere" in name]


async def test_a_database_that_is_away_is_told(tmp_path_factory: pytest.TempPathFactory) -> None:
    app = make_service(f"sqlite:///{tmp_path_factory.mktemp('gone') / 'no' / 'file.sqlite3'}")
    async with client_of(app) as client:
        found = await figures(Service(app, client))
    app.state.parts.store.close()

    assert found["sayso_database_up"] == 0
    assert not [name for name in found if "queue" in name]


async def test_the_request_id_follows_a_story_into_the_worker(
    service: Service, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO, "sayso.ingest")
    caplog.handler.setFormatter(JsonLines())
    address = await hand_in(service.client, lines(BRIDGE), **{"X-Request-ID": "from-the-client"})
    work_off(service.app)

    (line,) = [line for line in caplog.text.splitlines() if '"batch"' in line]

    assert '"request_id":"from-the-client"' in line
    assert re.search(r'"ingestion_id":"(\w+)"', line)[1] == address.rpartition("/")[2]  # type: ignore[index]
