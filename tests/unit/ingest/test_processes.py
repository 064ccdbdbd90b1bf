"""Stories annotated by other processes: the same analyses, whatever happens to the processes."""

from __future__ import annotations

import io
import os
import pickle
import re
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path

import pytest

from app.config import Settings
from app.domain.analysis import Analysis
from app.domain.document import Document
from app.ingest.annotating import Failure, longest, packed, serve, unpacked
from app.ingest.processes import LONG, AnnotatorError, LongElsewhere, Processes, TooSlowError, annotators
from app.ingest.receive import kept_document
from app.text.document import build_document
from tests.api.plain_rules import PlainRules

FACTORY = "tests.unit.ingest.test_processes:Moody"
TEXT = "HARBOR NEWS\n\nMayor Ana Ruiz opposes the ferry. The co-\nlocated office stays open.\n"


class Moody(PlainRules):
    """An annotator that raises, or takes its process down, when a story says so."""

    def annotate(self, document: Document) -> Analysis:
        """Return the analysis."""
        if "raise" in document.text:
            msg = "this one\nbreaks"
            raise ZeroDivisionError(msg)
        if "die" in document.text:
            os.kill(os.getpid(), signal.SIGKILL)
        if "wait" in document.text:
            time.sleep(1.0)
        if "for ever" in document.text:
            re.match("(a+)+$", "a" * 60 + "b")
        if "print" in document.text:
            sys.stdout.write("between the answers\n")
            sys.stdout.flush()
        return super().annotate(document)


def is_there(pid: int) -> bool:
    """Say whether a process is at work."""
    try:
        return Path(f"/proc/{pid}/stat").read_text(encoding="latin-1").rpartition(")")[2].split()[0] != "Z"
    except FileNotFoundError:
        return False


@pytest.fixture(scope="module")
def processes() -> Iterator[Processes]:
    """Return annotators in two processes at most."""
    with closing(Processes(PlainRules.pipeline, FACTORY, 2)) as made:
        yield made


@pytest.mark.parametrize("text", [TEXT, "One.", "“Äh 😀,” he said. co- located"])
def test_a_document_arrives_as_it_was_sent(text: str) -> None:
    document = kept_document(text, None, "text/plain")

    assert unpacked(pickle.loads(pickle.dumps(packed(document)))) == document  # noqa: S301 (our own)


def test_other_processes_find_the_same(processes: Processes) -> None:
    documents = [build_document(f"{TEXT}\nNumber {i}.") for i in range(6)]

    with ThreadPoolExecutor(4) as threads:
        found = list(threads.map(processes.annotate, documents))

    assert found == list(PlainRules().annotate_many(documents)) == list(processes.annotate_many(documents))


def test_what_the_annotator_raises_is_told_with_its_place(processes: Processes) -> None:
    with pytest.raises(AnnotatorError, match="ZeroDivisionError: this one") as error:
        processes.annotate(build_document("Please raise."))

    assert "in annotate" in error.value.__notes__[0]


def test_a_story_that_ends_its_process_is_told_and_stops_no_other(processes: Processes) -> None:
    processes.annotate(build_document(TEXT))

    with pytest.raises(AnnotatorError, match="the process ended each time"):
        processes.annotate(build_document("Please die."))

    document = build_document(TEXT)
    assert processes.annotate(document) == PlainRules().annotate(document)


def test_a_process_that_ended_is_replaced(processes: Processes) -> None:
    document = build_document(TEXT)
    processes.annotate(document)
    processes.close()

    assert processes.annotate(document) == PlainRules().annotate(document)


def test_nothing_is_left_of_a_process_that_ends_while_nobody_asks() -> None:
    document = build_document(TEXT)
    with closing(Processes(PlainRules.pipeline, FACTORY, 1)) as made:
        made.annotate(document)
        ended = made._free[0]._process.pid  # noqa: SLF001 (nobody else knows it)
        os.kill(ended, signal.SIGKILL)

        end = time.monotonic() + 60
        while Path(f"/proc/{ended}").exists():
            assert time.monotonic() < end
            time.sleep(0.05)

        assert made.annotate(document) == PlainRules().annotate(document)


def test_a_story_that_takes_for_ever_is_given_up_and_stops_no_other() -> None:
    document = build_document(f"{TEXT}\n{'word ' * 15_000}")  # long enough to be given more than a minute
    with closing(Processes(PlainRules.pipeline, FACTORY, 1, seconds=2)) as made:
        with pytest.raises(TooSlowError, match=r"text: could not be annotated within 2 seconds"):
            made.annotate(build_document("This goes on for ever."))

        assert made.annotate(document) == PlainRules().annotate(document)


def test_a_long_story_may_take_longer() -> None:
    assert [longest(60, "a" * size) for size in (0, 999, 1_000_000)] == [60, 60, 1060]


def test_a_long_story_is_annotated_elsewhere() -> None:
    here, elsewhere = PlainRules(), Moody()
    both = LongElsewhere(here, elsewhere)
    short, long = build_document("Please raise."), build_document("Please raise. " + "a " * LONG)

    assert both.pipeline == PlainRules.pipeline
    assert list(both.annotate_many([short])) == [here.annotate(short)]
    with pytest.raises(ZeroDivisionError):
        both.annotate(long)


def test_what_is_printed_does_not_come_between_the_answers(processes: Processes) -> None:
    document = build_document("Please print.")

    assert processes.annotate(document) == PlainRules().annotate(document)


def test_a_folder_that_holds_other_modules_of_the_same_names_does_no_harm(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "app.py").write_text("raise SystemExit", encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    document = build_document(TEXT)

    with closing(Processes(PlainRules.pipeline, FACTORY, 1)) as made:
        assert made.annotate(document) == PlainRules().annotate(document)


def test_an_annotating_process_ends_with_the_one_that_asks() -> None:
    asks = (
        "import sys; from app.ingest.processes import Processes; from tests.unit.ingest.test_processes import *;"
        "made = Processes(PlainRules.pipeline, FACTORY, 1); made.annotate(build_document(TEXT));"
        "print(made._free[0]._process.pid, flush=True); sys.stdin.read()"
    )
    command = [sys.executable, "-c", asks]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as asking:  # noqa: S603 (our own)
        assert asking.stdout is not None
        annotating = int(asking.stdout.readline())
        os.kill(annotating, signal.SIGTERM)  # as to all of a group: it is the other's to say when to end
        assert is_there(annotating)
        asking.kill()

    end = time.monotonic() + 60
    while is_there(annotating):
        assert time.monotonic() < end
        time.sleep(0.05)


def test_a_process_whose_answer_nobody_awaits_ends_without_a_word() -> None:
    asks = (
        "from app.ingest.processes import Processes; from tests.unit.ingest.test_processes import *;"
        "made = Processes(PlainRules.pipeline, FACTORY, 1); made.annotate(build_document(TEXT));"
        "print(flush=True); made.annotate(build_document('Please wait.'))"
    )
    command = [sys.executable, "-c", asks]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as asking:  # noqa: S603 (our own)
        assert asking.stdout is not None
        assert asking.stderr is not None
        asking.stdout.readline()
        time.sleep(0.2)
        asking.kill()

        assert asking.stderr.read() == b""


def test_questions_are_answered_until_none_comes() -> None:
    documents = [build_document("One."), build_document("Please raise.")]
    questions = io.BytesIO(b"".join(pickle.dumps(packed(document)) for document in documents))
    answers = io.BytesIO()

    serve(Moody(), questions, answers, lambda: True, 60)

    answers.seek(0)
    analysis, failure = pickle.load(answers), pickle.load(answers)  # noqa: S301 (our own)
    assert analysis == PlainRules().annotate(documents[0])
    assert isinstance(failure, Failure)
    assert failure.reason == "ZeroDivisionError: this one\nbreaks"


def test_a_process_that_nobody_asks_for_long_ends() -> None:
    serve(Moody(), io.BytesIO(b"not read"), io.BytesIO(), lambda: False, 60)


def test_several_stories_at_once_are_annotated_by_processes() -> None:
    with annotators(Settings(workers=2)) as several:
        assert isinstance(several, Processes)


def test_one_story_at_once_is_annotated_here_unless_it_is_long() -> None:
    with annotators(Settings(workers=1)) as one:
        assert isinstance(one, LongElsewhere)
