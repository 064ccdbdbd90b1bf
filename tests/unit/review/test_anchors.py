"""Words found again in a text that changed."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.document import Document
from app.domain.span import Span
from app.review.anchors import find_anchor, find_anchors, find_words, shared
from app.store.documents import serialise_span

TEXT = 'The mayor spoke. "We stay," she said. The council spoke. "We go," it said. "We stay," it said.'


def anchor(text: str, start: int, end: int) -> dict[str, Any]:
    """Return a span as it is served."""
    return serialise_span(Document(text), Span(start, end))


@given(st.text(min_size=1), st.data())
def test_words_are_found_where_they_stand(text: str, data: st.DataObject) -> None:
    start = data.draw(st.integers(0, len(text) - 1))
    end = data.draw(st.integers(start + 1, len(text)))

    assert find_anchor(text, anchor(text, start, end)) == Span(start, end)


@given(st.text(), st.text(min_size=1), st.data())
def test_what_is_found_are_the_words_themselves(text: str, before: str, data: st.DataObject) -> None:
    start = data.draw(st.integers(0, len(before) - 1))
    known = anchor(before, start, start + 1)

    found = find_anchor(text, known)

    assert found is None or found.of(text) == known["exact"]


def test_the_surroundings_tell_places_apart() -> None:
    second = TEXT.rindex("We stay")
    known = anchor(TEXT, second, second + 7)

    moved = find_anchor("New today. " + TEXT, known)

    assert moved == Span(second + 11, second + 18)


def test_a_few_words_elsewhere_are_not_taken_for_them() -> None:
    known = anchor(TEXT, TEXT.index("she said") + 4, TEXT.index("she said") + 8)

    assert find_anchor("Nobody had said a thing in the whole of that long summer.", known) is None


def test_many_words_are_the_same_wherever_they_stand() -> None:
    words = "The council spoke twice on the matter"
    known = anchor(f"{words} of the harbor.", 0, len(words))

    assert find_anchor(f"On Friday: {words}", known) == Span(11, 11 + len(words))


def test_words_that_are_gone_are_not_found() -> None:
    assert find_anchor("Nothing of it.", anchor(TEXT, 4, 9)) is None
    assert find_anchors("Nothing of it.", [anchor(TEXT, 4, 9)]) is None


def test_several_come_in_order_and_apart() -> None:
    known = [anchor(TEXT, 18, 25), anchor(TEXT, 4, 9)]

    assert find_anchors(TEXT, known) == (Span(4, 9), Span(18, 25))
    assert find_anchors(TEXT, [known[0], known[0]]) is None


@pytest.mark.parametrize(("words", "found"), [("spoke", Span(10, 15)), ("pok", None), ("We", Span(18, 20))])
def test_whole_words_are_found(words: str, found: Span | None) -> None:
    assert find_words(TEXT, words) == found


def test_what_is_shared_is_counted_in_code_points() -> None:
    assert shared([Span(0, 4)], [Span(2, 6)]) == pytest.approx(1 / 3)
    assert shared([], []) == 0.0
