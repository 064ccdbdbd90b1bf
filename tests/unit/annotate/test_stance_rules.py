"""Stances that exact patterns show."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.annotate.stance_rules import agreements, cue_polarity, judgements
from app.domain.span import Span
from tests.unit.annotate.readings import span_of, story


@pytest.mark.parametrize(
    ("said", "polarity", "target"),
    [
        ("The bases are necessary.", "supports", "The bases"),
        ("“The bases are not necessary.”", "opposes", "The bases"),
        ("We believe that the wall was a very dangerous mistake.", "opposes", "the wall"),
        ("The ban would be unfair", "opposes", "The ban"),
        ("The ban is never wrong", "supports", "The ban"),
    ],
)
def test_judgement_that_opens_a_sentence_is_a_stance(said: str, polarity: str, target: str) -> None:
    (found,) = judgements(story(said), [Span(0, len(said))])
    assert (found.polarity, found.target.of(said)) == (polarity, target)


@pytest.mark.parametrize("said", ["It is wrong.", "They are right.", "The bases are big.", "Rain fell."])
def test_other_sentences_judge_nothing_named(said: str) -> None:
    assert judgements(story(said), [Span(0, len(said))]) == ()


def test_judgement_lies_in_the_contents() -> None:
    text = "The bases are necessary. The ban is wrong."
    assert [r.target.of(text) for r in judgements(story(text), [span_of(text, "The ban is wrong")])] == ["The ban"]


@pytest.mark.parametrize(
    ("text", "holder", "target"),
    [
        ("The two sides agreed to stop the war.", "The two sides", "to stop the war"),
        ("Both countries have agreed on a truce, Lee said.", "Both countries", "on a truce"),
    ],
)
def test_agreement_is_held_by_those_who_agree(text: str, holder: str, target: str) -> None:
    (found,) = agreements(story(text))
    assert (found.holder.of(text), found.target.of(text)) == (holder, target)


def test_others_who_agree_are_no_two_sides() -> None:
    assert agreements(story("Ann Lee agreed to stop.")) == ()


@pytest.mark.parametrize(
    ("cue", "polarity"),
    [
        ("backed", "supports"),
        ("did not back", "opposes"),
        ("refused to endorse", "opposes"),
        ("called for", "supports"),
        ("rejected", "opposes"),
        ("never opposed", "supports"),
        ("refused", "opposes"),
        ("said", None),
    ],
)
def test_a_cue_may_take_a_side_of_its_own(cue: str, polarity: str | None) -> None:
    assert cue_polarity(cue) == polarity


@given(
    st.text()
    | st.lists(st.sampled_from(["The ban", " is ", "wrong", ". ", "“", "both sides agreed to ", "é"])).map("".join)
)
def test_rules_verify_over_any_text(text: str) -> None:
    document = story(text)
    contents = [Span(0, len(text))] if text else []
    assert all(r.target.end <= len(text) for r in judgements(document, contents))
    assert all(r.target.end <= len(text) and r.holder.end <= r.target.start for r in agreements(document))
