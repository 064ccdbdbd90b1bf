"""Code point offsets as UTF-16 offsets."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.text.utf16 import Utf16Index


@pytest.mark.parametrize(("position", "expected"), [(0, 0), (1, 1), (2, 3), (3, 4), (4, 6)])
def test_characters_beyond_the_basic_plane_count_twice(position: int, expected: int) -> None:
    assert Utf16Index("a😀b😀").offset(position) == expected


def test_index_may_be_called_or_indexed() -> None:
    index = Utf16Index("😀a")
    assert (index(1), index[2], len(index)) == (2, 3, 3)


@pytest.mark.parametrize("position", [-1, 3])
def test_offset_outside_the_text_is_refused(position: int) -> None:
    with pytest.raises(IndexError):
        Utf16Index("ab").offset(position)


@settings(deadline=None)
@given(st.text(st.characters(exclude_categories=["Cs"])))
def test_offsets_are_those_of_the_encoded_text(text: str) -> None:
    index = Utf16Index(text)
    assert [index.offset(i) for i in range(len(text) + 1)] == [
        len(text[:i].encode("utf-16-le")) // 2 for i in range(len(text) + 1)
    ]
