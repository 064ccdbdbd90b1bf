"""The parts that routes work with, joined once by ``app.main``."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from sqlalchemy.orm import Session
from starlette.requests import Request

from app.api.metrics import Metrics
from app.config import Settings
from app.ingest.intake import Intake
from app.ingest.jobs import Jobs
from app.ingest.pages import Pages
from app.ingest.worker import Worker
from app.store.store import Store


@dataclass(frozen=True, slots=True)
class Parts:
    """Everything behind the routes."""

    settings: Settings
    store: Store
    intake: Intake
    jobs: Jobs
    worker: Worker
    metrics: Metrics
    pages: Pages


def parts_of(request: Request) -> Parts:
    """Return the parts of the application that serves ``request``."""
    parts: Parts = request.app.state.parts
    return parts


@contextmanager
def reading(request: Request) -> Iterator[Session]:
    """Open a session that cannot write; routes close it before they answer."""
    with parts_of(request).store.reading() as session:
        yield session
