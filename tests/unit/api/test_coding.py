"""Which content coding a client gets."""

from __future__ import annotations

import pytest

from app.api.coding import ENCODERS, coded_tag, coding_for, decoded, plain_tag


@pytest.mark.parametrize(
    ("header", "coding"),
    [
        ("", None),
        ("identity", None),
        ("gzip", "gzip"),
        ("GZIP", "gzip"),
        ("deflate", None),
        ("gzip, deflate, br, zstd", "zstd"),
        ("gzip, deflate, br", "br"),
        ("gzip;q=1.0, br;q=0.5", "gzip"),
        ("br;q=0, gzip;q=0.1", "gzip"),
        ("*", "zstd"),
        ("*;q=0", None),
        ("zstd;q=0, *", "br"),
        ("gzip;q=0.5, identity", None),
        ("gzip;q=nonsense", "gzip"),
    ],
)
def test_the_coding_that_is_wanted_most_is_chosen(header: str, coding: str | None) -> None:
    assert coding_for(header) == coding


def test_a_coding_is_put_on_a_tag_and_taken_off() -> None:
    assert coded_tag('"a-b"', "br") == '"a-b-br"'
    assert plain_tag('"a-b-br"') == '"a-b"'
    assert plain_tag('"a-b"') == '"a-b"'
    assert coded_tag('"a"', None) == '"a"'


@pytest.mark.parametrize("coding", [None, *ENCODERS])
def test_a_body_comes_out_of_its_coding_as_it_went_in(coding: str | None) -> None:
    body = b"Who said what. " * 100
    sent = body if coding is None else ENCODERS[coding](body)

    assert decoded(sent, coding) == body
