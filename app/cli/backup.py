"""``sayso backup``."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import click

from app.cli import UsageProblem, settings_here
from app.store.backup import back_up


@click.command()
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
def backup(file: Path) -> None:
    """Copy the SQLite database into FILE, whole, while the service writes."""
    try:
        size = back_up(settings_here().database_url, file)
    except (sqlite3.Error, OSError) as error:
        msg = f"the database cannot be copied: {error}"
        raise UsageProblem(msg) from error
    click.echo(f"{file}: {size:,} bytes")
