"""Annotators in processes of their own, so that annotating uses every processor while stories are kept.

Threads of one process take turns at whatever is written in Python: a third of annotating a story and all of keeping it.
Beside two threads that annotate, a third that keeps would leave a fifth of two processors idle. And a story that takes
for ever can be given up only with the process that it is in.
"""

from __future__ import annotations

import pickle
import signal
import subprocess
import sys
from collections.abc import Iterable, Iterator
from contextlib import closing, contextmanager, suppress
from threading import BoundedSemaphore, Lock, Thread
from typing import IO, cast

from app.config import Settings
from app.domain.analysis import Analysis, Pipeline
from app.domain.document import Document
from app.errors import InputError, SaysoError
from app.ingest.annotating import Failure, longest, packed
from app.ingest.intake import Annotator
from app.pipeline.engine import VERSION, WEIGHTS, load_engine

MOST = 8
"""Processes of one worker: what they find in a second keeps one process busy that keeps it."""
ENGINE = "app.pipeline.engine:load_engine"
# Not with -m: what the module makes would be of another module, __main__. Modules are looked for where this process
# looks for them: the folder that it was started in may hold others of the same names.
_BEGIN = "import sys; sys.path[:] = sys.argv[3:]; from app.ingest.annotating import main; main(*sys.argv[1:3])"
_PATIENCE = 30.0
_SECONDS = 60
LONG = 10_000
"""Of more code points, a story is long: it is annotated where it holds nobody up."""
_LONG_AT_ONCE = 2


class AnnotatorError(SaysoError):
    """The annotator broke on a story, or its process ended."""


class TooSlowError(InputError):
    """A story could not be annotated in any reasonable time."""


class Processes:
    """An annotator whose work is done by other processes, which begin when they are needed. Thread-safe.

    As many stories are annotated at once as threads ask, at most ``most`` and never more than ``MOST``. A process that
    ends, for whatever reason, is replaced; a story during which two ended is told to be at fault. ``seconds`` are what
    a story may take, and one more for every thousand code points of it.
    """

    def __init__(self, pipeline: Pipeline, factory: str, most: int, seconds: int = _SECONDS) -> None:
        self.pipeline = pipeline
        self._seconds = seconds
        self._command = (sys.executable, "-c", _BEGIN, factory, str(seconds), *sys.path)
        self._room = BoundedSemaphore(max(1, min(most, MOST)))
        self._lock = Lock()
        self._free: list[_Process] = []

    def annotate(self, document: Document) -> Analysis:
        """Return the checked analysis of one document.

        Raises: AnnotatorError with what the annotator raised; TooSlowError when it was not done in time.
        """
        question = pickle.dumps(packed(document))
        with self._room:
            answer = self._ask(question)
        if answer is _LATE:
            msg = f"could not be annotated within {longest(self._seconds, document.text)} seconds"
            raise TooSlowError("text", msg)
        if isinstance(answer, Failure):
            error = AnnotatorError(answer.reason)
            error.add_note(answer.trace)
            raise error
        if answer is None:
            msg = "the process ended each time while this story was annotated"
            raise AnnotatorError(msg)
        return answer

    def annotate_many(self, documents: Iterable[Document]) -> Iterator[Analysis]:
        """Yield the analyses of many documents in their order, one at a time."""
        return map(self.annotate, documents)

    def close(self) -> None:
        """End the processes; they begin again when they are needed."""
        with self._lock:
            ended, self._free = self._free, []
        for process in ended:
            process.end()

    def _ask(self, question: bytes) -> Analysis | Failure | None:
        """Return the answer of a process that waits, or else of a new one; None when that ended too, or ``_LATE``."""
        with self._lock:
            # The latest first: the others end when they have been of no use for a while.
            process = self._free.pop() if self._free else None
        answer = None if process is None else process.ask(question)
        if process is None or answer is None:
            process = _Process(self._command)
            Thread(target=self._forget, args=(process,), name="sayso-annotator", daemon=True).start()
            answer = process.ask(question)
        if answer is not None and answer is not _LATE:
            with self._lock:
                self._free.append(process)
        return answer

    def _forget(self, process: _Process) -> None:
        """Wait until a process has ended, so that nothing is left of it, and ask it no more."""
        process.wait()
        with self._lock:
            free = process in self._free
            if free:
                self._free.remove(process)
        if free:
            process.end()


_LATE = Failure("too late", "")


class _Process:
    """A process that annotates."""

    def __init__(self, command: tuple[str, ...]) -> None:
        self._process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE)  # noqa: S603 (our own module)
        self._questions = cast(IO[bytes], self._process.stdin)
        self._answers = cast(IO[bytes], self._process.stdout)

    def ask(self, question: bytes) -> Analysis | Failure | None:
        """Return the answer, or None when the process has ended, or ``_LATE`` when the story ended it."""
        try:
            self._questions.write(question)
            self._questions.flush()
            found: Analysis | Failure = pickle.load(self._answers)  # noqa: S301 (it comes from our own process)
        except (EOFError, OSError, pickle.UnpicklingError):
            self.end()
            return _LATE if self._process.returncode == -signal.SIGALRM else None
        return found

    def wait(self) -> None:
        """Wait until the process has ended."""
        self._process.wait()

    def end(self) -> None:
        """End the process: it does by itself as soon as nobody can ask it any more."""
        for pipe in (self._questions, self._answers):
            with suppress(OSError):
                pipe.close()
        try:
            self._process.wait(_PATIENCE)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()


class LongElsewhere:
    """An annotator that annotates here, but for long stories: those are annotated by processes of their own.

    A story of a megabyte takes minutes, and some hold a process up all that time, with every request that it serves.
    """

    def __init__(self, here: Annotator, elsewhere: Annotator) -> None:
        self.pipeline = here.pipeline
        self._here = here
        self._elsewhere = elsewhere

    def annotate(self, document: Document) -> Analysis:
        """Return the checked analysis of one document.

        Raises: what the annotators raise.
        """
        chosen = self._elsewhere if len(document.text) > LONG else self._here
        return chosen.annotate(document)

    def annotate_many(self, documents: Iterable[Document]) -> Iterator[Analysis]:
        """Yield the analyses of many documents in their order, one at a time."""
        return map(self.annotate, documents)


def for_long_stories(pipeline: Pipeline) -> Processes:
    """Return the processes that annotate long stories beside a process that serves, two at once."""
    return Processes(pipeline, ENGINE, _LONG_AT_ONCE)


@contextmanager
def annotators(settings: Settings) -> Iterator[Annotator]:
    """Yield what annotates in the background: processes where there are several stories at once, else this one."""
    if settings.workers <= 1:
        with closing(for_long_stories(Pipeline(VERSION, WEIGHTS))) as elsewhere:
            yield LongElsewhere(load_engine(), elsewhere)
        return
    with closing(Processes(Pipeline(VERSION, WEIGHTS), ENGINE, settings.workers)) as processes:
        yield processes
