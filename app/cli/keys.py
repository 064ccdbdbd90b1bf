"""``sayso keys``: who may use a service that other machines reach."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from getpass import getuser

import click
from sqlalchemy.orm import Session

from app.cli import settings_here
from app.cli.serve import check_migrated
from app.store.audit import Audited, add_entry
from app.store.keys import SCOPES, KeyView, Scope, create_key, list_keys, revoke_key
from app.store.store import Store, open_store


@click.group()
def keys() -> None:
    """Make, list and revoke API keys.

    A client sends its key as `Authorization: Bearer KEY`.
    """


@keys.command()
@click.argument("name")
@click.option("--scope", "scopes", multiple=True, type=click.Choice(SCOPES), help="What it may do; read by default.")
@click.option("--days", type=click.IntRange(1, 36_500), help="The days until it expires; never by default.")
def create(name: str, scopes: tuple[Scope, ...], days: int | None) -> None:
    """Make a key and print it, once: it is kept nowhere.

    NAME says whose it is. Repeat --scope for several; admin may do everything.
    """
    now = datetime.now(UTC)
    expires_at = None if days is None else now + timedelta(days=days)
    with _store() as store, store.writing() as session:
        key, sent = create_key(session, name, scopes or ("read",), now, expires_at)
        _audit(session, "create key", key, now)
    click.echo(sent)
    click.echo(f"key {key.id} for {key.name}: {_told(key)}. It is shown this once only.", err=True)


@keys.command("list")
def list_all() -> None:
    """Print every key, without its secret: id, name, and what it may do until when."""
    with _store() as store, store.reading() as session:
        found = list_keys(session)
    for key in found:
        click.echo(f"{key.id}  {key.name}: {_told(key)}")


@keys.command()
@click.argument("key_id", metavar="ID")
def revoke(key_id: str) -> None:
    """Make a key useless, everywhere within ten seconds. ID is as `sayso keys list` prints it."""
    now = datetime.now(UTC)
    with _store() as store, store.writing() as session:
        key = revoke_key(session, key_id, now)
        _audit(session, "revoke key", key, now)
    click.echo(f"{key.id}  {key.name}: {_told(key)}")


@contextmanager
def _store() -> Iterator[Store]:
    settings = settings_here()
    check_migrated(settings)
    store = open_store(settings.database_url)
    try:
        yield store
    finally:
        store.close()


def _audit(session: Session, action: str, key: KeyView, now: datetime) -> None:
    add_entry(session, Audited(now, None, f"{_user()} on this machine", action, key.id))


def _user() -> str:
    try:
        return getuser()
    except (KeyError, OSError):
        return "someone"  # a container's user may have no name


def _told(key: KeyView) -> str:
    told = [", ".join(key.scopes), f"made {_moment(key.created_at)}"]
    if key.last_used_at is not None:
        told.append(f"last used {_moment(key.last_used_at)}")
    if key.revoked_at is not None:
        told.append(f"revoked {_moment(key.revoked_at)}")
    elif key.expires_at is not None:
        told.append(f"{'expires' if key.usable_at(datetime.now(UTC)) else 'expired'} {_moment(key.expires_at)}")
    return "; ".join(told)


def _moment(value: datetime) -> str:
    return value.strftime("%Y-%m-%d %H:%M UTC")
