from __future__ import annotations

import pytest

from app.evaluation.scores import Counts, add_scores, share


def test_shares_are_of_the_sums_and_no_means_of_shares() -> None:
    first, second = Counts.of(1, predicted=1, gold=2), Counts.of(2, predicted=8, gold=3)
    both = first + second

    assert (both.found, both.spurious, both.missed) == (3, 6, 2)
    assert both.precision == 3 / 9
    assert both.recall == 3 / 5
    assert both.f1 == pytest.approx(2 * (1 / 3) * (3 / 5) / (1 / 3 + 3 / 5))


def test_what_has_no_denominator_is_undefined() -> None:
    assert (Counts().precision, Counts().recall, Counts().f1) == (None, None, None)


def test_nothing_predicted_has_no_precision_and_an_f1_of_nothing() -> None:
    counts = Counts.of(0, predicted=0, gold=4)

    assert (counts.precision, counts.recall, counts.f1) == (None, 0.0, 0.0)


def test_nothing_wanted_has_no_recall() -> None:
    counts = Counts.of(0, predicted=3, gold=0)

    assert (counts.precision, counts.recall, counts.f1) == (0.0, None, 0.0)


def test_sums_have_every_figure_even_of_no_documents() -> None:
    assert add_scores([], ["a", "b"]) == {"a": Counts(), "b": Counts()}
    assert add_scores([{"a": Counts(1, 2, 3)}, {"a": Counts(1, 0, 0)}], ["a"]) == {"a": Counts(2, 2, 3)}


def test_a_share_of_nothing_is_undefined() -> None:
    assert share(0, 0) is None
    assert share(1, 4) == 0.25
