"""``sayso serve``."""

from __future__ import annotations

import click
import uvicorn
from sqlalchemy.exc import SQLAlchemyError

from app.api.logs import start_logging
from app.cli import settings_here
from app.config import Settings
from app.errors import ConfigurationError
from app.main import create_app
from app.store import migrate


@click.command()
@click.option("--host", help="The address to listen on, instead of SAYSO_HOST.")
@click.option("--port", type=int, help="The port to listen on, instead of SAYSO_PORT; 0 takes a free one.")
def serve(host: str | None, port: int | None) -> None:
    """Serve the HTTP API until it is told to stop.

    The database must have been migrated (`sayso migrate`); one that cannot be reached now may come later: /readyz
    tells.
    """
    settings = settings_here().with_address(host, port)
    settings.check_may_serve()
    check_migrated(settings)
    start_logging(settings.log_level)
    app = create_app(settings)
    uvicorn.run(
        app,
        host=settings.host,
        port=settings.port,
        log_config=None,
        access_log=False,
        server_header=False,
        timeout_graceful_shutdown=30,
    )


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
