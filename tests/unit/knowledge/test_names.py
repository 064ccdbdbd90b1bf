"""Names in the form by which stories' entities are compared."""

from __future__ import annotations

from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.knowledge.evidence import may_be_one
from app.knowledge.names import normal_name, person_keys, person_name, sought_person_keys


@pytest.mark.parametrize(
    ("name", "normal"),
    [
        ("Robert M. Gates", "robert gates"),
        ("ROBERT GATES", "robert gates"),
        ("Robert\u00a0Gates", "robert gates"),
        ("José Brandt", "jose brandt"),
        ("Jose\u0301 Brandt", "jose brandt"),
        ("Ana Silva-Reyes", "ana silva reyes"),
        ("Sean O\u2019Neill", "sean oneill"),
        ("J. Brandt", "j brandt"),
        ("Gates", "gates"),
        ("Martin Luther King Jr.", "martin luther king jr"),
        ("Straße Weiß", "strasse weiss"),
        ("\u5b89\u500d \u664b\u4e09", "\u5b89\u500d \u664b\u4e09"),
        ("Ana \u2120 Silva", "ana sm silva"),
        ("...", ""),
    ],
)
def test_a_persons_name_loses_case_accents_punctuation_and_middle_initials(name: str, normal: str) -> None:
    assert normal_name(name, "person") == normal


@pytest.mark.parametrize(
    ("name", "normal"),
    [("U.S.", "us"), ("US", "us"), ("AT&T", "at t"), ("Group of 8 Nations", "group of 8 nations")],
)
def test_any_other_name_keeps_all_its_words(name: str, normal: str) -> None:
    assert normal_name(name, "organization") == normal


@given(st.text())
def test_a_normal_name_is_its_own_normal_form(name: str) -> None:
    normal = normal_name(name, "person")
    assert normal_name(normal, "person") == normal


@pytest.mark.parametrize(
    ("name", "other"),
    [
        ("Robert Gates", "Robert M. Gates"),
        ("Robert Gates", "Bob Gates"),
        ("Robert Gates", "R. Gates"),
        ("J. K. Oduya", "Joanne Oduya"),
        ("J. K. Oduya", "JK Oduya"),
        ("Jean Luc Brandt", "Jeanluc Brandt"),
        ("Brandt Jeanluc", "Jeanluc Brandt"),
        ("Kim Jong Hae", "Jong Hae Kim"),
        ("Gabriel Garcia", "Gabriel Garcia Brandt"),
        ("Ana Maria Brandt", "Maria Brandt"),
        ("Muammar Gaddafi", "Moammar Qadhafi"),
        ("Mohammed Ali", "Muhammad Ali"),
        ("Karim Nour", "Karim Nur"),
    ],
)
def test_names_that_may_be_one_persons_find_each_other(name: str, other: str) -> None:
    assert person_keys([name]) & sought_person_keys([other])
    assert person_keys([other]) & sought_person_keys([name])


@pytest.mark.parametrize(
    ("name", "other"), [("Robert Gates", "Rosa Gates"), ("Robert Gates", "Robert Brandt"), ("Li Chen", "Lee Wan")]
)
def test_people_of_other_names_do_not_find_each_other(name: str, other: str) -> None:
    assert not person_keys([name]) & sought_person_keys([other])
    assert not person_keys([other]) & sought_person_keys([name])


_WORDS = st.sampled_from(["Robert", "Bob", "Jean", "Luc", "Jeanluc", "R.", "M.", "Nour", "Nur", "Kim", "Jong", "Li"])


@given(st.lists(_WORDS, min_size=2, max_size=4), st.randoms())
def test_a_name_in_another_order_is_found(words: list[str], chance: Random) -> None:
    name = " ".join(words)
    chance.shuffle(words)
    other = " ".join(words)
    if all(person_name(n).is_full for n in (name, other)) and may_be_one("person", [name], [other]):
        assert person_keys([name]) & sought_person_keys([other])
