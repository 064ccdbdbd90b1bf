"""The types of the Python client are the API's: what changes here is to be said there too (``app.client``)."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from types import UnionType
from typing import Any, Literal, Union, get_args, get_origin, get_type_hints, is_typeddict

import pytest
from fastapi import FastAPI

from app.client import answers, filters
from tests.api.service import make_service

NOT_OF_ITEMS = {"cursor", "fields", "facet", "include", "offset_unit"}
"""Parameters that change what comes beside the items, or what of them."""


@pytest.fixture(scope="module")
def app(migrated_sqlite: Path) -> Iterator[FastAPI]:
    """Return the service; nothing is asked of it."""
    made = make_service(f"sqlite:///{migrated_sqlite}")
    yield made
    made.state.parts.store.close()


@pytest.mark.parametrize("name", [n for n, kind in vars(answers).items() if is_typeddict(kind)])
def test_the_types_of_answers_are_the_apis(app: FastAPI, name: str) -> None:
    described = app.openapi()["components"]["schemas"][name]
    told = get_type_hints(getattr(answers, name))

    assert told.keys() == described["properties"].keys()
    for field, kind in told.items():
        assert values_of(kind) == described_values(described["properties"][field]), field


@pytest.mark.parametrize(
    ("name", "path"),
    [
        ("ArticleFilters", "/articles"),
        ("QuoteFilters", "/quotes"),
        ("EntityFilters", "/people"),
        ("EntityFilters", "/organizations"),
        ("PositionFilters", "/positions"),
        ("IssueFilters", "/issues"),
    ],
)
def test_the_filters_are_the_apis(app: FastAPI, name: str, path: str) -> None:
    described = {
        parameter["name"]: parameter["schema"]
        for parameter in app.openapi()["paths"][path]["get"]["parameters"]
        if parameter["in"] == "query" and parameter["name"] not in NOT_OF_ITEMS
    }
    told = get_type_hints(getattr(filters, name))

    assert told.keys() == described.keys()
    for field, kind in told.items():
        assert values_of(kind) == described_values(described[field]), field


def test_the_fields_of_a_story_are_the_apis(app: FastAPI) -> None:
    described = app.openapi()["components"]["schemas"]["Story"]["properties"]

    assert get_type_hints(filters.StoryFields).keys() == described.keys()


def values_of(kind: Any) -> set[str]:  # noqa: ANN401 (a type)
    """Return the words that a type lets one choose among."""
    if get_origin(kind) is Literal:
        return set(get_args(kind))
    if get_origin(kind) in {Union, UnionType}:
        return set().union(*(values_of(part) for part in get_args(kind)))
    return set()


def described_values(described: dict[str, Any]) -> set[str]:
    """Return the words that a description lets one choose among."""
    parts = described.get("anyOf", [described])
    return {value for part in parts for value in (*part.get("enum", ()), *([part["const"]] if "const" in part else ()))}
