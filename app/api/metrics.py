"""Figures for Prometheus, under OpenTelemetry's names: requests of this process, and the queue as the database has it.

Of several processes that one command serves by (``app.cli.serving``), each tells the requests of all.

The queue's figures are the whole system's, whichever replica is asked: add them up over replicas and they are wrong.

Source: OpenTelemetry semantic conventions for HTTP metrics (http.server.request.duration and its attributes), written
as the Prometheus exporter's rules write names: dots become underscores, units and _total are appended.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

from prometheus_client import CollectorRegistry, Histogram, generate_latest
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric
from prometheus_client.multiprocess import MultiProcessCollector
from prometheus_client.registry import Collector
from sqlalchemy.exc import SQLAlchemyError

from app.ingest.worker import GONE_AFTER
from app.store import ingestions, webhooks, workers
from app.store.store import Store

log = logging.getLogger("sayso.http")

CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8"
# The buckets that the convention advises.
_BUCKETS = (0.005, 0.01, 0.025, 0.05, 0.075, 0.1, 0.25, 0.5, 0.75, 1, 2.5, 5, 7.5, 10)
_ATTRIBUTES = ("http_request_method", "http_route", "http_response_status_code")
_STAGES = ("reading", "annotating", "storing")
_OUTCOMES = ("annotated", "duplicate", "failed")
_METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "DELETE", "PATCH", "OPTIONS"})


class Metrics:
    """The figures of one process, or of all that share the folder ``beside``, and of the queue that it shares."""

    def __init__(self, store: Store, beside: Path | None = None) -> None:
        self._registry = CollectorRegistry(auto_describe=False)
        if beside is not None:
            MultiProcessCollector(self._registry, str(beside))  # type: ignore[no-untyped-call]  # the library has no types here
        self._requests = Histogram(
            "http_server_request_duration_seconds",
            "Duration of HTTP server requests.",
            _ATTRIBUTES,
            buckets=_BUCKETS,
            registry=self._registry if beside is None else None,
        )
        self._registry.register(QueueFigures(store))
        self._known: dict[tuple[str, str, int], Histogram] = {}

    def observe(self, method: str, route: str, status: int, seconds: float) -> None:
        """Count a request; ``route`` is its template, empty when no route has the path."""
        found = self._known.get((method, route, status))
        if found is None:
            known = method if method in _METHODS else "_OTHER"
            found = self._requests.labels(known, route, str(status))
            if method in _METHODS:
                # There are as many of them as routes have answers, whatever clients send.
                self._known[method, route, status] = found
        found.observe(seconds)

    def text(self) -> bytes:
        """Return all figures in Prometheus' text format."""
        return generate_latest(self._registry)


class QueueFigures(Collector):
    """Reads the queue's figures when they are asked for."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def collect(self) -> Iterator[Metric]:
        """Yield the figures; only that the database is away when it is."""
        try:
            with self._store.reading() as session:
                found = ingestions.totals(session)
                told = webhooks.totals(session)
                alive = len(workers.seen_since(session, GONE_AFTER))
        except SQLAlchemyError as error:
            log.warning("database", exc_info=error)
            yield GaugeMetricFamily("sayso_database_up", "Whether the database answers.", 0)
            return
        yield GaugeMetricFamily("sayso_database_up", "Whether the database answers.", 1)
        yield GaugeMetricFamily("sayso_ingestion_queue_depth", "Stories that wait.", found["waiting"])
        age = 0.0 if found["oldest"] is None else (datetime.now(UTC) - found["oldest"]).total_seconds()
        yield GaugeMetricFamily(
            "sayso_ingestion_queue_oldest_age_seconds", "How long the batch that was queued first has waited.", age
        )
        stories = CounterMetricFamily("sayso_ingestion_stories", "Stories that are through.", labels=["outcome"])
        for outcome in _OUTCOMES:
            stories.add_metric([outcome], found[outcome])
        yield stories
        seconds = CounterMetricFamily(
            "sayso_ingestion_stage_duration_seconds", "Time spent on stories, over all workers.", labels=["stage"]
        )
        for stage in _STAGES:
            seconds.add_metric([stage], found[f"seconds_{stage}"])
        yield seconds
        attempts = CounterMetricFamily("sayso_webhook_attempts", "Messages sent to webhooks.", labels=["outcome"])
        for outcome in ("delivered", "failed"):
            attempts.add_metric([outcome], told[outcome])
        yield attempts
        yield GaugeMetricFamily("sayso_webhook_dead_letters", "Messages that no webhook took.", told["dead"])
        yield GaugeMetricFamily("sayso_webhook_behind", "Changes that the slowest webhook waits for.", told["behind"])
        yield GaugeMetricFamily("sayso_workers", "Workers that were seen lately.", alive)
