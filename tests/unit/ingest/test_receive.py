from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.errors import CharsetError, InputError, TooLargeError
from app.ingest.faults import FieldsError
from app.ingest.fields import check_language, check_url, read_fields, read_moment
from app.ingest.receive import receive, receive_text

SENTENCE = "The council decided on Tuesday that the ferry stays where it is for another year."
PAGE = (
    "<html{lang}><head>{head}<title>Ferry</title></head><body><article><h1>Ferry</h1>"
    f"<p>{SENTENCE}</p><p>It pays its way, caf\u00e9 owners said after the vote in the town hall.</p>"
    "</article></body></html>"
)


@given(st.text())
def test_any_text_is_kept_as_it_came_or_refused(text: str) -> None:
    try:
        received = receive_text(text)
    except InputError:
        return
    assert received.article.text == received.document.text == text


@given(st.binary(), st.sampled_from(["text/plain", "application/json", "text/plain; charset=utf-16", "text/html"]))
def test_any_bytes_are_a_story_or_refused(body: bytes, content_type: str) -> None:
    try:
        received = receive(body, content_type)
    except InputError:
        return
    assert received.article.text


@pytest.mark.parametrize(
    ("head", "charset", "content_type"),
    [
        ("", "utf-8", "text/html"),
        ("", "latin-1", "text/html; charset=iso-8859-1"),
        ('<meta charset="windows-1252">', "cp1252", "text/html"),
        ('<meta http-equiv="Content-Type" content="text/html; charset=iso-8859-2">', "iso-8859-2", "text/html"),
        ('<meta charset="utf-16">', "utf-8", "text/html"),
        ('<meta charset="klingon">', "utf-8", "text/html"),
        ('<meta charset="ascii">', "utf-8", "text/html"),
    ],
)
def test_a_page_is_read_in_the_charset_that_it_declares(head: str, charset: str, content_type: str) -> None:
    body = PAGE.replace("{head}", head).replace("{lang}", "").encode(charset)

    assert "caf\u00e9" in receive(body, content_type).article.text


def test_a_page_that_is_in_no_charset_is_refused() -> None:
    with pytest.raises(CharsetError):
        receive(b"<p>caf\xe9</p>", "text/html")


def test_what_a_page_says_of_itself_is_left_out_where_it_makes_no_sense() -> None:
    head = (
        '<link rel="canonical" href="https://x.example:99999/"><meta property="og:url" content="/relative">'
        '<meta property="article:published_time" content="0042-01-01">'
    )
    article = receive(
        PAGE.replace("{head}", head).replace("{lang}", ' lang="xx-nowhere-at-all"').encode(), "text/html"
    ).article

    assert (article.url, article.published_at, article.language) == (None, None, None)
    assert (article.title, article.media_type) == ("Ferry", "text/html")


def test_a_page_above_the_limit_is_too_large() -> None:
    fields = read_fields({"html": PAGE})

    with pytest.raises(TooLargeError, match="html"):
        receive(PAGE.encode(), "text/html", limit=100)
    with pytest.raises(TooLargeError, match="html"):
        receive(f'{{"html": "{"a" * 200}"}}'.encode(), "application/json", limit=100)
    assert fields.html == PAGE


@pytest.mark.parametrize(
    ("written", "moment"),
    [
        ("2024-02-29", datetime(2024, 2, 29, tzinfo=UTC)),
        ("2024-03-05T09:30:00Z", datetime(2024, 3, 5, 9, 30, tzinfo=UTC)),
        ("2024-03-05t09:30:00z", datetime(2024, 3, 5, 9, 30, tzinfo=UTC)),
        ("2024-03-05 09:30:00.123456789-05:00", datetime(2024, 3, 5, 14, 30, 0, 123456, UTC)),
        ("1605-01-01T00:00:00+00:00", datetime(1605, 1, 1, tzinfo=UTC)),
    ],
)
def test_a_moment_is_read_into_utc(written: str, moment: datetime) -> None:
    assert read_moment(written) == moment


@pytest.mark.parametrize(
    "url",
    [
        "http://x.example",
        "https://[::1]:8080/a?b=c#d",
        "HTTPS://caf\u00e9.example/\u00e9",
        "https://x.example/@me?to=a@b",
    ],
)
def test_an_address_is_kept_as_it_is_written(url: str) -> None:
    assert check_url(url) == url


@pytest.mark.parametrize("url", ["https://me:secret@x.example/", "https://me@x.example/a", "http://:@x.example"])
def test_an_address_with_a_name_or_password_is_refused_for_it_is_shown(url: str) -> None:
    with pytest.raises(ValueError, match="no name or password"):
        check_url(url)


@pytest.mark.parametrize("tag", ["en", "pt-BR", "zh-Hant-TW", "es-419", "sl-rozaj", "de-1996"])
def test_a_language_tag_is_kept_as_it_is_written(tag: str) -> None:
    assert check_language(tag) == tag


def test_every_wrong_field_is_named_in_one_line() -> None:
    with pytest.raises(FieldsError) as caught:
        read_fields({"text": "A", "url": "x", "published_at": "2024-02-30"})

    assert str(caught.value) == (
        "url: must be an absolute http or https address; "
        "published_at: no such date or time: day is out of range for month"
    )
