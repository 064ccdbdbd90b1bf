"""What a newer description of the API breaks for clients of an older one.

Within a major version nothing is removed, renamed or made harder to ask for. What may change: new routes, new optional
parameters and fields, new fields and statuses of answers, words and examples.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

Json = dict[str, Any]
METHODS = ("get", "post", "put", "delete", "patch")
_SUCCESS = ("2", "3")
_DEEPEST = 12


def incompatibilities(old: Json, new: Json) -> list[str]:
    """Return what a client of ``old`` cannot do with ``new``, each in a line that names the place."""
    return [line for path, item in old["paths"].items() for line in _of_path(old, new, path, item)]


def _of_path(old: Json, new: Json, path: str, item: Json) -> Iterator[str]:
    for method in METHODS:
        if method not in item:
            continue
        name = f"{method.upper()} {path}"
        other = new["paths"].get(path, {}).get(method)
        if other is None:
            yield f"{name} is gone"
            continue
        if item[method]["operationId"] != other["operationId"]:
            yield f"{name} is called {other['operationId']} and no longer {item[method]['operationId']}"
        if item[method].get("security") != other.get("security"):
            yield f"{name} needs another scope"
        yield from _of_parameters(old, new, name, item[method], other)
        yield from _of_body(old, new, name, item[method], other)
        yield from _of_answers(old, new, name, item[method], other)


def _of_parameters(old: Json, new: Json, name: str, told: Json, other: Json) -> Iterator[str]:
    known = {(p["in"], p["name"]): p for p in told.get("parameters", [])}
    given = {(p["in"], p["name"]): p for p in other.get("parameters", [])}
    for key, parameter in known.items():
        if key not in given:
            yield f"{name}: the parameter {key[1]} is gone"
            continue
        if given[key].get("required", False) and not parameter.get("required", False):
            yield f"{name}: the parameter {key[1]} must be given"
        yield from _narrowed(old, new, f"{name}: the parameter {key[1]}", parameter["schema"], given[key]["schema"])
    for key in given.keys() - known.keys():
        if given[key].get("required", False):
            yield f"{name}: the new parameter {key[1]} must be given"


def _of_body(old: Json, new: Json, name: str, told: Json, other: Json) -> Iterator[str]:
    was, now = told.get("requestBody", {}), other.get("requestBody", {})
    if now.get("required", False) and not was.get("required", False):
        yield f"{name}: a body must be sent"
    for media_type, content in was.get("content", {}).items():
        if media_type not in now.get("content", {}):
            yield f"{name}: a body of {media_type} is no longer taken"
            continue
        after = now["content"][media_type]
        yield from _narrowed(old, new, f"{name}: the body", content.get("schema", {}), after.get("schema", {}))


def _of_answers(old: Json, new: Json, name: str, told: Json, other: Json) -> Iterator[str]:
    for status, answer in told["responses"].items():
        if not status.startswith(_SUCCESS):
            continue
        if status not in other["responses"]:
            yield f"{name}: {status} is no longer answered"
            continue
        for media_type, content in answer.get("content", {}).items():
            after = other["responses"][status].get("content", {})
            if media_type not in after:
                yield f"{name}: {status} no longer comes as {media_type}"
                continue
            place = f"{name}: {status}"
            yield from _lost(old, new, place, content.get("schema", {}), after[media_type].get("schema", {}))


def _narrowed(old: Json, new: Json, place: str, was: Json, now: Json, depth: int = 0) -> Iterator[str]:
    """Yield what may no longer be sent."""
    was, now = _resolved(old, was), _resolved(new, now)
    if depth > _DEEPEST or not was:
        return
    if "anyOf" in now and "type" not in now and "type" in was:
        # One of what may be sent now has to take what was sent before.
        each = [list(_narrowed(old, new, place, was, choice, depth + 1)) for choice in now["anyOf"]]
        yield from min(each, key=len)
        return
    known: list[object] = was.get("enum", [])
    if gone := [str(value) for value in known if value not in now.get("enum", known)]:
        yield f"{place} no longer takes {', '.join(gone)}"
    if not _types(old, was) <= _types(new, now):
        yield f"{place} takes another type"
    for field in sorted(set(now.get("required", ())) - set(was.get("required", ()))):
        yield f"{place}: {field} must be given"
    for field, schema in was.get("properties", {}).items():
        if field not in now.get("properties", {}):
            yield f"{place}: {field} is gone"
        else:
            yield from _narrowed(old, new, f"{place}: {field}", schema, now["properties"][field], depth + 1)


def _lost(old: Json, new: Json, place: str, was: Json, now: Json, depth: int = 0) -> Iterator[str]:
    """Yield what answers no longer hold."""
    was, now = _resolved(old, was), _resolved(new, now)
    if depth > _DEEPEST or not was:
        return
    if not _types(new, now) <= _types(old, was):
        yield f"{place} is of another type"
    for field, schema in was.get("properties", {}).items():
        if field not in now.get("properties", {}):
            yield f"{place}: {field} is gone"
            continue
        if field in was.get("required", ()) and field not in now.get("required", ()):
            yield f"{place}: {field} is not always there"
        yield from _lost(old, new, f"{place}: {field}", schema, now["properties"][field], depth + 1)
    if "items" in was and "items" in now:
        yield from _lost(old, new, f"{place}: items", was["items"], now["items"], depth + 1)


def _resolved(document: Json, schema: Json) -> Json:
    """Return a schema itself where a reference names it, and the one that is not null of a choice with null."""
    while "$ref" in schema:
        schema = document["components"]["schemas"][schema["$ref"].rsplit("/", 1)[1]]
    others = [choice for choice in schema.get("anyOf", ()) if choice.get("type") != "null"]
    return _resolved(document, others[0]) if len(others) == 1 else schema


def _types(document: Json, schema: Json) -> set[str]:
    schema = _resolved(document, schema)
    named = schema.get("type", ())
    return {named} if isinstance(named, str) else set(named)
