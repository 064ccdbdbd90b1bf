"""The cast of a story: its named mentions in text order with the entity that each belongs to."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass

from app.annotate.chunks import Words
from app.annotate.entities import Group
from app.annotate.names import Name
from app.domain.span import Span


@dataclass(frozen=True, slots=True, eq=False)
class Cast:
    """The named mentions of a story in text order with the number of their group.

    ``keys`` and ``kinds`` have one entry a group: its folded parts as one string, and its type.
    """

    names: tuple[Name, ...]
    groups: tuple[int, ...]
    pieces: tuple[int, ...]
    types: tuple[str, ...]
    starts: tuple[int, ...]
    keys: tuple[str, ...] = ()
    kinds: tuple[str, ...] = ()

    def touching(self, span: Span) -> range:
        """Return the numbers of the mentions that overlap ``span``."""
        high = bisect_left(self.starts, span.end)
        low = high
        while low and self.names[low - 1].span.end > span.start:
            low -= 1
        return range(low, high)

    def inside(self, span: Span) -> list[int]:
        """Return the numbers of the mentions that lie in ``span``."""
        low = bisect_left(self.starts, span.start)
        found = []
        while low < len(self.names) and self.starts[low] < span.end:
            if self.names[low].span.end <= span.end:
                found.append(low)
            low += 1
        return found


def gather_cast(groups: Sequence[Group], words: Words) -> Cast:
    """Return the cast of a story; a name outside its paragraphs, as in a dateline, has no part in it."""
    rows = sorted(
        (
            (name, number, "nationality" if name.type == "nationality" else group.type)
            for number, group in enumerate(groups)
            for name in group.names
            if words.covered(name.span)
        ),
        key=lambda row: row[0].span,
    )
    return Cast(
        tuple(r[0] for r in rows),
        tuple(r[1] for r in rows),
        tuple(int(words.pieces[words.covered(r[0].span).start]) for r in rows),
        tuple(r[2] for r in rows),
        tuple(r[0].span.start for r in rows),
        tuple(" ".join(g.parts) for g in groups),
        tuple(g.type for g in groups),
    )
