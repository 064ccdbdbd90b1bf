"""The head of a text as a column: the spans that are present, by name."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict

from app.domain.document import Head
from app.domain.span import Span


def head_values(head: Head) -> dict[str, list[int]]:
    """Return the column's value."""
    return {name: [span["start"], span["end"]] for name, span in asdict(head).items() if span is not None}


def head_of(values: Mapping[str, Sequence[int]]) -> Head:
    """Return the head that the column holds."""
    return Head(**{name: Span(*ends) for name, ends in values.items()})
