"""Whether an office is held now."""

from __future__ import annotations

import pytest

from app.annotate.tenses import tense_of
from tests.unit.annotate.readings import span_of


@pytest.mark.parametrize(
    ("text", "tense"),
    [
        ("director", "current"),
        ("the acting director", "acting"),
        ("the acting Afghan foreign director", "acting"),
        ("the former director", "former"),
        ("the former U.S. Army director", "former"),
        ("the late Acme director", "former"),
        ("then-Acme director", "former"),
        ("extols the virtues of the director", "current"),
        ("the former PM met the director and the director", "current"),
        ("He was ill. The director", "current"),
        ("described by the mayor as odd, the director", "current"),
        ("the incoming director", "incoming"),
        ("will become the next Acme director", "incoming"),
        ("director until 2019", "former"),
        ("director (1990-1995)", "former"),
        ("director of Acme from 1990 to 1995", "former"),
    ],
)
def test_words_around_a_title_give_its_tense(text: str, tense: str) -> None:
    assert tense_of(text, span_of(text, "director")) == tense


@pytest.mark.parametrize(
    ("text", "tense"),
    [
        ("Lee, who was director", "former"),
        ("Lee, who served as its first director", "former"),
        ("Lee's tenure as director", "former"),
        ("Lee is the director", "current"),
    ],
)
def test_a_clause_has_a_tense(text: str, tense: str) -> None:
    assert tense_of(text, span_of(text, "director"), clause=True) == tense


@pytest.mark.parametrize(("title", "tense"), [("Acting director", "acting"), ("president-elect", "incoming")])
def test_title_may_say_its_own_tense(title: str, tense: str) -> None:
    assert tense_of(title, span_of(title, title)) == tense
