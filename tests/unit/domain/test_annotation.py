"""Annotations that cannot be, are not made."""

from __future__ import annotations

import pytest

from app.domain.annotation import Actor, Entity, Mention, Quote
from app.domain.span import Span


@pytest.mark.parametrize("value", [-0.1, 1.1, float("nan")])
def test_confidence_is_a_probability(value: float) -> None:
    with pytest.raises(ValueError, match="a confidence lies between 0 and 1"):
        Mention(Span(0, 1), confidence=value)


@pytest.mark.parametrize("value", [None, 0.0, 0.5, 1.0])
def test_confidence_may_be_unknown(value: float | None) -> None:
    assert Mention(Span(0, 1), confidence=value).confidence == value


def test_entity_has_a_mention() -> None:
    with pytest.raises(ValueError, match="a name and at least one mention"):
        Entity("per_1", "person", "Ann Lee", ())


def test_entity_has_a_name() -> None:
    with pytest.raises(ValueError, match="a name and at least one mention"):
        Entity("per_1", "person", "", (Mention(Span(0, 1)),))


def test_resolved_actor_names_an_entity() -> None:
    with pytest.raises(ValueError, match="when, and only when"):
        Actor("resolved", "Ann Lee")


def test_unresolved_actor_names_no_entity() -> None:
    with pytest.raises(ValueError, match="when, and only when"):
        Actor("anonymous", "an official", entity_id="per_1")


def test_resolved_actor_has_a_name() -> None:
    with pytest.raises(ValueError, match="has a name"):
        Actor("resolved", entity_id="per_1")


def test_quote_has_contents() -> None:
    with pytest.raises(ValueError, match="a quote has contents"):
        Quote("quo_1", "direct", (), None, Actor("unresolved"))
