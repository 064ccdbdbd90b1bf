"""How far confidence can be trusted: of the annotations given 0.8, eight in ten ought to be right."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from html import escape

BINS = 10

Judged = tuple[float, bool]
"""How sure an annotation was, and whether it was right."""

_SIDE = 320
_MARGIN = 48


@dataclass(frozen=True, slots=True)
class Bin:
    """The annotations whose confidence lies in ``[low, high)``; the last bin holds 1 too.

    ``confidence`` and ``accuracy`` are their means, None in an empty bin.
    """

    low: float
    high: float
    count: int
    confidence: float | None
    accuracy: float | None


def reliability_bins(judged: Iterable[Judged], bins: int = BINS) -> tuple[Bin, ...]:
    """Return equally wide bins of confidence, with the share that was right in each.

    Raises: ValueError when a confidence is not a probability.
    """
    groups: list[list[Judged]] = [[] for _ in range(bins)]
    for confidence, right in judged:
        if not 0.0 <= confidence <= 1.0:
            msg = f"a confidence lies between 0 and 1, not {confidence}"
            raise ValueError(msg)
        groups[min(int(confidence * bins), bins - 1)].append((confidence, right))
    return tuple(_bin(number / bins, (number + 1) / bins, group) for number, group in enumerate(groups))


def expected_calibration_error(bins: Iterable[Bin]) -> float | None:
    """Return the mean distance between confidence and accuracy, each bin by its share; None for no annotations.

    Source: Naeini, Cooper and Hauskrecht, AAAI 2015.
    """
    filled = [
        (b.count, abs(b.confidence - b.accuracy)) for b in bins if b.confidence is not None and b.accuracy is not None
    ]
    total = sum(count for count, _ in filled)
    return sum(count * distance for count, distance in filled) / total if total else None


def draw_reliability(bins: Sequence[Bin], title: str) -> str:
    """Return a reliability diagram as SVG: accuracy over confidence, the share of annotations as the bars' strength.

    The diagonal is perfect calibration.
    """
    width, height = _SIDE + 2 * _MARGIN, _SIDE + 2 * _MARGIN
    total = sum(b.count for b in bins)
    error = expected_calibration_error(bins)
    caption = f"{total} annotations" + ("" if error is None else f", expected calibration error {error:.3f}")
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" width="{width}" height="{height}"',
        '  font-family="sans-serif" font-size="12" role="img">',
        f"<title>{escape(title)}: {caption}</title>",
        f'<rect width="{width}" height="{height}" fill="white"/>',
        _text(width / 2, 18, title, weight="bold"),
        _text(width / 2, 36, caption),
        *(_bar(b, total) for b in bins if b.count),
        *_axes(),
        f'<line x1="{_x(0)}" y1="{_y(0)}" x2="{_x(1)}" y2="{_y(1)}" stroke="#555" stroke-dasharray="4 4"/>',
        *(
            f'<circle cx="{_x(b.confidence)}" cy="{_y(b.accuracy)}" r="4" fill="#b3261e"/>'
            for b in bins
            if b.confidence is not None and b.accuracy is not None
        ),
        "</svg>",
    ]
    return "\n".join(parts) + "\n"


def _bin(low: float, high: float, group: Sequence[Judged]) -> Bin:
    if not group:
        return Bin(low, high, 0, None, None)
    return Bin(
        low,
        high,
        len(group),
        sum(confidence for confidence, _ in group) / len(group),
        sum(right for _, right in group) / len(group),
    )


def _x(value: float) -> float:
    return round(_MARGIN + value * _SIDE, 1)


def _y(value: float) -> float:
    return round(_MARGIN + (1 - value) * _SIDE, 1)


def _bar(filled: Bin, total: int) -> str:
    accuracy = filled.accuracy or 0.0
    width = round(_x(filled.high) - _x(filled.low) - 2, 1)
    height = round(_y(0) - _y(accuracy), 1)
    strength = round(0.25 + 0.75 * filled.count / total, 2)
    return (
        f'<rect x="{_x(filled.low) + 1}" y="{_y(accuracy)}" width="{width}" height="{height}" fill="#3b6ea5" '
        f'fill-opacity="{strength}"><title>{filled.count} annotations, {accuracy:.1%} right</title></rect>'
    )


def _axes() -> list[str]:
    parts = [f'<rect x="{_x(0)}" y="{_y(1)}" width="{_SIDE}" height="{_SIDE}" fill="none" stroke="#222"/>']
    for tenth in range(0, 11, 2):
        value = tenth / 10
        parts += [_text(_x(value), _y(0) + 16, f"{value:.1f}"), _text(_x(0) - 16, _y(value) + 4, f"{value:.1f}")]
    parts += [
        _text(_x(0.5), _y(0) + 36, "confidence"),
        f'<text x="14" y="{_y(0.5)}" text-anchor="middle" transform="rotate(-90 14 {_y(0.5)})">share right</text>',
    ]
    return parts


def _text(x: float, y: float, words: str, weight: str = "normal") -> str:
    return f'<text x="{x}" y="{y}" text-anchor="middle" font-weight="{weight}">{escape(words)}</text>'
