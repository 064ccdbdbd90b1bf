from __future__ import annotations

from typing import Any

import pytest

from app.evaluation.scores import Counts
from app.evaluation.stories import extent_of, score_stories, score_story

TEXT = (
    'Defense Secretary Robert Gates met Sergei Ivanov. "We cleared up a lot today," Gates said. '
    "He said the talks would go on. A senior aide warned that Moscow opposes the new radar base."
)


def at(words: str) -> list[int]:
    start = TEXT.rindex(words)
    return [start, start + len(words)]


def span(words: str) -> dict[str, Any]:
    start, end = at(words)
    return {"field": "body", "start": start, "end": end, "exact": words}


def gold_quote(kind: str, contents: str, source: str | None, speaker: str | None, status: str) -> dict[str, Any]:
    return {
        "type": kind,
        "contents": [at(contents)],
        "cue": None,
        "source": at(source) if source else None,
        "speaker": speaker,
        "status": status,
    }


def quote(kind: str, contents: str, mention: str | None, name: str | None, status: str) -> dict[str, Any]:
    speaker = {"status": status, "name": name, "mention": span(mention) if mention else None}
    return {"type": kind, "contents": [span(contents)], "cue": None, "speaker": speaker}


GOLD = {
    "id": "s",
    "text": TEXT,
    "people": [
        {
            "name": "Robert Gates",
            "names": ["Robert Gates", "Gates"],
            "offices": [{"title": "Defense Secretary", "organization": None, "tense": "current"}],
        },
        {"name": "Sergei Ivanov", "names": ["Sergei Ivanov"], "offices": []},
    ],
    "organizations": [{"name": "Kremlin", "names": ["Kremlin"]}],
    "quotes": [
        gold_quote("direct", '"We cleared up a lot today,"', "Gates", "Robert Gates", "resolved"),
        gold_quote("indirect", "the talks would go on", "He", "Robert Gates", "resolved"),
        gold_quote("indirect", "that Moscow opposes the new radar base", "A senior aide", "A senior aide", "anonymous"),
    ],
    "stances": [
        {
            "holder": "Moscow",
            "polarity": "opposes",
            "target": at("the new radar base"),
            "evidence": at("Moscow opposes the new radar base"),
            "issue": "radar base",
        }
    ],
}
PREDICTED = {
    "id": "s",
    "people": [{"name": "Gates"}, {"name": "Robert Gates"}, {"name": "Ivanov"}],
    "organizations": [],
    "quotes": [
        quote("direct", '"We cleared up a lot today,"', "Robert Gates", "Gates", "resolved"),
        quote("indirect", "the talks would go on", "Sergei Ivanov", "Sergei Ivanov", "resolved"),
        quote("indirect", "opposes the new radar base", "A senior aide", "a senior aide", "anonymous"),
        quote("mixed", "Defense Secretary", None, None, "unresolved"),
    ],
    "positions": [
        {"kind": "office", "person": {"name": "Gates"}, "title": "secretary"},
        {"kind": "office", "person": {"name": "Ivanov"}, "title": "Defense Secretary"},
        {
            "kind": "stance",
            "holder": {"name": "Moscow"},
            "polarity": "supports",
            "target": span("radar base"),
            "evidence": [span("A senior aide warned")],
        },
    ],
}


def score(predicted: dict[str, Any]) -> dict[str, Counts]:
    return dict(score_story(GOLD, predicted).counts)


def test_an_entity_is_found_once_and_a_second_copy_is_spurious() -> None:
    result = score_story(GOLD, PREDICTED)

    assert result.counts["people"] == Counts(found=1, spurious=2, missed=1)
    assert result.counts["organizations"] == Counts(found=0, spurious=0, missed=1)
    # The fuller name is the likelier one.
    assert result.people.spurious == ("Gates", "Ivanov")
    assert result.people.missed == ("Sergei Ivanov",)


def test_an_office_needs_its_person_and_half_of_its_title() -> None:
    assert score(PREDICTED)["offices"] == Counts(found=1, spurious=1, missed=0)


def test_a_quote_is_found_then_attributed_then_given_its_speaker() -> None:
    counts = score(PREDICTED)

    assert counts["quotes.found"] == Counts(found=3, spurious=1, missed=0)
    # "Robert Gates" stands before the quote and is another mention than the source.
    assert counts["quotes.attributed"] == Counts(found=1, spurious=3, missed=2)
    assert counts["quotes.speaker"] == Counts(found=2, spurious=2, missed=1)


def test_direct_speakers_count_predictions_that_are_direct_or_paired() -> None:
    # One gold; predicted are the one paired with it and the mixed one.
    assert score(PREDICTED)["direct.speaker"] == Counts(found=1, spurious=1, missed=0)


@pytest.mark.parametrize(
    ("status", "name", "right"),
    [("resolved", "Gates", 1), ("resolved", "Ivanov", 0), ("anonymous", "Gates", 0), ("resolved", None, 0)],
)
def test_a_known_speaker_must_be_resolved_to_the_same_one(status: str, name: str | None, right: int) -> None:
    guess = {"quotes": [quote("direct", '"We cleared up a lot today,"', "Gates", name, status)]}

    assert score(guess)["quotes.speaker"].found == right


@pytest.mark.parametrize(("status", "right"), [("resolved", 0), ("anonymous", 1), ("collective", 1), ("unresolved", 1)])
def test_an_unnamed_speaker_must_not_be_resolved(status: str, right: int) -> None:
    guess = {"quotes": [quote("indirect", "that Moscow opposes the new radar base", None, "Moscow", status)]}

    assert score(guess)["quotes.speaker"].found == right


def test_a_quote_without_speaker_is_unresolved() -> None:
    guess = {"quotes": [{"contents": [span("that Moscow opposes the new radar base")]}]}

    assert score(guess)["quotes.speaker"].found == 1


def test_a_stance_is_found_by_holder_and_ground_and_right_by_its_side() -> None:
    counts = score(PREDICTED)

    assert counts["stances.found"] == Counts(found=1, spurious=0, missed=0)
    assert counts["stances"] == Counts(found=0, spurious=1, missed=1)


@pytest.mark.parametrize(
    ("holder", "target", "evidence", "found"),
    [
        ("Moscow", "the new radar base", "Sergei Ivanov", 1),
        ("Moscow", "Sergei Ivanov", "opposes the new radar base", 1),
        ("Moscow", None, "Moscow opposes the new radar base", 1),
        ("Gates", "the new radar base", "Moscow opposes the new radar base", 0),
        ("Moscow", "Sergei Ivanov", "Sergei Ivanov", 0),
    ],
)
def test_a_stance_needs_its_holder_and_either_ground(
    holder: str, target: str | None, evidence: str, found: int
) -> None:
    position = {
        "kind": "stance",
        "holder": {"name": holder},
        "polarity": "opposes",
        "target": span(target) if target else None,
        "evidence": [span(evidence)],
    }
    counts = score({"positions": [position]})

    assert counts["stances.found"].found == found
    assert counts["stances"].found == found


def test_of_two_stances_on_one_thing_the_one_on_the_right_side_is_paired() -> None:
    def position(polarity: str) -> dict[str, Any]:
        return {
            "kind": "stance",
            "holder": {"name": "Moscow"},
            "polarity": polarity,
            "target": span("the new radar base"),
            "evidence": [span("Moscow opposes the new radar base")],
        }

    assert score({"positions": [position("mixed"), position("opposes")]})["stances"] == Counts(found=1, spurious=1)


def test_outcomes_name_the_pairs_and_what_is_left_over() -> None:
    result = score_story(GOLD, PREDICTED)

    assert [(o.predicted, o.attributed, o.speaker) for o in result.quotes] == [
        (0, False, True),
        (1, False, False),
        (2, True, True),
    ]
    assert result.spurious_quotes == (3,)


def test_a_story_without_predictions_is_all_missed() -> None:
    counts = score_stories([GOLD], {})

    assert counts["quotes.speaker"] == Counts(missed=3)
    assert counts["quotes.speaker"].precision is None
    assert counts["stances"] == Counts(missed=1)


def test_spans_come_in_two_shapes() -> None:
    assert extent_of([3, 5]) == extent_of({"start": 3, "end": 5}) == (3, 5)
