"""``sayso knowledge``: authority files in, links reviewed, entities merged, split and put back."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner

from app.cli import main
from app.store.articles import add_article
from app.store.entities import entities
from app.store.filters import EntityFilter
from app.store.paging import PageRequest
from app.store.store import Store, open_store
from tests.store.stories import Story, linked, received


@pytest.fixture
def kept(sqlite_url: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[Store]:
    """Return the store that the command works on."""
    monkeypatch.setenv("SAYSO_DATABASE_URL", sqlite_url)
    store = open_store(sqlite_url)
    yield store
    store.close()


def put(store: Store, text: str, *names: str) -> str:
    story = Story(text=text, entities=tuple(("person", name, ()) for name in names))
    with store.writing() as session:
        return add_article(session, received(story), linked(story))[0].id


def ids_of(store: Store) -> dict[str, str]:
    with store.reading() as session:
        return {e.name: e.id for e in entities(session, EntityFilter(type="person"), PageRequest()).items}


def run(*words: str) -> str:
    result = CliRunner().invoke(main, ["knowledge", *words])
    assert result.exit_code == 0, result.output
    return result.output


def test_a_file_is_imported_and_stories_are_linked(kept: Store, tmp_path: Path) -> None:
    put(kept, "Zora Lindqvist spoke.", "Zora Lindqvist")
    path = tmp_path / "people.csv"
    path.write_text("id,name,identifiers\nlocal:1,Zora Lindqvist,wikidata=Q1\n", encoding="utf-8")
    assert run("import", str(path)) == "1 identities, 1 linked to stories, 0 merged, 0 to review\n"
    assert "0 merged" in run("relink")


def test_a_file_with_one_wrong_line_changes_nothing(kept: Store, tmp_path: Path) -> None:
    put(kept, "Zora Lindqvist spoke.", "Zora Lindqvist")
    path = tmp_path / "people.csv"
    lines = "id,name,identifiers\nlocal:1,Zora Lindqvist,wikidata=Q1\nlocal:2,Amara Venn,wikidata=567\n"
    path.write_text(lines, encoding="utf-8")
    result = CliRunner().invoke(main, ["knowledge", "import", str(path)])
    told = "line 3: identifiers: a Wikidata id is Q and a number, such as Q42, not 567"
    assert (result.exit_code, result.output) == (2, f"Error: {told}\n")
    assert "0 identities, 0 linked" in run("relink")


def test_the_authorities_in_the_package_are_listed() -> None:
    assert "congress-legislators" in run("sources")


def test_people_are_merged_split_and_put_back(kept: Store) -> None:
    first = put(kept, "Zora Lindqvist spoke.", "Zora Lindqvist")
    put(kept, "Amara Venn spoke.", "Amara Venn")
    ids = ids_of(kept)
    merged = run("merge", ids["Zora Lindqvist"], ids["Amara Venn"], "--note", "one woman")
    assert "merge" in merged
    assert "one woman" in run("changes")
    parted = run("split", ids["Amara Venn"], first)
    assert "split" in parted
    assert "(undone)" in run("undo", parted.split()[0])
    assert "(undone)" in run("undo", merged.split()[0])
    assert ids_of(kept) == ids


def test_links_are_listed_and_decided(kept: Store) -> None:
    put(kept, "John Smith spoke.", "John Smith")
    put(kept, "John Smith spoke again.", "John Smith")
    told = run("links")
    assert "common name" in told
    assert run("decide", told.split()[0], "reject").endswith("is rejected\n")
    assert run("links") == ""
    assert run("links", "--state", "rejected").split()[0] == told.split()[0]
