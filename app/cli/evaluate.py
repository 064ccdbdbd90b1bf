"""``sayso evaluate``: every figure, measured on the corpora in a folder."""

from __future__ import annotations

from pathlib import Path

import click

from app.evaluation.report import Files
from app.evaluation.report import evaluate as measure

_FILE = click.Path(dir_okay=False, writable=True, path_type=Path)


@click.command()
@click.argument("folder", type=click.Path(exists=True, file_okay=False, path_type=Path))
@click.option("--json", "figures", type=_FILE, help="Write the figures to this file too.")
@click.option("--worst", type=_FILE, help="Write the worst stories with what went wrong: .md or .html.")
@click.option(
    "--reliability",
    type=click.Path(file_okay=False, path_type=Path),
    help="Draw how far confidence can be trusted into this folder.",
)
def evaluate(folder: Path, figures: Path | None, worst: Path | None, reliability: Path | None) -> None:
    """Measure the extraction on the corpora of a folder.

    Those that are known: polnear/dev.jsonl, worldwide/dev.jsonl, stories/dev.jsonl, dse/valid.txt and gum.
    """
    measure(folder, Files(figures, worst, reliability))
