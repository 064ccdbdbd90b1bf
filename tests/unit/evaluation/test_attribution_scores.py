from __future__ import annotations

from typing import Any

import pytest

from app.evaluation.attributions import quoted_stretches, score_attributions, score_document
from app.evaluation.scores import Counts

TEXT = 'Mayor Ruiz said on Monday that the old bridge will close. "We waited far too long," she told reporters.'


def at(words: str) -> list[int]:
    start = TEXT.index(words)
    return [start, start + len(words)]


def attribution(sources: list[str], cues: list[str], contents: list[str]) -> dict[str, Any]:
    spans = {"sources": sources, "cues": cues, "contents": contents}
    return {role: [at(words) for words in said] for role, said in spans.items()}


INDIRECT = attribution(["Mayor Ruiz"], ["said"], ["that the old bridge will close"])
DIRECT = attribution(["she"], ["told"], ['"We waited far too long,"'])


def score(gold: list[dict[str, Any]], predicted: list[dict[str, Any]] | None) -> dict[str, Counts]:
    record = None if predicted is None else {"id": "d", "attributions": predicted}
    return dict(score_document({"id": "d", "text": TEXT, "attributions": gold}, record).counts)


def test_the_same_is_found_whole() -> None:
    counts = score([INDIRECT, DIRECT], [INDIRECT, DIRECT])

    assert all(c.f1 == 1.0 for c in counts.values())
    assert counts["token.content"].gold == 6 + 5
    assert counts["direct.found"].gold == 1


def test_words_of_a_role_are_counted_over_all_spans_of_the_document() -> None:
    # Gold source words: Mayor Ruiz she. Predicted: Ruiz said on.
    counts = score([INDIRECT, DIRECT], [attribution(["Ruiz said on"], [], ["that the old bridge will close"])])

    assert counts["token.source"] == Counts(found=1, spurious=2, missed=2)
    assert counts["token.cue"] == Counts(found=0, spurious=0, missed=2)
    assert counts["token.cue"].precision is None
    assert counts["token.content"] == Counts(found=6, spurious=0, missed=5)


def test_spans_must_cover_the_same_words() -> None:
    shorter = attribution(["Ruiz"], ["said"], ["the old bridge will close"])
    counts = score([INDIRECT], [shorter, shorter])

    assert counts["span.source"] == Counts(found=0, spurious=2, missed=1)
    assert counts["span.cue"] == Counts(found=1, spurious=1, missed=0)
    assert counts["span.content"] == Counts(found=0, spurious=2, missed=1)


def test_half_of_the_content_finds_an_attribution_and_a_second_copy_is_spurious() -> None:
    half = attribution(["Mayor Ruiz"], ["said"], ["that the old"])
    counts = score([INDIRECT, DIRECT], [half, half])

    assert counts["attribution"] == Counts(found=1, spurious=1, missed=1)
    assert counts["attributed"] == Counts(found=1, spurious=1, missed=1)


def test_less_than_half_of_the_content_finds_nothing() -> None:
    counts = score([INDIRECT], [attribution(["Mayor Ruiz"], ["said"], ["that the"])])

    assert counts["attribution"] == Counts(found=0, spurious=1, missed=1)


@pytest.mark.parametrize(
    ("gold", "predicted", "right"),
    [
        (["Mayor Ruiz"], ["Ruiz"], 1),
        (["Mayor Ruiz"], ["she"], 0),
        (["Mayor Ruiz"], [], 0),
        ([], ["Mayor Ruiz"], 0),
        ([], [], 1),
    ],
)
def test_sources_agree_when_they_share_a_word_or_are_both_absent(
    gold: list[str], predicted: list[str], right: int
) -> None:
    content = ["that the old bridge will close"]
    counts = score([attribution(gold, ["said"], content)], [attribution(predicted, ["said"], content)])

    assert counts["attribution"].found == 1
    assert counts["attributed"] == Counts(found=right, spurious=1 - right, missed=1 - right)


def test_direct_figures_compare_only_what_stands_in_quotation_marks() -> None:
    # Five quoted words on the gold side; four of them predicted, with eight others that do not count.
    wide = attribution(["she"], ["told"], ["the old bridge will close", '"We waited far too'])
    counts = score([INDIRECT, DIRECT], [wide])

    assert counts["direct.found"] == Counts(found=1, spurious=0, missed=0)
    assert counts["direct.attributed"] == Counts(found=1, spurious=0, missed=0)
    assert counts["attribution"].found == 1


def test_two_quoted_words_are_no_direct_attribution() -> None:
    counts = score([attribution(["she"], ["told"], ["too long"])], [])

    assert counts["direct.found"] == Counts()
    assert counts["attribution"] == Counts(missed=1)


def test_an_attribution_whose_contents_hold_no_word_does_not_count() -> None:
    counts = score([attribution(["she"], ["told"], [])], [attribution(["she"], ["told"], ['"'])])

    assert set(counts.values()) == {Counts()}


def test_a_document_without_predictions_is_all_missed() -> None:
    counts = score([INDIRECT], None)

    assert counts["attributed"] == Counts(missed=1)


def test_outcomes_name_what_a_gold_attribution_was_paired_with() -> None:
    empty = attribution(["she"], [], [])
    record = {"id": "d", "text": TEXT, "attributions": [INDIRECT, DIRECT]}
    outcomes = score_document(record, {"attributions": [empty, DIRECT]}).outcomes

    assert [(o.predicted, o.attributed, len(o.quoted)) for o in outcomes] == [(None, False, 0), (1, True, 5)]


def test_a_corpus_adds_the_counts_of_its_documents() -> None:
    gold = [{"id": name, "text": TEXT, "attributions": [INDIRECT]} for name in "ab"]
    counts = score_attributions(gold, {"b": {"attributions": [INDIRECT, DIRECT]}})

    assert counts["attributed"] == Counts(found=1, spurious=1, missed=1)


@pytest.mark.parametrize(
    ("text", "quoted"),
    [
        ('He said "yes" and "no".', ["yes", "no"]),
        ("He said “yes” and “no”.", ["yes", "no"]),
        ("He said ``yes'' once.", ["yes"]),
        ("“An unclosed one\nends with its line", ["An unclosed one"]),
        ("A closing mark ” opens nothing.", []),
        ("“Nested “marks” close at the first", ["Nested “marks"]),
        ('Straight " opens, curly ” closes', [" opens, curly "]),
        ("", []),
    ],
)
def test_quotation_marks_of_every_kind_enclose(text: str, quoted: list[str]) -> None:
    assert [text[a:b] for a, b in quoted_stretches(text)] == quoted
