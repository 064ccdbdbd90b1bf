"""Discourse networks: sides on an issue, agreement and conflict, whatever the database."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from app.domain.annotation import Polarity
from app.errors import NotFoundError
from app.store import networks
from app.store.articles import add_article
from app.store.filters import PositionFilter
from app.store.issues import issue_id
from app.store.networks import network
from app.store.store import Store
from app.store.views import NetworkEdges, NetworkView
from tests.store.stories import Story, linked, received

TOLL = issue_id("the toll")


def add(store: Store, name: str, *sides: Polarity, text: str = "") -> None:
    """Store one story in which a person takes the sides in turn."""
    story = Story(
        f"{name}, mayor of the Port, spoke of the toll. {text}",
        entities=(("person", name, ()), ("organization", "Port", ())),
        offices=((name, "mayor", "Port"),) if text else (),
        stances=tuple((name, side, "the toll") for side in sides),
    )
    with store.writing() as session:
        add_article(
            session, received(story, source="Post", published_at=datetime(2024, 5, 6, tzinfo=UTC)), linked(story)
        )


def read(store: Store, edges: NetworkEdges | None = None, **narrowed: object) -> NetworkView:
    with store.reading() as session:
        return network(session, PositionFilter(issue_id=TOLL, **narrowed), edges)  # type: ignore[arg-type]


def ties(store: Store, view: NetworkView) -> set[tuple[str, str, str, int]]:
    names = {s.actor: str(s.position["holder"]["name"]) for s in view.stands} | {TOLL: "toll"}
    return {(*sorted((names[t.source], names[t.target])), t.type, t.weight) for t in view.ties}  # type: ignore[misc]


def test_actors_tie_with_the_issue_and_with_each_other(store: Store) -> None:
    add(store, "Ana Silva", "supports", "supports", "opposes")
    add(store, "Tom Okafor", "supports", "supports", "supports")
    add(store, "Lee Wong", "opposes", "mixed")
    view = read(store)
    assert view.complete
    assert ties(store, view) == {
        ("Ana Silva", "toll", "supports", 2),
        ("Ana Silva", "toll", "opposes", 1),
        ("Tom Okafor", "toll", "supports", 3),
        ("Lee Wong", "toll", "opposes", 1),
        ("Lee Wong", "toll", "mixed", 1),
        ("Ana Silva", "Tom Okafor", "agreement", 2),
        ("Ana Silva", "Tom Okafor", "conflict", 1),
        ("Ana Silva", "Lee Wong", "agreement", 1),
        ("Ana Silva", "Lee Wong", "conflict", 1),
        ("Lee Wong", "Tom Okafor", "conflict", 1),
    }


@pytest.mark.parametrize(("edges", "kinds"), [("actor-issue", {"supports"}), ("actor-actor", {"agreement"})])
def test_one_of_the_two_networks_can_be_asked_for(store: Store, edges: NetworkEdges, kinds: set[str]) -> None:
    add(store, "Ana Silva", "supports")
    add(store, "Tom Okafor", "supports")
    assert {t.type for t in read(store, edges).ties} == kinds


def test_a_person_stands_for_the_body_of_the_office(store: Store) -> None:
    add(store, "Ana Silva", "supports", text="Again.")
    add(store, "Tom Okafor", "opposes")
    stands = {s.position["holder"]["name"]: s for s in read(store).stands}
    assert stands["Ana Silva"].organization == "Port"
    assert stands["Tom Okafor"].organization is None
    assert stands["Tom Okafor"].article_source == "Post"
    assert stands["Tom Okafor"].published_at == datetime(2024, 5, 6, tzinfo=UTC)


def test_the_stances_can_be_narrowed(store: Store) -> None:
    add(store, "Ana Silva", "supports", "opposes")
    assert len(read(store, polarity="opposes").stands) == 1
    assert not read(store, published_from=datetime(2025, 1, 1, tzinfo=UTC)).stands
    assert not read(store, published_to=datetime(2024, 5, 6, tzinfo=UTC)).stands


def test_holders_without_a_name_are_told_apart_by_their_words() -> None:
    assert networks.actor_key({"entity_id": "x", "name": "Ana"}) == "x"
    assert networks.actor_key({"entity_id": None, "name": "A Senior official"}) == "words:a senior official"
    assert networks.actor_key({"entity_id": None, "name": None}) == "words:"


def test_too_many_actors_are_said_to_be_left_out(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(networks, "MOST_ACTORS", 1)
    add(store, "Ana Silva", "supports", "supports")
    add(store, "Tom Okafor", "supports")
    view = read(store)
    assert not view.complete
    assert {s.position["holder"]["name"] for s in view.stands} == {"Ana Silva"}


def test_there_is_no_network_of_an_issue_that_is_not_there(store: Store) -> None:
    with pytest.raises(NotFoundError):
        read(store)
