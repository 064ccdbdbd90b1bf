"""``sayso worker``: annotates what waits in the database, on this machine or another."""

from __future__ import annotations

import signal
from dataclasses import replace
from threading import Event

import click

from app.api.logs import start_logging
from app.cli import settings_here
from app.cli.serve import check_migrated
from app.cli.working import at_work
from app.config import Settings
from app.ingest.intake import Annotator
from app.ingest.processes import annotators


@click.command()
@click.option("--threads", type=click.IntRange(1, 256), help="Stories annotated at once, instead of SAYSO_WORKERS.")
def worker(threads: int | None) -> None:
    """Annotate the stories that wait, until told to stop.

    Any number of workers share one PostgreSQL. On SIGTERM the stories in hand are finished; the rest is left to others.
    """
    settings = settings_here()
    settings = replace(settings, workers=threads or max(1, settings.workers))
    check_migrated(settings)
    start_logging(settings.log_level)
    with annotators(settings) as annotator:
        run_worker(settings, annotator)


def run_worker(settings: Settings, annotator: Annotator) -> None:
    """Work in this process until it is told to stop."""
    told = Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: told.set())
    with at_work(settings, annotator):
        told.wait()
