"""Signed quotations."""

from __future__ import annotations

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.annotate.signatures import find_signatures
from tests.unit.annotate.readings import make_scene, story


def signed(text: str) -> list[tuple[str, str, list[str]]]:
    scene = make_scene(text)
    found = find_signatures(scene.document, scene.pieces.quotations)
    return [(label.of(text), dash.of(text), [c.of(text) for c in contents]) for label, dash, contents in found]


@pytest.mark.parametrize(
    ("text", "label", "dash"),
    [
        ("“It rained.” ― Ann Lee", "Ann Lee", "―"),
        ("“It rained.”\n\n— Ann Lee", "Ann Lee", "—"),
        ("“It rained.”\n\n--Ann Lee, mayor of Kesterly", "Ann Lee", "--"),
        ("“It rained.” – @annlee", "@annlee", "–"),
        ("“It rained.”\n\n- O’Neil (R-Kesterly)", "O’Neil", "-"),
    ],
)
def test_quotation_is_signed_by_the_name_after_a_dash(text: str, label: str, dash: str) -> None:
    assert signed(text) == [(label, dash, ["“It rained.”"])]


def test_quotation_over_paragraphs_is_signed_whole() -> None:
    text = "Then “No.” came.\n\n“It rained.\n\n“It snowed.”\n\n― Ann Lee"
    assert signed(text) == [("Ann Lee", "―", ["“It rained.", "“It snowed.”"])]


@pytest.mark.parametrize(
    "text",
    [
        "― Ann Lee",
        "“It rained.” ― Reuters",
        "“It rained.” It did. ― Ann Lee",
        "“It rained,” she said.\n\n― Ann Lee",
        "“It rained.” ― said Ann Lee",
        "“It rained.” Ann Lee",
    ],
)
def test_other_dashes_sign_nothing(text: str) -> None:
    assert signed(text) == []


@given(st.lists(st.sampled_from(["“", "”", '"', "It rained.", "― Ann Lee", "\n\n", " "])).map("".join))
def test_signatures_stand_after_their_contents(text: str) -> None:
    scene = make_scene(story(text))
    for label, dash, contents in find_signatures(scene.document, scene.pieces.quotations):
        assert contents[-1].end <= dash.start < dash.end <= label.start
        assert all(a.end <= b.start for a, b in itertools.pairwise(contents))
