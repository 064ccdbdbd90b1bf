"""Quotation marks."""

from __future__ import annotations

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.annotate.quotation import find_quotations
from app.domain.span import Span


def quoted(text: str) -> list[str]:
    return [q.inner.of(text) for q in find_quotations(text, Span(0, len(text)))]


@pytest.mark.parametrize(
    "text",
    [
        'He said "we won" at noon.',
        "He said “we won” at noon.",
        'He said “we won" at noon.',
        'He said "we won” at noon.',
        "He said „we won“ at noon.",
        "He said „we won” at noon.",
        "He said «we won» at noon.",
        "He said »we won« at noon.",
        "He said ``we won'' at noon.",
        'He said ``we won" at noon.',
        "He said ''we won'' at noon.",
        "He said 'we won' at noon.",
        "He said ‘we won’ at noon.",
        "He said ‚we won’ at noon.",
        "He said ‘‘we won’’ at noon.",
        "He said “we won’’ at noon.",
        'He said "we won’’ at noon.',
        "He said “we won“ at noon.",
        "He said ”we won” at noon.",
    ],
)
def test_marks_of_every_kind_hold_a_quotation(text: str) -> None:
    (found,) = find_quotations(text, Span(0, len(text)))
    assert found.closed
    assert found.inner.of(text) == "we won"
    assert found.outer.of(text) == text.removeprefix("He said ").removesuffix(" at noon.")


@pytest.mark.parametrize(("text", "single"), [("'We won,' he said.", True), ('"We won," he said.', False)])
def test_british_marks_are_told_from_double_ones(text: str, *, single: bool) -> None:
    assert find_quotations(text, Span(0, len(text)))[0].single is single


def test_marks_inside_marks_belong_to_the_outer_quotation() -> None:
    assert quoted("“He said ‘no’ to me,” she said. “Then he left.”") == ["He said ‘no’ to me,", "Then he left."]


def test_curly_mark_turned_round_opens_or_closes_by_what_stands_beside_it() -> None:
    assert quoted("“It rained,“ Lee said. “It “poured” then.”") == ["It rained,", "It “poured"]
    assert quoted("It rained.” Lee left.") == []


def test_mark_left_open_runs_to_the_end_of_its_paragraph() -> None:
    text = "“It rained.\n\n“It poured."
    (found,) = find_quotations(text, Span(0, 11))
    assert not found.closed
    assert found.inner.of(text) == "It rained."


@pytest.mark.parametrize(
    "text",
    [
        "The dogs' owner isn't in.",
        "It was Ann’s.",
        'A mark at the end "',
        "A mark at the end '",
        "He closed it.” Then he left.",
        "It ended.''",
        "John' said so.'",
        "' spaced ' marks '",
        "'unanswered mark",
    ],
)
def test_apostrophes_and_stray_marks_are_no_quotations(text: str) -> None:
    assert quoted(text) == []


def test_plural_possessive_does_not_close_british_marks() -> None:
    assert quoted("'The dogs' owner is out,' he said.") == ["The dogs' owner is out,"]


def test_only_the_paragraph_is_read() -> None:
    text = 'He said "one" and "two" and "three".'
    assert [q.inner.of(text) for q in find_quotations(text, Span(15, 24))] == ["two"]


MARKS = [('"', '"'), ("“", "”"), ("„", "“"), ("«", "»"), ("``", "''"), ("''", "''"), ("'", "'"), ("‘", "’")]
WORDS = st.lists(
    st.sampled_from(["we", "won", "at", "noon", "I", "naïve", "well-known", "U.S."]), min_size=1, max_size=8
).map(" ".join)


@given(st.sampled_from(MARKS), WORDS, st.sampled_from(["", ",", ".", "?", "!", "…"]), WORDS)
def test_words_between_marks_of_every_kind_are_the_quotation(
    marks: tuple[str, str], inside: str, stop: str, outside: str
) -> None:
    opening, closing = marks
    text = f"{outside} said {opening}{inside}{stop}{closing} {outside}"
    (found,) = find_quotations(text, Span(0, len(text)))
    assert found.inner.of(text) == inside + stop
    assert found.outer.of(text) == f"{opening}{inside}{stop}{closing}"
    assert found.closed


@given(st.sampled_from(["“", '"', "„", "«", "``"]), st.lists(WORDS, min_size=2, max_size=4), st.booleans())
def test_marks_left_open_over_paragraphs_hold_each_paragraph(opening: str, parts: list[str], closed: bool) -> None:  # noqa: FBT001
    closing = {"“": "”", '"': '"', "„": "“", "«": "»", "``": "''"}[opening]
    paragraphs = [f"{opening}{part}" for part in parts]
    paragraphs[-1] += closing if closed else ""
    for number, text in enumerate(paragraphs):
        (found,) = find_quotations(text, Span(0, len(text)))
        assert found.outer.of(text) == text
        assert found.inner.of(text) == parts[number]
        assert found.closed == (closed and number == len(parts) - 1)


MARKED = st.text(st.sampled_from("ab S.,!\n\"“”„«»‘’‚'`()é😀")) | st.text()


@given(MARKED, st.integers(0, 5), st.integers(0, 5))
def test_quotations_lie_in_their_paragraph_in_order(text: str, before: int, after: int) -> None:
    paragraph = Span(min(before, len(text)), len(text) - after) if len(text) - after > before else None
    if paragraph is None:
        return
    found = find_quotations(text, paragraph)
    assert all(paragraph.covers(q.outer) and q.outer.covers(q.inner) for q in found)
    assert all(a.outer.end <= b.outer.start for a, b in itertools.pairwise(found))
    assert found == find_quotations(text, paragraph)
