"""Names in the form by which stories' entities are compared."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.knowledge.names import normal_name


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
