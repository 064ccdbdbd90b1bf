"""The page at /docs needs nothing from the network: its script and style come from the service itself."""

from __future__ import annotations

import re

import pytest

from tests.api.service import Service, client_of

pytestmark = pytest.mark.anyio


async def test_everything_the_page_loads_is_served_here(service: Service) -> None:
    async with client_of(service.app) as client:
        page = await client.get("/docs")
        files = re.findall(r'(?:src|href)="([^"]+)"', page.text)
        assert files
        assert all(f.startswith("/docs/files/") for f in files)
        for address in files:
            answer = await client.get(address)
            assert answer.status_code == 200
            assert answer.content


async def test_a_file_that_is_not_there_is_a_problem(service: Service) -> None:
    async with client_of(service.app) as client:
        answer = await client.get("/docs/files/nothing.js")
    assert answer.status_code == 404
    assert answer.headers["content-type"] == "application/problem+json"
