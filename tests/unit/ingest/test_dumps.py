"""Mailboxes, wire dumps and zips: many stories in one file."""

from __future__ import annotations

import gzip
import io
from pathlib import Path
from zipfile import ZipFile

import pytest

from app.ingest.dumps import read_dump
from app.ingest.files import find_files, read_stories
from tests.unit.ingest.test_files import LIMIT, outcomes

MAILBOX = b"""
From desk@courier.example Tue Mar  5 09:30:00 2024
From: Lena Holt <lena@courier.example>
Subject: =?utf-8?q?Ferry_stays=2C_caf=C3=A9_goes?=
Date: Tue, 5 Mar 2024 09:30:00 +0100
Message-ID: <a1@courier.example>
Content-Type: text/plain; charset=utf-8

The ferry stays, Tom Okafor said.

>From here on it pays.

From desk@courier.example Tue Mar  5 10:00:00 2024
Subject: Page
Content-Type: text/html

<article><h1>Bridge</h1><p>The bridge will close in May, Mayor Ana Ruiz said on Tuesday at the harbor.</p></article>

From desk@courier.example Tue Mar  5 10:30:00 2024
Content-Type: text/plain; charset=none-such

x

From desk@courier.example Tue Mar  5 10:30:00 2024
Content-Type: image/png

x
"""
WIRE = b"noise\n".join(
    [
        b"\nZCZC a0001\nThe ferry stays.\nNNNN\n",
        b"ZCZC a0002\nBroken off\nZCZC a0003\nThe bridge closes.\nNNNN\n",
        b"ZCZC a0004\n" + b"word " * 40_000 + b"\nNNNN\nZCZC a0005\nThe last one.\n",
    ]
)


def test_a_mailbox_comes_apart_into_its_messages(tmp_path: Path) -> None:
    path = tmp_path / "desk.mbox"
    path.write_bytes(MAILBOX)

    first, page, *failed = read_stories(path, LIMIT)

    assert first.story is not None
    article = first.story.article
    assert article.text == "The ferry stays, Tom Okafor said.\n\nFrom here on it pays.\n\n"
    assert (article.title, article.byline, article.external_id) == (
        "Ferry stays, caf\u00e9 goes",
        "Lena Holt",
        "a1@courier.example",
    )
    assert article.published_at is not None
    assert article.published_at.isoformat() == "2024-03-05T08:30:00+00:00"
    assert page.story is not None
    assert page.story.article.media_type == "text/html"
    assert [item.story for item in failed] == [None, None]
    assert "character set" in str(failed[0].failure)
    assert [item.place.rpartition(":")[2] for item in failed] == ["3", "4"]


def test_a_wire_dump_comes_apart_into_its_stories(tmp_path: Path) -> None:
    path = tmp_path / "night.wire.gz"
    path.write_bytes(gzip.compress(WIRE))

    assert outcomes(path) == [
        ("night.wire.gz:1", "The ferry stays.\n"),
        ("night.wire.gz:2", "The bridge closes.\n"),
        ("night.wire.gz:3", "! longer than 68536 bytes"),
        ("night.wire.gz:4", "The last one.\n"),
    ]


class Watched(io.BytesIO):
    """A file that notes how much of it is asked for at once."""

    most = 0

    def readline(self, size: int | None = -1, /) -> bytes:
        """Return a line, or so much of it."""
        assert size is not None
        assert size > 0
        self.most = max(self.most, size)
        return super().readline(size)


@pytest.mark.parametrize("begin", [b"From desk@courier.example\n\n", b"ZCZC\n"])
def test_a_line_without_an_end_fills_no_memory(begin: bytes) -> None:
    file = Watched(begin + b"x" * 5_000)

    assert list(read_dump(file, 1_000)) == ["longer than 1000 bytes"]
    assert file.most <= 1_001


@pytest.mark.parametrize("body", [b"", b"The ferry stays.\n"])
def test_what_is_no_dump_is_said_to_be_none(tmp_path: Path, body: bytes) -> None:
    path = tmp_path / "night.wire"
    path.write_bytes(body)

    [(_, told)] = outcomes(path)

    assert told.startswith("! neither a mailbox")


def test_a_zip_is_searched_for_stories_by_name(tmp_path: Path) -> None:
    path = tmp_path / "archive.zip"
    with ZipFile(path, "w") as archive:
        archive.writestr("b/two.txt", "Two.")
        archive.writestr("a.ndjson", '{"text": "One."}\n{')
        archive.writestr("b/.hidden.txt", "No.")
        archive.writestr("b/picture.png", "No.")
        archive.writestr("c.txt.gz", b"no gzip")

    assert list(find_files([tmp_path])) == [path]
    found = [(item.place.removeprefix(f"{path}/"), item.story is not None) for item in read_stories(path, LIMIT)]
    assert found == [("a.ndjson:1", True), ("a.ndjson:2", False), ("b/two.txt", True), ("c.txt.gz", False)]


def test_what_is_no_zip_is_said_to_be_none(tmp_path: Path) -> None:
    (tmp_path / "archive.zip").write_bytes(b"PK no")

    [(_, told)] = outcomes(tmp_path / "archive.zip")

    assert told.startswith("! File is not a zip file")


def test_a_message_whose_headers_are_none_is_read_without_them(tmp_path: Path) -> None:
    path = tmp_path / "old.mbox"
    path.write_bytes(
        b"From x\nFrom: a:;<\nSubject: Ferry\nDate: soon\n\nThe ferry stays.\n\n"
        b"From x\nContent-Type: text/plain; a*\n\nThe pier stays.\n\n"
        b"From x\nSubject: Bridge\n\nThe bridge stays.\n"
    )
    first, broken, second = read_stories(path, LIMIT)

    assert first.story is not None
    assert (first.story.article.title, first.story.article.published_at) == ("Ferry", None)
    assert broken.failure == "a message whose parts cannot be told: IndexError"
    assert second.story is not None
