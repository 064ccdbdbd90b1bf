"""Word pieces and their features. The tokenizer is that of the shipped reader: a vocabulary, not learned weights."""

from __future__ import annotations

import itertools
from functools import cache

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tokenizers import Tokenizer

from app.annotate.chunks import find_words
from app.annotate.pieces import QUOTE_STATES, SEP, SHAPES, Pieces, load_tokenizer, shape_of, split_pieces
from app.domain.document import Document
from app.domain.span import Span
from app.pipeline.engine import WEIGHTS_FOLDER
from app.text.document import build_document
from tests.unit.annotate.readings import story


@cache
def load_once() -> Tokenizer:
    return load_tokenizer(WEIGHTS_FOLDER / "tokenizer.json")


@pytest.fixture
def tokenizer() -> Tokenizer:
    return load_once()


def read(pieces: Pieces, text: str) -> list[str]:
    return [text[a:b] for a, b in zip(pieces.start, pieces.end, strict=True)]


@pytest.mark.parametrize(
    ("word", "shape"),
    [
        ("vote", "lower"),
        ("é", "lower"),
        ("Lee", "title"),
        ("NATO", "upper"),
        ("U.N.", "upper"),
        ("A", "letter"),
        ("McCoy", "mixed"),
        ("1984", "digit"),
        ("漢字", "other"),
        ("—", "mark"),
    ],
)
def test_shape_of_a_word(word: str, shape: str) -> None:
    assert SHAPES[shape_of(word)] == shape


def test_pieces_know_their_place_in_the_text(tokenizer: Tokenizer) -> None:
    text = "  Élan vital,\n😀 he said."
    document = Document(text, paragraphs=(Span(2, 13), Span(14, len(text))))
    assert read(split_pieces(tokenizer, document), text) == ["Él", "an", "vital", ",", "", "😀", "he", "said", "."]


def test_separator_stands_between_paragraphs(tokenizer: Tokenizer) -> None:
    pieces = split_pieces(tokenizer, story("One.\n\nTwo."))
    assert pieces.ids[2] == SEP
    assert not pieces.first[2]
    assert pieces.paragraph.tolist() == [0, 0, 1, 1, 1]
    assert len(pieces) == 5


def test_pieces_of_one_word_share_its_shape_and_only_one_is_first(tokenizer: Tokenizer) -> None:
    text = "Kesterlyham won"
    pieces = split_pieces(tokenizer, story(text))
    assert pieces.first.tolist() == [True, *[False] * (len(pieces) - 2), True]
    assert {SHAPES[s] for s in pieces.shape[:-1]} == {"title"}


def test_same_word_twice_is_two_words(tokenizer: Tokenizer) -> None:
    assert split_pieces(tokenizer, story("well well")).first.tolist() == [True, True]


@pytest.mark.parametrize(
    ("text", "states"),
    [
        ('He "won it" now', ["outside", "opening", "inside", "inside", "closing", "outside"]),
        ("He “won it", ["outside", "opening", "open", "open"]),
    ],
)
def test_state_of_the_quotation_marks(tokenizer: Tokenizer, text: str, states: list[str]) -> None:
    pieces = split_pieces(tokenizer, story(text))
    assert [QUOTE_STATES[s] for s in pieces.quote] == states


def test_names_of_special_pieces_in_a_text_are_words(tokenizer: Tokenizer) -> None:
    text = "The [SEP] and [MASK]"
    assert read(split_pieces(tokenizer, story(text)), text) == ["The", "[SEP]", "and", "[MASK]"]


def test_long_word_is_one_piece(tokenizer: Tokenizer) -> None:
    assert len(split_pieces(tokenizer, story("a" * 1000))) == 1


def test_document_without_paragraphs_has_no_pieces(tokenizer: Tokenizer) -> None:
    assert len(split_pieces(tokenizer, Document("unread"))) == 0


@given(st.text())
def test_pieces_verify_over_any_text(text: str) -> None:
    tokenizer = load_once()
    document = build_document(text)
    pieces = split_pieces(tokenizer, document)
    assert (np.diff(pieces.start) >= 0).all()
    assert (pieces.start <= pieces.end).all()
    assert all(
        document.paragraphs[n].start <= a and b <= document.paragraphs[n].end
        for n, a, b in zip(pieces.paragraph, pieces.start, pieces.end, strict=True)
    )
    assert read(pieces, text) == read(split_pieces(tokenizer, document), text)


@given(st.text(min_size=1))
def test_words_verify_over_any_text(text: str) -> None:
    document = Document(text, paragraphs=(Span(0, len(text)),))
    words = find_words(split_pieces(load_once(), document))
    spans = [words.span(n, n) for n in range(len(words.pieces))]
    assert all(a.end <= b.start for a, b in itertools.pairwise(spans))
    assert all(words.covered(s) == range(n, n + 1) for n, s in enumerate(spans))
    assert all(s.end <= len(text) for s in spans)
