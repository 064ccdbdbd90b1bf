"""Surnames that read like common words."""

from __future__ import annotations

import pytest

from app.annotate.surnames import are_parts, inner_surnames, with_surname
from tests.unit.annotate.readings import span_of


@pytest.mark.parametrize(
    ("text", "given", "whole"),
    [
        ("Kevin So Kam-wai left.", "Kam-wai", "So Kam-wai"),
        ("Speaker You Si-kun left.", "Si-kun", "You Si-kun"),
        ("He met You Si-kun.", "Si-kun", "You Si-kun"),
        ("It was Lo, Ke Wen-je and others.", "Wen-je", "Ke Wen-je"),
        ("Lai Ching-te left.", "Ching-te", "Lai Ching-te"),
        ("Then Ching-te left.", "Ching-te", "Ching-te"),
        ("It fell.\nAfter Ching-te left.", "Ching-te", "Ching-te"),
        ("Mr Ching-te left.", "Ching-te", "Ching-te"),
        ("it was Ching-te.", "Ching-te", "Ching-te"),
        ("She Sees Reagan-like signs.", "Reagan", "Reagan"),
        ("Ann Lee left.", "Lee", "Lee"),
    ],
)
def test_the_word_before_a_given_name_with_a_hyphen_is_the_surname(text: str, given: str, whole: str) -> None:
    span = span_of(text, given)
    assert text[with_surname(span, text) : span.end] == whole


@pytest.mark.parametrize(
    ("text", "first", "second", "given", "parts"),
    [
        ("Kevin So Kam-wai left.", "Kevin", "So Kam-wai", "Kam-wai", True),
        ("Kevin So Kam-wai left.", "Kevin So", "So Kam-wai", "Kam-wai", True),
        ("Kevin, So Kam-wai left.", "Kevin", "So Kam-wai", "Kam-wai", False),
        ("Said bin Hamad bin Rashid left.", "Said bin", "bin Rashid", "bin Rashid", True),
        ("Said bin Rashid left.", "Said bin", "Rashid", "Rashid", True),
        ("Said told bin Rashid.", "Said", "bin Rashid", "bin Rashid", False),
        ("Said Rashid left.", "Said", "Rashid", "Rashid", False),
    ],
)
def test_two_people_side_by_side_are_one_around_a_surname_and_around_a_father(
    text: str, first: str, second: str, given: str, *, parts: bool
) -> None:
    spans = span_of(text, first), span_of(text, second)
    assert are_parts(*spans, span_of(text, given).start, text) is parts


@pytest.mark.parametrize(
    ("text", "people", "copies"),
    [
        ("Kevin So Kam-wai sued. The court told So, who left.", ["Kevin So Kam-wai"], ["So"]),
        ("So Kam-wai sued. So's sister and a friend of So's wept.", ["So Kam-wai"], ["So", "So"]),
        ("So Kam-wai sued. So he won. He met So Lee.", ["So Kam-wai"], []),
        ("Ann Long left. It took long, said Long. Long ago it was.", ["Ann Long", "Tom Long"], ["Long", "Long"]),
        ("Ann Long left. They met Long.", ["Ann Long"], []),
        ("Ann May left. It may be that in May they met.", ["Ann May"], []),
        ("Ann de la Cruz-Roe left de la.", ["Ann de la", "Ann O'Roe"], []),
    ],
)
def test_a_surname_that_is_a_word_as_well_is_found_by_its_capital(
    text: str, people: list[str], copies: list[str]
) -> None:
    found = list(inner_surnames(people, text))
    assert [s.of(text) for s, _ in found] == copies
    assert {p for _, p in found} <= {people[0]}
