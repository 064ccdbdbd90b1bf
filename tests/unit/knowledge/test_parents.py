"""What stories say a body is part of."""

from __future__ import annotations

import re

import pytest

from app.domain.analysis import Analysis, Pipeline
from app.domain.annotation import Entity, Mention
from app.domain.span import Span
from app.knowledge.parents import parents_told

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
