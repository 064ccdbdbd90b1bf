from __future__ import annotations

from datetime import UTC, datetime, timedelta
from xml.etree import ElementTree as ET

import pytest

from app.ui.drawings import Bar, Event, Side, Term, draw_bars, draw_sides, draw_terms, draw_timeline

START = datetime(2026, 1, 1, tzinfo=UTC)


def event(days: int, *, up: bool = True) -> Event:
    return Event(START + timedelta(days=days), "said", f"day {days} & more", f"/read/articles/a#{days}", up)


def test_no_event_and_a_single_day_draw_nothing() -> None:
    assert draw_timeline([], "when") is None
    assert draw_timeline([event(0), event(0)], "when") is None


@pytest.mark.parametrize("days", [1, 20, 400, 9000])
def test_every_event_is_a_dot_that_leads_to_its_words(days: int) -> None:
    drawn = draw_timeline([event(0), event(days), event(days, up=False)], "when")

    assert drawn is not None
    tree = ET.fromstring(drawn)  # noqa: S314 (our own drawing)
    assert [a.get("href") for a in tree.iter("a")] == [
        "/read/articles/a#0",
        f"/read/articles/a#{days}",
        f"/read/articles/a#{days}",
    ]
    assert tree.get("aria-label") == "when"
    assert len(list(tree.iter("text"))) >= 1


def test_events_of_one_day_stand_on_top_of_each_other() -> None:
    drawn = draw_timeline([event(0), event(0), event(5)], "when")

    assert drawn is not None
    first, second, _ = ET.fromstring(drawn).iter("circle")  # noqa: S314 (our own drawing)
    assert first.get("cx") == second.get("cx")
    assert first.get("cy") != second.get("cy")


def test_no_actor_draws_nothing() -> None:
    assert draw_sides("the ban", []) is None


def test_those_for_it_stand_left_and_those_against_it_right() -> None:
    sides = [
        Side("Ana", "supports", 2, "/read/people/a"),
        Side("Tom", "opposes", 1, None),
        Side("Ida", "mixed", 1, None),
    ]
    drawn = draw_sides("a ban on all the boats of the harbour", sides, standalone=True)

    assert drawn is not None
    tree = ET.fromstring(drawn)  # noqa: S314 (our own drawing)
    names = {t.text: float(t.get("x") or 0) for t in tree.iter("{http://www.w3.org/2000/svg}text")}
    assert names["Ana ×2"] < names["Ida"] < names["Tom"]
    assert any(name is not None and name.endswith("…") for name in names)


def test_a_long_name_is_cut() -> None:
    drawn = draw_sides("ban", [Side("N" * 60, "opposes", 1, None)])

    assert drawn is not None
    assert "N" * 29 + "…" in drawn


def test_a_bar_is_as_long_as_its_share() -> None:
    drawn = draw_bars([Bar("all", 1.0), Bar("half & more", 0.5, (0.25, 0.75))], "measured")

    assert drawn is not None
    tree = ET.fromstring(drawn)  # noqa: S314 (our own drawing)
    whole, half = (float(r.get("width") or 0) for r in tree.iter("rect"))
    assert half * 2 == pytest.approx(whole)
    assert len(list(tree.iter("line"))) == 2
    assert draw_bars([], "measured") is None


def test_no_post_and_a_single_day_draw_nothing() -> None:
    assert draw_terms([], "posts") is None
    assert draw_terms([Term("mayor", None, None, "mayor", "#a")], "posts") is None
    assert draw_terms([Term("mayor", (START, START), None, "mayor", "#a")], "posts") is None


@pytest.mark.parametrize("days", [1, 90, 4000])
def test_a_post_is_a_bar_while_it_is_held_and_a_line_once_it_is_past(days: int) -> None:
    end = START + timedelta(days=days)
    terms = [
        Term("mayor & more", (START, end), end, "mayor until then", "#a"),
        Term("clerk", None, START, "past", "#b"),
    ]
    drawn = draw_terms(terms, "posts")

    assert drawn is not None
    tree = ET.fromstring(drawn)  # noqa: S314 (our own drawing)
    assert [a.get("href") for a in tree.iter("a")] == ["#a", "#b"]
    [bar] = tree.iter("rect")
    lines = [line for line in tree.iter("line") if line.get("class") == "past"]
    start, width = float(bar.get("x", "")), float(bar.get("width", ""))
    assert start + width <= 720
    assert [float(line.get("x1", "")) for line in lines] == [pytest.approx(start + width, abs=8), start]
    assert "mayor & more" in {text.text for text in tree.iter("text")}
