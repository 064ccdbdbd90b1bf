"""Stances that exact patterns show."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.annotate.stance_rules import (
    agreements,
    attitude_held,
    attitude_noun,
    bare_target,
    cue_polarity,
    is_addressed,
    judgements,
    judges,
    side_before,
    side_in_clause,
    undone,
)
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


@pytest.mark.parametrize(
    ("text", "polarity", "change"),
    [
        ("The Kremlin had not dropped its strong opposition to the bases.", "opposes", "unchanged"),
        ("The Kremlin has dropped its opposition to the bases, he said.", "supports", "reversed"),
        ("The Kremlin withdrew its support for the bases.", "opposes", "reversed"),
        ("The Kremlin, a seat of power, reaffirmed its support for the bases", "supports", "unchanged"),
        ("The Kremlin also voiced its objections to the bases", "opposes", None),
    ],
)
def test_attitude_that_somebody_holds_voices_or_drops(text: str, polarity: str, change: str | None) -> None:
    rule = attitude_held(text, span_of(text, "Kremlin"), len(text))
    assert rule is not None
    assert (rule.polarity, rule.change, rule.target.of(text)) == (polarity, change, "the bases")


@pytest.mark.parametrize(
    "text", ["The Kremlin did not voice its support for the bases.", "The Kremlin softened its tone.", "The Kremlin"]
)
def test_attitude_not_voiced_is_none(text: str) -> None:
    assert attitude_held(text, span_of(text, "Kremlin"), len(text)) is None


@pytest.mark.parametrize(
    ("text", "polarity"),
    [("Moscow's complaints about the bases grew.", "opposes"), ("Moscow’s strong support for the bases", "supports")],
)
def test_attitude_by_its_noun(text: str, polarity: str) -> None:
    rule = attitude_noun(text, span_of(text, "Moscow"), len(text))
    assert rule is not None
    assert (rule.polarity, rule.target.of(text)[:9]) == (polarity, "the bases")


def test_holder_of_an_attitude_may_carry_the_mark_of_possession() -> None:
    text = "They eased Moscow’s objections to the bases."
    rule = attitude_noun(text, span_of(text, "Moscow’s"), len(text))
    assert rule is not None
    assert (rule.polarity, rule.target.of(text)) == ("opposes", "the bases")


def test_other_nouns_show_no_attitude() -> None:
    text = "Moscow's mayor spoke."
    assert attitude_noun(text, span_of(text, "Moscow"), len(text)) is None


@pytest.mark.parametrize(
    ("text", "polarity", "target"),
    [
        ("Ann Lee, who opposes the ban, left.", "opposes", "the ban"),
        ("Ann Lee, a Whig who has long supported the ban, left.", "supports", "the ban"),
        ("Ann Lee (W), who voted against the ban and left", "opposes", "the ban and left"),
        ("It was Ann Lee who once backed the ban.", "supports", "the ban"),
    ],
)
def test_a_clause_about_somebody_says_the_side(text: str, polarity: str, target: str) -> None:
    rule = side_in_clause(text, span_of(text, "Ann Lee"), len(text))
    assert rule is not None
    assert (rule.polarity, rule.target.of(text)) == (polarity, target)


@pytest.mark.parametrize("text", ["Ann Lee, who left, opposes the ban.", "Ann Lee opposes it.", "Ann Lee, who never"])
def test_other_clauses_say_no_side(text: str) -> None:
    assert side_in_clause(text, span_of(text, "Ann Lee"), len(text)) is None


@pytest.mark.parametrize(
    ("text", "addressed"),
    [
        ("Gates pressed the Kremlin to accept.", True),
        ("She called on the old Kremlin to stop.", True),
        ("The Kremlin accepts.", False),
        ("Told of it, he said the Kremlin accepts.", False),
    ],
)
def test_one_who_is_asked_is_addressed(text: str, addressed: bool) -> None:  # noqa: FBT001 (a case of the table)
    assert is_addressed(text, 0, span_of(text, "Kremlin")) == addressed


@pytest.mark.parametrize(
    ("target", "bare"), [("the plans of the ", "the plans"), ("the plan", "the plan"), (" the", " the")]
)
def test_target_loses_the_small_words_that_it_was_cut_off_at(target: str, bare: str) -> None:
    assert bare_target(Span(0, len(target)), target).of(target) == bare


def test_words_that_open_with_a_judgement_judge() -> None:
    assert judges("the bases are necessary")
    assert not judges("the bases are grey")


@pytest.mark.parametrize(
    ("before", "side"),
    [
        ("There is no need to ", "opposes"),
        ("He asked them not to ", "opposes"),
        ("Asked whether or not to ", None),
        ("They should never be ", "opposes"),
        ("They mustn’t ", "opposes"),
        ("It is wrong to ", "opposes"),
        ("She is opposed to ", "opposes"),
        ("The mayor refused to ", "opposes"),
        ("The city needs to ", "supports"),
        ("The city must also ", "supports"),
        ("No city should ", None),
        ("It is essential to “", "supports"),
        ("It is not necessary to ", None),
        ("She stressed the importance of ", "supports"),
        ("She called for ", "supports"),
        ("She spoke of ", None),
        ("She had objections to ", "opposes"),
        ("She had no objection to ", "supports"),
        ("She has not said whether she would ", "unclear"),
    ],
)
def test_words_right_before_a_target_say_the_side(before: str, side: str | None) -> None:
    text = f"Oslo must act. {before}close the bridge."
    assert side_before(span_of(text, "close the bridge"), text, 15) == side


def test_words_of_another_sentence_say_no_side() -> None:
    text = "It must. Close the bridge."
    assert side_before(span_of(text, "Close the bridge"), text, 9) is None


@pytest.mark.parametrize(
    ("before", "target", "rest"),
    [
        ("She urged them to ", "stop dumping waste", "dumping waste"),
        ("She said ", "drivers should refrain from texting", "texting"),
        ("She vowed ", "to “scrap” the levy", None),
        ("She urged them to ", "quit", None),
        ("The city must stop ", "the dumping", "the dumping"),
        ("They came to a stop. ", "The dumping", None),
        ("She backs ", "the end of the ban", None),
    ],
)
def test_who_wants_something_stopped_is_told_what(before: str, target: str, rest: str | None) -> None:
    text = f"{before}{target}."
    found = undone(span_of(text, target), text, 0)
    assert (None if found is None else found.of(text)) == rest
