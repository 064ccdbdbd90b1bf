"""What `sayso ingest` does beyond the plain case: failures in the middle, going on after a stop, what it shows."""

from __future__ import annotations

import io
import json
import signal
import subprocess
import sys
import time
from pathlib import Path
from threading import Event

import pytest
from rich.console import Console
from rich.progress import Progress, TextColumn

from app.cli import ingest
from app.cli.ingest import Counts, Taking, take_in, terminable
from app.cli.progress import Bar, Lines
from app.cli.working import Station, at_work
from app.config import Settings
from app.domain.analysis import Analysis
from app.domain.document import Document
from app.store import ingestions
from app.store.paging import PageRequest
from app.store.store import Store, open_store
from tests.api.plain_rules import PlainRules


class Choosy(PlainRules):
    """An annotator that breaks on one story."""

    def annotate(self, document: Document) -> Analysis:
        """Return the analysis of any story but one."""
        if "broken" in document.text:
            msg = "first line\nsecond line"
            raise ZeroDivisionError(msg)
        return super().annotate(document)


class Slow(PlainRules):
    """An annotator that tells when it begins, and takes its time."""

    def __init__(self) -> None:
        self.begun = Event()

    def annotate(self, document: Document) -> Analysis:
        """Return the analysis after a while."""
        self.begun.set()
        time.sleep(0.3)
        return super().annotate(document)


@pytest.fixture
def settings(sqlite_url: str) -> Settings:
    """Return settings for a database of the test's own."""
    return Settings(database_url=sqlite_url, workers=1)


@pytest.fixture
def stories(tmp_path: Path) -> Path:
    """Return a file of seven stories."""
    path = tmp_path / "stories.ndjson"
    path.write_text("\n".join(json.dumps({"text": f"Story {i}."}) for i in range(7)))
    return path


def test_a_story_that_breaks_the_annotator_stops_no_other(
    settings: Settings, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "stories.ndjson"
    path.write_text("\n".join(f'{{"text": "Story {i}{" broken" if i == 2 else ""}."}}' for i in range(5)))

    counts = take_in(settings, Choosy(), [path, tmp_path / "gone.txt"])

    assert counts == Counts(added=4, known=0, failed=2)
    assert capsys.readouterr().err == (
        f"{path}:3: ZeroDivisionError: first line\n{tmp_path / 'gone.txt'}: No such file or directory\n"
    )


def test_more_stories_than_a_part_holds_go_in_part_by_part(
    settings: Settings, stories: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ingest, "PART", 2)

    assert take_in(settings, PlainRules(), [stories]) == Counts(added=7)
    assert take_in(settings, PlainRules(), [stories]) == Counts(known=7)


def test_it_goes_on_where_it_was_stopped(
    settings: Settings, stories: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def interrupt(_station: Station, _seconds: float) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patched, at_work(settings, PlainRules(), working=False) as station:
        patched.setattr(Station, "pause", interrupt)
        with pytest.raises(SystemExit) as stopped:
            Taking(station, settings, Lines()).take((stories,))
    assert stopped.value.code == 130
    assert "run it again to go on" in capsys.readouterr().err

    assert take_in(settings, PlainRules(), [stories]) == Counts(added=7)
    with at_work(settings, PlainRules(), working=False) as station, station.store.reading() as session:
        assert len(ingestions.ingestions(session, PageRequest()).items) == 1


def test_the_story_that_it_is_at_when_it_is_stopped_counts(
    settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "story.txt").write_text("The ferry stays.")
    slow = Slow()

    def interrupt(_station: Station, _seconds: float) -> None:
        assert slow.begun.wait(60)
        raise KeyboardInterrupt

    monkeypatch.setattr(Station, "pause", interrupt)
    with at_work(settings, slow) as station, pytest.raises(SystemExit):
        Taking(station, settings, Lines()).take((tmp_path / "story.txt",))

    assert "stopped: 1 added" in capsys.readouterr().err


def test_what_is_stopped_before_it_is_accepted_leaves_nothing(
    settings: Settings, stories: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def interrupt(*_: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patched, at_work(settings, PlainRules(), working=False) as station:
        patched.setattr(ingestions, "close_ingestion", interrupt)
        with pytest.raises(SystemExit):
            Taking(station, settings, Lines()).take((stories,))
        with station.store.reading() as session:
            assert ingestions.queued_stories(session) == 0


def test_lines_tell_the_counts_now_and_then(capsys: pytest.CaptureFixture[str]) -> None:
    lines = Lines()
    for through in (10, 999, 1001, 1500, 3000):
        lines.show(through, 5000, str(Counts(added=through)))

    assert capsys.readouterr().err.splitlines() == [
        "1001 of 5000 stories: 1001 added, 0 known already, 0 failed",
        "3000 of 5000 stories: 3000 added, 0 known already, 0 failed",
    ]


def test_the_bar_fills_and_tells_the_rate() -> None:
    shown = io.StringIO()
    columns = (TextColumn("{task.completed:.0f}/{task.total} {task.fields[rate]} {task.fields[told]}"),)
    with Progress(*columns, console=Console(file=shown, width=100)) as progress:
        bar = Bar(progress)
        bar.show(50, 80, str(Counts(added=3)))
        bar.show(100, 100, str(Counts(added=3, failed=1)))

    assert "100/100 " in shown.getvalue()
    assert "/s 3 added, 0 known already, 1 failed" in shown.getvalue()


def test_told_to_end_it_says_how_far_it_came_and_goes_on_when_it_is_run_again(
    sqlite_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "stories.ndjson"
    path.write_text("\n".join(json.dumps({"text": f"Story {i}. The ferry stays, Ana Ruiz said."}) for i in range(100)))
    monkeypatch.setenv("SAYSO_DATABASE_URL", sqlite_url)
    monkeypatch.setenv("SAYSO_WORKERS", "1")
    command = [sys.executable, "-m", "app.cli", "ingest", str(path)]
    store = open_store(sqlite_url)
    process = subprocess.Popen(command, stderr=subprocess.PIPE, text=True)  # noqa: S603 (our own command)
    begun = False
    while not begun and process.poll() is None:
        time.sleep(0.01)
        with store.writing():  # it cannot come to its end meanwhile
            begun = annotated_in(store) > 0
            for _ in range(2 if begun else 0):  # as `timeout` does
                process.send_signal(signal.SIGTERM)
    _, told = process.communicate(timeout=240)

    assert process.returncode == 143, told
    assert f"stopped: {annotated_in(store)} added, 0 known already, 0 failed so far; run it again to go on" in told
    again = subprocess.run(command, capture_output=True, text=True, timeout=240, check=True)  # noqa: S603 (the same)
    assert again.stdout == "100 added, 0 known already, 0 failed\n"
    store.close()


def test_told_to_end_before_anything_is_taken_in_it_ends() -> None:
    before = signal.getsignal(signal.SIGTERM)
    with pytest.raises(SystemExit) as stopped, terminable():
        signal.raise_signal(signal.SIGTERM)
    assert (stopped.value.code, signal.getsignal(signal.SIGTERM)) == (143, before)


def annotated_in(store: Store) -> int:
    """Return how many stories of the first ingestion are annotated, 0 when there is none."""
    with store.reading() as session:
        found = ingestions.ingestions(session, PageRequest()).items
        return found[0].annotated if found else 0


def test_who_interrupts_before_the_first_story_is_answered_as_later() -> None:
    with pytest.raises(SystemExit) as stopped, terminable():
        raise KeyboardInterrupt

    assert stopped.value.code == 130
