"""What OpenAPI says beyond what the routes' signatures tell: tags, answers, errors, examples."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi
from fastapi.routing import APIRoute, iter_route_contexts
from pydantic import BaseModel

from app.api import examples, problems, schemas
from app.api.extensions import CSV, NDJSON
from app.api.idempotency import KEY_PATTERN
from app.api.request_examples import PATH_PARAMETERS, REQUESTS
from app.api.scopes import declared_routes
from app.ingest.fields import StoryFields
from app.ingest.media_types import NEWSML, NINJS
from app.ingest.references import Reference

TAGS: list[dict[str, Any]] = [
    {"name": "articles", "description": "Stories: hand them in, read them with their annotations."},
    {"name": "quotes", "description": "Who said what, in every story."},
    {"name": "people", "description": "People across stories."},
    {"name": "organizations", "description": "Organizations across stories."},
    {"name": "positions", "description": "Stances that are taken and offices that are held."},
    {"name": "knowledge", "description": "Who is who across stories: links, merges, splits, the same words again."},
    {"name": "review", "description": "People put right what the machine found, and add what it missed."},
    {"name": "search", "description": "One question over stories, names and quotes."},
    {"name": "ingestions", "description": "Many stories at once, annotated in the background."},
    {"name": "runs", "description": "Which pipeline annotated what; annotating again."},
    {"name": "feeds", "description": "Feeds that are followed: their stories come in by themselves."},
    {"name": "webhooks", "description": "Receivers that are told of every change, in order, signed."},
    {"name": "service", "description": "How the service is."},
]

_ETAG = {"ETag": {"description": "Strong tag of this answer.", "schema": {"type": "string"}}}
_LINK = {"Link": {"description": 'The next page, as rel="next".', "schema": {"type": "string"}}}
_LOCATION = {"Location": {"description": "The article's address.", "schema": {"type": "string"}}}

_LIST_FORMS = {
    CSV: "The list as CSV with a header line: all of it, unless a page is asked for by `limit` or `cursor`.",
    NDJSON: "The list with one item a line: all of it, unless a page is asked for by `limit` or `cursor`.",
}

Answers = dict[int | str, dict[str, Any]]


def reads(model: type[BaseModel], example: object, *kinds: problems.ProblemType, paged: bool = False) -> Answers:
    """Return the answers of a route that reads JSON: the thing itself, 304, the problems."""
    headers = {**_ETAG, **_LINK} if paged else _ETAG
    return {
        200: {"model": model, "headers": headers, "content": {"application/json": {"example": example}}},
        304: {
            "description": "The client has this already (If-None-Match, If-Modified-Since).",
            "headers": _ETAG,
        },
        **errors(problems.NOT_ACCEPTABLE, *kinds),
    }


def lists(model: type[BaseModel], example: object, *kinds: problems.ProblemType, paged: bool = True) -> Answers:
    """Return the answers of a route that reads a list, which every list gives as CSV and lines of JSON too."""
    return in_forms(reads(model, example, *kinds, paged=paged), _LIST_FORMS)


def in_forms(answers: Answers, forms: Mapping[str, str]) -> Answers:
    """Return the answers of a route that serves the same in other forms too: media types with their descriptions."""
    content = answers[200]["content"] | {
        form: {"schema": {"type": "string", "description": told}} for form, told in forms.items()
    }
    return {**answers, 200: {**answers[200], "content": content}}


def writes(
    model: type[BaseModel], example: object, descriptions: Mapping[int, str], *kinds: problems.ProblemType
) -> Answers:
    """Return the answers of a route that takes a story in."""
    told: Answers = {
        status: {
            "model": model,
            "description": description,
            "headers": {**_ETAG, **_LOCATION} if status == CREATED else _ETAG,
            "content": {"application/json": {"example": example}},
        }
        for status, description in descriptions.items()
    }
    return {**told, **errors(*STORY_PROBLEMS, *kinds)}


CREATED = 201

STORY_PROBLEMS = (
    problems.NOT_JSON,
    problems.NOT_ACCEPTABLE,
    problems.TOO_SLOW,
    problems.UNSUPPORTED_MEDIA_TYPE,
    problems.EMPTY_TEXT,
    problems.CHARSET,
    problems.CONTROL_CHARACTER,
    problems.UNREADABLE_HTML,
    problems.FETCH_FAILED,
    problems.BUSY_HOST,
)
"""What can be wrong with a story that is handed in."""

WISH_PROBLEMS = (problems.NOT_JSON, problems.NOT_ACCEPTABLE, problems.TOO_SLOW)
"""What can be wrong with a small body in JSON, besides its fields."""

KEY_HEADER: dict[str, Any] = {
    "name": "Idempotency-Key",
    "in": "header",
    "required": False,
    "schema": {"type": "string", "minLength": 1, "maxLength": 255, "pattern": KEY_PATTERN},
    "description": "Makes it safe to send the request again: the first answer is given again, and nothing done twice.",
}
"""The header that makes a request safe to repeat."""

PREFER_HEADER: dict[str, Any] = {
    "name": "Prefer",
    "in": "header",
    "required": False,
    "schema": {"type": "string"},
    "description": "`respond-async`: answer 202 as soon as the story is on disk, and annotate it in the background.",
}
"""The header that asks not to wait (RFC 7240)."""

STORY_BODY: dict[str, Any] = {
    "requestBody": {
        "required": True,
        "description": "The story: JSON with its fields, its plain text or page as such, or a news item of IPTC's.",
        "content": {
            "application/json": {"schema": {"$ref": "#/components/schemas/Story"}},
            "text/plain": {"schema": {"type": "string"}, "example": "The bridge will close in May, the mayor said."},
            "text/html": {"schema": {"type": "string"}, "example": "<article><h1>...</h1><p>...</p></article>"},
            NINJS: {
                "schema": {
                    "type": "object",
                    "required": ["uri"],
                    "properties": {"uri": {"type": "string"}},
                    "additionalProperties": True,
                },
                "example": examples.NINJS,
            },
            NEWSML: {"schema": {"type": "string"}, "example": examples.NEWSML},
        },
    }
}


EVERYWHERE = (
    problems.BAD_REQUEST,
    problems.TOO_LARGE,
    problems.UNAUTHENTICATED,
    problems.FORBIDDEN,
    problems.CROSS_SITE,
    problems.ADDRESS_TOO_LONG,
    problems.MISDIRECTED,
    problems.INVALID_INPUT,
    problems.RATE_LIMITED,
    problems.HEADERS_TOO_LARGE,
    problems.INTERNAL_ERROR,
    problems.UNAVAILABLE,
)
"""What any request may be answered."""

SECURITY_SCHEMES = {
    "key": {
        "type": "http",
        "scheme": "bearer",
        "description": "A key that `sayso keys create` made. No key is asked for where only this machine reaches the "
        "service. The scopes are `read`, `ingest`, `review` and `admin`, which may do everything.",
    }
}


def json_body(model: type[BaseModel], description: str) -> dict[str, Any]:
    """Return the description of a body that holds a JSON object; ``describe`` knows the models by their titles."""
    BODIES[model.__name__] = model
    schema = {"$ref": f"#/components/schemas/{model.__name__}"}
    content = {"application/json": {"schema": schema}}
    return {"requestBody": {"required": True, "description": description, "content": content}}


BODIES: dict[str, type[BaseModel]] = {}


def errors(*kinds: problems.ProblemType) -> Answers:
    """Return the problems that a route may answer, besides those that every route may."""
    by_status: dict[int, list[problems.ProblemType]] = {}
    for kind in dict.fromkeys((*kinds, *EVERYWHERE)):
        by_status.setdefault(kind.status, []).append(kind)
    return {status: _described(found) for status, found in sorted(by_status.items())}


def _described(kinds: Sequence[problems.ProblemType]) -> dict[str, Any]:
    examples = {kind.name: {"$ref": f"#/components/examples/{kind.name}"} for kind in kinds}
    return {
        "description": "; ".join(kind.title for kind in kinds),
        "content": {problems.MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}, "examples": examples}},
    }


def example_of(kind: problems.ProblemType) -> dict[str, Any]:
    """Return an answer of one problem type."""
    example: dict[str, Any] = {
        "type": kind.uri,
        "title": kind.title,
        "status": kind.status,
        "detail": kind.meaning,
        "request_id": "5f0c7a1e8d2b4c6f9a3e1d7b5c8f2a40",
    }
    if kind is problems.INVALID_INPUT:
        example["errors"] = [{"field": "published_at", "reason": "no such date or time: day is out of range for month"}]
    return example


def describe(app: FastAPI) -> None:
    """Let ``app`` describe itself, with the schemas that no route's signature names."""

    def openapi() -> dict[str, Any]:
        if app.openapi_schema is None:
            described = get_openapi(
                title=app.title,
                version=app.version,
                summary=app.summary,
                description=DESCRIPTION,
                routes=app.routes,
                tags=TAGS,
                servers=[{"url": "/", "description": "Where this description was read."}],
                license_info={"name": "Apache-2.0", "identifier": "Apache-2.0"},
            )
            named = described["components"]["schemas"]
            named["Story"] = StoryFields.model_json_schema()
            for name, model in BODIES.items():
                named[name] = model.model_json_schema(ref_template="#/components/schemas/{model}")
                named.update(named[name].pop("$defs", {}))
            named["Reference"] = Reference.model_json_schema()
            named["Problem"] = schemas.Problem.model_json_schema(ref_template="#/components/schemas/{model}")
            named.update(named["Problem"].pop("$defs"))
            described["components"] = {
                "schemas": {name: named[name] for name in sorted(named)},
                "examples": {
                    kind.name: {"summary": kind.title, "value": example_of(kind)} for kind in problems.TABLE.values()
                },
                "securitySchemes": SECURITY_SCHEMES,
            }
            _restore_examples(app, described["paths"])
            _tell_scopes(app, described["paths"])
            _tell_requests(described["paths"])
            _drop_unused_examples(described)
            app.openapi_schema = described
        return app.openapi_schema

    app.openapi = openapi  # type: ignore[method-assign]


def _restore_examples(app: FastAPI, paths: dict[str, Any]) -> None:
    """Put the examples back as they are written: FastAPI leaves what is null out of them."""
    for route in iter_route_contexts(app.routes):
        if not isinstance(route.original_route, APIRoute) or not route.include_in_schema:
            continue
        for method in route.methods or ():
            told = paths[route.path_format or ""][method.lower()]["responses"]
            for status, answer in route.responses.items():
                for media_type, content in answer.get("content", {}).items():
                    if "example" in content:
                        told[str(status)]["content"][media_type]["example"] = content["example"]


def _drop_unused_examples(described: dict[str, Any]) -> None:
    """Leave out the problems that no operation answers: those of paths and methods that are not there."""
    told = [operation for item in described["paths"].values() for operation in item.values()]
    answers = [answer for operation in told for answer in operation["responses"].values()]
    contents = [content for answer in answers for content in answer.get("content", {}).values()]
    used = {name for content in contents for name in content.get("examples", {})}
    examples = described["components"]["examples"]
    described["components"]["examples"] = {name: examples[name] for name in examples if name in used}


def _tell_requests(paths: dict[str, Any]) -> None:
    """Say what the open parts of paths are, and give an example of every body in JSON."""
    for item in paths.values():
        for told in item.values():
            for parameter in told.get("parameters", ()):
                if parameter["in"] == "path":
                    parameter["description"] = PATH_PARAMETERS[parameter["name"]]
            content = told.get("requestBody", {}).get("content", {}).get("application/json", {})
            if content and "example" not in content:
                content["example"] = REQUESTS[told["operationId"]]


def _tell_scopes(app: FastAPI, paths: dict[str, Any]) -> None:
    """Say of every operation which scope a key needs for it. Without one it may be had on this machine only."""
    for path, methods, needs in declared_routes(app):
        for method in methods:
            told = paths.get(path, {}).get(method.lower())
            if told is not None:
                told["security"] = [] if needs.scope == "open" else [{"key": [needs.scope]}, {}]


DESCRIPTION = """\
Stories go in; people, organizations, quotes with their speakers, and positions come out, each with the words that
show it. Offsets are half-open and count Unicode code points of the text at `/articles/{id}/text`, so that
`text[start:end] == exact`, always.

Lists are `{"items": [...], "next": "<URL>" | null}`, with the same address in a `Link` header. Every GET carries a
strong `ETag` and answers `If-None-Match` with 304, but for whole lists that are streamed; what carries `Last-Modified`
heeds `If-Modified-Since`; HEAD works wherever GET does. Every error is a problem (`application/problem+json`, RFC 9457)
whose `type` is described at that address.
"""
