from __future__ import annotations

import pytest

from app.evaluation.entities import bare_span, score_document, score_entities
from app.evaluation.scores import Counts

TEXT = "The Harbor Board's Ana Ruiz met the mayors of Oslo and Lima in Oslo."


def mention(words: str, kind: str, occurrence: int = 0) -> tuple[int, int, str]:
    start = -1
    for _ in range(occurrence + 1):
        start = TEXT.index(words, start + 1)
    return start, start + len(words), kind


@pytest.mark.parametrize(
    ("words", "bare"),
    [
        ("The Harbor Board's", "Harbor Board"),
        ("the mayors", "mayors"),
        ("Ana Ruiz ", "Ana Ruiz"),
        ("Oslo", "Oslo"),
        ("The ", "The"),
    ],
)
def test_a_name_loses_its_article_its_possessive_and_white_space(words: str, bare: str) -> None:
    start = TEXT.index(words)
    a, b = bare_span(TEXT, start, start + len(words))

    assert TEXT[a:b] == bare


def test_a_possessive_alone_is_left_as_it_is() -> None:
    assert bare_span("'s", 0, 2) == (0, 2)


def test_a_plural_possessive_loses_its_apostrophe() -> None:
    assert bare_span("the Rockets’ coach", 0, 12) == (4, 11)


def test_white_space_before_a_name_is_no_part_of_it() -> None:
    assert bare_span("  Oslo", 0, 6) == (2, 6)


def test_span_and_type_must_both_be_right() -> None:
    gold = {
        "id": "d",
        "text": TEXT,
        "entities": [
            mention("The Harbor Board's", "organization"),
            mention("Ana Ruiz", "person"),
            mention("Oslo", "place"),
            mention("Lima", "place"),
            mention("Oslo", "place", occurrence=1),
        ],
    }
    predicted = {
        "entities": [
            mention("Harbor Board", "organization"),
            mention("Ruiz", "person"),
            mention("Oslo", "place"),
            mention("Lima", "organization"),
            mention("mayors", "group"),
        ]
    }
    counts = score_document(gold, predicted)

    assert counts["organization"] == Counts(found=1, spurious=1, missed=0)
    assert counts["person"] == Counts(found=0, spurious=1, missed=1)
    assert counts["place"] == Counts(found=1, spurious=0, missed=2)
    assert counts["person+organization"] == Counts(found=1, spurious=2, missed=1)


def test_a_document_without_predictions_is_all_missed() -> None:
    gold = [{"id": "d", "text": TEXT, "entities": [mention("Lima", "place")]}]
    counts = score_entities(gold, {})

    assert counts["place"] == Counts(missed=1)
    assert counts["person"].f1 is None
