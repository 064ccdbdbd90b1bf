"""Directed sentiment between two actors of a sentence."""

from __future__ import annotations

from pathlib import Path

import pytest

from app.domain.analysis import Analysis, Pipeline
from app.domain.annotation import Actor, Entity, Mention, Polarity, Stance
from app.domain.span import Span
from app.evaluation.directed import Pair, read_pairs, told_side
from app.evaluation.measures import measure_directed
from tests.unit.evaluation.stand_ins import NameSpotter

LINES = (
    "[Lee]s backing of [Roe] grew.\tLee\tRoe\t1",
    "[Lee] was blamed by [Roe].\tLee\tRoe\t4",
    "[Lee] met [Roe].\tLee\tRoe\t0",
    "[Lee] met Roe.\tLee\tRoe\t3",
    "no columns",
)
TEXT = "Lee backs Roe, not Poe."
LEE, ROE, POE = Span(0, 3), Span(10, 13), Span(19, 22)


def test_pairs_are_read_without_brackets_and_in_the_direction_of_the_label(tmp_path: Path) -> None:
    path = tmp_path / "valid.txt"
    path.write_text("\n".join(LINES), encoding="utf-8")
    told = [(p.text, p.holder.of(p.text), p.target.of(p.text), p.polarity) for p in read_pairs(path)]
    assert told == [
        ("Lees backing of Roe grew.", "Lee", "Roe", "supports"),
        ("Lee was blamed by Roe.", "Roe", "Lee", "opposes"),
    ]


def stance(number: int, holder: Actor, polarity: Polarity, target: Span) -> Stance:
    return Stance(f"s{number}", holder, polarity, "it", target, (Span(0, len(TEXT)),), None)


def analysis(*stances: Stance) -> Analysis:
    lee = Entity("e1", "person", "Lee", (Mention(LEE, "name"),))
    return Analysis(Pipeline("1", "none"), (lee,), (), (), stances)


LEE_ACTOR = Actor("resolved", "Lee", "person", "e1")
SOME = Actor("collective", "Lee fans", "group", mention=Span(0, 5))
OTHER = Actor("collective", "fans", "group", mention=Span(4, 9))


@pytest.mark.parametrize(
    ("stances", "side"),
    [
        ((), None),
        ((stance(1, OTHER, "opposes", ROE),), None),
        ((stance(1, Actor("anonymous", "one", "person"), "opposes", ROE),), None),
        ((stance(1, SOME, "opposes", ROE),), "opposes"),
        ((stance(1, LEE_ACTOR, "opposes", POE), stance(2, LEE_ACTOR, "supports", ROE)), "supports"),
        ((stance(1, LEE_ACTOR, "opposes", POE),), "opposes"),
    ],
)
def test_side_is_that_of_the_holders_stance_on_the_other_first(stances: tuple[Stance, ...], side: str | None) -> None:
    assert told_side(Pair(TEXT, LEE, ROE, "supports"), analysis(*stances)) == side


def test_nothing_found_has_no_share_of_right_sides(tmp_path: Path) -> None:
    path = tmp_path / "valid.txt"
    path.write_text(LINES[0], encoding="utf-8")
    report = measure_directed(path, NameSpotter())
    assert (report.name, report.figures["directed.found"].missed, report.figures["directed"].f1) == (
        "dse/valid",
        1,
        0.0,
    )
    assert report.slices[0].rows == {"polarity": (None,)}
