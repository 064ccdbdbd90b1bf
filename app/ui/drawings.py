"""Pictures as SVG, drawn on the server: when things were said, and who stands where on an issue.

Colours and type come from the style sheet by class, so that a picture follows light and dark; a picture that is
downloaded carries a style of its own.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from markupsafe import Markup

WIDTH = 720
_EDGE, _DOT, _ROW = 24, 4, 11
_TICKS = (1, 2, 7, 14, 31, 61, 92, 183, 366, 731, 1827, 3653)  # days between two marks of the axis
_MOST_TICKS = 7
_COLUMN, _LINE, _NAME = 236, 34, 30
_POST = 24
_STANDALONE = Markup(
    "text{font:13px Georgia,serif;fill:#1f1d1a}.axis{stroke:#8a857c}.tick{font-size:11px;fill:#5f5a52}"
    ".supports{fill:#1a6b4f;stroke:#1a6b4f}.opposes{fill:#a33b2a;stroke:#a33b2a}.mixed,.unclear{fill:#7a7062;stroke:#7a7062}"
    ".edge{fill:none;stroke-width:1.5}.hub{fill:#fbf9f4;stroke:#1f1d1a}"
)


@dataclass(frozen=True, slots=True)
class Event:
    """Something on a time line. ``kind`` is its class; ``up`` puts it above the axis, else it hangs below."""

    at: datetime
    kind: str
    label: str
    href: str
    up: bool = True


@dataclass(frozen=True, slots=True)
class Side:
    """An actor beside an issue: the name, where it stands, how often that was reported."""

    name: str
    polarity: str
    count: int
    href: str | None


@dataclass(frozen=True, slots=True)
class Term:
    """A post over time: the first and the last day on which it is told as held, and the first on which as past."""

    label: str
    held: tuple[datetime, datetime] | None
    past: datetime | None
    told: str
    href: str


@dataclass(frozen=True, slots=True)
class Bar:
    """A measured share of 1, and shares that are marked on it."""

    label: str
    share: float
    marks: tuple[float, ...] = ()


def draw_timeline(events: Sequence[Event], label: str) -> Markup | None:
    """Return the events as dots over an axis of days, those of one place on top of each other; None within one day."""
    if not events:
        return None
    first, last = min(e.at for e in events), max(e.at for e in events)
    days = (last - first).days
    if days == 0:
        return None
    pixels = (WIDTH - 2 * _EDGE) / days
    stacks: dict[tuple[int, bool], int] = {}
    dots: list[tuple[Event, int, int]] = []
    for event in sorted(events, key=lambda e: e.at):
        column = round((event.at - first).days * pixels / (2 * _DOT + 2))
        height = stacks.get((column, event.up), 0)
        stacks[column, event.up] = height + 1
        dots.append((event, _EDGE + column * (2 * _DOT + 2), height))
    above = max((n for (_, up), n in stacks.items() if up), default=0) * _ROW + _DOT
    below = max((n for (_, up), n in stacks.items() if not up), default=0) * _ROW
    axis = above + 2 * _DOT
    height = axis + below + 30
    parts = [Markup('<line class="axis" x1="0" x2="{}" y1="{y}" y2="{y}"/>').format(WIDTH, y=axis)]
    parts += _ticks(first, days, pixels, axis, height)
    for event, x, level in dots:
        y = axis - (level + 1) * _ROW + 2 if event.up else axis + (level + 1) * _ROW - 2
        parts.append(
            Markup(
                '<a href="{}" aria-label="{}">'
                '<circle class="dot {}" cx="{}" cy="{}" r="{}"><title>{}</title></circle></a>'
            ).format(event.href, event.label, event.kind, x, y, _DOT, event.label)
        )
    return _picture(WIDTH, height, label, parts)


def draw_terms(terms: Sequence[Term], label: str) -> Markup | None:
    """Return posts as bars under each other over one axis of days; None for none, and for a single day.

    A bar is full where stories tell of the post as held, and thin from the first that tells of it as past.
    """
    moments = [at for term in terms for at in (*(term.held or ()), *([term.past] if term.past else []))]
    if not moments or (max(moments) - min(moments)).days == 0:
        return None
    first, days = min(moments), (max(moments) - min(moments)).days
    left = 268
    pixels = (WIDTH - left - _EDGE) / days
    axis = len(terms) * _POST + 6
    parts = [Markup('<line class="axis" x1="{}" x2="{}" y1="{y}" y2="{y}"/>').format(left, WIDTH, y=axis)]
    parts += _ticks(first, days, pixels, axis, axis + 26, left=left)
    for row, term in enumerate(terms):
        y = row * _POST + 4
        shape: list[Markup] = []
        if term.past is not None:
            x = round(left + (term.past - first).days * pixels, 1)
            past = Markup('<line class="past" x1="{}" x2="{}" y1="{y}" y2="{y}"/>')
            shape.append(past.format(x, WIDTH, y=y + 8))
        if term.held is not None:
            since, until = (left + (at - first).days * pixels for at in term.held)
            held = Markup('<rect class="held" x="{}" y="{}" width="{}" height="12" rx="2"/>')
            shape.append(held.format(round(since, 1), y + 2, round(max(until - since, 2 * _DOT), 1)))
        name = Markup('<text x="{}" y="{}" text-anchor="end">{}</text>').format(left - 10, y + 13, _clip(term.label))
        whole = Markup('<a href="{}" aria-label="{}"><title>{}</title>{}{}</a>')
        parts.append(whole.format(term.href, term.told, term.told, name, Markup("").join(shape)))
    return _picture(WIDTH, axis + 30, label, parts)


def draw_bars(bars: Sequence[Bar], label: str) -> Markup | None:
    """Return shares as bars under each other, with their marks; None for none."""
    if not bars:
        return None
    left, width, parts = 250, WIDTH - 250 - 60, list[Markup]()
    for row, bar in enumerate(bars):
        y = row * 24 + 4
        words = {"left": left - 8, "x": left, "y": y, "base": y + 12, "width": round(bar.share * width, 1)}
        shown = Markup(
            '<text x="{left}" y="{base}" text-anchor="end">{label}</text><rect class="measure" x="{x}" y="{y}" '
            'width="{width}" height="14"/><text class="tick" x="{end}" y="{base}">{share:.1f}</text>'
        )
        parts.append(shown.format(**words, label=bar.label, end=WIDTH - 52, share=bar.share * 100))
        for mark in bar.marks:
            x = round(left + mark * width, 1)
            line = Markup('<line class="mark" x1="{x}" x2="{x}" y1="{y}" y2="{end}"/>')
            parts.append(line.format(x=x, y=y - 2, end=y + 16))
    return _picture(WIDTH, len(bars) * 24 + 6, label, parts)


def draw_sides(issue: str, sides: Iterable[Side], *, standalone: bool = False) -> Markup | None:
    """Return who stands where: the issue in the middle, those for it on the left, those against it on the right."""
    found = list(sides)
    if not found:
        return None
    left = [s for s in found if s.polarity == "supports"]
    right = [s for s in found if s.polarity == "opposes"]
    under = [s for s in found if s.polarity not in {"supports", "opposes"}]
    rows = max(len(left), len(right), 1)
    middle = rows * _LINE / 2 + 10
    height = rows * _LINE + 20 + (len(under) * _LINE + _NAME if under else 0)
    parts: list[Markup] = []
    for column, x, gap, anchor in ((left, _COLUMN, 8, "end"), (right, WIDTH - _COLUMN, -8, "start")):
        for row, side in enumerate(column):
            y = 10 + (row + 0.5) * _LINE + (rows - len(column)) * _LINE / 2
            parts += _arm(side, (x + gap, y), (WIDTH / 2, middle), (x, y), anchor)
    for row, side in enumerate(under):
        y = rows * _LINE + _NAME + (row + 0.5) * _LINE
        parts += _arm(side, (WIDTH / 2, y - 12), (WIDTH / 2, middle), (WIDTH / 2, y + 4), "middle")
    parts.append(
        Markup('<rect class="hub" x="{}" y="{}" width="180" height="32" rx="3"/>').format(WIDTH / 2 - 90, middle - 16)
    )
    short = issue if len(issue) <= 24 else issue[:23] + "…"  # noqa: PLR2004 (what the box holds)
    parts.append(
        Markup('<text class="hub-name" x="{}" y="{}" text-anchor="middle">{}</text>').format(
            WIDTH / 2, middle + 5, short
        )
    )
    return _picture(WIDTH, round(height), f"Who stands where on {issue}", parts, standalone=standalone)


def _arm(
    side: Side, start: tuple[float, float], end: tuple[float, float], text: tuple[float, float], anchor: str
) -> list[Markup]:
    bend = (start[0] + end[0]) / 2
    title = f"{side.name} {side.polarity}, {side.count} times" if side.count > 1 else f"{side.name} {side.polarity}"
    curve = Markup('<path class="edge {}" d="M{} {}C{} {} {} {} {} {}"><title>{}</title></path>').format(
        side.polarity, start[0], start[1], bend, start[1], bend, end[1], end[0], end[1], title
    )
    times = f" ×{side.count}" if side.count > 1 else ""
    name = Markup('<text x="{}" y="{}" text-anchor="{}">{}{}</text>').format(
        text[0], text[1] + 4, anchor, _clip(side.name), times
    )
    return [curve, name if side.href is None else Markup('<a href="{}">{}</a>').format(side.href, name)]


def _clip(name: str) -> str:
    return name if len(name) <= _NAME else name[: _NAME - 1] + "…"


def _ticks(first: datetime, days: int, pixels: float, axis: int, height: int, *, left: int = _EDGE) -> list[Markup]:
    most = _MOST_TICKS * (WIDTH - left) // WIDTH
    step = next((t for t in _TICKS if days / t <= most), _TICKS[-1])
    found = []
    for day in range(0, days + 1, step):
        x = round(left + day * pixels)
        at = first + timedelta(days=day)
        found.append(Markup('<line class="axis" x1="{x}" x2="{x}" y1="{}" y2="{}"/>').format(axis, axis + 4, x=x))
        anchor = "start" if day == 0 else "middle"
        found.append(
            Markup('<text class="tick" x="{}" y="{}" text-anchor="{}">{:%d %b %Y}</text>').format(
                x if day else left - _EDGE, height - 4, anchor, at
            )
            if x < WIDTH - 2 * _EDGE
            else Markup("")
        )
    return found


def _picture(width: int, height: int, label: str, parts: Iterable[Markup], *, standalone: bool = False) -> Markup:
    style = Markup("<style>{}</style>").format(_STANDALONE) if standalone else Markup("")
    space = Markup(' xmlns="http://www.w3.org/2000/svg"') if standalone else Markup("")
    return Markup('<svg{} viewBox="0 0 {} {}" role="group" aria-label="{}">{}{}</svg>').format(
        space, width, height, label, style, Markup("").join(parts)
    )
