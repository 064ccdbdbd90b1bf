"""What the tests of the API share: the service, a client of it, two stories."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import httpx
from fastapi import FastAPI

from app.api.parts import Parts
from app.config import Settings
from app.ingest.batches import BatchWork
from app.ingest.intake import Annotator
from app.main import create_app
from app.store import batches
from tests.api.plain_rules import PlainRules

BRIDGE = (
    "The Harbor bridge will close in May, Mayor Ana Ruiz announced.\n\n"
    '"We have waited too long." Ana Ruiz said this on Tuesday. The Port Authority opposes the closure.\n\n'
    '"Nobody asked us," a man shouted.'
)
FERRY = 'The ferry stays. "It pays its way," Tom Okafor said. Ana Ruiz supports the ferry.'


@dataclass
class Service:
    """A client of the service, and the service."""

    app: FastAPI
    client: httpx.AsyncClient

    async def add(self, text: str, **fields: Any) -> str:  # noqa: ANN401 (a JSON value of any type)
        """Hand a story in and return the article's id."""
        answer = await self.client.post("/articles", json={"text": text, **fields})
        assert answer.status_code in {200, 201}, answer.text
        key: str = answer.json()["id"]
        return key

    async def get(self, path: str, **parameters: str | float) -> Any:  # noqa: ANN401 (a JSON value)
        """Return the JSON at ``path``."""
        answer = await self.client.get(path, params=parameters)
        assert answer.status_code == 200, answer.text
        return answer.json()


def make_service(url: str, annotator: Annotator | None = None, **settings: Any) -> FastAPI:  # noqa: ANN401 (several types)
    """Return the service on one database; it asks nobody for a key unless ``settings`` say so."""
    return create_app(Settings(**{"database_url": url, "access": "open", **settings}), annotator or PlainRules())


def client_of(app: FastAPI) -> httpx.AsyncClient:
    """Return a client that speaks to ``app`` without a network; a defect is an answer, as it is to anyone."""
    transport = httpx.ASGITransport(app, raise_app_exceptions=False)
    return httpx.AsyncClient(transport=transport, base_url="http://sayso.test")


def work_off(app: FastAPI, work: BatchWork | None = None) -> None:
    """Do what a worker does, in this thread and without one."""
    parts: Parts = app.state.parts
    parts.worker.sweep()
    for seq in open_batches(parts):
        (work or parts.worker.work).run(seq)


def open_batches(parts: Parts) -> list[int]:
    """Return the batches that wait."""
    with parts.store.reading() as session:
        return [ticket.seq for ticket in batches.oldest_queued(session, 100)]
