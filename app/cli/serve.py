"""``sayso serve``."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import click
from sqlalchemy.exc import SQLAlchemyError

from app.api.logs import start_logging
from app.cli import settings_here
from app.cli.serving import serve_here, serve_together
from app.config import MOST_PROCESSES, Settings
from app.errors import ConfigurationError
from app.store import migrate
from app.store.keys import any_usable
from app.store.store import open_store


@click.command()
@click.option("--host", help="The address to listen on, instead of SAYSO_HOST.")
@click.option("--port", type=int, help="The port to listen on, instead of SAYSO_PORT; 0 takes a free one.")
@click.option(
    "--processes", type=click.IntRange(1, MOST_PROCESSES), help="How many processes answer, instead of SAYSO_PROCESSES."
)
def serve(host: str | None, port: int | None, processes: int | None) -> None:
    """Serve the HTTP API until it is told to stop.

    The database must have been migrated (`sayso migrate`); one that cannot be reached now may come later: /readyz
    tells.
    """
    settings = settings_here().with_address(host, port)
    settings = replace(settings, processes=processes or settings.processes)
    check_migrated(settings)
    check_keys(settings)
    start_logging(settings.log_level)
    (serve_together if settings.processes > 1 else serve_here)(settings)


def check_keys(settings: Settings) -> None:
    """Refuse to serve to others while nobody has a key, unless the owner lets them read or do everything without.

    Raises: ConfigurationError saying what to do.
    """
    if settings.access_here() != "keys":
        return
    store = open_store(settings.database_url)
    try:
        with store.reading() as session:
            found = any_usable(session, datetime.now(UTC))
    except SQLAlchemyError:
        return  # one that may come later, see above; until then nobody is let in
    finally:
        store.close()
    if not found:
        msg = (
            f"{settings.base_url or settings.host} can be reached from other machines and there is no key to ask "
            "them for: make one with `sayso keys create NAME`, or let everyone read with SAYSO_ACCESS=public-reads. "
            "SAYSO_ACCESS=open lets everyone do everything, where only a network that you trust reaches the service"
        )
        raise ConfigurationError(msg)


def check_migrated(settings: Settings) -> None:
    """Refuse a database of another version than this program's.

    Raises: ConfigurationError saying what to run.
    """
    try:
        current = migrate.current(settings.database_url)
    except SQLAlchemyError as error:
        if not settings.database_url.startswith("sqlite"):
            return
        msg = "the database file cannot be opened: run `sayso migrate` first"
        raise ConfigurationError(msg) from error
    if current != migrate.head():
        found = "holds nothing yet" if current is None else f"is at version {current}, not {migrate.head()}"
        msg = f"the database {found}: run `sayso migrate` first"
        raise ConfigurationError(msg)
