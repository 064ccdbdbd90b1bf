from __future__ import annotations

import pytest

from app.ingest.faults import FieldsError, NotJsonError
from app.ingest.strict_json import read_object, read_value, shown


def test_an_object_is_read_with_its_unicode() -> None:
    body = '\ufeff{"text": "Caf\u00e9 \\ud83d\\ude00", "authors": ["A", {"b": [1.5, null, true]}]}'.encode()

    assert read_object(body) == {"text": "Caf\u00e9 \U0001f600", "authors": ["A", {"b": [1.5, None, True]}]}


@pytest.mark.parametrize(
    ("body", "where"),
    [
        (b"", "column 1"),
        (b'{"a": 1,\n "b" 2}', "line 2, column 6"),
        (b'{"a": "\x01"}', "Invalid control character at column 8"),
        (b"\xff{}", "not UTF-8 at byte 0"),
        (b'{"a": NaN}', "NaN is not JSON"),
        (b"[" * 200_000, "nested deeper than 64"),
        (b"[" * 65 + b"]" * 65, "nested deeper than 64"),
        (b'{"a":' * 40 + b"[" * 30 + b"]" * 30 + b"}" * 40, "nested deeper than 64"),
        (b"1" * 5000, "a number is too long"),
    ],
)
def test_what_is_not_json_is_said_with_its_place(body: bytes, where: str) -> None:
    with pytest.raises(NotJsonError) as caught:
        read_value(body)

    assert where in str(caught.value)


def test_what_is_nested_as_deep_as_may_be_is_read() -> None:
    assert read_value(b"[" * 62 + b"[1, {}]" + b"]" * 62)


def test_a_name_that_is_given_twice_is_named_however_deep() -> None:
    with pytest.raises(FieldsError, match="b: is given twice"):
        read_object(b'{"a": {"b": 1, "c": 2, "b": 1}}')


def test_many_doubled_names_are_told_in_time_and_not_all() -> None:
    body = "{" + ",".join(f'"a{i % 50_000}": 1' for i in range(100_000)) + "}"

    with pytest.raises(FieldsError) as caught:
        read_object(body.encode())

    assert len(caught.value.faults) == 20


@pytest.mark.parametrize("body", [b"[]", b"1", b'"a"', b"null"])
def test_another_value_than_an_object_is_refused(body: bytes) -> None:
    with pytest.raises(FieldsError, match="must be a JSON object"):
        read_object(body)


@pytest.mark.parametrize(
    ("body", "field"),
    [
        (b'{"a": "\\ud800"}', "a"),
        (b'{"a": [{"b": "\\udc00"}]}', "a"),
        (b'{"a": {"\\ud800": 1}}', "a"),
        (b'{"\\ud800": 1}', "\\ud800"),
    ],
)
def test_half_of_a_surrogate_pair_is_refused(body: bytes, field: str) -> None:
    with pytest.raises(FieldsError) as caught:
        read_object(body)

    assert [fault.field for fault in caught.value.faults] == [field]


def test_a_long_name_is_shown_short() -> None:
    assert shown("a" * 100) == "a" * 80 + "..."
