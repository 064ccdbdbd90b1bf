"""The measures of what is known across stories, and the floors that they must not fall below."""

from __future__ import annotations

import pytest

from app.evaluation.bcubed import BCubed, in_both, score_bcubed
from app.evaluation.linking.copies import count_copies, read_pairs
from app.evaluation.linking.decisions import count_links, read_decisions
from app.evaluation.linking.issues import count_issues, read_issues
from app.evaluation.linking.report import knowledge_tables

A, B, C, D = (0, 1), (2, 3), (4, 5), (6, 7)


def test_links_across_stories_are_precise_and_found() -> None:
    links = count_links(read_decisions())
    for name in ("all", "held out"):
        counts, decisions, _ = links[name]
        assert decisions >= (300 if name == "all" else 150)
        assert (counts.precision or 0.0) >= 0.98
        assert (counts.recall or 0.0) >= 0.85


def test_two_people_of_one_name_are_among_the_decisions() -> None:
    namesakes = [c for c in read_decisions() if c.kind.startswith("namesake")]
    assert len(namesakes) >= 60
    assert not any(c.same for c in namesakes)


def test_a_last_name_alone_is_linked_when_much_else_agrees_and_never_to_another() -> None:
    links = count_links(read_decisions())
    told, _, _ = links["last name alone, told"]
    another, decisions, _ = links["last name alone, another"]
    assert (told.precision, told.recall) == (1.0, 1.0)
    assert (another.spurious, decisions) == (0, 26)


def test_labels_of_one_issue_meet() -> None:
    counts = count_issues(read_issues())
    (found, decisions), (held_out, _) = counts["all"], counts["held out"]
    assert decisions >= 400
    assert (found.precision or 0.0) >= 0.94
    assert (found.recall or 0.0) >= 0.8
    assert (held_out.precision or 0.0) >= 0.9


def test_most_pairs_of_labels_are_alike_but_not_the_same() -> None:
    cases = list(read_issues())
    assert sum(case.same for case in cases) >= 150
    assert sum(not case.same and case.kind != "nothing in common" for case in cases) >= 200


def test_quotes_are_found_again_in_altered_copies() -> None:
    counts, pairs = count_copies()["all"]
    assert pairs > 1000
    assert (counts.precision or 0.0) >= 0.99
    assert (counts.recall or 0.0) >= 0.95


def test_copies_are_the_same_each_time() -> None:
    assert list(read_pairs()) == list(read_pairs())


def test_the_tables_name_every_kind() -> None:
    links, copies, issues = knowledge_tables()
    assert {"all", "development", "held out", "spelling", "namesake, other work"} <= set(links.rows)
    assert {"all", "cut at an end", "a phrase in common"} <= set(copies.rows)
    assert {"all", "held out", "other words", "same kind, another place"} <= set(issues.rows)


def test_bcubed_by_hand() -> None:
    score = score_bcubed([[A, B, C], [D]], [[A, B], [C, D]])
    # Predicted: A and B are whole (1, 1), C and D are half of their chain each. Gold: A and B 2/3, C 1/3, D 1.
    assert score.precision == pytest.approx(3 / 4)
    assert score.recall == pytest.approx((2 / 3 + 2 / 3 + 1 / 3 + 1) / 4)
    assert score.f1 == pytest.approx(2 * 0.75 * (8 / 12) / (0.75 + 8 / 12))


def test_bcubed_of_mentions_that_one_side_lacks() -> None:
    score = score_bcubed([[A, B]], [[A, C]])
    assert (score.precision, score.recall) == (0.25, 0.25)
    assert score_bcubed(*in_both([[A, B]], [[A, C]])).f1 == 1.0


def test_bcubed_of_nothing_is_undefined() -> None:
    assert (BCubed().precision, BCubed().recall, BCubed().f1) == (None, None, None)
    assert score_bcubed([[A]], [[B]]).f1 == 0.0
