"""How sure a quote is."""

from __future__ import annotations

from dataclasses import replace

import pytest

from app.annotate.confidence import log_odds, quote_signs, weigh
from app.annotate.quotes import Passage, as_passage
from app.annotate.speakers import Speaker
from tests.unit.annotate.readings import LIKELY, make_scene

SCENE = make_scene("“It rained,” Ann Lee said.")
NOBODY = Speaker("unresolved", None, None, "none", 0.5)


def signs_of(passage: Passage) -> dict[str, float]:
    return quote_signs(passage, "direct", SCENE.text)


def test_signs_of_a_quote_that_the_reader_found() -> None:
    found = SCENE.attribution("“It rained,”", "said", "Ann Lee")
    signs = signs_of(as_passage(found, SCENE.speaker(0, "Ann Lee"), (), SCENE.document.text))
    assert signs["source link"] == signs["content link"] == signs["speaker"] == log_odds(LIKELY)
    assert signs["cue tags"] == signs["content tags"] == 0.0
    assert {n for n, value in signs.items() if value == 1.0} == {"bias", "direct", "speech cue"}


def test_signs_of_a_quote_that_only_its_marks_show() -> None:
    signs = signs_of(Passage((SCENE.span("“It rained,”"),), None, NOBODY, 0.5, "marks"))
    assert signs["source link"] == signs["content link"] == log_odds(0.5)
    assert signs["cue tags"] == signs["content tags"] == -1.0
    assert {n for n, value in signs.items() if value == 1.0} == {"bias", "direct", "no cue", "no source"}


def test_links_of_contents_without_a_cue_were_not_asked() -> None:
    found = SCENE.attribution("“It rained,”")
    assert signs_of(as_passage(found, NOBODY, (), SCENE.document.text))["source link"] == log_odds(0.5)


@pytest.mark.parametrize(
    ("method", "sign"), [("document", "document"), ("nominal", "description"), ("pronoun", "pronoun"), ("name", None)]
)
def test_signs_say_how_the_speaker_was_found(method: str, sign: str | None) -> None:
    found = as_passage(
        SCENE.attribution("“It rained,”", "said", "Ann Lee"), replace(NOBODY, method=method), (), SCENE.document.text
    )
    signs = signs_of(found)
    assert [n for n in ("document", "description", "pronoun") if signs[n]] == ([] if sign is None else [sign])


def test_weights_make_signs_a_probability() -> None:
    assert weigh({"a": 1.0, "b": 2.0}, {"a": 1.0, "b": -0.5, "c": 9.0}) == 0.5
    assert weigh({"a": 1.0, "unknown": 5.0}, {"a": 2.0}) == pytest.approx(0.8808, abs=1e-4)
    assert 0.0 < weigh({"a": -1e9}, {"a": 1.0}) < 1e-9
    assert weigh({"a": 1e9}, {"a": 1.0}) == pytest.approx(1.0)
