"""What README shows of its session is what the engine that ships answers."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest

from app.knowledge.link import link
from app.pipeline.engine import load_engine
from app.store.documents import serialise_analysis
from app.store.views import LinkedAnalysis
from app.text.document import build_document

README = (Path(__file__).parents[2] / "README.md").read_text(encoding="utf-8")


def without(value: Any, *keys: str) -> Any:  # noqa: ANN401 (JSON)
    """Return a JSON value without some keys, at any depth."""
    if isinstance(value, dict):
        return {k: without(v, *keys) for k, v in value.items() if k not in keys}
    return [without(v, *keys) for v in value] if isinstance(value, list) else value


def test_the_quote_that_readme_shows_is_the_one_that_is_found() -> None:
    story = re.search(r"<<'END'\n(.*?)END\n", README, re.DOTALL)
    shown = re.search(r"```json\n(.*?)```", README, re.DOTALL)
    assert story is not None
    assert shown is not None
    document = build_document(story[1])
    analysis = load_engine().annotate(document)
    served = serialise_analysis(document, LinkedAnalysis(analysis, document, link(analysis)))["quotes"][1]
    expected = json.loads(shown[1])
    assert served["confidence"] == pytest.approx(expected["confidence"], abs=0.03)
    loose = ("article_id", "run_id", "confidence", "prefix", "suffix")
    assert without(served, *loose) == without(expected, *loose)
