"""``sayso migrate``."""

from __future__ import annotations

import click
from sqlalchemy.exc import SQLAlchemyError

from app.cli import UsageProblem, settings_here
from app.store import migrate as migrations


@click.command()
@click.option("--to", metavar="VERSION", help="The version to go to, up or down, instead of the latest; base is empty.")
@click.option(
    "--status", is_flag=True, help="Only say which version the database is at; exit 1 when it is not the latest."
)
def migrate(to: str | None, status: bool) -> None:  # noqa: FBT001 (click passes flags so)
    """Bring the database to the version that this program expects.

    Going down (--to an older version) can lose what the older version has no place for: back up first.
    """
    url = settings_here().database_url
    try:
        if status:
            _say_status(url)
            return
        before = migrations.current(url) if to is not None else None
        if to is not None and _is_older(to, before):
            migrations.downgrade(url, to)
        else:
            migrations.upgrade(url, to or "head")
        click.echo(f"the database is at version {migrations.current(url) or 'base'}")
    except SQLAlchemyError as error:
        msg = f"the database cannot be reached or changed: {str(error.__cause__ or error).splitlines()[0]}"
        raise UsageProblem(msg) from error


def _say_status(url: str) -> None:
    current, head = migrations.current(url), migrations.head()
    if current == head:
        click.echo(f"the database is at version {current}, the latest")
        return
    click.echo(f"the database is at version {current or 'base'}; the latest is {head}: run `sayso migrate`")
    raise SystemExit(1)


def _is_older(version: str, current: str | None) -> bool:
    """Say whether ``version`` lies before the database's. Versions are numbered: 0001, 0002 and so on."""
    return version == "base" or (current is not None and version < current)
