"""Analyses that do not hold together are found out."""

from __future__ import annotations

from dataclasses import replace

import pytest

from app.domain.analysis import Analysis, Pipeline, check
from app.domain.annotation import Actor, Entity, Mention, Office, Quote, Stance
from app.domain.document import Document
from app.domain.span import Span
from app.errors import BrokenAnalysisError

TEXT = "Ann Lee of Acme backs it."
DOCUMENT = Document(TEXT)
LEE = Actor("resolved", "Ann Lee", "person", "per_1", mention=Span(0, 7))
ACME = Actor("resolved", "Acme", "organization", "org_1", mention=Span(11, 15))
WHOLE = Analysis(
    Pipeline("1", "none"),
    entities=(
        Entity("per_1", "person", "Ann Lee", (Mention(Span(0, 7)),)),
        Entity("org_1", "organization", "Acme", (Mention(Span(11, 15)),)),
    ),
    quotes=(Quote("quo_1", "indirect", (Span(16, 24),), Span(16, 21), LEE),),
    offices=(Office("off_1", LEE, "of Acme", "member", ACME, "current", (Span(0, 15),)),),
    stances=(Stance("sta_1", LEE, "supports", "it", Span(22, 24), (Span(0, 25),), "quo_1", ACME),),
)


def test_whole_analysis_is_returned_as_it_is() -> None:
    assert check(WHOLE, DOCUMENT) is WHOLE


def test_empty_analysis_is_whole() -> None:
    empty = Analysis(Pipeline("1", "none"))
    assert check(empty, Document("")) is empty


def test_parts_that_may_be_missing_are_passed_over() -> None:
    bare = replace(
        WHOLE,
        quotes=(replace(WHOLE.quotes[0], cue=None),),
        offices=(replace(WHOLE.offices[0], organization=None),),
        stances=(replace(WHOLE.stances[0], reporter=None),),
    )
    assert [a.name for a in check(bare, DOCUMENT).actors()] == ["Ann Lee"] * 3


@pytest.mark.parametrize("length", [24, 20, 15])
def test_every_span_lies_in_the_text(length: int) -> None:
    with pytest.raises(BrokenAnalysisError, match="a span ends after the text"):
        check(WHOLE, Document(TEXT[:length]))


def test_mention_of_an_actor_lies_in_the_text() -> None:
    speaker = Actor("anonymous", "he", mention=Span(0, 99))
    broken = Analysis(WHOLE.pipeline, quotes=(replace(WHOLE.quotes[0], speaker=speaker),))
    with pytest.raises(BrokenAnalysisError, match="a span ends after the text"):
        check(broken, DOCUMENT)


@pytest.mark.parametrize("gone", [0, 1])
def test_every_actor_names_an_entity_of_the_analysis(gone: int) -> None:
    entities = tuple(e for n, e in enumerate(WHOLE.entities) if n != gone)
    with pytest.raises(BrokenAnalysisError, match="an actor names an entity"):
        check(replace(WHOLE, entities=entities), DOCUMENT)


def test_every_stance_names_a_quote_of_the_analysis() -> None:
    with pytest.raises(BrokenAnalysisError, match="a stance names a quote"):
        check(replace(WHOLE, quotes=()), DOCUMENT)


def test_ids_are_not_shared() -> None:
    twice = replace(WHOLE, offices=(replace(WHOLE.offices[0], id="quo_1"),))
    with pytest.raises(BrokenAnalysisError, match="two annotations share an id"):
        check(twice, DOCUMENT)


def test_entities_of_one_type() -> None:
    assert [e.id for e in WHOLE.of_type("organization")] == ["org_1"]
