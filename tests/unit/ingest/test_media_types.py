from __future__ import annotations

import pytest

from app.ingest.faults import MediaTypeError
from app.ingest.media_types import MediaType, read_media_type


@pytest.mark.parametrize(
    ("header", "expected"),
    [
        ("text/plain", MediaType("text/plain")),
        ("Text/HTML ; Charset=UTF-8", MediaType("text/html", "UTF-8")),
        ('text/plain; format=flowed; charset="utf-8"; x=1', MediaType("text/plain", "utf-8")),
        ("text/plain; charset='latin-1'", MediaType("text/plain", "latin-1")),
        ('text/plain; charset=""', MediaType("text/plain")),
        ("application/json;charset=utf-8", MediaType("application/json", "utf-8")),
    ],
)
def test_a_media_type_is_read_with_its_charset(header: str, expected: MediaType) -> None:
    assert read_media_type(header) == expected


@pytest.mark.parametrize("header", [None, "", "text", "text/", "application/xml", "text/plain, text/html", "*/*"])
def test_another_media_type_is_refused(header: str | None) -> None:
    with pytest.raises(MediaTypeError):
        read_media_type(header)
