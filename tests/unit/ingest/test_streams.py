"""Streams cut into stories, whatever the pieces they come in."""

from __future__ import annotations

import gzip
import json
from collections.abc import Callable, Iterable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.ingest.faults import NotJsonError
from app.ingest.streams import ArraySplitter, LineSplitter, Splitter, unpacked
from app.store.ingestions import NewItem

Split = Callable[[int], Splitter]


def split(splitter: Splitter, chunks: Iterable[bytes]) -> list[NewItem]:
    """Return everything that a splitter cuts out of a stream."""
    found = [item for chunk in chunks for item in splitter.feed(chunk)]
    return found + list(splitter.close())


def pieces(body: bytes, size: int) -> list[bytes]:
    """Return ``body`` in pieces of one size."""
    return [body[i : i + size] for i in range(0, len(body), size)]


def test_lines_keep_their_numbers_over_blank_ones() -> None:
    assert split(LineSplitter(100), [b'{"a"', b": 1}\n\n  \r\n", b"x\r\nlast"]) == [
        NewItem(1, b'{"a": 1}'),
        NewItem(4, b"x\r"),
        NewItem(5, b"last"),
    ]


def test_a_line_that_is_too_long_is_passed_over_and_no_other() -> None:
    for size in (1, 3, 100):
        assert split(LineSplitter(5), pieces(b"12345\n123456\n1\n1234567", size)) == [
            NewItem(1, b"12345"),
            NewItem(2, None, reason="longer than 5 bytes"),
            NewItem(3, b"1"),
            NewItem(4, None, reason="longer than 5 bytes"),
        ]


def test_an_empty_stream_of_lines_has_no_story() -> None:
    assert split(LineSplitter(5), []) == []
    assert split(LineSplitter(5), [b"\xef\xbb\xbf\n\n"]) == []


@given(st.lists(st.recursive(st.text() | st.integers() | st.none(), st.lists), max_size=5), st.integers(1, 7))
def test_an_array_comes_apart_into_its_elements(values: list[object], size: int) -> None:
    body = json.dumps([{"text": v, '"]}': "\\"} for v in values], indent=1).encode()

    found = split(ArraySplitter(10_000), pieces(body, size))

    assert [json.loads(item.payload or b"") for item in found] == json.loads(body)
    assert [item.line for item in found] == list(range(1, len(values) + 1))


def test_an_element_that_is_too_long_is_passed_over_and_no_other() -> None:
    for size in (1, 4, 100):
        assert split(ArraySplitter(8), pieces(b'[ "1234", "1234567890" , 3]', size)) == [
            NewItem(1, b'"1234"'),
            NewItem(2, None, reason="longer than 8 bytes"),
            NewItem(3, b"3"),
        ]


def test_what_is_too_long_leaves_the_id_that_it_names_first() -> None:
    story = b'{"external_id": "a7", "text": "%s"}' % (b"x" * 200)
    left = NewItem(1, None, reason="longer than 100 bytes", external_id="a7")
    for size in (1, 30, 1000):
        assert split(LineSplitter(100), pieces(story + b"\n{}", size)) == [left, NewItem(2, b"{}")]
        assert split(ArraySplitter(100), pieces(b"[ " + story + b", {}]", size)) == [left, NewItem(2, b"{}")]


def test_an_element_that_is_missing_is_an_item_that_fails_later() -> None:
    assert [item.payload for item in split(ArraySplitter(9), [b"\xef\xbb\xbf [1,,2}3,] \n"])] == [
        b"1",
        b"",
        b"2",
        b"3",
        b"",
    ]
    assert split(ArraySplitter(9), [b"  [", b" ", b"]"]) == []


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        (b"", "the body is empty"),
        (b"  ", "the body is empty"),
        (b'[{"text": "a"}', "does not end"),
        (b'{"text": "a"}', "not a JSON array"),
        (b"[1] 2", "follows the end"),
    ],
)
def test_what_is_no_array_is_refused(body: bytes, reason: str) -> None:
    for size in (1, 100):
        with pytest.raises(NotJsonError, match=reason):
            split(ArraySplitter(100), pieces(body, size))


def test_gzip_is_unpacked_in_pieces_and_over_several_members() -> None:
    body = gzip.compress(b"a" * 3_000_000) + gzip.compress(b"b")

    found = list(unpacked(pieces(body, 1000)))

    assert b"".join(found) == b"a" * 3_000_000 + b"b"
    assert max(map(len, found)) <= 1 << 20


@pytest.mark.parametrize("body", [b"plain", gzip.compress(b"whole", mtime=0)[:-3]])
def test_what_is_not_gzip_or_breaks_off_is_refused(body: bytes) -> None:
    with pytest.raises(NotJsonError, match="gzip"):
        list(unpacked([body]))


def test_nothing_at_all_unpacks_to_nothing() -> None:
    assert list(unpacked([])) == []
