"""The types of the Python client are the API's: what changes here is to be said there too (``app.client``)."""

from __future__ import annotations

import inspect
from collections.abc import Iterator
from pathlib import Path
from types import UnionType
from typing import Any, Literal, Union, get_args, get_origin, get_type_hints, is_typeddict

import pytest
from fastapi import FastAPI

from app.client import AsyncSayso, Sayso, answers, filters
from tests.api.service import make_service

NOT_OF_ITEMS = {"cursor", "fields", "facet", "include"}
"""Parameters that change what comes beside the items, or what of them."""

ROUTES = {
    "articles": "/articles",
    "quotes": "/quotes",
    "people": "/people",
    "organizations": "/organizations",
    "positions": "/positions",
    "issues": "/issues",
    "changes": "/changes",
    "review": "/review",
    "search": "/search",
    "suggest": "/suggest",
    "annotate": "/annotate",
    "add": "/articles",
    "article": "/articles/{article_id}",
    "tagged": "/articles/{article_id}",
    "text": "/articles/{article_id}/text",
    "replace": "/articles/{article_id}",
    "remove": "/articles/{article_id}",
    "quote": "/quotes/{quote_id}",
    "person": "/people/{entity_id}",
    "organization": "/organizations/{entity_id}",
    "ingest": "/ingestions",
    "ingestion": "/ingestions/{ingestion_id}",
    "finished": "/ingestions/{ingestion_id}",
}
"""What each method of the clients asks. What asks for any address takes any parameter, or has nothing to ask."""
VERBS = {"add": "post", "annotate": "post", "ingest": "post", "replace": "put", "remove": "delete"}
OF_ANY_ADDRESS = {"close", "download", "each", "export", "get"}


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
        ("ReviewFilters", "/review"),
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


@pytest.mark.parametrize("client", [Sayso, AsyncSayso])
def test_every_method_takes_all_that_its_route_does(app: FastAPI, client: type) -> None:
    methods = {name for name in vars(client) if not name.startswith("_")}
    assert methods - OF_ANY_ADDRESS == ROUTES.keys()
    for name, path in ROUTES.items():
        described = app.openapi()["paths"][path][VERBS.get(name, "get")].get("parameters", [])
        asked = {parameter["name"] for parameter in described if parameter["in"] == "query"}
        assert asked - NOT_OF_ITEMS <= taken_by(getattr(client, name)), name


def taken_by(method: Any) -> set[str]:  # noqa: ANN401 (a function)
    """Return the names of what a method takes, those of its filters too."""
    parameters = inspect.signature(method).parameters.values()
    named = {parameter.name for parameter in parameters if parameter.kind is not inspect.Parameter.VAR_KEYWORD}
    for parameter in parameters:
        if parameter.kind is inspect.Parameter.VAR_KEYWORD:
            [fields] = get_args(get_type_hints(method)[parameter.name])
            named |= get_type_hints(fields).keys()
    return named


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
