"""Documents that speak: whose they are."""

from __future__ import annotations

import pytest

from app.annotate.descriptions import find_speaker, gather_holders, remember
from app.annotate.discourse import Thread, Unnamed, set_stage
from app.annotate.speakers import Reader
from app.domain.span import Span
from tests.unit.annotate.readings import make_scene


def author_of(text: str, source: str = "the report", *, actor: str | None = None) -> int | None:
    """Return whose document ``source`` is at the end of ``text``; Acme Steel is group 0, Ann Lee 1."""
    scene = make_scene(f"{text} It rained, {source} said.", pairs={"antecedent": [(source, None, 12.0)]})
    cast = scene.cast(scene.group("organization", "Acme Steel"), scene.group("person", "Ann Lee"))
    said = scene.attribution("It rained", "said", source)
    sources = [] if actor is None else [scene.span(actor)]
    stage = set_stage(scene.document, scene.pieces.quotations, cast, sources)
    return find_speaker(said, Reader(stage, scene.links, Thread()), gather_holders([])).group


@pytest.mark.parametrize(
    "text",
    [
        "Ann Lee read the Acme Steel report.",
        "Ann Lee read Acme Steel's annual report.",
        "Ann Lee read a report released by Acme Steel.",
        "Ann Lee read a report from the Acme Steel.",
    ],
)
def test_document_is_of_the_one_named_beside_it(text: str) -> None:
    assert author_of(text) == 0


@pytest.mark.parametrize("by", ["by", "written by the Kesterly"])
def test_document_is_of_the_one_who_wrote_it(by: str) -> None:
    scene = make_scene(f"It rained, said a report {by} Ann Lee.")
    cast = scene.cast(scene.group("person", "Ann Lee"))
    said = scene.attribution("It rained", "said", "a report")
    reader = Reader(set_stage(scene.document, (), cast, []), scene.links, Thread())
    assert find_speaker(said, reader, gather_holders([])).group == 0


def test_document_is_of_its_author_beside_the_author_s_paper() -> None:
    scene = make_scene("It rained, said a report by Acme's Ann Lee.")
    cast = scene.cast(scene.group("organization", "Acme"), scene.group("person", "Ann Lee"))
    said = scene.attribution("It rained", "said", "a report")
    reader = Reader(set_stage(scene.document, (), cast, []), scene.links, Thread())
    assert find_speaker(said, reader, gather_holders([])).group == 1


def test_document_is_of_the_one_who_spoke_in_it() -> None:
    text = "Acme Steel fell. Ann Lee warned in a report that it would."
    assert author_of(text, actor="Ann Lee") == 1
    assert author_of(text) is None


@pytest.mark.parametrize(
    "text", ["Acme Steel fell. Ann Lee left. The report came.", "A report came. Acme Steel fell. Ann Lee left."]
)
def test_document_of_nobody_named_is_nobodys(text: str) -> None:
    assert author_of(text) is None


def test_document_that_spoke_before_is_still_the_same_ones() -> None:
    scene = make_scene("Acme Steel fell. An Acme Steel report said it rained. Ford won. It snowed, the report said.")
    cast = scene.cast(scene.group("organization", "Acme Steel", "Acme Steel#2"), scene.group("organization", "Ford"))
    said = [
        scene.attribution("it rained", "said", "An Acme Steel report"),
        scene.attribution("It snowed", "said#2", "the report"),
    ]
    reader = Reader(set_stage(scene.document, (), cast, []), scene.links, Thread())
    found = []
    for attribution in said:
        found.append(find_speaker(attribution, reader, gather_holders([])))
        remember(found[-1], reader)
    assert [s.group for s in found] == [0, 0]


def letter_of(source: str, last: int | None, *, between: str = "", unnamed: bool = False) -> int | None:
    """Return whose letter speaks after Ann Lee, group 0, and Russia, group 1, were named and ``last`` spoke."""
    scene = make_scene(f"Ann Lee left Russia. {between}It rained, {source} said.", pairs=None)
    cast = scene.cast(scene.group("person", "Ann Lee"), scene.group("place", "Russia"))
    thread = Thread(last, unnamed=Unnamed("anonymous", Span(0, 3), Span(0, 3)) if unnamed else None)
    reader = Reader(set_stage(scene.document, (), cast, []), scene.links, thread)
    return find_speaker(scene.attribution("It rained", "said", source), reader, gather_holders([])).group


def test_letter_is_of_the_one_who_spoke_last() -> None:
    assert letter_of("the letter", 0) == 0


@pytest.mark.parametrize(
    ("source", "last"), [("a letter", 0), ("the report", 0), ("the letter", 1), ("the letter", None)]
)
def test_other_documents_are_not_of_the_one_who_spoke_last(source: str, last: int | None) -> None:
    assert letter_of(source, last) is None


def test_letter_is_not_of_one_who_spoke_long_before_or_before_somebody_without_a_name() -> None:
    assert letter_of("the letter", 0, between="It did. " * 4) is None
    assert letter_of("the letter", 0, unnamed=True) is None
