from __future__ import annotations

import pytest

from app.evaluation.coreference import LinkShares, score_chains
from app.evaluation.scores import Counts

A, B, C, D, E, F, G = ((i, i + 1) for i in range(7))


def test_the_worked_example_of_the_metric() -> None:
    # Gold {a b c} {d e f g}; predicted {a b} {c d} {f g}: of gold's links 1 of 3 and 1 of 6 are there, of the
    # predicted ones all of {a b} and {f g} and none of {c d}.
    score = score_chains([[A, B, C], [D, E, F, G]], [[A, B], [C, D], [F, G]])

    assert score.links.recall == pytest.approx((3 * 1 / 3 + 4 * 1 / 6) / 7)
    assert score.links.precision == pytest.approx((2 * 1 + 2 * 0 + 2 * 1) / 6)
    assert score.links.f1 == pytest.approx(2 * (5 / 21) * (2 / 3) / (5 / 21 + 2 / 3))
    assert score.mentions == Counts(found=6, spurious=0, missed=1)


def test_single_mentions_count_for_nothing() -> None:
    score = score_chains([[A], [B, C]], [[A], [D]])

    assert score.links.recall == 0.0
    assert score.links.precision is None
    assert score.links.f1 == 0.0


def test_no_links_at_all_is_undefined() -> None:
    assert (score_chains([[A]], []).links.f1, LinkShares().recall) == (None, None)


def test_shares_are_added_before_they_are_divided() -> None:
    total = score_chains([[A, B]], [[A, B]]).links + score_chains([[A, B, C]], [[E, F]]).links

    assert total.recall == 2 / 5
    assert total.precision == 2 / 4
