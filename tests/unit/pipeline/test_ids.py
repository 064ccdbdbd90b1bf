"""Ids of annotations."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from app.pipeline.ids import Ids


def test_same_text_gives_the_same_ids_and_another_text_others() -> None:
    assert Ids("It rained.").make("per", 3, "Lee") == Ids("It rained.").make("per", 3, "Lee")
    assert Ids("It rained.").make("per", 3, "Lee") != Ids("It snowed.").make("per", 3, "Lee")


def test_id_stays_what_it_was() -> None:
    assert Ids("It rained.").make("per", 3, "Lee") == "per_000003b1b6a7e7ff82a11ec7cb"


def test_same_annotation_twice_has_two_ids() -> None:
    ids = Ids("It rained.")
    assert ids.make("per", 3, "Lee") != ids.make("per", 3, "Lee")


def test_ids_of_a_kind_sort_by_place() -> None:
    ids = Ids("It rained.")
    made = [ids.make("quo", place, "x") for place in (0, 9, 10, 4095, 4096, 10**6)]
    assert made == sorted(made)


@given(st.text(), st.lists(st.tuples(st.sampled_from(["per", "org"]), st.integers(0, 10**6), st.text()), max_size=30))
def test_ids_are_never_given_twice(text: str, asked: list[tuple[str, int, str]]) -> None:
    ids = Ids(text)
    made = [ids.make(kind, place, part) for kind, place, part in asked]
    assert len(set(made)) == len(made)
    assert all(m.isascii() and m.startswith(kind + "_") for m, (kind, _, _) in zip(made, asked, strict=True))
