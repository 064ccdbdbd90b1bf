"""``sayso corrections``: what people corrected, as training data."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest
from click.testing import CliRunner

from app.cli import main
from app.evaluation.stories import score_stories
from app.ingest.corrections import Editor
from app.store.articles import add_article, analysis_of
from app.store.store import Store, open_store
from tests.store.stories import Story, linked, numbered, received

STORY = Story(
    text='"No toll," Marta Oduya said.', entities=(("person", "Marta Oduya", ()),), quotes=(("Marta Oduya", "No toll"),)
)


@pytest.fixture
def kept(sqlite_url: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[Store]:
    """Return the store that the command works on."""
    monkeypatch.setenv("SAYSO_DATABASE_URL", sqlite_url)
    store = open_store(sqlite_url)
    yield store
    store.close()


def export() -> list[dict[str, Any]]:
    result = CliRunner().invoke(main, ["corrections", "export"])
    assert result.exit_code == 0, result.output
    return [json.loads(line) for line in result.stdout_bytes.splitlines()]


def test_nothing_is_exported_of_what_nobody_looked_at(kept: Store) -> None:
    with kept.writing() as session:
        add_article(session, received(STORY), linked(STORY))

    assert export() == []


def test_every_corrected_story_is_a_line_of_a_corpus(kept: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("app.cli.corrections.MAX_LIMIT", 1)
    with kept.writing() as session:
        keys = [add_article(session, received(s), linked(s))[0].id for s in (STORY, numbered(1))]
        quotes = [analysis_of(session, key)["quotes"][0]["id"] for key in keys]
    for quote in quotes:
        Editor(kept).say(quote, "confirm")
    first, second = export()

    assert [first["id"], second["id"]] == keys
    assert first["text"] == STORY.text
    [quote] = first["quotes"]
    assert [first["text"][start:end] for start, end in quote["contents"]] == ["No toll"]
    assert (quote["speaker"], quote["status"]) == ("Marta Oduya", "resolved")
    with kept.reading() as session:
        served = analysis_of(session, keys[0])
    assert score_stories([first], {keys[0]: served})["quotes.found"].found == 1
