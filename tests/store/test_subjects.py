"""What stands around a quote, and who is meant there."""

from __future__ import annotations

import pytest

from app.domain.analysis import Analysis, Pipeline
from app.domain.annotation import Actor, Entity, Mention, Quote
from app.domain.document import Document
from app.domain.span import Span
from app.store.subjects import FARTHEST, Subjects

TEXT = (
    "Nothing here. Mayor Ana Ruiz closed the Harbor Bridge.\n\n"
    '"She waited too long," Tom Okafor said, and Okafor left. It rained. "Tom waits," he added.'
)


def span(words: str, start: int = 0) -> Span:
    at = TEXT.index(words, start)
    return Span(at, at + len(words))


def entity(key: str, name: str, *mentions: Span) -> Entity:
    return Entity(key, "person", name, tuple(Mention(m) for m in mentions), confidence=0.9)


ENTITIES = (
    entity("ruiz", "Ana Ruiz", span("Ana Ruiz"), span("She")),
    entity("okafor", "Tom Okafor", span("Tom Okafor"), span("Okafor left", 100), span("Tom", 115)),
)
OKAFOR = Actor("resolved", "Tom Okafor", "person", "okafor", None, span("Tom Okafor"))


def around(*contents: str) -> tuple[str, str, list[list[int | str]]]:
    quote = Quote("q", "direct", tuple(map(span, contents)), span("said"), OKAFOR, 0.9, "name")
    found = Subjects(Document(TEXT), Analysis(Pipeline("1", "x"), ENTITIES)).around(quote)
    return found.window.of(TEXT), found.about, found.named


def test_the_sentences_of_a_quote_and_the_one_before_are_around_it() -> None:
    window, about, named = around("She waited too long,")

    assert window == TEXT[TEXT.index("Mayor") : TEXT.index(" It rained")]
    assert about.startswith("Ana Ruiz Mayor Ana Ruiz closed the Harbor Bridge.")
    assert "waited" not in about
    assert named == [[span("She").start, span("She").end, "Ana Ruiz"]]


def test_that_the_speaker_speaks_is_no_subject_but_what_he_says_of_himself_is() -> None:
    _, about, _ = around("She waited too long,")
    assert "Okafor" not in about

    window, about, named = around("She waited too long,", "Tom waits,")
    assert window.endswith("he added.")
    assert [name for *_, name in named] == ["Ana Ruiz", "Tom Okafor"]
    assert about.startswith("Ana Ruiz Tom Okafor")


@pytest.mark.parametrize("text", ["x" * 9_000, "x " * 4_500])
def test_what_is_far_away_is_not_around(text: str) -> None:
    whole = f'{text}"Yes," {text}'
    at = whole.index('"Yes')
    quote = Quote("q", "direct", (Span(at, at + 6),), None, Actor("unresolved"), None, "none")
    found = Subjects(Document(whole), Analysis(Pipeline("1", "x"))).around(quote)

    assert (found.window.start, found.window.end) == (at - FARTHEST, at + 6 + FARTHEST)


def test_a_quote_outside_of_all_sentences_stands_alone() -> None:
    document = Document(TEXT, sentences=(span("It rained."),))
    quote = Quote("q", "direct", (span("Nothing here"),), None, Actor("unresolved"), None, "none")

    assert Subjects(document, Analysis(Pipeline("1", "x"))).around(quote).window == span("Nothing here")
