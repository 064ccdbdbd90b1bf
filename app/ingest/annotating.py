"""A process that annotates for another: questions on its standard input, answers on its standard output.

``main("MODULE:FACTORY", seconds)`` loads an annotator and ends when nobody asks any more: when its input
is closed, as it is whatever ends the other process, or when nothing came for a minute. A story that takes too long ends
it too, by the system's own alarm: no code of Python's runs while a pattern is matched.
"""

from __future__ import annotations

import os
import pickle
import signal
import sys
import traceback
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from importlib import import_module
from select import select
from typing import IO, TYPE_CHECKING

from app.domain.document import Document, Head
from app.domain.span import Span

if TYPE_CHECKING:
    from app.domain.analysis import Analysis
    from app.ingest.intake import Annotator

IDLE_SECONDS = 60.0
LETTERS_A_SECOND = 1_000
"""So much of a story an annotator gets through on a machine that is very busy."""


@dataclass(frozen=True, slots=True)
class Packed:
    """A document in few objects, which is sent in less time than its spans one by one.

    Shape: each span is two numbers in a row.
    """

    text: str
    head: Head
    paragraphs: list[int]
    sentences: list[int]


@dataclass(frozen=True, slots=True)
class Failure:
    """What went wrong, in one line as ``Kind: what``, and where."""

    reason: str
    trace: str


def packed(document: Document) -> Packed:
    """Return a document as it is sent."""
    return Packed(document.text, document.head, _flat(document.paragraphs), _flat(document.sentences))


def unpacked(sent: Packed) -> Document:
    """Return the document that was sent."""
    return Document(sent.text, tuple(_spans(sent.paragraphs)), tuple(_spans(sent.sentences)), sent.head)


def longest(least: int, text: str) -> int:
    """Return the seconds that annotating ``text`` may take: ``least``, and more for a long one."""
    return least + len(text) // LETTERS_A_SECOND


def answer(annotator: Annotator, sent: Packed) -> Analysis | Failure:
    """Return the analysis of a document, or why there is none."""
    try:
        return annotator.annotate(unpacked(sent))
    except Exception as error:  # noqa: BLE001 (whoever asked decides what becomes of it)
        return Failure(f"{type(error).__name__}: {error}", traceback.format_exc())


def serve(
    annotator: Annotator, questions: IO[bytes], answers: IO[bytes], waits: Callable[[], bool], seconds: int
) -> None:
    """Answer until the questions end, or ``waits`` says that none comes; see ``longest`` for ``seconds``."""
    while waits():
        try:
            sent = pickle.load(questions)  # noqa: S301 (it comes from the process that started this one)
        except EOFError:
            return
        signal.alarm(longest(seconds, sent.text))
        found = answer(annotator, sent)
        signal.alarm(0)
        pickle.dump(found, answers)
        answers.flush()


def main(factory: str, seconds: str) -> None:
    """Be such a process."""
    signal.signal(signal.SIGALRM, signal.SIG_DFL)
    # Who started it is told to stop, and lets it finish what it is at.
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, signal.SIG_IGN)
    # Whatever is printed by mistake does not get between the answers.
    answers = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)
    module, _, name = factory.partition(":")
    questions = sys.stdin.buffer
    annotator = getattr(import_module(module), name)()
    try:
        serve(annotator, questions, answers, lambda: bool(select([questions], [], [], IDLE_SECONDS)[0]), int(seconds))
    except BrokenPipeError:
        # Whoever asked has ended meanwhile; the rest of the answer goes nowhere, so that no other end is tried.
        os.dup2(os.open(os.devnull, os.O_WRONLY), answers.fileno())


def _flat(spans: Iterable[Span]) -> list[int]:
    return [place for span in spans for place in (span.start, span.end)]


def _spans(places: list[int]) -> Iterable[Span]:
    return map(Span, places[::2], places[1::2])
