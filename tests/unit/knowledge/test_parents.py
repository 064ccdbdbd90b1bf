"""What stories say a body is part of."""

from __future__ import annotations

import re

import pytest

from app.domain.analysis import Analysis, Pipeline
from app.domain.annotation import Entity, Mention
from app.domain.span import Span
from app.knowledge.parents import parents_told, units_told
from app.text.document import build_document

PART, WHOLE = "Pesa Direct", "Savanna Telecom"


def told(text: str) -> list[tuple[str, str]]:
    """Return what is told of the two bodies, by their names."""
    entities = tuple(
        Entity(name, "organization", name, tuple(Mention(Span(*m.span())) for m in re.finditer(name, text)))
        for name in (PART, WHOLE)
        if name in text
    )
    return list(parents_told(Analysis(Pipeline("1", "none"), entities), text))


@pytest.mark.parametrize(
    "text",
    [
        "Pesa Direct, a unit of Savanna Telecom, cut its fees.",
        "Pesa Direct, the mobile-money arm of the Savanna Telecom group, cut its fees.",
        "Pesa Direct is a wholly owned subsidiary of Savanna Telecom.",
        "Pesa Direct (which is part-owned by Savanna Telecom) cut its fees.",
        "Savanna Telecom's Kenyan unit, Pesa Direct, cut its fees.",
        "Savanna Telecom\u2019s mobile-money subsidiary Pesa Direct cut its fees.",
        "Pesa Direct's parent company, Savanna Telecom, said so.",
        "Pesa Direct, Savanna Telecom's Kenyan subsidiary, cut its fees.",
    ],
)
def test_a_part_and_its_whole(text: str) -> None:
    assert told(text) == [(PART, WHOLE)]


@pytest.mark.parametrize(
    "text",
    [
        "Pesa Direct and Savanna Telecom cut their fees.",
        "Pesa Direct sued Savanna Telecom. A unit of the police came.",
        "Pesa Direct, Savanna Telecom and others cut their fees.",
        "Savanna Telecom's rival Pesa Direct cut its fees.",
        "Pesa Direct, which in all its long and troubled years of work was never a unit of Savanna Telecom, is gone.",
        "Pesa Direct",
    ],
)
def test_two_bodies_that_are_not(text: str) -> None:
    assert told(text) == []


def units(text: str, *described: str) -> list[tuple[str, str]]:
    """Return the parts without a name that are told of bodies, by the bodies' names."""
    document = build_document(text)
    places = [
        Entity(name, "place", name, tuple(Mention(Span(*m.span())) for m in re.finditer(name, text)))
        for name in ("Uganda", "Kenyan")
        if name in text
    ]
    bodies = [
        Entity(
            name,
            "organization",
            name,
            (
                *(Mention(Span(*m.span())) for m in re.finditer(name, text)),
                *(Mention(Span(*m.span()), "nominal") for d in described for m in re.finditer(d, text)),
            ),
        )
        for name in (WHOLE, PART)
        if name in text
    ]
    return list(units_told(Analysis(Pipeline("1", "none"), (*bodies, *places)), document))


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Savanna Telecom's Kenyan unit cut its fees.", "Kenyan unit"),
        ("Ana Ruiz left Savanna Telecom\u2019s Kenyan mobile-money arm.", "Kenyan mobile-money arm"),
        ("Savanna Telecom said its Kenyan unit would cut fees.", "Kenyan unit"),
        ("The Savanna Telecom group said on Monday that its Kenyan  subsidiary would cut fees.", "Kenyan subsidiary"),
    ],
)
def test_a_part_without_a_name(text: str, words: str) -> None:
    assert units(text) == [(WHOLE, words)]


def test_a_part_of_a_body_that_is_described() -> None:
    assert units("Savanna Telecom lost money. The company's Kenyan unit did not.", "The company") == [
        (WHOLE, "Kenyan unit")
    ]
    assert units("Savanna Telecom lost money. The company said its Kenyan unit did not.", "The company") == [
        (WHOLE, "Kenyan unit")
    ]


@pytest.mark.parametrize(
    "text",
    [
        "Savanna Telecom's Kenyan unit, Pesa Direct, cut its fees.",
        "Savanna Telecom said its Kenyan unit Pesa Direct cut fees.",
        "Savanna Telecom told Pesa Direct that its Kenyan unit would close.",
        "Savanna Telecom asked Uganda about its Kenyan unit.",
        "Ana Ruiz of Savanna Telecom said its Kenyan unit would close.",
        "Savanna Telecom said its Mobile unit would close.",
        "Savanna Telecom said its local unit would close.",
        "Savanna Telecom's Kenyan rival closed.",
    ],
)
def test_what_is_no_part_or_whose_it_is_is_not_exact(text: str) -> None:
    assert units(text) == []
