from __future__ import annotations

import io
import json
from pathlib import Path

import pytest
from rich.console import Console
from rich.progress import Progress

from app.domain.analysis import Pipeline
from app.errors import InputError
from app.evaluation.report import Files, Report, evaluate, evaluate_folder, main, print_report
from app.evaluation.scores import Counts
from app.evaluation.tables import Table, counts_table
from tests.unit.evaluation.corpora_folder import write_corpora
from tests.unit.evaluation.stand_ins import NameSpotter


@pytest.fixture(scope="module")
def corpora(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_corpora(tmp_path_factory.mktemp("corpora"))


@pytest.fixture(scope="module")
def report(corpora: Path) -> Report:
    return evaluate_folder(corpora, NameSpotter())


def test_every_corpus_in_the_folder_is_measured(report: Report) -> None:
    assert [c.name for c in report.corpora] == ["polnear/dev", "worldwide/dev", "stories/dev", "gum"]
    assert report.pipeline == NameSpotter.pipeline


def test_a_corpus_that_is_not_there_is_left_out(tmp_path: Path) -> None:
    write_corpora(tmp_path)
    (tmp_path / "polnear" / "dev.jsonl").unlink()

    assert [c.name for c in evaluate_folder(tmp_path, NameSpotter()).corpora] == ["worldwide/dev", "stories/dev", "gum"]


def test_a_folder_without_a_known_corpus_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"folder: .* holds none of the corpora that are known: polnear/dev\.jsonl"):
        evaluate_folder(tmp_path, NameSpotter())


def test_figures_are_those_of_each_scorer(report: Report) -> None:
    figures = {corpus.name: corpus.figures for corpus in report.corpora}

    assert figures["polnear/dev"]["attribution"] == Counts(found=1, spurious=2, missed=3)
    assert figures["worldwide/dev"]["person"] == Counts(found=1)
    assert figures["worldwide/dev"]["organization"].f1 is None
    assert figures["stories/dev"]["quotes.found"] == Counts(found=4, spurious=2, missed=4)
    assert figures["stories/dev"]["quotes.speaker"] == Counts(found=2, spurious=4, missed=6)
    assert figures["gum"]["mentions"] == Counts(found=2)


def test_attributions_are_told_apart_by_kind(report: Report) -> None:
    (kinds,) = report.corpora[0].slices

    assert kinds.rows == {
        "direct, no cue": (0.0, 0.0, 1),
        "direct, other cue": (0.0, 0.0, 1),
        "direct, speech cue": (1.0, 1.0, 1),
        "indirect, speech cue": (0.0, 0.0, 1),
    }


def test_stories_are_told_apart_by_what_they_are_like(report: Report) -> None:
    slices = {table.title: table.rows for table in report.corpora[2].slices}

    assert slices["stories (F1) by publisher group"].keys() == {"polnear", "worldwide"}
    assert slices["stories (F1) by region"]["Africa"][-2:] == (1, 4)
    assert slices["stories (F1) by length"].keys() == {"up to 400 words"}
    assert slices["quotes by type (recall)"]["direct"] == (1.0, 1.0, 0.5, 4)
    assert slices["quotes by form of the source (recall)"] == {
        "description": (1.0, 1.0, 0.0, 2),
        "name": (0.5, 0.5, 0.5, 4),
        "none": (0.0, 0.0, 0.0, 2),
    }
    assert list(slices["quotes by distance of the source (recall)"]) == ["within 3 words", "no source"]


def test_confidence_is_judged_by_kind_of_annotation(report: Report) -> None:
    errors = report.content()["calibration_error"]

    assert errors.keys() == {
        "polnear/dev: quotes (attributed)",
        "worldwide/dev: mentions by name",
        "stories/dev: quotes (speaker right)",
    }
    assert errors["stories/dev: quotes (speaker right)"] == pytest.approx(0.8 - 2 / 6, abs=1e-4)


def test_speed_counts_words_of_all_corpora(report: Report) -> None:
    assert report.words_per_second is not None
    assert Report(Pipeline("1", "none"), ()).words_per_second is None


def test_the_report_prints_and_is_written(corpora: Path, tmp_path: Path) -> None:
    paper = io.StringIO()
    files = Files(tmp_path / "figures.json", tmp_path / "worst.md", tmp_path / "drawn")
    evaluate(corpora, files, engine=NameSpotter(), console=Console(file=paper, width=200))
    figures = json.loads((tmp_path / "figures.json").read_text(encoding="utf-8"))

    assert "direct.attributed" in paper.getvalue()
    assert "pipeline test, weights none" in paper.getvalue()
    assert figures["corpora"]["polnear/dev"]["figures"]["attribution"] == {
        "precision": 0.3333,
        "recall": 0.25,
        "f1": 0.2857,
        "gold": 4,
    }
    assert figures["corpora"]["worldwide/dev"]["figures"]["organization"]["f1"] is None
    assert (tmp_path / "worst.md").read_text(encoding="utf-8").startswith("# The 2 stories")
    assert len(list((tmp_path / "drawn").glob("*.svg"))) == 3


def test_a_report_of_nothing_prints_without_speed() -> None:
    paper = io.StringIO()
    print_report(Report(Pipeline("1", "none"), ()), Console(file=paper))

    assert "no words" in paper.getvalue()


def test_progress_is_shown_document_by_document(corpora: Path) -> None:
    with Progress(console=Console(file=io.StringIO())) as bars:
        evaluate_folder(corpora, NameSpotter(), bars)

        assert [(task.description, task.completed) for task in bars.tasks] == [
            ("polnear/dev", 1),
            ("worldwide/dev", 1),
            ("stories/dev", 2),
            ("gum", 1),
        ]


def test_undefined_shares_stay_undefined_in_a_table() -> None:
    assert counts_table("t", {"a": Counts(spurious=2)}).content() == {
        "a": {"precision": 0.0, "recall": None, "f1": 0.0, "gold": 0}
    }


def test_counts_are_whole_and_shares_are_rounded() -> None:
    assert Table("t", ("x", "n"), {"a": (1 / 3, 7)}).content() == {"a": {"x": 0.3333, "n": 7}}


def test_the_module_is_a_command_of_its_own(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="none of the corpora"):
        main([str(tmp_path)])


def test_only_what_is_asked_for_is_written(corpora: Path, tmp_path: Path) -> None:
    evaluate(corpora, engine=NameSpotter(), console=Console(file=io.StringIO()))

    assert list(tmp_path.iterdir()) == []
