"""Query strings are read as FastAPI reads them, and bodies' faults are told together with theirs."""

from __future__ import annotations

from typing import Annotated

import httpx
import pytest
from fastapi import FastAPI, Query
from pydantic import BaseModel, ConfigDict, Field

from app.api.question_route import QuestionRoute


class Asked(BaseModel):
    """What is asked."""

    model_config = ConfigDict(extra="forbid")
    words: str
    limit: Annotated[int, Field(ge=1)] = 10


class Given(BaseModel):
    """What is given."""

    name: str


@pytest.mark.anyio
@pytest.mark.parametrize("query", ["words=a", "words=&limit=3", "limit=0", "words=a&other=1", "words=a&limit=x"])
async def test_answers_are_fastapis(query: str) -> None:
    ours, theirs = FastAPI(), FastAPI()
    ours.router.route_class = QuestionRoute

    async def read(asked: Annotated[Asked, Query()]) -> dict[str, object]:
        return asked.model_dump()

    async def write(asked: Annotated[Asked, Query()], given: Given) -> dict[str, object]:
        return {**asked.model_dump(), **given.model_dump()}

    async def plain(limit: int = 1) -> dict[str, object]:
        return {"limit": limit}

    answers = []
    for app in (ours, theirs):
        app.get("/read")(read)
        app.post("/write")(write)
        app.get("/plain")(plain)
        async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://sayso.test") as client:
            found = (
                await client.get(f"/read?{query}"),
                await client.post(f"/write?{query}", json={"nam": "x"}),
                await client.get(f"/plain?{query}"),
            )
            answers.append([(answer.status_code, answer.json()) for answer in found])

    assert answers[0] == answers[1]
    assert ours.openapi() == theirs.openapi()
