"""Documents."""

from __future__ import annotations

from typing import Any

import pytest

from app.domain.document import Document, Head
from app.domain.span import Span

TEXT = "World\nA Title\nBy Ann Lee\nIt began."


@pytest.mark.parametrize("part", ["paragraphs", "sentences"])
def test_spans_of_a_document_do_not_overlap(part: str) -> None:
    spans: dict[str, Any] = {part: (Span(0, 3), Span(2, 5))}
    with pytest.raises(ValueError, match="do not overlap"):
        Document(TEXT, **spans)


def test_spans_of_a_document_lie_in_its_text() -> None:
    with pytest.raises(ValueError, match="a span ends after the text"):
        Document("short", paragraphs=(Span(0, 6),))


def test_parts_of_the_head_lie_in_the_text() -> None:
    with pytest.raises(ValueError, match="a part of the head ends after the text"):
        Document("short", head=Head(title=Span(0, 6)))


def test_head_lists_the_parts_that_are_there() -> None:
    assert Head(title=Span(6, 13), section=Span(0, 5)).parts() == (Span(0, 5), Span(6, 13))


def test_span_in_the_headline_is_of_the_title_and_any_other_of_the_body() -> None:
    document = Document(TEXT, head=Head(title=Span(6, 13)))
    assert document.field_of(Span(8, 13)) == "title"
    assert document.field_of(Span(8, 14)) == "body"
    assert Document(TEXT).field_of(Span(8, 13)) == "body"
