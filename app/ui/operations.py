"""The operations page: ingestions and feeds with how they go and why they fail, keys, versions, measured accuracy."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from importlib.metadata import version
from typing import Any

from markupsafe import Markup
from sqlalchemy.orm import Session
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from app.domain.analysis import Pipeline
from app.pipeline.measured import measured_weights
from app.store import feeds, ingestions, workers
from app.store.ingestions import IngestionView, ItemView
from app.store.keys import KeyView, list_keys
from app.store.paging import PageRequest
from app.store.scopes import requires
from app.ui.drawings import Bar, draw_bars
from app.ui.parts import check_own, page, parts_of

_SHOWN, _FAILURES, _FEEDS = 25, 20, 100
_ALIVE = timedelta(seconds=60)
_SEE_OTHER = 303
# What a reader asks first, of each corpus: the figure's name and how it is called here.
_FIGURES = {
    "polnear/dev": {
        "attributed": "attributions with their source",
        "direct.attributed": "direct quotations with their source",
    },
    "worldwide/dev": {"person": "names of people", "organization": "names of organizations"},
    "stories/dev": {
        "people": "people of a story",
        "organizations": "organizations of a story",
        "quotes.found": "quotes found",
        "quotes.speaker": "quotes with the right speaker",
        "offices": "offices",
        "stances": "stances with their side",
    },
}


@dataclass(frozen=True, slots=True)
class Work:
    """An ingestion, how fast it goes, and the first of its failures. Units: stories a second, seconds."""

    view: IngestionView
    rate: float | None
    seconds_left: float | None
    failures: tuple[ItemView, ...]

    @property
    def share(self) -> float:
        """Return how much of it is through, 0 to 1."""
        return self.view.settled / self.view.received if self.view.received else 1.0

    @property
    def is_open(self) -> bool:
        """Say whether it goes on."""
        return self.view.state not in {"done", "cancelled"}


def show_operations(request: Request) -> Response:
    """Show what the service is doing and how good it was measured to be."""
    parts = parts_of(request)
    with parts.store.reading() as session:
        values: dict[str, Any] = {
            "works": works(session),
            "totals": ingestions.totals(session),
            "workers": sorted(workers.seen_since(session, _ALIVE).values()),
            "feeds": feeds.feeds(session, PageRequest(limit=_FEEDS)).items,
            "keys": list_keys(session) if _may_see_keys(request) else None,
            "now": datetime.now(UTC),
        }
    pipeline: Pipeline = parts.intake.annotator.pipeline
    measured = [(m["name"], m["metrics"], draw_accuracy(m["metrics"])) for m in measured_weights()]
    values |= {"version": version("sayso"), "pipeline": pipeline, "measured": measured, "q": ""}
    return page(request, "operations.html", values)


def _may_see_keys(request: Request) -> bool:
    """Say whether who asks may know of the keys: an administrator, or whoever sits at an open service."""
    key: KeyView | None = request.scope["state"]["key"]
    return key.allows("admin") if key is not None else parts_of(request).settings.access_here() == "open"


@requires("ingest", audited=True)
def retry(request: Request) -> Response:
    """Let the failed stories of an ingestion wait again.

    Raises: NotFoundError; ConflictError when it is not over.
    """
    check_own(request)
    parts = parts_of(request)
    key = request.path_params["ingestion_id"]
    with parts.store.writing() as session:
        if ingestions.retry_failed(session, key):
            parts.jobs.release(session, key)
    return RedirectResponse("/read/operations", _SEE_OTHER)


@requires("ingest", audited=True)
def poll(request: Request) -> Response:
    """Poll a feed out of turn, also one that is gone or failing.

    Raises: NotFoundError.
    """
    check_own(request)
    with parts_of(request).store.writing() as session:
        feeds.poll_soon(session, request.path_params["feed_id"])
    return RedirectResponse("/read/operations#feeds-head", _SEE_OTHER)


def works(session: Session) -> tuple[Work, ...]:
    """Return the latest ingestions."""
    now = datetime.now(UTC)
    few = PageRequest(limit=_FAILURES)
    return tuple(
        Work(
            view,
            view.rate(now),
            view.seconds_left(now),
            ingestions.items(session, view.id, few, "failed").items if view.failed else (),
        )
        for view in ingestions.ingestions(session, PageRequest(limit=_SHOWN)).items
    )


def draw_accuracy(metrics: dict[str, Any] | None) -> Markup | None:
    """Return the figures of some weights as bars, None where nothing was measured."""
    return draw_bars(list(_bars(metrics or {})), "Measured accuracy, F1 with precision and recall")


def _bars(metrics: dict[str, Any]) -> Iterator[Bar]:
    corpora: dict[str, Any] = metrics.get("corpora", {})
    for corpus, wanted in _FIGURES.items():
        figures: dict[str, dict[str, float]] = corpora.get(corpus, {}).get("figures", {})
        yield from _known(figures, wanted.items())


def _known(figures: dict[str, dict[str, float]], wanted: Iterable[tuple[str, str]]) -> Iterator[Bar]:
    for name, label in wanted:
        figure = figures.get(name)
        if figure is not None and figure.get("f1") is not None:
            yield Bar(label, figure["f1"], (figure["precision"], figure["recall"]))
