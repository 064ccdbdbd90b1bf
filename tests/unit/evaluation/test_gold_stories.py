from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from app.errors import InputError
from app.evaluation.gold import gold_attributions, gold_digest, locate_quote, locate_stance, read_seeds

TEXT = (
    "The mayor said he was ready.\n\n"
    '"The bridge is old," Ruiz said. She said\nthe mayor agreed. "Close it now," she said.\n\n'
    "Lind said so too."
)


def quote(contents: list[str], cue: str | None, source: str | None) -> dict[str, Any]:
    return {"type": "direct", "contents": contents, "cue": cue, "source": source, "speaker": None}


def words(span: list[int] | None) -> str | None:
    return None if span is None else TEXT[slice(*span)]


def test_cue_and_source_are_the_occurrences_nearest_to_contents_and_each_other() -> None:
    located = locate_quote(TEXT, quote(['"Close it now,"'], "said", "she"))

    assert [words(c) for c in located["contents"]] == ['"Close it now,"']
    assert located["source"] == [TEXT.index("she said"), TEXT.index("she said") + 3]
    assert located["cue"] == [TEXT.index("she said") + 4, TEXT.index("she said") + 8]


def test_the_pair_is_chosen_together() -> None:
    located = locate_quote(TEXT, quote(["he was ready"], "said", "The mayor"))

    assert located["cue"] == [10, 14]
    assert located["source"] == [0, 9]


def test_neither_lies_inside_the_contents_nor_on_the_other() -> None:
    located = locate_quote("He said he said so.", quote(["he said so"], "said", "He"))

    assert (located["source"], located["cue"]) == ([0, 2], [3, 7])
    with pytest.raises(InputError, match="stand on each other"):
        locate_quote("Ruiz said so.", quote(["so"], "said", "Ruiz said"))


def test_only_whole_words_are_found() -> None:
    located = locate_quote("The, he left, he said.", quote(["left"], None, "he"))

    assert located["source"] == [5, 7]


def test_white_space_may_be_of_another_kind() -> None:
    located = locate_quote(TEXT, quote(["the mayor agreed"], "She said", None))

    assert words(located["cue"]) == "She said"
    assert locate_quote(TEXT, quote(["She said the mayor"], None, None))["contents"] == [
        [TEXT.index("She said\n"), TEXT.index(" agreed")]
    ]


def test_a_source_or_cue_that_is_absent_stays_absent() -> None:
    located = locate_quote(TEXT, quote(["he was ready"], None, None))

    assert (located["cue"], located["source"]) == (None, None)


def test_later_contents_stand_after_earlier_ones_where_they_can() -> None:
    located = locate_quote(TEXT, quote(['"The bridge is old,"', "said"], None, None))

    assert located["contents"][1] == [TEXT.index("said. She"), TEXT.index("said. She") + 4]
    assert locate_quote(TEXT, quote(["Lind", "ready"], None, None))["contents"][1] == [22, 27]


@pytest.mark.parametrize(
    ("contents", "cue", "reason"),
    [(["the tunnel"], None, "contents: 'the tunnel'"), (["he was ready"], "swore", "cue: 'swore'")],
)
def test_a_string_that_does_not_stand_in_the_text_is_named(contents: list[str], cue: str | None, reason: str) -> None:
    with pytest.raises(InputError, match=reason):
        locate_quote(TEXT, quote(contents, cue, None))


def test_a_target_lies_in_its_evidence_where_it_can() -> None:
    stance = {"evidence": "the mayor agreed", "target": "the mayor", "holder": "x"}

    assert words(locate_stance(TEXT, stance)["target"]) == "the mayor"
    assert locate_stance(TEXT, stance)["target"][0] == TEXT.index("the mayor agreed")
    assert words(locate_stance(TEXT, {**stance, "target": "bridge"})["target"]) == "bridge"


def write_seed(folder: Path, quotes: list[dict[str, Any]]) -> Path:
    gold = {
        "id": "01-a",
        "text_kind": "json",
        **dict.fromkeys(("section", "title", "byline", "dateline")),
        "people": [],
        "organizations": [],
        "quotes": quotes,
        "stances": [],
    }
    for name in ("stories", "gold"):
        (folder / name).mkdir()
    story = json.dumps({"title": "Bridge Must Go, Ruiz Says", "text": TEXT})
    (folder / "stories" / "01-a.json").write_text(story, encoding="utf-8")
    (folder / "gold" / "01-a.json").write_text(json.dumps(gold), encoding="utf-8")
    return folder


def test_what_only_a_separate_headline_holds_is_left_out_and_named(tmp_path: Path) -> None:
    quotes = [quote(["Bridge Must Go"], "Says", "Ruiz"), quote(["he was ready"], "said", "The mayor")]
    (story,) = read_seeds(write_seed(tmp_path, quotes))

    assert story.left_out == ("Bridge Must Go",)
    assert [q["contents"] for q in story.record["quotes"]] == [[[15, 27]]]


def test_a_fault_names_its_story(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="01-a: contents: 'the tunnel'"):
        read_seeds(write_seed(tmp_path, [quote(["the tunnel"], None, None)]))


def test_a_folder_without_gold_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"holds no gold/\*\.json"):
        read_seeds(tmp_path)


def test_the_digest_changes_with_any_story_or_annotation(tmp_path: Path) -> None:
    write_seed(tmp_path, [])
    before = gold_digest(tmp_path)
    (tmp_path / "stories" / "01-a.json").write_text("{}", encoding="utf-8")
    between = gold_digest(tmp_path)
    (tmp_path / "gold" / "01-a.json").write_text("{}", encoding="utf-8")

    assert len({before, between, gold_digest(tmp_path)}) == 3


def test_quotes_become_attributions(tmp_path: Path) -> None:
    write_seed(tmp_path, [quote(["he was ready"], "said", "The mayor"), quote(["Lind"], None, None)])
    (story,) = read_seeds(tmp_path)

    assert gold_attributions(story.record)["attributions"] == [
        {"sources": [[0, 9]], "cues": [[10, 14]], "contents": [[15, 27]]},
        {"sources": [], "cues": [], "contents": [[TEXT.index("Lind"), TEXT.index("Lind") + 4]]},
    ]
