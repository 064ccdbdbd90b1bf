"""Acronyms of titles."""

from __future__ import annotations

import pytest

from app.annotate.acronyms import acronym_holders, title_acronyms, without_titles
from app.annotate.names import Name
from app.domain.span import Span
from tests.unit.annotate.readings import make_scene


@pytest.mark.parametrize(
    ("text", "acronym", "given"),
    [
        ("She wrote to the Chief Harbor Commissioner (CHC) on Monday.", "CHC", True),
        ("The Vice-Prime Minister (VPM) spoke.", "VPM", True),
        ("The Inspector General of Harbors (IGH) spoke.", "IGH", True),
        ("The Harbor Workers Union (HWU) spoke.", "HWU", False),
        ("The Kesterly director (HWU) spoke.", "HWU", False),
        ("The United Nations High Commissioner for Refugees (UNHCR) spoke.", "UNHCR", False),
        ("Nobody gave one.", "CEO", True),
    ],
)
def test_acronym_after_a_title_is_one_of_a_title(text: str, acronym: str, *, given: bool) -> None:
    assert (acronym in title_acronyms(text)) is given


def test_acronym_of_a_title_is_no_body() -> None:
    text = "The CHC met the HWU and CHC."
    names = [Name(Span(4, 7), "organization", 0.9), Name(Span(16, 19), "organization", 0.9)]
    assert without_titles(names, frozenset({"CHC"}), text) == (names[1],)
    person = Name(Span(4, 7), "person", 0.9)
    assert without_titles([person], frozenset({"CHC"}), text) == (person,)


def test_person_named_right_after_an_acronym_holds_that_title() -> None:
    text = "DH Ann Lee met the Harbor Director (DH) Tom Roe, DH Acme and a DH."
    scene = make_scene(text)
    groups = [
        scene.group("person", "Ann Lee"),
        scene.group("person", "Tom Roe"),
        scene.group("organization", "Acme"),
    ]
    assert acronym_holders(frozenset({"DH"}), scene.cast(*groups), text) == (("dh", 0), ("dh", 1))
