"""Introductions: whom a headline's description means that the next sentences name."""

from __future__ import annotations

import pytest

from app.annotate.descriptions import find_speaker, gather_holders
from app.annotate.discourse import Thread, set_stage
from app.annotate.speakers import Reader, Speaker
from tests.unit.annotate.readings import make_scene

LEE, ROE = range(2)


def speaker_in(text: str, source: str, *sources: str, content: str = "It rained") -> Speaker:
    """Return who ``source`` is in a story that names Ann Lee and Tom Roe; ``sources`` are the other sources."""
    scene = make_scene(text, pairs={"antecedent": [(source, None, 12.0)]})
    groups = [scene.group("person", "Ann Lee"), scene.group("person", "Tom Roe")]
    groups.append(scene.group("place", "Kesterly"))
    stage = set_stage(scene.document, (), scene.cast(*groups), [scene.span(s) for s in (source, *sources)])
    said = scene.attribution(content, "said", source)
    return find_speaker(said, Reader(stage, scene.links, Thread()), gather_holders([]))


@pytest.mark.parametrize("source", ["A county judge", "Judge", "Former rival", "The judge"])
def test_description_is_of_the_person_who_is_named_next_and_speaks(source: str) -> None:
    text = f"It rained, {source} said.\n\nAnn Lee wrote that it did. Tom Roe left Kesterly."
    found = speaker_in(text, source, "Ann Lee")
    assert (found.status, found.group, found.method) == ("resolved", LEE, "nominal")


def test_one_who_is_told_to_be_what_the_description_says_comes_before_one_who_speaks() -> None:
    text = "It rained, a judge said.\n\nAnn Lee wrote that it did. Tom Roe, the judge, left Kesterly."
    assert speaker_in(text, "a judge", "Ann Lee").group == ROE
    assert speaker_in(text.replace("a judge", "her judge"), "her judge", "Ann Lee").group == ROE


@pytest.mark.parametrize(
    ("source", "text"),
    [
        ("a judge", "Kesterly: It rained, a judge said.\n\nAnn Lee fell. Tom Roe left."),
        ("a judge", "Ann Lee fell.\n\nIt rained, a judge said. Ann Lee wrote. Tom Roe left Kesterly."),
        ("a judge", "It rained, a judge said.\n\nAnn Lee's aide, a judge, left Kesterly. Tom Roe fell."),
        ("a judge", "It rained, a judge said.\n\nIt did. It did. It did. Ann Lee wrote. Tom Roe left Kesterly."),
        ("a judge", "Rain.\n\nIt fell.\n\nIt rained, a judge said. Ann Lee wrote. Tom Roe left Kesterly."),
        ("her judge", "It rained, her judge said.\n\nAnn Lee wrote. Tom Roe left Kesterly."),
        ("a source", "It rained, a source said.\n\nAnn Lee wrote. Tom Roe left Kesterly."),
        ("two judges", "It rained, two judges said.\n\nAnn Lee wrote. Tom Roe left Kesterly."),
        ("a judge and a nurse", "It rained, a judge and a nurse said.\n\nAnn Lee wrote. Tom Roe left Kesterly."),
        ("a ministry", "It rained, a ministry said.\n\nAnn Lee wrote. Tom Roe left Kesterly."),
        ("the hum", "It rained, the hum said.\n\nAnn Lee wrote. Tom Roe left Kesterly."),
        ("44", "It rained, 44 said.\n\nAnn Lee wrote. Tom Roe left Kesterly."),
    ],
)
def test_description_that_nobody_named_next_fits_is_nobodys(source: str, text: str) -> None:
    assert speaker_in(text, source, *(["Ann Lee"] if "Ann Lee wrote" in text else [])).group is None


def test_one_named_in_what_is_reported_is_not_introduced() -> None:
    text = "A judge said it rained on Ann Lee.\n\nTom Roe left Kesterly."
    assert speaker_in(text, "A judge", "Ann Lee", content="it rained on Ann Lee").group is None
