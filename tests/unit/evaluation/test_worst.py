from __future__ import annotations

from pathlib import Path
from typing import Any

from app.evaluation.predictions import annotation_record
from app.evaluation.slices import StoryResult
from app.evaluation.stories import score_story
from app.evaluation.worst import html_page, markdown_page, worst_stories, write_page
from app.text.document import build_document
from tests.unit.evaluation.corpora_folder import STORY, gold_story
from tests.unit.evaluation.stand_ins import NameSpotter


def result(story_id: str, *quotes: int) -> StoryResult:
    gold = gold_story(story_id)
    gold["quotes"] = [gold["quotes"][i] for i in quotes]
    document = build_document(STORY)
    predicted = annotation_record(document, NameSpotter().annotate(document), story_id)
    return StoryResult(gold, predicted, score_story(gold, predicted))


def test_the_worst_come_first_and_of_equals_the_one_with_most_errors() -> None:
    results = [result("best", 0, 1), result("few errors", 1), result("many errors", 1, 2, 3)]

    assert [s.id for s in worst_stories(results)] == ["many errors", "few errors", "best"]
    assert [s.id for s in worst_stories(results, 1)] == ["many errors"]


def test_a_story_without_quotes_has_no_rank() -> None:
    gold = {**gold_story("silent"), "quotes": []}
    silent = StoryResult(gold, {"quotes": []}, score_story(gold, {"quotes": []}))

    assert worst_stories([silent]) == ()


def test_errors_are_told_by_kind() -> None:
    (story,) = worst_stories([result("s", 0, 1, 2)])
    errors = dict(story.errors)

    assert errors["Quotes missed"] == ("Bo Lind: the bridge will close in May",)
    assert errors["Quotes with the wrong speaker"] == ('Ana Ruiz: "It was never going to be cheap,", but got she',)
    assert errors["Spurious quotes"] == ('Bo Lind: "Nobody asked the fishermen,"',)
    assert errors["Spurious people"] == ("Bo Lind",)
    assert errors["Organizations missed"] == ("Port",)
    assert "People missed" not in errors


def test_markdown_and_html_say_the_same_and_escape_it(tmp_path: Path) -> None:
    stories = worst_stories([result("a_story<b>", 0, 1, 2, 3)])
    write_page(tmp_path / "worst.md", stories)
    write_page(tmp_path / "worst.HTML", stories)
    markdown = (tmp_path / "worst.md").read_text(encoding="utf-8")
    html = (tmp_path / "worst.HTML").read_text(encoding="utf-8")

    assert markdown == markdown_page(stories)
    assert html == html_page(stories)
    assert "## 1. a\\_story\\<b\\>" in markdown
    assert "<h2>1. a_story&lt;b&gt;</h2>" in html
    assert "- nobody: will close" in markdown
    assert "Quotes with the right speaker: 1 of 4; 3 were predicted (F1 28.6)." in markdown


def test_long_contents_are_cut() -> None:
    long = gold_story("long")
    long["text"] = "word " * 60
    long["quotes"] = [{**long["quotes"][0], "contents": [[0, 300]], "source": None}]
    predicted: dict[str, Any] = {"quotes": []}
    (story,) = worst_stories([StoryResult(long, predicted, score_story(long, predicted))])
    ((case,),) = (cases for kind, cases in story.errors if kind == "Quotes missed")

    assert case.endswith("word…")
    assert len(case) < 180
