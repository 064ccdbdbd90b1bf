"""Tag scores to chunks."""

from __future__ import annotations

import itertools
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.annotate.chunks import (
    CERTAIN,
    Chunk,
    allowed_steps,
    best_paths,
    doubtful_runs,
    find_chunks,
    find_words,
    label_chunks,
)
from app.annotate.encoder import Floats, log_softmax
from app.domain.document import Document
from app.domain.span import Span
from tests.unit.annotate.readings import TABLES, make_scene, story, word_pieces

NAME = TABLES["tags"]["name"]


def names(text: str, *tags: tuple[str, str]) -> list[tuple[str, str]]:
    scene = make_scene(text, {"name": tags})
    return [(c.span.of(text), c.label) for c in label_chunks(scene.reading.tags["name"], NAME, scene.words)]


def test_chunk_is_the_run_of_its_words() -> None:
    scene = make_scene("So Ann Lee won.", {"name": [("Ann Lee", "person")]})
    (found,) = label_chunks(scene.reading.tags["name"], NAME, scene.words)
    assert replace(found, score=0.0) == Chunk("person", Span(3, 10), 1, 1, 2, 0.0)
    assert found.score == pytest.approx(np.log(0.9))


def test_chunks_of_two_labels_stay_two() -> None:
    assert names("Lee Acme won.", ("Lee", "person"), ("Acme", "organization")) == [
        ("Lee", "person"),
        ("Acme", "organization"),
    ]


def test_names_that_only_a_space_parts_are_one() -> None:
    assert names("Ann Lee won.", ("Ann", "person"), ("Lee", "person")) == [("Ann Lee", "person")]


def test_names_that_a_wider_gap_parts_are_two() -> None:
    assert names("Ann  Lee won.", ("Ann", "person"), ("Lee", "person")) == [("Ann", "person"), ("Lee", "person")]


def test_attributions_are_never_joined() -> None:
    scene = make_scene("Ann Lee won.", {"attribution": [("Ann", "source"), ("Lee", "source")]})
    steps, begin = allowed_steps(7), np.zeros(7, dtype=np.float32)
    found = find_chunks(scene.words, scene.reading.tags["attribution"], ("source", "cue", "content"), steps, begin)
    assert [c.span.of(scene.text) for c in found] == ["Ann", "Lee"]


def test_chunk_ends_with_its_paragraph() -> None:
    text = "Ann\n\nLee won."
    scene = make_scene(text)
    scores = scene.reading.tags["name"].copy()
    scores[0, 1] = scores[2, 2] = 5.0
    assert [c.span.of(text) for c in label_chunks(scores, NAME, scene.words)] == ["Ann", "Lee"]


def test_bias_opens_more_chunks() -> None:
    scene = make_scene("Ann won.")
    scores = scene.reading.tags["title"]
    head = TABLES["tags"]["title"]
    assert label_chunks(scores, head, scene.words) == ()
    assert label_chunks(scores, head, scene.words, bias=5.0) != ()
    assert scores[0, 0] > scores[0, 1]


def test_sequences_are_looked_for_between_words_that_are_surely_outside() -> None:
    outside, doubtful = [9.0, 0.0, 0.0], [1.0, 0.0, 0.0]
    scores = np.array([doubtful, outside, outside, doubtful, doubtful, outside], dtype=np.float32)
    assert doubtful_runs(scores, CERTAIN) == [(0, 1), (3, 5)]
    assert doubtful_runs(scores[1:3], CERTAIN) == []


def test_chunk_never_begins_inside() -> None:
    path = best_paths(
        np.array([[0, 1, 9], [0, 1, 9], [5, 0, 0]], dtype=np.float32),
        [(0, 3)],
        allowed_steps(3),
        np.array([0, 0, -1e9], dtype=np.float32),
    )
    assert path.tolist() == [1, 2, 0]


def total(tags: tuple[int, ...], scores: Floats, steps: Floats, begin: Floats) -> float:
    known = sum(scores[word, tag] for word, tag in enumerate(tags))
    return float(begin[tags[0]] + known + sum(steps[a, b] for a, b in itertools.pairwise(tags)))


@given(st.lists(st.tuples(st.integers(0, 2), st.integers(1, 4)), max_size=4), st.integers(0, 2**32 - 1))
def test_path_of_each_run_is_the_best_of_all(gaps: list[tuple[int, int]], seed: int) -> None:
    ends = list(itertools.accumulate(gap + length for gap, length in gaps))
    runs = [(end - length, end) for end, (_, length) in zip(ends, gaps, strict=True)]
    random = np.random.default_rng(seed)
    scores = random.normal(size=(ends[-1] + 1 if ends else 1, 3)).astype(np.float32)
    steps, begin = random.normal(size=(3, 3)).astype(np.float32), random.normal(size=3).astype(np.float32)
    path = best_paths(scores, runs, steps, begin)
    for low, high in runs:
        every = itertools.product(range(3), repeat=high - low)
        best = max(every, key=lambda tags: total(tags, scores[low:high], steps, begin))
        assert tuple(path[low:high]) == best
    assert not path[[n for n in range(len(path)) if not any(low <= n < high for low, high in runs)]].any()


def test_steps_lead_inside_only_from_the_same_label() -> None:
    allowed = allowed_steps(5) == 0
    assert np.flatnonzero(allowed[:, 2]).tolist() == [1, 2]
    assert np.flatnonzero(allowed[:, 4]).tolist() == [3, 4]
    assert allowed[:, [0, 1, 3]].all()


def test_words_that_a_span_touches_are_covered() -> None:
    words = make_scene("Ann Lee won it.").words
    assert words.covered(Span(2, 5)) == range(2)
    assert words.covered(Span(3, 4)) == range(1, 1)
    assert words.covered(Span(20, 21)) == range(5, 5)


def test_document_without_words_has_no_chunks() -> None:
    words = find_words(word_pieces(Document("")))
    assert len(words.pieces) == len(words.end) == 0
    assert label_chunks(np.zeros((0, 11), dtype=np.float32), NAME, words) == ()


@given(st.text(), st.integers(0, 2**32 - 1))
def test_chunks_verify_over_any_text_and_any_scores(text: str, seed: int) -> None:
    document = story(text)
    pieces = word_pieces(document)
    words = find_words(pieces)
    scores = log_softmax(np.random.default_rng(seed).normal(size=(len(pieces), 11)).astype(np.float32) * 3)
    found = label_chunks(scores, NAME, words)
    assert all(words.span(c.first, c.last) == c.span and c.span.end <= len(text) for c in found)
    assert all(a.last < b.first for a, b in itertools.pairwise(found))
    assert all(any(p.covers(c.span) for p in document.paragraphs) for c in found)
    assert found == label_chunks(scores, NAME, words)
