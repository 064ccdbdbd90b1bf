from __future__ import annotations

import pytest

from app.evaluation.names import Names, plain_name


@pytest.mark.parametrize(
    ("name", "plain"),
    [
        ("Robert M. Gates", "robert m gates"),
        ("the Prime Minister Ana Ruiz", "ana ruiz"),
        ("Dr. Sen. O'Neill's", "o'neill"),
        ("the Rockets'", "rockets"),
        ("President", "president"),
        ("Theodore", "theodore"),
        ("", ""),
        (None, ""),
    ],
)
def test_titles_possessives_marks_and_case_are_no_part_of_a_name(name: str | None, plain: str) -> None:
    assert plain_name(name) == plain


@pytest.mark.parametrize(
    ("first", "second", "same"),
    [
        ("Gates", "Robert Gates", True),
        ("the Pentagon", "Defense Department", True),
        ("Gates", "Defense Department", False),
        ("Moscow", "moscow", True),
        ("“The Courier", "Courier", True),
        ("Gates", None, False),
        (None, None, False),
        ("", "", False),
    ],
)
def test_forms_of_one_name_mean_the_same(first: str | None, second: str | None, *, same: bool) -> None:
    names = Names(
        [
            {"name": "Robert Gates", "names": ["Gates"]},
            {"name": "Defense Department", "names": ["Pentagon", "Gates"]},
        ]
    )

    assert names.same(first, second) is same
    assert names.same(second, first) is same
