"""What is asked of the service, said once for both clients: a call is a request that is not sent yet."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from dataclasses import replace as replaced
from datetime import date, datetime
from typing import Any, Literal
from urllib.parse import parse_qsl, quote, urlsplit
from uuid import uuid4

import httpx

_ACCEPT = "application/json, text/plain;q=0.5"
_JSON = {"Content-Type": "application/json"}


@dataclass(frozen=True, slots=True)
class Call:
    """A request that is not sent yet."""

    method: str
    path: str
    parameters: Mapping[str, str] = field(default_factory=dict)
    content: bytes | None = None
    headers: Mapping[str, str] = field(default_factory=dict)
    harmless: bool = True
    """Whether to send it twice does what to send it once does."""

    def following(self, url: str) -> Call:
        """Return the call for the next page: its address may name another host, as seen from behind a proxy."""
        return replaced(self, parameters=dict(parse_qsl(urlsplit(url).query)))

    def request(self, client: httpx.Client | httpx.AsyncClient) -> httpx.Request:
        """Return the request that a client is to send."""
        return client.build_request(
            self.method, self.path, params=dict(self.parameters), content=self.content, headers=dict(self.headers)
        )


def options(base_url: str, key: str | None, timeout: float) -> dict[str, Any]:
    """Return what both of httpx's clients are made with. Units: ``timeout`` in seconds."""
    headers = {"Accept": _ACCEPT, "User-Agent": "sayso-client"}
    if key is not None:
        headers["Authorization"] = f"Bearer {key}"
    # What was merged has another address.
    return {"base_url": base_url.rstrip("/"), "headers": headers, "timeout": timeout, "follow_redirects": True}


def read(path: str, parameters: Mapping[str, object] | None = None) -> Call:
    """Return a read, narrowed by the parameters that are not None; several values are joined by commas."""
    told = {name: _told(value) for name, value in (parameters or {}).items() if value is not None}
    return Call("GET", path, told)


def read_one(kind: str, key: str, *rest: str, **parameters: object) -> Call:
    """Return the read of one thing, or of what belongs to it."""
    return read("/".join(("", kind, quote(key, safe=""), *rest)), parameters)


def read_whole(kind: str, ending: str, filters: Mapping[str, object]) -> Call:
    """Return the read of a list from its start to its end. The service sends one page where one is asked for."""
    return read(f"/{kind}.{ending}", {name: value for name, value in filters.items() if name != "limit"})


def annotate(story: Mapping[str, object], offset_unit: str | None = None) -> Call:
    """Return the call that has a story annotated and keeps nothing: sending it again does no harm."""
    asked = read("/annotate", {"offset_unit": offset_unit})
    return replaced(asked, method="POST", content=_json(story), headers=_JSON)


def add_story(story: Mapping[str, object], key: str | None = None) -> Call:
    """Return the call that hands a story in."""
    return Call("POST", "/articles", {}, _json(story), {**_JSON, **_keyed(key)}, harmless=True)


def add_stories(stories: Iterable[Mapping[str, object]], key: str | None = None) -> Call:
    """Return the call that hands many stories in, to be annotated in the background."""
    lines = b"".join(_json(story) + b"\n" for story in stories)
    headers = {"Content-Type": "application/x-ndjson", **_keyed(key)}
    return Call("POST", "/ingestions", {}, lines, headers, harmless=True)


def replace(article_id: str, story: Mapping[str, object], if_match: str | None) -> Call:
    """Return the call that makes a story the new revision of an article.

    With ``if_match`` a second one would find what the first one made, and be refused.
    """
    call = read_one("articles", article_id)
    return Call("PUT", call.path, {}, _json(story), {**_JSON, **_if_match(if_match)}, harmless=if_match is None)


def remove(article_id: str, if_match: str | None) -> Call:
    """Return the deletion of an article: a second one would find nothing."""
    return Call("DELETE", read_one("articles", article_id).path, headers=_if_match(if_match), harmless=False)


def add_webhook(fields: Mapping[str, object]) -> Call:
    """Return the call that has a receiver told of changes: a second one would be another webhook."""
    return Call("POST", "/webhooks", {}, _json(fields), _JSON, harmless=False)


def change_webhook(webhook_id: str, fields: Mapping[str, object]) -> Call:
    """Return the call that changes a webhook; None is told as null. To go back twice would tell everything twice."""
    path = read_one("webhooks", webhook_id).path
    return Call("PATCH", path, {}, json.dumps(fields).encode(), _JSON, harmless="position" not in fields)


def of_webhook(
    method: Literal["POST", "DELETE"], webhook_id: str, *rest: str, parameters: Mapping[str, object] | None = None
) -> Call:
    """Return a call that does something with a webhook, or with what belongs to it."""
    asked = read(read_one("webhooks", webhook_id, *(quote(part, safe="") for part in rest)).path, parameters)
    return replaced(asked, method=method, harmless=False)


def _if_match(tag: str | None) -> dict[str, str]:
    return {} if tag is None else {"If-Match": tag}


def _keyed(key: str | None) -> dict[str, str]:
    return {"Idempotency-Key": key or str(uuid4())}


def _json(fields: Mapping[str, object]) -> bytes:
    told = {name: value for name, value in fields.items() if value is not None}
    return json.dumps(told, default=_told, ensure_ascii=False).encode()


def _told(value: object) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, datetime | date):
        return value.isoformat()
    if isinstance(value, str | int | float):
        return str(value)
    if isinstance(value, Iterable):
        return ",".join(str(part) for part in value)
    msg = f"{type(value).__name__} is no value of a parameter or a field"
    raise TypeError(msg)
