"""A quotation with a report inside is all of whoever is quoted."""

from __future__ import annotations

from dataclasses import replace

import pytest

from app.annotate.attribution import Attribution
from app.annotate.reports_within import with_whole_quotations
from tests.unit.annotate.readings import Scene, make_scene

WHOLE = "“Rebels say they hold the port,”"


def contents(scene: Scene, *attributions: Attribution) -> list[list[str]]:
    found = with_whole_quotations(attributions, scene.pieces.quotations, scene.words, scene.text)
    return [[c.span.of(scene.text) for c in a.contents] for a in found]


@pytest.mark.parametrize("beginning", ["“", "“Rebels"])
def test_beginning_of_a_quotation_is_all_of_it(beginning: str) -> None:
    scene = make_scene(f"{WHOLE} Lee said. It snowed.")
    inner = scene.attribution("they hold the port", "say", "Rebels")
    outer = scene.attribution(beginning, "said", "Lee")
    outer = replace(
        outer, contents=(*outer.contents, scene.chunk("port,", "content"), scene.chunk("snowed", "content"))
    )
    assert contents(scene, outer, inner) == [[WHOLE, "snowed"], ["they hold the port"]]
    (whole, *_), _ = (
        a.contents for a in with_whole_quotations([outer, inner], scene.pieces.quotations, scene.words, scene.text)
    )
    assert scene.words.span(whole.first, whole.last).of(scene.text) == WHOLE


@pytest.mark.parametrize(("clause", "source"), [("Lee said", "Lee"), ("said Lee", "Lee")])
def test_clause_without_contents_holds_the_quotation_before_it(clause: str, source: str) -> None:
    scene = make_scene(f"{WHOLE} {clause}.")
    inner = scene.attribution("they hold the port", "say", "Rebels")
    idle = replace(scene.attribution("port", "said", source), contents=())
    assert contents(scene, idle, inner) == [[WHOLE], ["they hold the port"]]


@pytest.mark.parametrize(
    ("text", "cue", "source"),
    [
        (f"{WHOLE} Lee swam.", "swam", "Lee"),
        (f"{WHOLE} Lee said.", "said", None),
        (f"{WHOLE} It rained, Lee said.", "said", "Lee"),
        ("Lee said so. “Rebels say they hold the port,” it read.", "said", "Lee"),
        ("“Rebels say they hold the port” Lee said.", "said", "Lee"),
    ],
)
def test_other_clauses_without_contents_hold_nothing(text: str, cue: str, source: str | None) -> None:
    scene = make_scene(text)
    inner = scene.attribution("they hold the port", "say", "Rebels")
    idle = replace(scene.attribution("port", cue, source), contents=())
    assert contents(scene, idle, inner)[0] == []


def test_report_inside_that_a_quotation_begins_with_stays() -> None:
    scene = make_scene("“They hold the port, Rebels say,” Lee said.")
    inner = scene.attribution("“They hold the port", "say", "Rebels")
    assert contents(scene, inner) == [["“They hold the port"]]


def test_quotation_without_a_report_inside_stays() -> None:
    scene = make_scene(f"{WHOLE} Lee said.")
    outer = scene.attribution("“Rebels", "said", "Lee")
    assert contents(scene, outer) == [["“Rebels"]]
