"""The header fields of a request by their names, looked through once for all who ask."""

from __future__ import annotations

from collections.abc import Mapping

from starlette.types import Scope

_NAMED = "sayso.named"
"""Under which a request remembers its fields by their names."""

Named = Mapping[bytes, bytes]


def named_fields(scope: Scope) -> Named:
    """Return a request's header fields by their names, in small letters as ASGI has them.

    What is sent under one name in several lines is one value with commas in between (RFC 9110, 5.3), but for cookies.
    """
    found: dict[bytes, bytes] | None = scope.get(_NAMED)
    if found is None:
        found = dict(scope["headers"])
        if len(found) != len(scope["headers"]):
            found = _joined(scope["headers"])
        scope[_NAMED] = found
    return found


def field_of(scope: Scope, name: str) -> str | None:
    """Return one header field of a request, named in small letters; None when it is not sent."""
    value = named_fields(scope).get(name.encode())
    return None if value is None else value.decode("latin-1")


def with_fields(scope: Scope, fields: list[tuple[bytes, bytes]]) -> Scope:
    """Return the request with other header fields."""
    return {**scope, "headers": fields, _NAMED: None}


def _joined(fields: list[tuple[bytes, bytes]]) -> dict[bytes, bytes]:
    found: dict[bytes, bytes] = {}
    for name, value in fields:
        between = b"; " if name == b"cookie" else b", "
        found[name] = found[name] + between + value if name in found else value
    return found
