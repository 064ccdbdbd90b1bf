from __future__ import annotations

from app.evaluation.predictions import annotation_record, mention_confidences
from app.text.document import build_document
from tests.unit.evaluation.corpora_folder import STORY, at
from tests.unit.evaluation.stand_ins import NameSpotter

DOCUMENT = build_document(STORY)
ANALYSIS = NameSpotter().annotate(DOCUMENT)


def test_a_record_has_the_shape_of_a_line_of_annotate() -> None:
    record = annotation_record(DOCUMENT, ANALYSIS, "s1")

    assert record["id"] == "s1"
    assert [person["name"] for person in record["people"]] == ["Ana Ruiz", "Bo Lind"]
    assert [body["name"] for body in record["organizations"]] == ["Harbor Board"]
    assert record["quotes"][0]["speaker"]["name"] == "Ana Ruiz"
    assert {"places", "positions"} <= record.keys()


def test_named_mentions_are_in_text_order_and_of_the_types_that_count() -> None:
    entities = annotation_record(DOCUMENT, ANALYSIS, "s1")["entities"]

    assert [(STORY[a:b], kind) for a, b, kind in entities] == [
        ("Ana Ruiz", "person"),
        ("Harbor Board", "organization"),
        ("Oslo", "place"),
        ("Ana Ruiz", "person"),
        ("Bo Lind", "person"),
        ("Bo Lind", "person"),
    ]


def test_quotes_become_attributions_whose_source_is_the_speakers_mention() -> None:
    first, second, third = annotation_record(DOCUMENT, ANALYSIS, "s1")["attributions"]

    assert first["sources"] == [at("Ana Ruiz")]
    assert first["contents"] == [at('"We waited too long for this bridge,"')]
    assert [STORY[a:b] for a, b in second["sources"]] == ["she"]
    assert third["cues"] == [at("said")]


def test_a_quote_without_cue_and_mention_has_no_source() -> None:
    document = build_document('"Nobody knows."')
    record = annotation_record(document, NameSpotter().annotate(document), "s2")

    assert record["attributions"] == [{"sources": [], "cues": [], "contents": [[0, 15]]}]


def test_confidences_are_told_by_mention() -> None:
    confidences = mention_confidences(ANALYSIS)
    start, end = at("Oslo")

    assert confidences[start, end, "place"] == 0.8
    assert len(confidences) == 6
