"""A roll of what was named so far."""

from __future__ import annotations

from app.annotate.roll import Roll


def test_numbers_come_back_once_and_in_order() -> None:
    roll = Roll()
    roll.put(2, ["lee", "tom"])
    roll.put(1, ["lee", "ann", "ann"])
    assert roll.under(["ann", "lee", "ann"]) == [1, 2]
    assert roll.under(["tom"]) == [2]


def test_nothing_is_under_a_key_that_is_not_there() -> None:
    roll = Roll()
    assert roll.under(["lee"]) == []
    assert roll.under([]) == []
