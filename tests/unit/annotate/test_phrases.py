"""Source phrases: parts, heads, number."""

from __future__ import annotations

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.annotate.phrases import called, core_phrase, folded_words, is_head, is_plural, segments_of
from app.domain.span import Span
from tests.unit.annotate.readings import span_of


@pytest.mark.parametrize(
    ("phrase", "parts"),
    [
        ("Ann Lee, the mayor (a Kesterlian)", ["Ann Lee", "the mayor ", "a Kesterlian"]),
        ("Ann Lee — the mayor", ["Ann Lee ", "the mayor"]),
        ("the man who met Ann Lee, his boss", ["the man "]),
        ("who", ["who"]),
        (",", []),
    ],
)
def test_segments_of_a_phrase(phrase: str, parts: list[str]) -> None:
    assert [s.of(phrase) for s in segments_of(Span(0, len(phrase)), phrase)] == parts


@given(st.text(min_size=1) | st.text(st.sampled_from("ab,;() who which"), min_size=1))
def test_segments_lie_in_their_phrase_in_order(phrase: str) -> None:
    whole = Span(0, len(phrase))
    found = segments_of(whole, phrase)
    assert all(whole.covers(s) for s in found)
    assert all(a.end <= b.start for a, b in itertools.pairwise(found))


@pytest.mark.parametrize(
    "segment",
    [
        "Ann Lee",
        "the mayor Ann Lee",
        "Ann Lee of Acme",
        "Ann Lee herself",
        "Ann Lee's",
        "Ann Lee 44",
        "Minister for Women Ann Lee",
        "Spokesman of Acme Ann Lee",
        "Union minister for heavy industries Ann Lee",
    ],
)
def test_person_at_the_end_of_a_segment_heads_it(segment: str) -> None:
    assert is_head(Span(0, len(segment)), span_of(segment, "Ann Lee"), "person", segment)


@pytest.mark.parametrize(
    "segment",
    [
        "Ann Lee's lawyer",
        "Ann Lee campaign",
        "a lawyer for Ann Lee",
        "a friend of Ann Lee",
        "the family of Ann Lee",
        "Lawyers for Ann Lee",
        "A lawyer for Ann Lee",
        "Lawyer for Ann Lee",
    ],
)
def test_person_that_another_word_heads_does_not(segment: str) -> None:
    assert not is_head(Span(0, len(segment)), span_of(segment, "Ann Lee"), "person", segment)


def test_body_after_of_is_no_head() -> None:
    segment = "the head of Acme"
    assert not is_head(Span(0, 16), span_of(segment, "Acme"), "organization", segment)


@pytest.mark.parametrize(
    ("phrase", "core"),
    [
        ("a senior official of the ministry", ("a", "senior", "official")),
        ("The minister's aide, who left", ("the", "minister's", "aide")),
        ("two 1990s-era jets", ("two", "s-era", "jets")),
        ("", ()),
    ],
)
def test_core_of_a_phrase(phrase: str, core: tuple[str, ...]) -> None:
    assert core_phrase(phrase) == core


def test_words_of_a_phrase_are_folded_and_numbers_left_out() -> None:
    assert folded_words("The 3 Élus, O’Neil-Roe!") == ("the", "élus", "o’neil-roe")


@pytest.mark.parametrize("noun", ["officials", "police", "people", "they", "women"])
def test_nouns_that_stand_for_several(noun: str) -> None:
    assert is_plural(noun)


@pytest.mark.parametrize("noun", ["official", "boss", "witness", "class", "she", ""])
def test_nouns_that_stand_for_one(noun: str) -> None:
    assert not is_plural(noun)


@pytest.mark.parametrize(
    ("phrase", "name"),
    [
        ("six papers in Ohio, including the Post,", "six papers in Ohio"),
        ("both the union and the league", "the union and the league"),
        ("many fans who came to protest", "many fans"),
        ("an aide (unnamed)", "an aide"),
        ("that", "that"),
    ],
)
def test_the_unnamed_are_called_by_what_comes_before_what_is_told_of_them(phrase: str, name: str) -> None:
    assert called(phrase) == name
