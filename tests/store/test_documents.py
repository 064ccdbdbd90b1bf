"""The analysis as it is served: shapes, spans that verify, ids across stories."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest

from app.domain.analysis import Analysis
from app.domain.annotation import Actor, Entity, Mention, Office, Quote, Stance
from app.domain.document import Document, Head
from app.domain.span import Span
from app.knowledge.link import link
from app.store.documents import positions_in_order, serialise_analysis, serialise_span
from app.store.folding import MAX_FOLDED, folded, name_forms
from app.store.issues import issue_id
from app.store.views import LinkedAnalysis
from tests.store.stories import BASES, PIPELINE, document, linked


def spans(value: Any) -> Iterator[dict[str, Any]]:  # noqa: ANN401 (JSON)
    """Yield every span of a document."""
    if isinstance(value, dict):
        if "exact" in value:
            yield value
        for inner in value.values():
            yield from spans(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from spans(inner)


def test_every_span_verifies() -> None:
    found = list(spans(serialise_analysis(document(BASES), linked(BASES))))
    assert len(found) > 10
    for span in found:
        assert BASES.text[span["start"] : span["end"]] == span["exact"]
        assert BASES.text[: span["start"]].endswith(span["prefix"])
        assert BASES.text[span["end"] :].startswith(span["suffix"])
        assert len(span["prefix"]) == min(32, span["start"])
        assert len(span["suffix"]) == min(32, len(BASES.text) - span["end"])


def test_a_span_in_the_headline_says_so() -> None:
    text = Document("Head line\n\nBody.", head=Head(title=Span(0, 9)))
    assert serialise_span(text, Span(5, 9)) == {
        "field": "title",
        "start": 5,
        "end": 9,
        "exact": "line",
        "prefix": "Head ",
        "suffix": "\n\nBody.",
    }
    assert [serialise_span(text, s)["field"] for s in (Span(8, 12), Span(11, 15))] == ["body", "body"]


def test_the_document_has_these_keys_even_when_nothing_is_found() -> None:
    nothing = LinkedAnalysis(Analysis(PIPELINE), Document("Nothing."), {})
    assert serialise_analysis(nothing.document, nothing) == {
        "people": [],
        "organizations": [],
        "places": [],
        "groups": [],
        "quotes": [],
        "positions": [],
    }


@pytest.fixture
def full() -> dict[str, Any]:
    """Return a document with one of each thing, every field filled."""
    text = 'Ana Silva, the mayor, said Varna opposes it: "No." Rebels agreed.'
    ana = Actor("resolved", "Ana Silva", "person", "e1", "mayor", Span(0, 9))
    varna = Actor("resolved", "Varna", "organization", "e2")
    entities = (
        Entity("e1", "person", "Ana Silva", (Mention(Span(0, 9)),), ("Silva",), 0.5, 0.9),
        Entity("e2", "organization", "Varna", (Mention(Span(27, 32)),)),
        Entity("e3", "group", "Rebels", (Mention(Span(51, 57)),)),
    )
    made = Analysis(
        PIPELINE,
        entities,
        (Quote("q1", "mixed", (Span(27, 43), Span(46, 49)), Span(22, 26), ana, 0.8, "name"),),
        (Office("o1", ana, "mayor", "mayor", varna, "current", (Span(11, 20),), 0.7, "rule"),),
        (Stance("s1", varna, "opposes", "it", Span(41, 43), (Span(33, 40),), "q1", ana, "new", conditional=True),),
    )
    whole = LinkedAnalysis(made, Document(text), link(made))
    return serialise_analysis(whole.document, whole, article_id="a1", run_id="r1")


def test_a_quote_has_the_shape_of_the_api(full: dict[str, Any]) -> None:
    (quote,) = full["quotes"]
    (ana,) = full["people"]
    assert list(quote) == [
        "id", "article_id", "type", "text", "contents", "cue", "speaker", "confidence", "method", "run_id", "review",
    ]  # fmt: skip
    assert (quote["id"], quote["article_id"], quote["run_id"]) == ("q1", "a1", "r1")
    assert quote["text"] == "Varna opposes it No."
    assert (quote["cue"]["exact"], [c["exact"] for c in quote["contents"]]) == ("said", ["Varna opposes it", "No."])
    speaker = quote["speaker"]
    assert list(speaker) == ["status", "name", "type", "entity_id", "office", "country", "mention"]
    assert (speaker["entity_id"], speaker["office"], speaker["mention"]["exact"]) == (ana["id"], "mayor", "Ana Silva")


def test_an_entity_has_the_shape_of_the_api(full: dict[str, Any]) -> None:
    (ana,), (varna,), (rebels,) = full["people"], full["organizations"], full["groups"]
    assert list(ana) == [
        "id", "type", "name", "aliases", "identifiers", "offices", "mentions", "prominence", "confidence",
    ]  # fmt: skip
    assert (ana["type"], ana["name"], ana["aliases"], ana["prominence"]) == ("person", "Ana Silva", ["Silva"], 0.5)
    assert ana["offices"] == [
        {
            "position_id": "o1",
            "title": "mayor",
            "organization": "Varna",
            "organization_id": varna["id"],
            "tense": "current",
        }
    ]
    assert (varna["offices"], varna["prominence"], varna["confidence"]) == ([], None, None)
    assert rebels["type"] == "group"


def test_positions_have_the_shape_of_the_api(full: dict[str, Any]) -> None:
    office, stance = full["positions"]
    assert (office["kind"], office["person"]["name"], office["organization"]["name"]) == (
        "office",
        "Ana Silva",
        "Varna",
    )
    assert (office["title"], office["tense"], office["run_id"]) == ("mayor", "current", "r1")
    assert stance["issue"] == {"id": issue_id("it"), "label": "it"}
    assert (stance["kind"], stance["holder"]["name"], stance["polarity"]) == ("stance", "Varna", "opposes")
    assert (stance["target"]["exact"], stance["evidence"][0]["exact"]) == ("it", "opposes")
    assert (stance["quote_id"], stance["reporter"]["name"], stance["change"]) == ("q1", "Ana Silva", "new")
    assert stance["conditional"] is True


def test_what_is_unknown_is_null() -> None:
    nobody = Actor("unresolved")
    made = Analysis(
        PIPELINE,
        quotes=(Quote("q", "direct", (Span(0, 2),), None, nobody),),
        offices=(Office("o", nobody, "x", "x", None, "former", (Span(0, 1),)),),
        stances=(Stance("s", nobody, "unclear", "x", Span(0, 1), ()),),
    )
    shown = serialise_analysis(Document("No."), LinkedAnalysis(made, Document("No."), {}))
    quote, (office, stance) = shown["quotes"][0], shown["positions"]
    assert (quote["article_id"], quote["run_id"], quote["cue"], quote["confidence"]) == (None, None, None, None)
    assert quote["speaker"] == {
        "status": "unresolved",
        "name": None,
        "type": None,
        "entity_id": None,
        "office": None,
        "country": None,
        "mention": None,
    }
    assert (office["organization"], stance["quote_id"], stance["reporter"], stance["change"]) == (None,) * 4


def test_positions_come_by_their_first_evidence() -> None:
    who = Actor("unresolved")
    late = Office("late", who, "x", "x", None, "current", (Span(9, 10),))
    early = Stance("early", who, "mixed", "x", Span(20, 21), (Span(12, 13), Span(5, 6)))
    bare = Stance("bare", who, "mixed", "x", Span(7, 8), ())
    nowhere = replace(late, id="nowhere", evidence=())
    assert [p.id for p in positions_in_order((late, nowhere), (early, bare))] == ["nowhere", "early", "bare", "late"]


@pytest.mark.parametrize(
    ("text", "plain"),
    [
        ("Gates, Robert M.", "gates robert m"),
        ("José", "jose"),
        ("Harbor-Bases!", "harbor bases"),
        ("...", "..."),
        ("", ""),
        ("x" * 300, "x" * MAX_FOLDED),
    ],
)
def test_folding(text: str, plain: str) -> None:
    assert folded(text) == plain


def test_a_name_is_found_by_its_forms() -> None:
    assert set(name_forms("Robert M. Gates")) == {("short", "robert gates"), ("part", "m gates"), ("part", "gates")}
    assert name_forms("Gates") == ()
    assert name_forms("...") == ()
