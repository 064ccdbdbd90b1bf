"""What is made once for each way to ask, whatever is asked about: making a statement takes longer than running it."""

from __future__ import annotations

from collections.abc import Callable, Hashable
from dataclasses import dataclass, field, replace
from typing import Any, Generic, TypeVar

from sqlalchemy import bindparam
from sqlalchemy.orm import Session

from app.store.filters import EntityFilter, IssueFilter, StoryFilter
from app.store.narrowing import bound_of
from app.store.walks import Given

F = TypeVar("F", bound=StoryFilter | EntityFilter | IssueFilter)
T = TypeVar("T")
_ARRIVED = ("ingested_from", "ingested_to")
ASKED_OF_STORY = ("source", "section", "language", "published_from", "published_to", *_ARRIVED)
"""What is asked of a story and stands in statements as it is."""
_MOST = 200
_MENTIONS = "mentions"


@dataclass(frozen=True, slots=True)
class Ways(Generic[F, T]):
    """Makes something of a filter, once for all filters that give the same fields.

    ``plain`` are the fields whose values only stand in statements: in what is made they are parameters. The values of
    those that are ``telling`` make a difference to what is made. A filter that gives others has its own made.
    """

    plain: frozenset[str]
    telling: frozenset[str]
    make: Callable[[Session, F, bool], T]
    made: dict[Hashable, T] = field(default_factory=dict, init=False)

    def of(self, session: Session, narrowed: F, *, with_story: bool = False) -> tuple[T, Given]:
        """Return what is made of a filter, and the values that its parameters have this time."""
        told: list[Hashable] = [session.get_bind().dialect.name, with_story]
        parameters: dict[str, Any] = {}
        given: dict[str, Any] = {}
        for name in narrowed.__dataclass_fields__:
            value = getattr(narrowed, name)
            if value is None or value is False:
                continue
            told.append(name)
            if name in self.telling:
                told.append(value)
            elif name == _MENTIONS:
                told.append(len(value))
                of_each = {f"{name}_{i}": one for i, one in enumerate(value)}
                parameters[name] = tuple(map(bindparam, of_each)) if value else ()
                given |= of_each
            elif name in self.plain:
                parameters[name], given[name] = name, value
                if name in _ARRIVED:
                    given[f"{name}_id"] = bound_of(name, value)
            else:
                return self.make(session, narrowed, with_story), {}
        key = tuple(told)
        found = self.made.get(key)
        if found is None:
            if len(self.made) >= _MOST:  # as many as clients care to think of
                self.made.clear()
            named = {name: bindparam(name) if of == name else of for name, of in parameters.items()}
            found = self.made[key] = self.make(session, replace(narrowed, **named), with_story)
        return found, given
