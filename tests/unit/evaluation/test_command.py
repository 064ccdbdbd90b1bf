from __future__ import annotations

from pathlib import Path

from click.testing import CliRunner

from app.cli import main


def test_evaluate_says_what_it_looks_for_when_it_finds_none(tmp_path: Path) -> None:
    result = CliRunner().invoke(main, ["evaluate", str(tmp_path)])

    assert result.exit_code == 2
    assert "polnear/dev.jsonl" in result.stderr


def test_evaluate_names_its_files() -> None:
    shown = CliRunner().invoke(main, ["evaluate", "--help"]).output

    assert all(option in shown for option in ("FOLDER", "--json", "--worst", "--reliability"))
