"""Figures in rows and columns, for a terminal and for JSON."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from dataclasses import dataclass

from rich import box
from rich.console import Console
from rich.table import Table as RichTable

from app.evaluation.scores import Score

Value = float | int | None
"""A whole number is a count, a fraction a share; None is undefined."""

_WIDE = 140
COUNT_COLUMNS = ("precision", "recall", "f1", "gold")


@dataclass(frozen=True, slots=True)
class Table:
    """Rows of figures: each row's label, and its values in the order of ``columns``."""

    title: str
    columns: tuple[str, ...]
    rows: Mapping[str, tuple[Value, ...]]

    def content(self) -> dict[str, dict[str, Value]]:
        """Return the table for JSON, shares with four digits."""
        return {
            label: {column: _rounded(value) for column, value in zip(self.columns, values, strict=True)}
            for label, values in self.rows.items()
        }


def wide_console() -> Console:
    """Return standard output as wide as its terminal, or wide enough for every table where it is none."""
    return Console() if sys.stdout.isatty() else Console(width=_WIDE)


def counts_table(title: str, score: Score) -> Table:
    """Return a table of precision, recall, F1 and how many were wanted."""
    return Table(title, COUNT_COLUMNS, {name: (c.precision, c.recall, c.f1, c.gold) for name, c in score.items()})


def draw_table(table: Table) -> RichTable:
    """Return a table as a terminal shows it, shares in percent."""
    drawn = RichTable(title=table.title, title_justify="left", box=box.SIMPLE_HEAD)
    drawn.add_column("")
    for column in table.columns:
        drawn.add_column(column, justify="right")
    for label, values in table.rows.items():
        drawn.add_row(label, *(_shown(value) for value in values))
    return drawn


def _shown(value: Value) -> str:
    if value is None:
        return "-"
    return f"{value:,}" if isinstance(value, int) else f"{100 * value:.1f}"


def _rounded(value: Value) -> Value:
    return round(value, 4) if isinstance(value, float) else value
