"""Every figure that Sayso states, measured on the corpora in a folder."""

from __future__ import annotations

import argparse
import json
import os
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, TextColumn, TimeRemainingColumn
from rich.progress import Progress as ProgressBars

from app.domain.analysis import Pipeline
from app.errors import InputError
from app.evaluation.calibration import Bin, draw_reliability, expected_calibration_error, reliability_bins
from app.evaluation.linking.report import knowledge_tables
from app.evaluation.measures import MEASURES, CorpusReport, Progress
from app.evaluation.predictions import Annotator
from app.evaluation.slices import StoryResult
from app.evaluation.tables import Table, counts_table, draw_table, wide_console
from app.evaluation.worst import worst_stories, write_page
from app.pipeline.engine import load_engine


@dataclass(frozen=True, slots=True)
class Files:
    """Where to write what, beside printing it; None for not at all.

    ``figures`` takes JSON, ``worst`` the page of the worst stories, the folder ``reliability`` its diagrams.
    """

    figures: Path | None = None
    worst: Path | None = None
    reliability: Path | None = None


_NO_FILES = Files()


@dataclass(frozen=True, slots=True)
class Report:
    """What was measured, corpus by corpus, and which pipeline it was measured of."""

    pipeline: Pipeline
    corpora: tuple[CorpusReport, ...]

    @property
    def words_per_second(self) -> float | None:
        """The speed over all corpora, from text to checked analysis."""
        seconds = sum(c.measure.seconds for c in self.corpora)
        return sum(c.measure.words for c in self.corpora) / seconds if seconds else None

    @property
    def stories(self) -> tuple[StoryResult, ...]:
        """The whole stories that were measured."""
        return tuple(result for corpus in self.corpora for result in corpus.results)

    def calibrations(self) -> dict[str, tuple[Bin, ...]]:
        """Return the reliability of confidence, by corpus and kind of annotation, where there is any to judge."""
        return {
            f"{corpus.name}: {kind}": reliability_bins(judged)
            for corpus in self.corpora
            for kind, judged in corpus.judged.items()
            if judged
        }

    def content(self) -> dict[str, Any]:
        """Return the report for JSON; shares with four digits, undefined ones null."""
        return {
            "pipeline": {"version": self.pipeline.version, "weights": self.pipeline.weights},
            "processors": os.cpu_count(),
            "words_per_second": _whole(self.words_per_second),
            "corpora": {corpus.name: _corpus_content(corpus) for corpus in self.corpora},
            "across_stories": {table.title: table.content() for table in knowledge_tables()},
            "calibration_error": {
                name: None if (error := expected_calibration_error(bins)) is None else round(error, 4)
                for name, bins in self.calibrations().items()
            },
        }


def evaluate_folder(folder: Path, engine: Annotator, progress: Progress | None = None) -> Report:
    """Measure ``engine`` on every corpus that is known and lies in ``folder``.

    Raises: InputError when there is none.
    """
    there = find_corpora(folder)
    return Report(engine.pipeline, tuple(MEASURES[place](folder / place, engine, progress) for place in there))


def find_corpora(folder: Path) -> tuple[str, ...]:
    """Return which of the corpora that are known lie in ``folder``.

    Raises: InputError when there is none.
    """
    there = tuple(place for place in MEASURES if (folder / place).exists())
    if not there:
        raise InputError("folder", f"{folder} holds none of the corpora that are known: {', '.join(MEASURES)}")
    return there


def print_report(report: Report, console: Console) -> None:
    """Print every table, what confidence is worth, and the speed."""
    pipeline = report.pipeline
    console.print(f"pipeline {pipeline.version}, weights {pipeline.weights}", highlight=False)
    for corpus in report.corpora:
        title = f"{corpus.name}: {corpus.measure.documents} documents, {corpus.measure.words:,} words"
        console.print(draw_table(counts_table(title, corpus.figures)))
        for table in corpus.slices:
            console.print(draw_table(table))
    for table in knowledge_tables():
        console.print(draw_table(table))
    calibrations = report.calibrations()
    if calibrations:
        console.print(draw_table(_calibration_table(calibrations)))
    speed = _whole(report.words_per_second)
    shown = "no words" if speed is None else f"{speed:,} words a second, text to analysis, {os.cpu_count()} processors"
    console.print(shown, highlight=False)


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure the extraction on the corpora of a folder and print every figure.

    ``python -m app.evaluation.report FOLDER [--json FILE] [--worst FILE] [--reliability FOLDER]``
    Raises: InputError when the folder holds no corpus that is known.
    """
    parser = argparse.ArgumentParser(prog="evaluate", description="Measure the extraction on the corpora of a folder.")
    parser.add_argument("folder", type=Path, help=f"where the corpora lie: {', '.join(MEASURES)}")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the figures to this file too")
    parser.add_argument("--worst", type=Path, metavar="FILE", help="write the worst stories: .md or .html")
    parser.add_argument("--reliability", type=Path, metavar="FOLDER", help="draw reliability diagrams into this folder")
    asked = parser.parse_args(arguments)
    evaluate(asked.folder, Files(asked.json, asked.worst, asked.reliability))
    return 0


def evaluate(
    folder: Path, files: Files = _NO_FILES, *, engine: Annotator | None = None, console: Console | None = None
) -> Report:
    """Measure with a progress bar, print the report and write the files that are asked for.

    ``engine`` is the one that ships unless another is given.
    Raises: InputError when the folder holds no corpus that is known.
    """
    find_corpora(folder)  # before the weights are loaded for nothing
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with ProgressBars(*columns, console=Console(stderr=True), transient=True) as bars:
        report = evaluate_folder(folder, engine or load_engine(threads=os.cpu_count() or 1), bars)
    print_report(report, console or wide_console())
    if files.figures is not None:
        content = json.dumps(report.content(), indent=2, ensure_ascii=False)
        files.figures.write_text(content + "\n", encoding="utf-8")
    if files.worst is not None:
        write_page(files.worst, worst_stories(report.stories))
    if files.reliability is not None:
        _draw_all(report, files.reliability)
    return report


def _draw_all(report: Report, folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    for name, bins in report.calibrations().items():
        file = "".join(c if c.isalnum() else " " for c in name).split()
        (folder / f"{'-'.join(file)}.svg").write_text(draw_reliability(bins, name), encoding="utf-8")


def _calibration_table(calibrations: dict[str, tuple[Bin, ...]]) -> Table:
    rows = {name: (expected_calibration_error(b), sum(x.count for x in b)) for name, b in calibrations.items()}
    return Table("how far confidence can be trusted", ("expected calibration error", "annotations"), rows)


def _corpus_content(corpus: CorpusReport) -> dict[str, Any]:
    measure = corpus.measure
    return {
        "documents": measure.documents,
        "words": measure.words,
        "words_per_second": _whole(measure.words / measure.seconds if measure.seconds else None),
        "figures": counts_table(corpus.name, corpus.figures).content(),
        "slices": {table.title: table.content() for table in corpus.slices},
    }


def _whole(number: float | None) -> int | None:
    return None if number is None else round(number)


if __name__ == "__main__":
    raise SystemExit(main())
