"""The one place where the parts of the service are joined."""

from __future__ import annotations

from asyncio import to_thread
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from importlib.metadata import version
from pathlib import Path

from fastapi import FastAPI
from starlette.types import ASGIApp, Receive, Scope, Send

from app.api.cross_origin import CrossOrigin, cors_options
from app.api.extensions import Extensions
from app.api.guard import Guard
from app.api.handlers import add_handlers
from app.api.kept import KeepAnswers
from app.api.metrics import Metrics
from app.api.middleware import Defects, HeadAsGet, LimitBody, Observe
from app.api.openapi import TAGS, describe
from app.api.parts import Parts
from app.api.patience import TimeBody
from app.api.rates import Rates
from app.api.reads import Reads
from app.api.routes import (
    annotate,
    articles,
    audit,
    changes,
    corrections,
    entities,
    feeds,
    ingestions,
    knowledge,
    positions,
    quotes,
    readings,
    review,
    runs,
    search,
    service,
    stories,
    webhooks,
)
from app.api.scopes import Rules
from app.config import Settings
from app.ingest.intake import Annotator, Intake
from app.ingest.jobs import Jobs
from app.ingest.pages import open_pages
from app.ingest.processes import ENGINE, LongElsewhere, Processes, for_long_stories
from app.ingest.worker import Worker
from app.pipeline.engine import load_engine
from app.store.rates import counts_in
from app.store.store import open_store
from app.ui.pages import SIGN_IN, make_pages

KEPT = frozenset({"articles", "quotes", "people", "organizations", "positions", "issues", "search", "suggest"})
"""The routes whose answers depend on the request and the database alone, so that they may be kept in memory."""

FORMED = KEPT | {
    "audit",
    "changes",
    "corrections",
    "feeds",
    "ingestions",
    "links",
    "merges",
    "problems",
    "reannotations",
    "review",
    "runs",
    "sayings",
    "webhooks",
}
"""The routes whose addresses can ask for a form by their ending."""

_READERS = {"sqlite": 1, "postgresql": 16}
"""How many short reads are under way at once. SQLite's give the interpreter away with every row: two of them take twice
the processor's time and answer fewer a second than one after another. PostgreSQL's wait for it most of their time."""


class Service(FastAPI):
    """The routes, behind ``front``: nothing of the framework is in the way of an answer that is kept in memory."""

    front: ASGIApp

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Handle one connection."""
        await (self.front if scope["type"] == "http" else self.route)(scope, receive, send)

    async def route(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Handle what ``front`` lets through."""
        await super().__call__(scope, receive, send)


def create_app(settings: Settings, annotator: Annotator | None = None, *, beside: Path | None = None) -> Service:
    """Return the service that ``settings`` describe; ``annotator`` stands in for the engine that ships.

    ``beside`` is the folder of those that serve beside it on this machine, see ``app.cli.serving``.

    The database is not touched before the first request: a service whose database is away starts, says so at
    /readyz, and serves as soon as it is back.
    """
    store = open_store(settings.database_url)
    engine = annotator or load_engine()
    elsewhere = for_long_stories(engine.pipeline)
    intake = Intake(store, annotator or LongElsewhere(engine, elsewhere))
    jobs = Jobs(store)
    metrics = Metrics(store, beside)
    counts = counts_in(beside) if beside is not None and store.is_sqlite else None
    pages = open_pages(store, settings)
    processes = Processes(engine.pipeline, ENGINE, settings.workers)
    alone = annotator is not None or settings.workers <= 1
    worker = Worker(intake if alone else Intake(store, processes), jobs, pages, settings)

    @asynccontextmanager
    async def lifespan(_app: FastAPI) -> AsyncIterator[None]:
        if settings.workers:
            worker.start()
        yield
        await to_thread(worker.stop)
        await to_thread(processes.close)
        await to_thread(elsewhere.close)
        worker.webhooks.close()
        pages.close()
        if counts is not None:
            counts.close()
        store.close()

    app = Service(
        title="Sayso",
        version=version("sayso"),
        summary="Annotated news: people, organizations, quotes with their speakers, and positions.",
        openapi_tags=TAGS,
        redirect_slashes=False,
        lifespan=lifespan,
        openapi_url=None,
        # It would look for somebody who gathers figures at every request; ours are at /metrics.
        telemetry={"tracing": False, "metrics": False, "logs": False},
    )
    app.state.parts = Parts(settings, store, intake, jobs, worker, metrics, pages)
    for router in (
        articles.router,
        readings.router,
        quotes.router,
        entities.people,
        entities.organizations,
        knowledge.router,
        positions.router,
        corrections.router,
        review.router,
        search.router,
        annotate.router,
        ingestions.router,
        runs.router,
        audit.router,
        changes.router,
        feeds.router,
        stories.router,
        webhooks.router,
        service.router,
    ):
        app.router.routes.extend(router.routes)
    app.router.routes.extend(make_pages(settings, store, intake, jobs, pages))
    app.mount(service.DOCS_FILES, service.serve_docs_files(), name="docs files")
    describe(app)
    add_handlers(app)
    https = (settings.base_url or "").startswith("https:")
    # The last one added is the outermost.
    app.add_middleware(LimitBody, max_text_bytes=settings.max_text_bytes)
    app.add_middleware(TimeBody)
    app.add_middleware(HeadAsGet)
    app.add_middleware(Defects)
    front: ASGIApp = Reads(app, app.route, _READERS["sqlite" if store.is_sqlite else "postgresql"])
    front = KeepAnswers(front, state=store.state, paths=KEPT, room=settings.cache_bytes, https=https)
    rates = Rates(store) if counts is None else Rates(counts, shared=True)
    front = Guard(front, rules=Rules(app), settings=settings, store=store, rates=rates, sign_in=SIGN_IN)
    front = Observe(Extensions(front, paths=FORMED), metrics=metrics, https=https)
    app.front = CrossOrigin(front, **cors_options(settings.cors_origins)) if settings.cors_origins else front
    return app
