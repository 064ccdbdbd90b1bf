from __future__ import annotations

import gzip
import json
from pathlib import Path

import pytest

from app.ingest.files import Item, find_files, read_stories

LIMIT = 1000
STORY = "The ferry stays."


def outcomes(path: Path) -> list[tuple[str, str]]:
    """Return what came of each story in a file: the end of its place, and its text or what failed."""
    return [(item.place.rpartition("/")[2], told(item)) for item in read_stories(path, LIMIT)]


def told(item: Item) -> str:
    """Return the text of a story, or why there is none."""
    assert (item.story is None) == (item.failure is not None)
    return item.story.article.text if item.story else f"! {item.failure}"


def test_folders_are_searched_for_stories_by_name(tmp_path: Path) -> None:
    for name in ("b.txt", "a/c.json", "a/d.ndjson.gz", "a/b/E.HTML", "notes.md", "a/.hidden.txt", "x.gz"):
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch()

    found = [str(path.relative_to(tmp_path)) for path in find_files([tmp_path, tmp_path / "notes.md"])]

    assert found == ["a/b/E.HTML", "a/c.json", "a/d.ndjson.gz", "b.txt", "notes.md"]


@pytest.mark.parametrize("name", ["story.txt", "story.txt.gz", "story.json", "story.JSON.GZ"])
def test_one_story_a_file(tmp_path: Path, name: str) -> None:
    path = tmp_path / name
    body = (json.dumps({"text": STORY}) if "json" in name.lower() else STORY).encode()
    path.write_bytes(gzip.compress(body) if name.lower().endswith(".gz") else body)

    [item] = read_stories(path, LIMIT)

    assert told(item) == STORY


@pytest.mark.parametrize("name", ["stories.ndjson", "stories.jsonl.gz"])
def test_one_story_a_line_and_a_wrong_line_stops_no_other(tmp_path: Path, name: str) -> None:
    lines = [
        json.dumps({"text": STORY}),
        "",
        '{"text": ',
        json.dumps({"text": "", "section": "City"}),
        json.dumps({"text": "B", "url": "x"}),
        json.dumps({"text": "x" * 200_000}),
        json.dumps({"text": "The last one."}),
    ]
    body = "\n".join(lines).encode()
    path = tmp_path / name
    path.write_bytes(gzip.compress(body) if name.endswith(".gz") else body)

    assert outcomes(path) == [
        (f"{name}:1", STORY),
        (f"{name}:3", "! not JSON: Expecting value at column 10"),
        (f"{name}:4", "! text: there is nothing to read; send the story's text"),
        (f"{name}:5", "! url: must be an absolute http or https address"),
        (f"{name}:6", "! a line longer than 68536 bytes"),
        (f"{name}:7", "The last one."),
    ]


@pytest.mark.parametrize("name", ["stories.json", "stories.json.gz"])
def test_an_array_of_stories_in_a_file(tmp_path: Path, name: str) -> None:
    body = json.dumps([{"text": STORY}, 3, {"text": "x" * 200_000}, {"text": "The last one."}]).encode()
    path = tmp_path / name
    path.write_bytes(gzip.compress(body) if name.endswith(".gz") else body)

    assert outcomes(path) == [
        (f"{name}:1", STORY),
        (f"{name}:2", "! must be a JSON object"),
        (f"{name}:3", "! longer than 68536 bytes"),
        (f"{name}:4", "The last one."),
    ]


def test_an_array_that_breaks_off_gives_the_stories_before(tmp_path: Path) -> None:
    path = tmp_path / "cut.json"
    path.write_text('[{"text": "The ferry stays."}, {"text": "It', encoding="utf-8")

    assert outcomes(path) == [("cut.json:1", STORY), ("cut.json", "! the JSON array does not end")]


def test_what_cannot_be_read_says_why(tmp_path: Path) -> None:
    (tmp_path / "large.txt").write_bytes(b"word " * 20_000)
    (tmp_path / "broken.txt.gz").write_bytes(b"no gzip")
    (tmp_path / "short.ndjson.gz").write_bytes(gzip.compress(b'{"text": "A"}\n' * 1000)[:-20])
    (tmp_path / "notes.md").touch()
    (tmp_path / "number.json").write_text("3")

    assert outcomes(tmp_path / "large.txt") == [("large.txt", "! larger than 68536 bytes")]
    assert outcomes(tmp_path / "broken.txt.gz")[0][1].startswith("! Not a gzipped file")
    assert outcomes(tmp_path / "short.ndjson.gz")[-1][1].startswith("! ")
    assert outcomes(tmp_path / "notes.md")[0][1].startswith("! not a story by its name")
    assert outcomes(tmp_path / "number.json") == [("number.json", "! must be a JSON object")]
    assert outcomes(tmp_path / "absent.txt") == [("absent.txt", "! No such file or directory")]
