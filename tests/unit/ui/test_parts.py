from __future__ import annotations

from datetime import UTC, datetime

import pytest

from app.ui.parts import write_count, write_day, write_minute, write_percent


def test_a_day_is_written_as_a_newspaper_does() -> None:
    assert write_day(datetime(2026, 3, 4, tzinfo=UTC)) == "4 March 2026"
    assert write_day("2026-12-24T10:00:00Z") == "24 December 2026"
    assert write_day(None) == ""


def test_a_moment_is_written_to_the_minute() -> None:
    assert write_minute(datetime(2026, 3, 4, 9, 5, tzinfo=UTC)) == "4 March 2026, 09:05"
    assert write_minute(None) == ""


def test_a_share_is_a_percentage_and_an_unknown_one_is_nothing() -> None:
    assert write_percent(0.957) == "96 %"
    assert write_percent(None) == ""


@pytest.mark.parametrize(("number", "text"), [(1, "1 story"), (0, "0 stories"), (1200, "1,200 stories")])
def test_a_number_has_its_word(number: int, text: str) -> None:
    assert write_count(number, "story", "stories") == text
