"""Within a major version, the API breaks nothing for the clients of the last release.

To keep the description of a release: ``python -m tests.contract.test_compatibility``.
"""

from __future__ import annotations

import gzip
import json
from collections.abc import Callable
from copy import deepcopy
from pathlib import Path
from typing import Any

import pytest

from tests.contract.compatibility import incompatibilities
from tests.contract.test_openapi import SNAPSHOT, described

Json = dict[str, Any]
RELEASED = Path(__file__).parent / "released-openapi.json.gz"


def released() -> Json:
    found: Json = json.loads(gzip.decompress(RELEASED.read_bytes()))
    return found


def test_nothing_is_broken_for_clients_of_the_last_release() -> None:
    old, new = released(), json.loads(SNAPSHOT.read_text(encoding="utf-8"))

    if old["info"]["version"].partition(".")[0] == new["info"]["version"].partition(".")[0]:
        assert incompatibilities(old, new) == []


def _of(document: Json, path: str, method: str) -> Json:
    found: Json = document["paths"][path][method]
    return found


def _parameter(document: Json, path: str, name: str) -> Json:
    return next(p for p in _of(document, path, "get")["parameters"] if p["name"] == name)


def remove_path(document: Json) -> None:
    del document["paths"]["/quotes/{quote_id}"]


def remove_method(document: Json) -> None:
    del document["paths"]["/articles/{article_id}"]["put"]


def rename_operation(document: Json) -> None:
    _of(document, "/quotes", "get")["operationId"] = "findQuotes"


def ask_for_another_scope(document: Json) -> None:
    _of(document, "/quotes", "get")["security"] = [{"key": ["admin"]}]


def rename_parameter(document: Json) -> None:
    _parameter(document, "/quotes", "speaker")["name"] = "said_by"


def require_parameter(document: Json) -> None:
    _parameter(document, "/quotes", "speaker")["required"] = True


def add_required_parameter(document: Json) -> None:
    new = {"in": "query", "name": "tenant", "required": True, "schema": {"type": "string"}}
    _of(document, "/quotes", "get")["parameters"].append(new)


def change_parameter_type(document: Json) -> None:
    _parameter(document, "/quotes", "limit")["schema"]["type"] = "string"


def take_less_of_a_parameter(document: Json) -> None:
    _parameter(document, "/articles/{article_id}", "offset_unit")["schema"]["enum"] = ["codepoint"]


def refuse_media_type(document: Json) -> None:
    del _of(document, "/articles", "post")["requestBody"]["content"]["text/html"]


def remove_field_of_body(document: Json) -> None:
    del document["components"]["schemas"]["Story"]["properties"]["title"]


def require_field_of_body(document: Json) -> None:
    document["components"]["schemas"]["Story"].setdefault("required", []).append("title")


def drop_status(document: Json) -> None:
    _of(document, "/articles", "post")["responses"].pop("200")


def drop_media_type(document: Json) -> None:
    _of(document, "/quotes/{quote_id}", "get")["responses"]["200"]["content"] = {}


def remove_field(document: Json) -> None:
    del document["components"]["schemas"]["Quote"]["properties"]["cue"]


def make_field_optional(document: Json) -> None:
    document["components"]["schemas"]["Quote"]["required"].remove("speaker")


def change_field_type(document: Json) -> None:
    document["components"]["schemas"]["Quote"]["properties"]["text"]["type"] = "array"


@pytest.mark.parametrize(
    ("change", "told"),
    [
        (remove_path, "GET /quotes/{quote_id} is gone"),
        (remove_method, "PUT /articles/{article_id} is gone"),
        (rename_operation, "GET /quotes is called findQuotes and no longer listQuotes"),
        (ask_for_another_scope, "GET /quotes needs another scope"),
        (rename_parameter, "GET /quotes: the parameter speaker is gone"),
        (require_parameter, "GET /quotes: the parameter speaker must be given"),
        (add_required_parameter, "GET /quotes: the new parameter tenant must be given"),
        (change_parameter_type, "GET /quotes: the parameter limit takes another type"),
        (take_less_of_a_parameter, "GET /articles/{article_id}: the parameter offset_unit no longer takes utf16"),
        (refuse_media_type, "POST /articles: a body of text/html is no longer taken"),
        (remove_field_of_body, "POST /articles: the body: title is gone"),
        (require_field_of_body, "POST /articles: the body: title must be given"),
        (drop_status, "POST /articles: 200 is no longer answered"),
        (drop_media_type, "GET /quotes/{quote_id}: 200 no longer comes as application/json"),
        (remove_field, "GET /quotes/{quote_id}: 200: cue is gone"),
        (make_field_optional, "GET /quotes/{quote_id}: 200: speaker is not always there"),
        (change_field_type, "GET /quotes/{quote_id}: 200: text is of another type"),
    ],
)
def test_what_breaks_a_client_is_told(change: Callable[[Json], None], told: str) -> None:
    old = json.loads(SNAPSHOT.read_text(encoding="utf-8"))
    new = deepcopy(old)
    change(new)

    assert told in incompatibilities(old, new)


def test_what_is_added_breaks_nobody() -> None:
    old = json.loads(SNAPSHOT.read_text(encoding="utf-8"))
    new = deepcopy(old)
    new["paths"]["/new"] = {"get": {"operationId": "getNew", "responses": {}}}
    new["components"]["schemas"]["Quote"]["properties"]["new"] = {"type": "string"}
    new["components"]["schemas"]["Story"]["properties"]["new"] = {"type": "string"}
    _of(new, "/quotes", "get")["parameters"].append({"in": "query", "name": "new", "schema": {"type": "string"}})
    _of(new, "/quotes", "get")["responses"]["418"] = {"description": "A teapot."}
    _parameter(new, "/quotes", "type")["description"] = "In other words."
    story = _of(new, "/articles", "post")["requestBody"]["content"]["application/json"]
    story["schema"] = {"anyOf": [{"type": "array"}, story["schema"]]}

    assert incompatibilities(old, new) == []


if __name__ == "__main__":
    RELEASED.write_bytes(gzip.compress(described().encode(), mtime=0))
