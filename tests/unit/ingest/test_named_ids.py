"""The ids of stories that cannot be read."""

from __future__ import annotations

import json

import pytest

from app.ingest.named_ids import LOOKED_AT, named_id


@pytest.mark.parametrize(
    ("story", "expected"),
    [
        (b'{"external_id": "a7", "text": "It br', "a7"),
        (b'\xef\xbb\xbf {"text": "caf\xe9", "external_id": "a7"}', "a7"),
        (b'{"text": "\\"external_id\\": \\"no\\"", "of": {"external_id": "no"}, "external_id": "a7"', "a7"),
        (b'{"uri": "urn:a7", "body_text": ', "urn:a7"),
        (b'{"uri": "urn:a7", "external_id": "a7", "text": ""}', "a7"),
        (b'{"external_id": "a7", "text": "x", "text": "y"}', "a7"),
        (b'{"external_id": "a7", "external_id": "b8"}', None),
        (b'{"text": "he said "no", "external_id": "a7"}', None),
        (b'{"external_id": "caf\xe9"}', None),
        (b'{"external_id": "a\\u0000"}', None),
        (b'{"external_id": 7, "text": ""}', None),
        (b'{"external_id": "a7', None),
        (b'{"external_id" "a7"}', None),
        (b'{"of": ' + b"[" * 5000 + b', "external_id": "a7"}', None),
        (b'["external_id", "a7"]', None),
        (b"<p>external_id", None),
        (b"", None),
    ],
)
def test_the_id_is_told_where_it_stands_in_front_of_what_is_wrong(story: bytes, expected: str | None) -> None:
    assert named_id(story) == expected


def test_it_is_looked_for_at_the_beginning_alone() -> None:
    for before, expected in ((100, "a7"), (LOOKED_AT, None)):
        assert named_id(json.dumps({"text": "x" * before, "external_id": "a7"}).encode()[:-1]) == expected


def test_an_id_without_an_end_is_cut() -> None:
    assert len(named_id(json.dumps({"external_id": "x" * 5000}).encode()) or "") == 1000
