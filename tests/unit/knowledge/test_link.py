"""Entities of one story, linked to those of others."""

from __future__ import annotations

import pytest

from app.domain.analysis import Analysis, Pipeline
from app.domain.annotation import Entity, EntityType, Mention
from app.domain.span import Span
from app.knowledge.link import LinkedEntity, is_entity_id, link, link_entity


def entity(kind: EntityType, name: str, local_id: str = "local") -> Entity:
    return Entity(local_id, kind, name, (Mention(Span(0, 1)),))


def test_every_entity_of_the_story_is_linked_by_its_id_there() -> None:
    people = entity("person", "Ana Silva", "a"), entity("person", "Ana B. Silva", "b")
    linked = link(Analysis(Pipeline("1", "none"), (*people, entity("place", "Varna", "c"))))
    assert list(linked) == ["a", "b", "c"]
    assert linked["a"].id == linked["b"].id != linked["c"].id
    assert (linked["a"].name, linked["b"].name) == ("Ana Silva", "Ana B. Silva")


@pytest.mark.parametrize(
    ("kind", "prefix"), [("person", "per_"), ("organization", "org_"), ("place", "plc_"), ("group", "grp_")]
)
def test_an_id_says_its_type_and_is_made_from_the_key(kind: EntityType, prefix: str) -> None:
    found = link_entity(entity(kind, "Ana Silva"))
    assert found.id.startswith(prefix)
    assert len(found.id) == len(prefix) + 20
    assert found.key == f"{kind}:ana silva"
    assert found == link_entity(entity(kind, "Ana Silva", "elsewhere"))


def test_an_id_stays_what_it_was() -> None:
    assert link_entity(entity("person", "Robert M. Gates")).id == "per_665b1accea015c23fd15"


@pytest.mark.parametrize(
    ("value", "is_id"),
    [
        ("per_665b1accea015c23fd15", True),
        ("per_000243cf3d70e1fada42ca7627", True),
        ("org_0de3df8a6b9ead99deea", True),
        ("Ana Ruiz", False),
        ("per_665b", False),
        ("per_665b1accea015c23fd15 Ruiz", False),
    ],
)
def test_an_id_is_told_from_a_name(value: str, is_id: bool) -> None:  # noqa: FBT001 (a case)
    assert is_entity_id(value) is is_id


def test_a_person_of_one_word_stays_the_storys_own() -> None:
    assert link_entity(entity("person", "Gates")) == LinkedEntity("local", "person", "Gates", "local")


@pytest.mark.parametrize("kind", ["person", "organization"])
def test_a_name_of_nothing_but_marks_stays_the_storys_own(kind: EntityType) -> None:
    assert link_entity(entity(kind, "...")).id == "local"


def test_an_organization_of_one_word_is_known_across_stories() -> None:
    assert link_entity(entity("organization", "NATO")).id == link_entity(entity("organization", "Nato", "x")).id


def test_the_same_name_of_another_type_is_another_entity() -> None:
    assert link_entity(entity("place", "Georgia")).key != link_entity(entity("organization", "Georgia")).key


@pytest.mark.parametrize("name", ["United States", "U.S.", "USA", "the United States of America"])
def test_a_country_is_one_under_all_its_names(name: str) -> None:
    assert link_entity(entity("place", name)).key == "place:united states"
