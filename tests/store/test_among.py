"""A column compared with any number of values in one parameter."""

from __future__ import annotations

import pytest
from sqlalchemy import or_, select

from app.store.among import is_among
from app.store.articles import add_article
from app.store.bulk import table_of
from app.store.store import Store
from app.store.tables import EntityRow
from tests.store.stories import Story, linked, received

ENTITIES = table_of(EntityRow)
NAMED = select(ENTITIES.c.name).where(is_among(ENTITIES.c.name, "names")).order_by(ENTITIES.c.name)
EITHER = select(ENTITIES.c.name).where(or_(is_among(ENTITIES.c.name, "names"), is_among(ENTITIES.c.articles, "counts")))


@pytest.mark.parametrize(
    ("names", "found"),
    [
        ((), []),
        (("Ana Ruiz",), ["Ana Ruiz"]),
        (('O\'Neill "x", y', "Ana Ruiz"), ["Ana Ruiz"]),
        (("NULL", "{", "\\", '\\"', " Tom Okafor", "", "Ana Ruiz"), ["Ana Ruiz"]),
    ],
)
def test_any_number_of_values_are_looked_for(store: Store, names: tuple[str, ...], found: list[str]) -> None:
    story = Story("Ana Ruiz met Tom Okafor.", None, (("person", "Ana Ruiz", ()), ("person", "Tom Okafor", ())))
    with store.writing() as session:
        add_article(session, received(story), linked(story))
        assert list(session.scalars(NAMED, {"names": names})) == found


@pytest.mark.parametrize(
    "name", ['Ana "Nan" Ruiz', "Ana\\Ruiz", "Ana {Ruiz}, NULL", "null", "Ana Ru\u00edz \U0001f600"]
)
def test_a_value_is_found_whatever_signs_it_has(store: Store, name: str) -> None:
    story = Story(f"Here {name} spoke.", None, (("organization", name, ()),))
    with store.writing() as session:
        add_article(session, received(story), linked(story))
        assert list(session.scalars(NAMED, {"names": ["x", name]})) == [name]


def test_whole_numbers_too(store: Store) -> None:
    story = Story("Ana Ruiz met Tom Okafor.", None, (("person", "Ana Ruiz", ()), ("person", "Tom Okafor", ())))
    with store.writing() as session:
        add_article(session, received(story), linked(story))
        assert set(session.scalars(EITHER, {"names": [], "counts": [1, 2**62]})) == {"Ana Ruiz", "Tom Okafor"}
        assert set(session.scalars(EITHER, {"names": [], "counts": [2**62]})) == set()


def test_a_statement_of_many_values_has_the_words_of_one_of_few(store: Store) -> None:
    compiled = NAMED.compile(store.engine)
    assert str(compiled).count("names") == (1 if store.engine.dialect.name == "postgresql" else 0)
    assert " = 1" not in str(compiled)
