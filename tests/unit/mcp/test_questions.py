"""What an assistant is told when a name is not enough."""

from __future__ import annotations

import httpx
import pytest
from mcp import Client
from mcp.server.mcpserver.exceptions import ToolError

from app.client import AsyncSayso
from app.mcp.server import Questions, make_server


def entity(key: str, title: str) -> dict[str, object]:
    """Return a person as far as the tools look."""
    return {"id": key, "name": "Sam Lee", "offices": [{"title": title}], "articles": 2}


@pytest.mark.anyio
async def test_all_of_one_name_are_named() -> None:
    def answer(request: httpx.Request) -> httpx.Response:
        two = [entity("p1", "Mayor"), entity("p2", "Coach")] if request.url.path == "/people" else []
        return httpx.Response(200, json={"items": two, "next": None})

    async with AsyncSayso("http://sayso.test", transport=httpx.MockTransport(answer)) as sayso:
        with pytest.raises(ToolError, match=r"p1 \(Sam Lee, Mayor, in 2 stories\); p2 \(Sam Lee, Coach"):
            await Questions(sayso).find_positions(holder="Sam Lee")


@pytest.mark.anyio
async def test_a_page_without_a_quote_is_gone_on_from() -> None:
    def answer(request: httpx.Request) -> httpx.Response:
        if request.url.params.get("cursor") == "c1":
            return httpx.Response(200, json={"items": [{"id": "q"}], "next": None})
        return httpx.Response(200, json={"items": [], "next": "http://elsewhere.test/quotes?limit=10&cursor=c1"})

    async with AsyncSayso("http://sayso.test", transport=httpx.MockTransport(answer)) as sayso:
        found = await Questions(sayso).find_quotes(published_from="2024-03-05")
    assert found == {"items": [{"id": "q"}], "highlights": {}, "speakers": []}


@pytest.mark.anyio
@pytest.mark.parametrize(
    ("tool", "arguments", "told"),
    [
        ("find_people", {}, "name is missing"),
        (
            "find_people",
            {"name": "Lee", "limit": 500},
            "limit should be less than or equal to 50, not 500",
        ),
        (
            "find_positions",
            {"polarity": "against"},
            "polarity should be 'supports', 'opposes', 'mixed' or 'unclear', not 'against'",
        ),
        (
            "find_issues",
            {"strat": "tax"},
            "strat is not an argument of this tool: it takes start, limit",
        ),
    ],
)
async def test_a_wrong_argument_is_named_with_what_would_be_right(
    tool: str, arguments: dict[str, object], told: str
) -> None:
    async with AsyncSayso("http://sayso.test") as sayso, Client(make_server(sayso)) as client:
        answer = await client.call_tool(tool, arguments)
    assert answer.is_error
    assert [getattr(part, "text", None) for part in answer.content] == [told]
