"""People told in the names of bodies that are theirs: "the Biden administration" mentions Biden."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from app.annotate.entities import Group, person_parts
from app.annotate.lexicons.groups import GOVERNING
from app.domain.span import Span

# A body that is called by its head: "the Biden administration", "the government of President Daniel Ortega".
_OWNED = re.compile(
    r"(?:[Tt]he\s+)?(?:(?P<owner>[A-Z][\w’'-]*(?:\s[A-Z][\w’'-]*)*)\s(?P<body>[a-z]+)"
    r"|(?P<first>[A-Za-z]+)\sof\s(?:President\s|Prime\sMinister\s)?(?P<whose>[A-Z][\w’'-]*(?:\s[A-Z][\w’'-]*)*))"
)


def tell_owners(groups: Sequence[Group], text: str) -> None:
    """Tell the people of a story where a body that governs is named by one of them, and by no other of the name."""
    people = [g for g in groups if g.type == "person"]
    for name in (n for g in groups if g.type == "organization" for n in g.names):
        found = _OWNED.fullmatch(text, name.span.start, name.span.end)
        if found is None or (found["body"] or found["first"]).casefold() not in GOVERNING:
            continue
        span = Span(*found.span("owner" if found["owner"] else "whose"))
        parts = person_parts(" ".join(span.of(text).split()))
        owners = [g for g in people if parts and g.parts[-len(parts) :] == parts]
        if len(owners) == 1:
            owners[0].within.append(replace(name, span=span, type="person", marks=(span,)))
