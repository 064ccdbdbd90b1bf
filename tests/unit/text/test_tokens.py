"""Words, marks, and words that a column broke."""

from __future__ import annotations

import pytest

from app.domain.span import Span
from app.text.tokens import find_tokens, mended


def forms(text: str) -> list[str]:
    return [t.form for t in find_tokens(text, (Span(0, len(text)),))]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("He left.", ["He", "left", "."]),
        ("O’Brien's plan", ["O’Brien", "'s", "plan"]),
        ("TRUMP’S", ["TRUMP", "’S"]),
        ("don't", ["don't"]),
        ("the states' rights", ["the", "states", "'", "rights"]),
        ("the U.S.-led force", ["the", "U.S.-led", "force"]),
        ("the U.S.'s", ["the", "U.S.", "'s"]),
        ("in the U.S.", ["in", "the", "U.S."]),
        ("J.D.Vance", ["J.D.", "Vance"]),
        ("5 p.m. on", ["5", "p.m.", "on"]),
        ("$1,200.5, 3.", ["$", "1,200.5", ",", "3", "."]),
        ("example.com said.The", ["example.com", "said", ".", "The"]),
        ("e\u0301te\u0301", ["e\u0301te\u0301"]),
        ("می\u200cخواهم", ["می\u200cخواهم"]),
        ("a_b", ["a", "_", "b"]),
        ("wait...", ["wait", ".", ".", "."]),
        ("👩\u200d👩\u200d👧ok👍🏽🇫🇷", ["👩\u200d👩\u200d👧", "ok", "👍🏽", "🇫🇷"]),
        ("\u200fa\u200b b\u00ad", ["a", "b"]),
        ("\u0301a", ["\u0301", "a"]),
    ],
)
def test_words_and_marks(text: str, expected: list[str]) -> None:
    assert forms(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("co- locate", ["co-locate"]),
        ("19- year-old", ["19-year-old"]),
        ("inter-\nnational", ["international"]),
        ("inter-  \r\n  national", ["international"]),
        ("in-\nter-\nnational", ["international"]),
        ("Jean-\nPierre", ["Jean", "-", "Pierre"]),
        ("Anti-\nAmerican", ["Anti-American"]),
        ("Anti- American", ["Anti-American"]),
        ("inter\u00adnational", ["international"]),
        ("inter\u00ad\nnational", ["international"]),
        ("U.S.- led", ["U.S.-led"]),
        ("two- and three-year", ["two", "-", "and", "three-year"]),
        ("pre- or post-war", ["pre", "-", "or", "post-war"]),
        ("mid- to late", ["mid", "-", "to", "late"]),
        ("Obama- Trump", ["Obama", "-", "Trump"]),
        ("long -term", ["long", "-", "term"]),
        ("end-", ["end", "-"]),
    ],
)
def test_words_that_a_column_broke(text: str, expected: list[str]) -> None:
    assert forms(text) == expected


def test_span_of_a_broken_word_covers_the_break() -> None:
    text = "to co- locate radars"
    assert [t.span.of(text) for t in find_tokens(text, (Span(0, len(text)),))] == ["to", "co- locate", "radars"]


def test_words_do_not_cross_paragraphs() -> None:
    text = "inter-\n\nnational"
    assert [t.form for t in find_tokens(text, (Span(0, 6), Span(8, 16)))] == ["inter", "-", "national"]


@pytest.mark.parametrize(
    ("words", "whole"),
    [
        ("Anatoly Serdyu- kov", "Anatoly Serdyu-kov"),
        ("we co- locate radars", "we co-locate radars"),
        ("inter-\nnational bodies", "international bodies"),
        ("the min\u00adister", "the minister"),
        ("two- and three-year", "two- and three-year"),
        ("a well-known name", "a well-known name"),
        ("", ""),
    ],
)
def test_words_are_made_whole_for_matching(words: str, whole: str) -> None:
    assert mended(words) == whole
