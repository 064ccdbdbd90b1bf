"""Windows, and the arithmetic around the encoder."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.annotate.encoder import (
    AFTER,
    BEFORE,
    DECIDED,
    MARGIN,
    WINDOW,
    Reading,
    View,
    distance_bucket,
    find_windows,
    log_softmax,
)
from app.annotate.pieces import Pieces
from app.domain.document import Document
from tests.unit.annotate.readings import story, word_pieces

ROOM = WINDOW - 2


def run(*paragraphs: int) -> Pieces:
    """Return pieces of paragraphs of so many words."""
    return word_pieces(story("\n\n".join("w " * n for n in paragraphs)))


@given(st.lists(st.integers(1, 600), max_size=8))
def test_every_piece_is_decided_by_one_window_that_sees_it(paragraphs: list[int]) -> None:
    pieces = run(*paragraphs)
    windows = find_windows(pieces)
    assert [n for _, _, low, high in windows for n in range(low, high)] == list(range(len(pieces)))
    assert all(0 <= start <= low < high <= stop <= min(len(pieces), start + ROOM) for start, stop, low, high in windows)
    assert all(low == 0 or MARGIN <= low - start <= BEFORE for start, _, low, _ in windows)
    assert all(high == len(pieces) or MARGIN <= stop - high <= AFTER for _, stop, _, high in windows)


def test_short_story_is_one_window() -> None:
    assert find_windows(run(100, ROOM - 101)) == ((0, ROOM, 0, ROOM),)


def test_window_decides_whole_paragraphs_where_they_fit() -> None:
    assert [low for _, _, low, _ in find_windows(run(100, 80, 100))] == [0, 181]


def test_window_does_not_shrink_to_a_short_first_paragraph() -> None:
    assert [low for _, _, low, _ in find_windows(run(20, 300))] == [0, DECIDED]


def test_end_of_a_story_needs_no_window_of_its_own_to_be_seen() -> None:
    assert len(find_windows(run(2 * DECIDED + MARGIN))) == 2
    assert len(find_windows(run(2 * DECIDED + MARGIN + 1))) == 3


def test_last_window_sees_no_more_of_what_others_decide_than_it_needs() -> None:
    assert find_windows(run(DECIDED, 100))[-1] == (DECIDED - BEFORE, DECIDED + 101, DECIDED, DECIDED + 101)


def test_piece_is_looked_up_in_the_window_that_sees_it_most_centrally() -> None:
    none = np.zeros((0, 1), dtype=np.float32)
    views = tuple(View(s, none, none, none, none, none) for s in (0, 192))  # type: ignore[arg-type]
    reading = Reading(word_pieces(Document("")), {}, views, (0, 223))
    assert [reading.view_of(p).start for p in (0, 222, 223, 400)] == [0, 0, 192, 192]


def test_log_probabilities_add_up_to_one_however_large_the_scores() -> None:
    found = np.exp(log_softmax(np.array([[1e4, 1e4], [0.0, -1e9]], dtype=np.float32)))
    assert found.tolist() == [[0.5, 0.5], [1.0, 0.0]]


@pytest.mark.parametrize(
    ("gap", "bucket"), [(0, 10), (1, 11), (-1, 9), (2, 12), (3, 12), (-4, 7), (254, 18), (-254, 2), (10**6, 20)]
)
def test_buckets_of_distance_double(gap: int, bucket: int) -> None:
    assert distance_bucket(np.array([gap], dtype=np.int32), 10).tolist() == [bucket]
