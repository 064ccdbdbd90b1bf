"""``sayso reannotate``: every story brought to the present pipeline."""

from __future__ import annotations

import click

from app.cli import settings_here
from app.cli.progress import metered
from app.cli.serve import check_migrated
from app.cli.working import Station, at_work
from app.config import Settings
from app.ingest.intake import Annotator
from app.pipeline.engine import load_engine
from app.store import reannotations
from app.store.reannotations import WalkView

_LOOK_SECONDS = 0.2


@click.command()
@click.option("--rate", type=click.FloatRange(0, min_open=True), help="The most stories a second; any by default.")
@click.option("--no-wait", is_flag=True, help="Leave the work to `sayso serve` or `sayso worker` and return.")
def reannotate(rate: float | None, no_wait: bool) -> None:  # noqa: FBT001 (click passes flags so)
    """Annotate the stories again that an older pipeline annotated.

    Readers see a story's old analysis until the new one is whole. Stopped, it goes on where it stood when it is run
    again, or when a worker runs anywhere.
    """
    settings = settings_here()
    check_migrated(settings)
    view = bring_up(settings, load_engine(), rate, wait=not no_wait)
    click.echo(f"{view.done} of {view.total} annotated again, {view.failed} failed")
    if view.last_failure is not None:
        click.echo(view.last_failure, err=True)
        raise SystemExit(1)


def bring_up(settings: Settings, annotator: Annotator, rate: float | None, *, wait: bool) -> WalkView:
    """Begin or go on with a walk, and return how far it is: at its end when ``wait``."""
    with at_work(settings, annotator, working=wait) as station:
        with station.store.writing() as session:
            ticket, is_new = reannotations.begin_walk(session, annotator.pipeline, rate, "-")
            if is_new:
                station.jobs.walk(session, ticket)
        view = _look(station, ticket.id)
        with metered() as meter:
            while wait and view.state == "queued":
                meter.show(view.done + view.failed, view.total, f"{view.failed} failed")
                station.pause(_LOOK_SECONDS)
                view = _look(station, ticket.id)
        return view


def _look(station: Station, walk_id: str) -> WalkView:
    with station.store.reading() as session:
        return reannotations.walk(session, walk_id)
