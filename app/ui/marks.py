"""Annotations as HTML: spans over a text become properly nested elements, whatever overlaps.

A span that crosses the end of the one around it is cut there and goes on after it. Only its first piece carries the
id, so that an address with ``#id`` leads to where the annotation begins.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace

from markupsafe import Markup, escape


@dataclass(frozen=True, slots=True)
class Mark:
    """One element around ``text[start:end]``.

    ``rank`` orders marks of one extent: the lower is the outer one. ``note`` is put behind the last piece.
    """

    start: int
    end: int
    tag: str = "span"
    id: str | None = None
    attributes: Mapping[str, str] = field(default_factory=dict)
    rank: int = 0
    note: Markup | None = None


def mark_up(text: str, start: int, end: int, marks: Iterable[Mark]) -> Markup:
    """Return ``text[start:end]`` as HTML with the marks that touch it, cut to it.

    The text is escaped here; nothing else puts stored text into a page.
    """
    pending = sorted((_cut(m, start) for m in marks if m.start < end and start < m.end), key=_order, reverse=True)
    out: list[str] = []
    around: list[tuple[Mark, int]] = []
    at = start
    while at < end or around:
        if around and around[-1][1] == at:
            out.append(_closing(*around.pop()))
        elif pending and pending[-1].start == at < end:
            mark = pending.pop()
            stop = min(mark.end, around[-1][1] if around else end)
            out.append(_opening(mark))
            around.append((mark, stop))
            if stop < mark.end and stop < end:
                pending = sorted([*pending, _cut(mark, stop)], key=_order, reverse=True)
        else:
            step = min(around[-1][1] if around else end, pending[-1].start if pending else end)
            out.append(escape(text[at:step]))
            at = step
    return Markup("".join(out))  # noqa: S704 (every part is escaped, or a mark's own tag and note)


def _order(mark: Mark) -> tuple[int, int, int]:
    return mark.start, -mark.end, mark.rank


def _cut(mark: Mark, start: int) -> Mark:
    """Return what is left of a mark from ``start`` on."""
    return mark if mark.start >= start else replace(mark, start=start, id=None)


def _opening(mark: Mark) -> str:
    named = {} if mark.id is None else {"id": mark.id}
    shown = [f' {name}="{escape(value)}"' for name, value in {**named, **mark.attributes}.items()]
    return f"<{mark.tag}{''.join(shown)}>"


def _closing(mark: Mark, stop: int) -> str:
    return f"</{mark.tag}>{mark.note if mark.note is not None and stop == mark.end else ''}"
