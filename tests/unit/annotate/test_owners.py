"""People told in the names of bodies that are theirs."""

from __future__ import annotations

import pytest

from app.annotate.entities import Group
from app.annotate.owners import tell_owners
from tests.unit.annotate.test_entities import groups_of


def told(text: str, *names: str) -> list[Group]:
    groups = groups_of(text, *names)
    tell_owners(groups, text)
    return groups


@pytest.mark.parametrize(
    ("body", "owner"),
    [
        ("the Lee administration", "Lee"),
        ("Ann Lee government", "Ann Lee"),
        ("government of President Ann Lee", "Ann Lee"),
        ("Government of Ann\nLee", "Ann\nLee"),
    ],
)
def test_a_person_is_told_in_the_name_of_the_body_that_is_theirs(body: str, owner: str) -> None:
    text = f"Ann Lee left. It is {body}."
    person, _ = told(text, "p:Ann Lee", f"o:{body}")
    assert [(n.type, n.span.of(text), n.marks) for n in person.within] == [("person", owner, (person.within[0].span,))]
    assert [n.span.of(text) for n in person.names] == ["Ann Lee"]


@pytest.mark.parametrize("body", ["Lee foundation", "Roe government", "Harbor Ministry", "the Dr government"])
def test_a_body_that_is_nobodys_of_the_story_or_does_not_govern_tells_no_person(body: str) -> None:
    person, *_ = told(f"Ann Lee left. It is {body}.", "p:Ann Lee", f"o:{body}")
    assert person.within == []


def test_a_government_of_two_people_of_one_surname_is_neithers() -> None:
    text = "Ann Lee met Tom Lee of the Lee government."
    assert [g.within for g in told(text, "p:Ann Lee", "p:Tom Lee", "o:Lee government")] == [[], [], []]
