"""Paragraphs."""

from __future__ import annotations

import pytest

from app.domain.document import Head
from app.domain.span import Span
from app.text.segment import find_paragraphs


def split(text: str, head: Head | None = None) -> list[str]:
    return [p.of(text) for p in find_paragraphs(text, head or Head())]


@pytest.mark.parametrize(
    "gap", ["\n\n", "\r\n\r\n", "\r\r", "\n \t\n", "\n\u00a0\n", "\n\ufeff\n", "\u2029", "\f", "\x85\x85"]
)
def test_blank_lines_part_paragraphs(gap: str) -> None:
    assert split(f"One here.{gap}two here") == ["One here.", "two here"]


def test_lines_are_paragraphs_where_there_are_no_blank_lines() -> None:
    assert split("The first paragraph.\nThe second paragraph.\r\nThe third") == [
        "The first paragraph.",
        "The second paragraph.",
        "The third",
    ]


def test_paragraphs_are_trimmed() -> None:
    assert split(" \ufeff  One. \u00a0\n\n\t Two. \n") == ["One.", "Two."]


def test_text_without_words_has_no_paragraphs() -> None:
    assert split("") == split(" \n\r\n\u200b") == []


WRAPPED = (
    "The storm that hit the northern coast of the country on\n"
    "Monday has left thousands of people without power, the\n"
    "officials said. Prime Minister Ann Lee spoke to reporters\n"
    "in Kesterly."
)


def test_hard_wrapped_block_is_one_paragraph() -> None:
    assert split(f"{WRAPPED}\n\n{WRAPPED}") == [WRAPPED, WRAPPED]


def test_full_line_carries_on_into_a_capital() -> None:
    text = WRAPPED.replace("country on\nMonday", "state then\nMonday")
    assert split(text) == [text]


def test_short_line_carries_on_into_lower_case_among_wrapped_lines() -> None:
    text = WRAPPED + "\n\nShe spoke\nto them."
    assert split(text) == [WRAPPED, "She spoke\nto them."]


def test_indentation_opens_a_paragraph_of_wrapped_lines() -> None:
    assert split(f"    {WRAPPED}\n    {WRAPPED}") == [WRAPPED, WRAPPED]


def test_short_last_line_ends_a_paragraph_of_wrapped_lines() -> None:
    assert split(f"{WRAPPED}\n{WRAPPED}") == [WRAPPED, WRAPPED]


def test_long_lines_stay_paragraphs_even_beside_a_broken_one() -> None:
    line = (
        "The storm that hit the northern coast of the country on Monday has left thousands without power for days, they"
    )
    assert split(f"{line}\nsaid on Friday.\n{line}.\nMore came.") == [
        f"{line}\nsaid on Friday.",
        f"{line}.",
        "More came.",
    ]


def test_short_lines_in_lower_case_are_no_wrapped_prose() -> None:
    assert split("bread\nmilk\neggs") == ["bread", "milk", "eggs"]


@pytest.mark.parametrize("text", ["Jean-\nPierre came", "inter\u00ad\nnational"])
def test_word_broken_at_a_line_end_holds_the_lines_together(text: str) -> None:
    assert split(text) == [text]


def test_parts_of_the_head_are_left_out_and_the_title_stands_alone() -> None:
    text = "World\nA Title\nBy Ann Lee\nPARIS — It began."
    head = Head(section=Span(0, 5), title=Span(6, 13), byline=Span(14, 24), dateline=Span(25, 32))
    assert split(text, head) == ["A Title", "It began."]


def test_title_inside_a_block_parts_it() -> None:
    text = "before A Title after"
    assert split(text, Head(title=Span(7, 14))) == ["before", "A Title", "after"]


def test_part_of_the_head_over_several_blocks_leaves_nothing() -> None:
    text = "By Ann Lee\nReuters\nIt began."
    assert split(text, Head(byline=Span(0, 18))) == ["It began."]
