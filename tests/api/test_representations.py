from __future__ import annotations

import json
import logging

import pytest

from app.api.logs import JsonLines, start_logging
from app.api.middleware import body_limit
from app.api.representations import accepts, names
from app.ingest.request_ids import REQUEST_ID


@pytest.mark.parametrize(
    ("header", "accepted"),
    [
        ("", True),
        (" ", True),
        ("*/*", True),
        ("application/json", True),
        ("Application/*;q=0.2", True),
        ("text/html, application/json;q=0.5", True),
        ("text/html", False),
        ("application/json;q=0", False),
        ("application/json;q=0, */*", False),
        ("*/*;q=0", False),
        ("application/*;q=0, application/json", True),
        ("application/json;profile=x;q=0.0", False),
        ("application/json;q=much", True),
        ("application/jsonp", False),
        ("nonsense", False),
    ],
)
def test_the_most_specific_range_that_fits_decides(header: str, accepted: bool) -> None:  # noqa: FBT001 (a case)
    assert accepts(header, "application/json") == accepted


@pytest.mark.parametrize(
    ("header", "strongly", "weakly"),
    [
        (None, False, False),
        ("*", True, True),
        ('"a"', True, True),
        ('W/"a"', False, True),
        ('"b", "a"', True, True),
        ('"b,a", W/"c"', False, False),
        ("a", False, False),
    ],
)
def test_a_list_of_tags_names_a_tag(header: str | None, strongly: bool, weakly: bool) -> None:  # noqa: FBT001 (a case)
    assert names(header, '"a"') == strongly
    assert names(header, '"a"', weakly=True) == weakly


def test_json_gets_room_for_its_escapes() -> None:
    assert body_limit("Application/JSON; charset=utf-8", 1000) == 68_536
    assert body_limit("text/plain", 1000) == 1000
    assert body_limit("text/html; charset=x", 1000) == 1000


def test_a_log_line_is_json_with_the_request(capsys: pytest.CaptureFixture[str]) -> None:
    root = logging.getLogger()
    before = root.handlers[:], root.level
    token = REQUEST_ID.set("abc")
    try:
        start_logging("info")
        logging.getLogger("sayso").info("two\nlines", extra={"path": "/livez", "password": "x"})
        logging.getLogger("sayso").debug("quiet")
    finally:
        REQUEST_ID.reset(token)
        root.handlers, level = before
        root.setLevel(level)

    [line] = capsys.readouterr().err.splitlines()
    told = json.loads(line)
    assert told.keys() == {"time", "level", "logger", "message", "request_id", "path"}
    assert (told["message"], told["request_id"], told["path"]) == ("two\nlines", "abc", "/livez")


def test_a_log_line_of_an_error_has_its_trace() -> None:
    error = ValueError("wrong")
    record = logging.LogRecord("sayso", logging.ERROR, __file__, 1, "defect", None, (ValueError, error, None))

    assert json.loads(JsonLines().format(record))["error"] == "ValueError: wrong"
