"""``sayso serve``."""

from __future__ import annotations

import gc
from datetime import UTC, datetime

import click
import uvicorn
from sqlalchemy.exc import SQLAlchemyError

from app.api.logs import start_logging
from app.api.patience import ImpatientProtocol
from app.cli import no_collection, settings_here
from app.config import Settings
from app.errors import ConfigurationError
from app.main import create_app
from app.store import migrate
from app.store.keys import any_usable
from app.store.store import open_store


@click.command()
@click.option("--host", help="The address to listen on, instead of SAYSO_HOST.")
@click.option("--port", type=int, help="The port to listen on, instead of SAYSO_PORT; 0 takes a free one.")
def serve(host: str | None, port: int | None) -> None:
    """Serve the HTTP API until it is told to stop.

    The database must have been migrated (`sayso migrate`); one that cannot be reached now may come later: /readyz
    tells.
    """
    settings = settings_here().with_address(host, port)
    check_migrated(settings)
    check_keys(settings)
    start_logging(settings.log_level)
    with no_collection():
        app = create_app(settings)
    # What stands now stands until the end: no collection looks through it again.
    gc.freeze()
    uvicorn.run(
        app,
        host=settings.host,
        port=settings.port,
        log_config=None,
        access_log=False,
        server_header=False,
        timeout_graceful_shutdown=30,
        http=ImpatientProtocol,
        # Who else says for whom it speaks is not believed. Uvicorn takes None for its own environment variable.
        proxy_headers=bool(settings.trusted_proxies),
        forwarded_allow_ips=[str(network) for network in settings.trusted_proxies],
    )


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
