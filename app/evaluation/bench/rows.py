"""What a benchmark found, as lines of a table."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from rich import box
from rich.table import Column, Table

_FEWEST_ROUNDS = 2


@dataclass(frozen=True, slots=True)
class Row:
    """A figure and what it is compared with; ``reference`` None says in ``reference_name`` why there is none."""

    name: str
    figure: float | None
    unit: str
    reference_name: str
    reference: float | None = None

    @property
    def ratio(self) -> float | None:
        """The figure over its reference."""
        return self.figure / self.reference if self.figure is not None and self.reference else None


def draw_rows(rows: Sequence[Row]) -> Table:
    """Return the table of a run."""
    table = Table(Column(no_wrap=True), box=box.SIMPLE_HEAD)
    for column in ("figure", "unit", "ratio", "reference", ""):
        table.add_column(column, justify="left" if column in {"unit", ""} else "right")
    for row in rows:
        ratio = "-" if row.ratio is None else f"{row.ratio:.2f}"
        table.add_row(row.name, _shown(row.figure), row.unit, ratio, _shown(row.reference), row.reference_name)
    return table


def rate(work: Callable[[], int], seconds: float) -> float:
    """Return how many units a second ``work`` does; it is called until ``seconds`` are over, once before for warmth.

    ``work`` returns how many units it did.
    """
    work()
    done = 0
    clock = time.perf_counter()
    while (elapsed := time.perf_counter() - clock) < seconds or not done:
        done += work()
    return done / (elapsed or time.perf_counter() - clock)


def rates_by_turns(works: Mapping[str, Callable[[], int]], seconds: float) -> dict[str, float]:
    """Return how many units a second each of ``works`` does, all measured over the same stretch of time.

    They are called in turn, once before for warmth and at least twice then, until ``seconds`` for each of them are
    over: a machine whose speed changes changes it for all, and their ratios hold.
    """
    for work in works.values():
        work()
    done, spent = dict.fromkeys(works, 0), dict.fromkeys(works, 0.0)
    rounds = 0
    while rounds < _FEWEST_ROUNDS or sum(spent.values()) < seconds * len(works):
        for name, work in works.items():
            clock = time.perf_counter()
            done[name] += work()
            spent[name] += time.perf_counter() - clock
        rounds += 1
    return {name: done[name] / spent[name] for name in works}


def _shown(value: float | None) -> str:
    if value is None:
        return "-"
    return f"{value:,.0f}" if value >= 100 else f"{value:.1f}"  # noqa: PLR2004 (three digits are enough)
