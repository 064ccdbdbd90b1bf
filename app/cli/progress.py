"""How far a command is, on standard error: a bar on a terminal, a line now and then elsewhere."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Protocol

import click
from rich.console import Console
from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn, TimeRemainingColumn

_EVERY = 1000


class Meter(Protocol):
    """Shows how far the work is."""

    def show(self, through: int, total: int, told: str) -> None:
        """Show how many of the stories that are known of are through, and what is told of them."""


class Lines:
    """Counts, each time another thousand are through: for logs and pipes."""

    def __init__(self) -> None:
        self._said = 0

    def show(self, through: int, total: int, told: str) -> None:
        """Say the counts when it is time to."""
        if through // _EVERY > self._said:
            self._said = through // _EVERY
            click.echo(f"{through} of {total} stories: {told}", err=True)


class Bar:
    """A progress bar with the rate and the time left, for a terminal."""

    def __init__(self, progress: Progress) -> None:
        self._progress = progress
        self._task = progress.add_task("stories", total=None, rate="", told="")

    def show(self, through: int, total: int, told: str) -> None:
        """Fill the bar."""
        elapsed = self._progress.tasks[self._task].elapsed or 0.0
        rate = f"{through / elapsed:.1f}/s" if elapsed else ""
        self._progress.update(self._task, completed=through, total=total, rate=rate, told=told)


@contextmanager
def metered() -> Iterator[Meter]:
    """Yield what shows how many stories are through."""
    if not sys.stderr.isatty():
        yield Lines()
        return
    columns = (
        BarColumn(),
        TaskProgressColumn(),
        TextColumn("{task.fields[rate]}"),
        TextColumn("{task.fields[told]}"),
        TimeRemainingColumn(),
    )
    with Progress(*columns, console=Console(stderr=True), redirect_stdout=False) as progress:
        yield Bar(progress)
