"""What a route, of the API or a page, asks of a key: declared beside the route, read by what guards them all."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal, TypeVar

from app.store.keys import Scope

_ATTRIBUTE = "sayso_needs"

E = TypeVar("E", bound=Callable[..., object])


@dataclass(frozen=True, slots=True)
class Needs:
    """What a route needs: a scope, or a key of none ("open"); and whether its success is written to the audit log."""

    scope: Scope | Literal["open"]
    audited: bool = False


READ = Needs("read")


def requires(scope: Scope | Literal["open"], *, audited: bool = False) -> Callable[[E], E]:
    """Declare what a route needs, under the decorator that makes it a route; ``audited`` for what changes the store."""

    def declare(endpoint: E) -> E:
        setattr(endpoint, _ATTRIBUTE, Needs(scope, audited))
        return endpoint

    return declare


def needs_of(endpoint: object) -> Needs | None:
    """Return what an endpoint, or an application that is mounted, was declared to need."""
    found: Needs | None = getattr(endpoint, _ATTRIBUTE, None)
    return found
