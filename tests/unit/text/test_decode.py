"""Bytes into text, and which texts are kept."""

from __future__ import annotations

import codecs
import contextlib

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.errors import CharsetError, ControlCharacterError, EmptyTextError, InputError, TooLargeError
from app.text.decode import decode, verify_text


@pytest.mark.parametrize("charset", [None, "", ' "" ', "utf-8", "UTF8", '"utf-8"', "utf-8-sig"])
def test_utf8_is_read(charset: str | None) -> None:
    assert decode("Māhia — “yes”".encode(), charset) == "Māhia — “yes”"


@pytest.mark.parametrize(
    ("mark", "name"),
    [
        (codecs.BOM_UTF8, "utf-8"),
        (codecs.BOM_UTF16_LE, "utf-16-le"),
        (codecs.BOM_UTF16_BE, "utf-16-be"),
        (codecs.BOM_UTF32_LE, "utf-32-le"),
        (codecs.BOM_UTF32_BE, "utf-32-be"),
    ],
)
def test_byte_order_mark_names_the_charset_and_goes(mark: bytes, name: str) -> None:
    assert decode(mark + "Gdańsk".encode(name), None) == "Gdańsk"
    assert decode(mark + "Gdańsk".encode(name), name) == "Gdańsk"


def test_utf16_without_endianness_takes_its_mark() -> None:
    assert decode("Gdańsk".encode("utf-16"), "utf-16") == "Gdańsk"


def test_byte_order_mark_wins_over_a_legacy_charset() -> None:
    assert decode(codecs.BOM_UTF8 + "é".encode(), "iso-8859-1") == "é"


def test_byte_order_mark_must_agree_with_a_declared_unicode_charset() -> None:
    with pytest.raises(CharsetError, match=r"body: declared as utf-8, but .* utf-16-le"):
        decode(codecs.BOM_UTF16_LE + b"a\0", "utf-8", field="body")


def test_only_one_byte_order_mark_is_removed() -> None:
    assert decode(codecs.BOM_UTF8 * 2 + b"a", None) == "\ufeffa"


def test_latin_1_is_read() -> None:
    assert decode(b"caf\xe9", "latin-1") == "café"


def test_latin_1_with_quotes_of_windows_1252_is_read_as_browsers_read_it() -> None:
    assert decode(b"\x93yes\x94", "iso-8859-1") == "“yes”"


@pytest.mark.parametrize(
    ("data", "charset"),
    [(b"caf\xe9", None), (b"caf\xe9", "utf-8"), (b"caf\xe9", "ascii"), (b"\x81", "iso-8859-1"), (b"abc", "utf-16-le")],
)
def test_bytes_must_be_of_the_charset(data: bytes, charset: str | None) -> None:
    with pytest.raises(CharsetError) as caught:
        decode(data, charset, field="text")
    assert caught.value.field == "text"


def test_position_of_a_wrong_byte_counts_the_byte_order_mark() -> None:
    with pytest.raises(CharsetError, match="byte 5 "):
        decode(codecs.BOM_UTF8 + b"ab\xff", None)


@pytest.mark.parametrize(
    "charset",
    ["klingon", "rot13", "base64", "zip", "idna", "punycode", "utf-7", "unicode_escape", "undefined", "a\0b", "é" * 99],
)
def test_what_is_no_charset_is_refused(charset: str) -> None:
    with pytest.raises(CharsetError):
        decode(b"abc", charset)


def test_bytes_over_the_limit_are_refused() -> None:
    assert decode(b"a" * 10, None, limit=10) == "a" * 10
    with pytest.raises(TooLargeError, match="11 bytes; at most 10"):
        decode(b"a" * 11, None, limit=10)


@settings(deadline=None)
@given(st.binary(max_size=200), st.none() | st.sampled_from(["utf-8", "utf-16", "cp1252", "big5", "iso-2022-jp"]))
def test_any_bytes_are_read_or_refused(data: bytes, charset: str | None) -> None:
    with contextlib.suppress(InputError):
        assert isinstance(decode(data, charset), str)


@pytest.mark.parametrize(
    "text",
    [
        "“Yes,” she said.",
        "No\u00a0break",
        "a\r\nb\tc\fd\ve\x85f\u2028g\u2029h",
        "co\u00adlocate",
        "\ufeffmark",
        "👩\u200d👩\u200d👧",
        "e\u0301",
        "\u200fשלום\u200e",
        "\u202bنص\u202c",
        "a\U000e0041",
        "\ue000",
        "中文。",
    ],
)
def test_what_writers_use_is_returned_unchanged(text: str) -> None:
    assert verify_text(text) is text


@pytest.mark.parametrize(
    "text", ["", " ", "\r\n\t", "\u200b\ufeff\u2060", "\u3164\u2800", "\ufe0f\u200d", "\U000e0100"]
)
def test_text_without_anything_to_see_is_refused(text: str) -> None:
    with pytest.raises(EmptyTextError) as caught:
        verify_text(text, field="body")
    assert caught.value.field == "body"


@pytest.mark.parametrize(
    ("char", "kind"),
    [
        ("\0", "control character U+0000"),
        ("\x08", "control character U+0008"),
        ("\x1b", "control character U+001B"),
        ("\x7f", "control character U+007F"),
        ("\x84", "control character U+0084"),
        ("\x9f", "control character U+009F"),
        ("\ud800", "lone surrogate U+D800"),
        ("\udfff", "lone surrogate U+DFFF"),
        ("\ufdd0", "noncharacter U+FDD0"),
        ("\ufffe", "noncharacter U+FFFE"),
        ("\U0010ffff", "noncharacter U+10FFFF"),
    ],
)
def test_what_no_text_carries_is_refused_with_its_position(char: str, kind: str) -> None:
    with pytest.raises(ControlCharacterError) as caught:
        verify_text(f"ab{char}c")
    assert caught.value.reason == f"{kind} at position 2"


def test_limit_counts_utf8_bytes() -> None:
    assert verify_text("é" * 5, limit=10)
    with pytest.raises(TooLargeError, match="12 bytes"):
        verify_text("é" * 6, limit=10)
    with pytest.raises(TooLargeError, match="11 characters"):
        verify_text("e" * 11, limit=10)


@settings(deadline=None)
@given(st.text())
def test_any_text_is_kept_or_refused(text: str) -> None:
    with contextlib.suppress(InputError):
        assert verify_text(text) == text
