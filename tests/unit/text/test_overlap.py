"""What texts share is measured by runs of words, and texts alike share a band of their signatures."""

from __future__ import annotations

from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.text.overlap import BANDS, Overlap, bands_of, overlap, runs_of

ONE = "The Harbor bridge will close in May, Mayor Ana Ruiz said."


def words(random: Random, number: int) -> list[str]:
    return [f"w{random.randrange(100_000)}" for _ in range(number)]


def test_runs_are_of_five_words_whatever_their_dress() -> None:
    assert len(runs_of(ONE)) == 7
    assert runs_of(ONE) == runs_of(f"\n{ONE.upper().replace(' ', '  ').replace(',', ' —')}\n")
    assert runs_of("four words are few") == frozenset()


def test_overlap_of_cases_worked_out_by_hand() -> None:
    one, other = frozenset(range(6)), frozenset(range(4, 8))

    assert overlap(one, other) == Overlap(2 / 8, 2 / 4)
    assert overlap(one, one) == Overlap(1.0, 1.0)
    assert overlap(one, frozenset()) == overlap(frozenset(), one) == Overlap(0.0, 0.0)


def test_bands_are_the_same_everywhere_and_always() -> None:
    bands = bands_of(runs_of(ONE))

    assert len(bands) == len(set(bands)) == BANDS
    assert bands == bands_of(runs_of(ONE))
    assert all(-(2**63) <= band < 2**63 for band in bands)
    assert bands_of(frozenset()) == ()
    assert bands_of(frozenset({1, 2, 3}))[:2] == PINNED


PINNED = (3667722630560024789, 8698548589301303518)


@pytest.mark.parametrize(("kept", "least", "most"), [(0.8, 0.98, 1.0), (0.1, 0.0, 0.1)])
def test_texts_alike_share_a_band_and_others_do_not(kept: float, least: float, most: float) -> None:
    random = Random(7)
    found = 0
    for _ in range(100):
        story = words(random, 300)
        cut = int(300 * kept)
        changed = [*story[:cut], *words(random, 300 - cut)]
        found += not set(bands_of(runs_of(" ".join(story)))).isdisjoint(bands_of(runs_of(" ".join(changed))))
    assert least <= found / 100 <= most


@given(st.text(max_size=200))
def test_any_text_has_a_signature_or_is_too_short(text: str) -> None:
    runs = runs_of(text)

    assert len(bands_of(runs)) == (BANDS if runs else 0)
    assert overlap(runs, runs).resemblance == (1.0 if runs else 0.0)
