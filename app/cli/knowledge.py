"""``sayso knowledge``: authority files in, links reviewed, entities merged and split."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import click
from sqlalchemy.orm import Session

from app.cli import settings_here
from app.cli.serve import check_migrated
from app.knowledge.authority_files import read_authority
from app.knowledge.identities import shipped_sources
from app.store import merging, open_links
from app.store.identities import Imported, import_identities
from app.store.identities import relink as relink_all
from app.store.knowledge_views import ChangeView
from app.store.paging import MAX_LIMIT, PageRequest
from app.store.store import open_store

_FILE = click.Path(exists=True, dir_okay=False, path_type=Path)


@contextmanager
def _writing() -> Iterator[Session]:
    settings = settings_here()
    check_migrated(settings)
    store = open_store(settings.database_url)
    try:
        with store.writing() as session:
            yield session
    finally:
        store.close()


@click.group()
def knowledge() -> None:
    """Say who is who across stories: import FILE, relink, sources, links, decide, merge, split, changes, undo."""


@knowledge.command(name="import")
@click.argument("file", type=_FILE)
def import_file(file: Path) -> None:
    """Load an authority FILE (.csv, .jsonl, or .json as Popolo) and link the stories that are stored to it."""
    with _writing() as session:
        _say(import_identities(session, list(read_authority(file))))


@knowledge.command()
def relink() -> None:
    """Look again which people and organizations are an authority's entry, those in the package included."""
    with _writing() as session:
        _say(relink_all(session))


@knowledge.command()
def sources() -> None:
    """List the authorities in the package, with date and licence."""
    for source in shipped_sources():
        told = f"{source['name']}: {source['identities']} identities, {source['date']}, {source['licence']}"
        click.echo(f"{told} ({source['source']})")


@knowledge.command()
@click.option("--state", type=click.Choice(["open", "accepted", "rejected"]), default="open", help="Which links.")
def links(state: open_links.LinkState) -> None:
    """List the latest links that wait for somebody to look, each with its score and reasons."""
    with _writing() as session:
        for link in open_links.open_links(session, state, PageRequest(MAX_LIMIT)).items:
            reasons = "; ".join(f"{r.code} {r.weight:+.1f}" for r in link.reasons)
            names = f"{link.entity_name} ({link.entity_id}) may be {link.candidate_name} ({link.candidate_id})"
            click.echo(f"{link.id} {link.score:.2f} {names}: {reasons}")


@knowledge.command()
@click.argument("link")
@click.argument("decision", type=click.Choice(["accept", "reject"]))
def decide(link: str, decision: open_links.LinkDecision) -> None:
    """Say whether an open LINK holds."""
    with _writing() as session:
        click.echo(f"{link} is {open_links.decide_link(session, link, decision).state}")


@knowledge.command()
@click.argument("source")
@click.argument("target")
@click.option("--note", help="Why, for those who read it later.")
def merge(source: str, target: str, note: str | None) -> None:
    """Make one of two: what stories say of SOURCE is said of TARGET from now on."""
    with _writing() as session:
        _tell(merging.merge(session, source, target, note))


@knowledge.command()
@click.argument("entity")
@click.argument("articles", nargs=-1, required=True)
@click.option("--note", help="Why, for those who read it later.")
def split(entity: str, articles: tuple[str, ...], note: str | None) -> None:
    """Make two of one: what ARTICLES say of ENTITY is said of another from now on."""
    with _writing() as session:
        _tell(merging.split(session, entity, articles, note))


@knowledge.command()
def changes() -> None:
    """List the latest merges and splits."""
    with _writing() as session:
        for change in merging.changes(session, None, PageRequest(MAX_LIMIT)).items:
            _tell(change)


@knowledge.command()
@click.argument("change")
def undo(change: str) -> None:
    """Undo a merge or a split."""
    with _writing() as session:
        _tell(merging.undo(session, change))


def _tell(change: ChangeView) -> None:
    undone = " (undone)" if change.undone_at is not None else ""
    note = f": {change.note}" if change.note else ""
    click.echo(f"{change.id} {change.action} {change.from_id} -> {change.to_id}{undone}{note}")


def _say(done: Imported) -> None:
    click.echo(
        f"{done.identities} identities, {done.linked} linked to stories, {done.merged} merged, {done.open} to review"
    )
