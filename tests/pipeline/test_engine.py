"""The engine with the weights that ship: what holds for every text, and a few things that hold for a plain one.

No accuracy is asserted here; the accuracy floors are gates of their own.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.annotate.encoder import Encoder
from app.annotate.judge import load_judge
from app.annotate.pieces import split_pieces
from app.domain.analysis import Analysis, check
from app.domain.document import Document
from app.domain.span import Span
from app.errors import ConfigurationError
from app.pipeline.engine import JUDGE, WEIGHTS, WEIGHTS_FOLDER, Engine, load_engine
from app.text.document import build_document

STORY = (
    "Harbor Ferry Strike Ends After Nine Days\n\n"
    "KESTERLY — “We will sail again on Monday,” said Ann Lee, the director of Kesterly Ferries. “Our crews have waited "
    "long enough.”\n\n"
    "Tom Roe, a spokesman for the Harbor Workers Union, said the union opposes the new timetable. He told reporters "
    "that members would vote on Friday.\n\n"
    "Passengers were relieved. “I missed my train every day,” one woman said.\n"
)
PARTS = (
    *"“”\"'’()—ﬁİ?",
    *("Ann Lee", " said ", "Ms. Lee", "the mayor", "NATO", "U.S.", "Russian", "he ", "I ", "We ", "that it rained"),
    *(", ", ". ", "\n\n", "\n", " ", "SMITH: ", "Q: ", "[SEP]", "e\u0301", "\u200f", "\u00ad"),
    *("both sides agreed to ", " is wrong", "the former ", "director of ", "雷军", "שלום", "مرحبا", "👩‍🚀"),
)
TEXTS = st.text() | st.lists(st.sampled_from(PARTS), max_size=40).map("".join)
ODD = (
    "",
    " \n\n\t\n",
    "\u00ad",
    "Rain",
    "?",
    '""',
    "“”",
    "“" * 50,
    '"' * 51,
    "“It rained.”",
    "👩‍🚀👍🏽🏳️‍🌈",
    "שלום אמר דוד כהן. “גשם”, אמר.",
    "قال أحمد: «نعم».",
    "雷军说：“下雨了。”",
    "a" * 5000,
    "SMITH:\n\nSMITH: \n\nSMITH: x",
    "[CLS] [SEP] [MASK] [PAD] [UNK]",
    "He said. " * 400,
    "“It rained,” Ann Lee said. " * 60,
    "x\n\n" * 300,
)


@cache
def engine(threads: int = 1) -> Engine:
    return load_engine(threads=threads)


def annotated(text: str) -> Analysis:
    return engine().annotate(build_document(text))


def verify(analysis: Analysis, document: Document) -> None:
    """Hold an analysis to what the service promises of every one."""
    text = document.text
    assert check(analysis, document) is analysis
    assert all(0 <= s.start < s.end <= len(text) and s.of(text) == text[s.start : s.end] for s in analysis.spans())
    assert list(analysis.entities) == sorted(analysis.entities, key=lambda e: e.mentions[0].span)
    assert list(analysis.quotes) == sorted(analysis.quotes, key=lambda q: q.contents[0])
    assert list(analysis.offices) == sorted(analysis.offices, key=lambda o: o.evidence[0])
    assert list(analysis.stances) == sorted(analysis.stances, key=lambda s: s.evidence[0])
    for entity in analysis.entities:
        spans = [m.span for m in entity.mentions]
        assert spans == sorted(set(spans))
    for quote in analysis.quotes:
        assert all(a.end <= b.start for a, b in zip(quote.contents, quote.contents[1:], strict=False))


@settings(max_examples=60, deadline=None)
@given(TEXTS)
def test_annotations_of_any_text_verify(text: str) -> None:
    document = build_document(text)
    verify(engine().annotate(document), document)


@pytest.mark.parametrize("text", ODD)
def test_annotations_of_an_odd_text_verify(text: str) -> None:
    document = build_document(text)
    verify(engine().annotate(document), document)


@pytest.mark.parametrize("text", [t for t in ODD if t])
def test_annotations_of_an_odd_paragraph_verify(text: str) -> None:
    document = Document(text, paragraphs=(Span(0, len(text)),))
    verify(engine().annotate(document), document)


@settings(max_examples=20, deadline=None)
@given(TEXTS)
def test_same_text_twice_gives_the_same_analysis(text: str) -> None:
    assert annotated(text) == annotated(text)


@settings(max_examples=10, deadline=None)
@given(st.lists(TEXTS, max_size=5))
def test_many_documents_are_annotated_as_each_alone(texts: list[str]) -> None:
    documents = [build_document(t) for t in texts]
    alone = [engine().annotate(d) for d in documents]
    assert list(engine().annotate_many(documents)) == alone
    assert list(engine(2).annotate_many(documents)) == alone


def test_more_documents_than_wait_at_once_come_in_their_order() -> None:
    documents = [build_document(f"{n} days, Ann Lee said.") for n in range(12)]
    assert list(engine(2).annotate_many(iter(documents))) == [engine().annotate(d) for d in documents]


def test_windows_read_side_by_side_read_the_same() -> None:
    encoder = Encoder(WEIGHTS_FOLDER, threads=2)
    document = build_document(STORY * 6)
    judge = load_judge(WEIGHTS_FOLDER / JUDGE)
    assert Engine(encoder, judge=judge).annotate(document) == engine().annotate(document)


def test_stances_stay_as_they_were_read_without_a_judge() -> None:
    encoder = Encoder(WEIGHTS_FOLDER)
    document = build_document(STORY)
    plain, judged = Engine(encoder).annotate(document), engine().annotate(document)
    assert plain.quotes == judged.quotes
    assert plain.stances


def test_short_document_is_read_in_one_window() -> None:
    encoder = Encoder(WEIGHTS_FOLDER, threads=2)
    reading = encoder.read(split_pieces(encoder.tokenizer, build_document("It rained, Ann Lee said.")))
    assert len(reading.views) == 1
    assert all(np.allclose(np.exp(t).sum(axis=1), 1.0, atol=1e-4) for t in reading.tags.values())


def test_story_with_no_text_after_it_reads_as_with_blank_lines_after_it() -> None:
    short, long = annotated(STORY), annotated(STORY + "\n\n\n")
    assert [e.mentions for e in short.entities] == [e.mentions for e in long.entities]


def test_ids_are_unique_and_sort_by_place() -> None:
    found = annotated(STORY)
    groups = [[x.id for x in g] for g in (found.entities, found.quotes, found.offices, found.stances)]
    ids = [i for group in groups for i in group]
    assert len(set(ids)) == len(ids)
    assert groups[1] == sorted(groups[1])


def test_another_text_has_other_ids() -> None:
    ours, theirs = annotated(STORY), annotated(STORY + "It rained.\n")
    assert {q.id for q in ours.quotes}.isdisjoint(q.id for q in theirs.quotes)


def test_analysis_says_which_run_made_it() -> None:
    assert engine().annotate(Document("")) == Analysis(engine().pipeline)
    assert engine().pipeline.weights == WEIGHTS


def test_folder_without_weights_is_told(tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError, match="there are no weights in"):
        load_engine(tmp_path)


@pytest.mark.parametrize(
    ("text", "content"),
    [
        ("“We will sail again on Monday,” Ann Lee said.", "“We will sail again on Monday,”"),
        ('Ann Lee said: "The harbor is safe and open."', '"The harbor is safe and open."'),
        ("“The harbor is safe,” said Ann Lee, the harbor master.", "“The harbor is safe,”"),
    ],
)
def test_words_in_marks_with_said_and_a_name_are_a_direct_quote_of_that_person(text: str, content: str) -> None:
    found = annotated(text)
    (quote,) = found.quotes
    assert quote.type == "direct"
    assert [c.of(text) for c in quote.contents] == [content]
    assert quote.cue is not None
    assert quote.cue.of(text).startswith("said")
    assert (quote.speaker.status, quote.speaker.name) == ("resolved", "Ann Lee")
    assert quote.speaker.entity_id in {e.id for e in found.of_type("person")}


def test_report_without_marks_is_an_indirect_quote() -> None:
    (quote,) = annotated("Tom Roe said that the union would vote on Friday.").quotes
    assert (quote.type, quote.speaker.name) == ("indirect", "Tom Roe")


def test_full_name_and_surname_are_one_person() -> None:
    (person,) = annotated("Ann Lee said it rained. Lee added that the harbor was closed.").of_type("person")
    assert (person.name, person.aliases) == ("Ann Lee", ("Lee",))


def test_speaker_label_is_resolved_to_the_person() -> None:
    quotes = annotated("Mayor Ann Lee met the press.\n\nLEE: The harbor is open.\n\nQ: Since when?").quotes
    assert [(q.method, q.speaker.name) for q in quotes] == [("label", "Ann Lee"), ("label", "Q")]
