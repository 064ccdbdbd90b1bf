"""What is asked of the service, said once for both clients: a call is a request that is not sent yet."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any
from urllib.parse import parse_qsl, quote, urlsplit
from uuid import uuid4

import httpx

Parameter = str | int | float | bool | date | datetime | Iterable[str] | None
"""What a filter may be given as; None leaves it out, several values are joined by commas."""

_PATIENCE = 60.0
_ACCEPT = "application/json, text/plain;q=0.5"


@dataclass(frozen=True, slots=True)
class Call:
    """A request that is not sent yet."""

    method: str
    path: str
    parameters: Mapping[str, str] = field(default_factory=dict)
    content: bytes | None = None
    headers: Mapping[str, str] = field(default_factory=dict)

    def following(self, url: str) -> Call:
        """Return the call for the next page: its address may name another host, as seen from behind a proxy."""
        return Call(self.method, self.path, dict(parse_qsl(urlsplit(url).query)), self.content, self.headers)

    def request(self, client: httpx.Client | httpx.AsyncClient) -> httpx.Request:
        """Return the request that a client is to send."""
        return client.build_request(
            self.method, self.path, params=dict(self.parameters), content=self.content, headers=dict(self.headers)
        )


def options(base_url: str, key: str | None, timeout: float = _PATIENCE) -> dict[str, Any]:
    """Return what both of httpx's clients are made with. Units: ``timeout`` in seconds."""
    headers = {"Accept": _ACCEPT, "User-Agent": "sayso-client"}
    if key is not None:
        headers["Authorization"] = f"Bearer {key}"
    return {"base_url": base_url.rstrip("/"), "headers": headers, "timeout": timeout}


def read(path: str, **parameters: Parameter) -> Call:
    """Return a read, narrowed by what is not None."""
    told = {name: _told(value) for name, value in parameters.items() if value is not None}
    return Call("GET", path, told)


def read_one(kind: str, key: str, *rest: str, **parameters: Parameter) -> Call:
    """Return the read of one thing, or of what belongs to it."""
    return read("/".join(("", kind, quote(key, safe=""), *rest)), **parameters)


def write(method: str, path: str, content: object, key: str | None = None) -> Call:
    """Return a write of JSON; one that makes something new carries a key, so that it can be sent again."""
    headers = {"Content-Type": "application/json"}
    if method == "POST":
        headers["Idempotency-Key"] = key or str(uuid4())
    return Call(method, path, {}, json.dumps(content, default=_told).encode(), headers)


def add_story(fields: Mapping[str, Any], key: str | None = None) -> Call:
    """Return the call that hands a story in."""
    return write("POST", "/articles", {n: v for n, v in fields.items() if v is not None}, key)


def add_stories(stories: Iterable[Mapping[str, Any]], key: str | None = None) -> Call:
    """Return the call that hands many stories in, to be annotated in the background."""
    lines = b"".join(json.dumps(dict(story), default=_told).encode() + b"\n" for story in stories)
    headers = {"Content-Type": "application/x-ndjson", "Idempotency-Key": key or str(uuid4())}
    return Call("POST", "/ingestions", {}, lines, headers)


def remove(kind: str, key: str) -> Call:
    """Return the deletion of one thing."""
    return Call("DELETE", f"/{kind}/{quote(key, safe='')}")


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
