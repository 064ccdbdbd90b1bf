"""What `sayso ingest` does beyond the plain case: failures in the middle, and what it shows."""

from __future__ import annotations

import io
from pathlib import Path

import pytest
from rich.console import Console
from rich.progress import Progress, TextColumn

from app.cli.ingest import Bar, Counts, Lines, Worker
from app.domain.analysis import Analysis
from app.domain.document import Document
from app.ingest.files import read_stories
from app.ingest.intake import Intake
from app.store.store import open_store
from tests.api.plain_rules import PlainRules


class Choosy(PlainRules):
    """An annotator that breaks on one story."""

    def annotate(self, document: Document) -> Analysis:
        """Return the analysis of any story but one."""
        if "broken" in document.text:
            msg = "first line\nsecond line"
            raise ZeroDivisionError(msg)
        return super().annotate(document)


def test_a_story_that_breaks_the_annotator_stops_no_other(
    sqlite_url: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "stories.ndjson"
    path.write_text("\n".join(f'{{"text": "Story {i}{" broken" if i == 2 else ""}."}}' for i in range(5)))
    store = open_store(sqlite_url)
    worker = Worker(Intake(store, Choosy()), Lines())

    worker.take(read_stories(path, 1000))
    store.close()

    assert worker.counts == Counts(added=4, known=0, failed=1)
    assert capsys.readouterr().err == f"{path}:3: ZeroDivisionError: first line\n"


def test_a_file_that_vanishes_stops_no_other(sqlite_url: str, tmp_path: Path) -> None:
    store = open_store(sqlite_url)
    worker = Worker(Intake(store, PlainRules()), Lines())

    worker.take(read_stories(tmp_path / "gone.txt", 1000))
    store.close()

    assert worker.counts == Counts(failed=1)


def test_lines_tell_the_counts_now_and_then(capsys: pytest.CaptureFixture[str]) -> None:
    lines = Lines()
    for through in (10, 999, 1001, 1500, 3000):
        lines.show(0, Counts(added=through))

    assert capsys.readouterr().err.splitlines() == [
        "1001 stories: 1001 added, 0 known already, 0 failed",
        "3000 stories: 3000 added, 0 known already, 0 failed",
    ]


def test_the_bar_fills_and_tells_the_rate() -> None:
    shown = io.StringIO()
    columns = (TextColumn("{task.completed:.0f} {task.fields[rate]} {task.fields[counts]}"),)
    with Progress(*columns, console=Console(file=shown, width=100)) as progress:
        bar = Bar(progress, 100)
        bar.show(50, Counts(added=3))
        bar.show(100, Counts(added=3, failed=1))

    assert "100 " in shown.getvalue()
    assert "/s 3 added, 0 known already, 1 failed" in shown.getvalue()
