"""Whose a title is, by the words between the two."""

from __future__ import annotations

import pytest

from app.annotate.appositions import beside
from tests.unit.annotate.readings import span_of


def found(text: str, title: str, *people: str, several: bool = False) -> list[tuple[str, list[str]]]:
    spans = sorted(span_of(text, p) for p in people)
    return [
        (way.manner, [spans[n].of(text) for n in way.people])
        for way in beside(span_of(text, title), spans, text, several=several)
    ]


@pytest.mark.parametrize(
    ("text", "title", "manner"),
    [
        ("director Ann Lee", "director", "before"),
        ("The director, Ann Lee, left.", "director", "before"),
        ("Judge Dr. Ann Lee", "Judge", "before"),
        ("director of the Office of Maps (OM) Ann Lee", "director", "before"),
        ("MP and former president Ann Lee", "MP", "before"),
        ("founder and president, Ann Lee", "founder", "before"),
        ("a former candidate -- Ann Lee", "candidate", "before"),
        ("a manager surnamed Ann Lee", "manager", "before"),
        ("adviser to the board, Ann Lee", "adviser", "before"),
        ("administrator for the Maps Bureau Ann Lee", "administrator", "before"),
        ("Ann Lee, director of Acme", "director", "after"),
        ("Ann Lee, 51, the new Acme director", "director", "after"),
        ("Ann Lee (director, Acme)", "director", "after"),
        ("Ann Lee, founder of Acme and director", "director", "after"),
        ("Ann Lee is the director of Acme", "director", "clause"),
        ("Ann Lee, who served as its director until May", "director", "clause"),
        ("Ann Lee was in May elected director", "director", "clause"),
        ("Ann Lee, who is the party leader and the Acme director", "director", "clause"),
    ],
)
def test_title_stands_beside_its_person(text: str, title: str, manner: str) -> None:
    assert found(text, title, "Ann Lee") == [(manner, ["Ann Lee"])]


@pytest.mark.parametrize(
    ("text", "title"),
    [
        ("Ann Lee, the director's daughter", "director"),
        ("The director said Ann Lee left.", "director"),
        ("the former director and Ann Lee", "director"),
        ("the director and the mayor Ann Lee", "director"),
        ("Ann Lee is not fit to serve as director", "director"),
        ("Ann Lee left. The director stayed.", "director"),
        ("general counsel to Democrat Ann Lee", "general counsel"),
        ("president of Acme with his secretary Ann Lee", "president"),
    ],
)
def test_title_that_stands_apart_is_nobodys(text: str, title: str) -> None:
    assert found(text, title, "Ann Lee") == []


def test_title_between_two_people_may_be_eithers() -> None:
    text = "Tom Roe, director of the Office Ann Lee"
    assert found(text, "director", "Tom Roe", "Ann Lee") == [("before", ["Ann Lee"]), ("after", ["Tom Roe"])]


@pytest.mark.parametrize(
    ("text", "title", "people"),
    [
        ("senators Ann Lee, Tom Roe and Li Po met Al Fox", "senators", ["Ann Lee", "Tom Roe", "Li Po"]),
        ("Ann Lee and Tom Roe, the senators, met Al Fox", "senators", ["Ann Lee", "Tom Roe"]),
    ],
)
def test_plural_is_of_all_that_are_joined(text: str, title: str, people: list[str]) -> None:
    ((_, joined),) = found(text, title, *people, "Al Fox", several=True)
    assert joined == people


def test_singular_is_of_one() -> None:
    assert found("President Ann Lee and Tom Roe", "President", "Ann Lee", "Tom Roe") == [("before", ["Ann Lee"])]


def test_second_of_two_names_in_commas_holds_what_the_first_has() -> None:
    text = "A lawyer for Ann Lee, Tom Roe, said so."
    assert found(text, "lawyer", "Ann Lee", "Tom Roe") == [("before", ["Tom Roe"])]


@pytest.mark.parametrize(
    "text",
    [
        "A lawyer for Ann Lee, Tom Roe, and others spoke.",
        "A lawyer for Ann Lee, Tom Roe said so.",
        "A lawyer for Ann Lee and Tom Roe, said so.",
        "A lawyer met Ann Lee, Tom Roe, too.",
    ],
)
def test_names_of_a_list_hold_no_title_of_the_first(text: str) -> None:
    assert found(text, "lawyer", "Ann Lee", "Tom Roe") == []


def test_one_name_after_a_title_is_whose_it_is() -> None:
    assert found("A lawyer for Ann Lee, he said.", "lawyer", "Ann Lee") == []
