"""Spans."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.span import Span, SpanIndex, hull


def spans() -> st.SearchStrategy[Span]:
    return st.builds(lambda start, size: Span(start, start + size), st.integers(0, 900), st.integers(1, 600))


@pytest.mark.parametrize(("start", "end"), [(-1, 2), (2, 2), (3, 2)])
def test_span_is_never_empty_nor_before_the_text(start: int, end: int) -> None:
    with pytest.raises(ValueError, match=r"not a span: \["):
        Span(start, end)


def test_span_counts_code_points() -> None:
    assert len(Span(2, 6)) == 4
    assert Span(0, 1).of("😀 smiles") == "😀"


def test_span_covers_what_lies_wholly_inside_it() -> None:
    assert Span(2, 6).covers(Span(2, 6))
    assert not Span(2, 6).covers(Span(1, 3))
    assert not Span(2, 6).covers(Span(5, 7))


def test_spans_that_only_touch_do_not_overlap() -> None:
    assert Span(0, 3).overlaps(Span(2, 5))
    assert not Span(0, 3).overlaps(Span(3, 5))
    assert not Span(3, 5).overlaps(Span(0, 3))


def test_hull_runs_from_the_first_start_to_the_last_end() -> None:
    assert hull(iter([Span(4, 6), Span(1, 9), Span(2, 3)])) == Span(1, 9)


def test_nothing_has_no_hull() -> None:
    with pytest.raises(ValueError, match="empty"):
        hull(())


@given(st.lists(spans(), max_size=8), spans())
def test_index_finds_the_spans_that_overlap_another(known: list[Span], asked: Span) -> None:
    index = SpanIndex(known[:4])
    for span in known[4:]:
        index.add(span)
    assert index.overlapping(asked) == [n for n, span in enumerate(known) if span.overlaps(asked)]
