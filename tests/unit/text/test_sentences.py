"""Where sentences end."""

from __future__ import annotations

import pytest

from app.domain.span import Span
from app.text.segment import find_sentences


def split(text: str) -> list[str]:
    return [s.of(text) for s in find_sentences(text, Span(0, len(text)))]


@pytest.mark.parametrize(
    "text",
    [
        "Mr. Lee met Gov. Ann Roe and Sen. Poe on St. John Street.",
        "Robert M. Gates and J. R. R. Roe spoke.",
        "The U.S. President and the U.N. Council met.",
        "He arrived at 5 p.m. Monday.",
        "It starts at 9 a.m. EST.",
        "It rose 3.5 percent on Jan. 5 to No. 1.",
        "They meet e.g. Mondays, vs. Roe.",
        "Smith Inc. Chairman Ann Lee spoke.",
        "Robert Roe Jr. Avenue is long.",
        "The U.S. $5 bill is green.",
        '"Why?" Gates asked.',
        '"Why not now?" Robert M. Gates of Kesterly asked.',
        '"Stop!" he said.',
        '"Well ..." Ann Lee said.',
        '"It is over." he said.',
        "Jeb! was better.",
        "He waited ... and left.",
        "He waited . . . and left.",
        "1. Storm hits the coast.",
        "Visit example.com now.",
        'Sgt. "Buck" Jones came.',
        "no stop here",
    ],
)
def test_one_sentence_stays_one(text: str) -> None:
    assert split(text) == [text]


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("He left.", "She stayed."),
        ('"It is over."', "He left."),
        ("“We won.", "We did!” he said."),
        ("He moved to the U.S.", "The move was hard."),
        ("It was in the U.S.", "“We won,” he said."),
        ("They met at 5 p.m.", "Police came."),
        ("He works at Smith Inc.", "The firm is old."),
        ("He said no.", "Gates agreed."),
        ("He was ill.", "Gates agreed."),
        ("It grew by 50.", "Gates agreed."),
        ("So did I.", "Gates agreed."),
        ("This is plan B.", "The other failed."),
        ("Who knows?", "Not me."),
        ('"Who knows?"', "Nobody in the town knew it."),
        ('"Who knows?"', "Said he knew."),
        ('"Who knows?"', "Ann Mary Jane Sue Beth Roe Poe said so."),
        ("He waited...", "Then he left."),
        ("(He left.)", "She stayed."),
        ("He left.\u201d", "\u201cShe stayed."),
        ("It ended.", "25 people left."),
        ("It ended [here].", "\u2014 Then it began."),
        ("वह गया।", "वह आया।"),
    ],
)
def test_two_sentences_part(first: str, second: str) -> None:
    assert split(f"{first} {second}") == [first, second]


def test_wide_stops_need_no_space() -> None:
    assert split("他走了。她来了！") == ["他走了。", "她来了！"]


def test_marks_after_the_last_stop_stand_alone() -> None:
    assert split("He left. \u2014") == ["He left.", "\u2014"]


def test_only_the_paragraph_is_read() -> None:
    text = "One. Two. Three."
    assert [s.of(text) for s in find_sentences(text, Span(5, 9))] == ["Two."]
