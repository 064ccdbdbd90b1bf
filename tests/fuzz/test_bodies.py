"""Whatever bytes come in as a story or many, the answer is a story or a reason why there is none, never a crash.

The long run, thousands of bodies of each kind: ``make fuzz``.
"""

from __future__ import annotations

import gzip
import io
import os
import zipfile
from collections.abc import Callable, Iterable
from itertools import pairwise
from pathlib import Path

import orjson
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.api.examples import NEWSML as NEWSML_ITEM
from app.api.examples import NINJS as NINJS_ITEM
from app.errors import SaysoError
from app.ingest.files import Item, read_stories
from app.ingest.media_types import HTML, JSON, NEWSML, NINJS, PLAIN
from app.ingest.receive import Received, receive, receive_payload
from app.ingest.streams import ArraySplitter, LineSplitter, Splitter, unpacked
from app.store.ingestions import NewItem
from tests.api.service import BRIDGE, FERRY

LONG = "SAYSO_LONG_RUN" in os.environ
CASES = 5_000 if LONG else 60
LIMIT = 20_000

STORY = {"text": BRIDGE, "title": "Bridge", "authors": ["Lena Holt"], "published_at": "2024-03-05T09:30:00+01:00"}
PAGE = (
    "<!DOCTYPE html><html lang=en><head><meta charset=utf-8><title>Bridge</title></head><body><article>"
    "<h1>Bridge to close</h1><p>The Harbor bridge will close in May, Mayor Ana Ruiz said on Tuesday.</p>"
    "<p>&ldquo;We have waited too long,&rdquo; she said. The ferry stays, and it pays its way.</p>"
    "</article></body></html>"
)
MAIL = (
    "From desk@wire.example Tue Mar  5 09:30:00 2024\nFrom: Desk <desk@wire.example>\nSubject: =?utf-8?q?Bridge?=\n"
    "Date: Tue, 05 Mar 2024 09:30:00 +0100\nMessage-ID: <17@wire.example>\nMIME-Version: 1.0\n"
    'Content-Type: multipart/alternative; boundary="b"\n\n--b\nContent-Type: text/plain; charset="utf-8"\n'
    "Content-Transfer-Encoding: quoted-printable\n\nThe bridge will close in May=2C the mayor said.\n"
    "--b\nContent-Type: text/html; charset=iso-8859-1\n\n<p>The bridge will close in May.</p>\n--b--\n"
)
WIRE = f"ZCZC\nr i BC-Bridge 03-05 0092\n^Bridge to close<\n\n{BRIDGE}\nNNNN\nZCZC\n{FERRY}\nNNNN\n"
LINES = orjson.dumps(STORY) + b"\n\n" + orjson.dumps({"html": PAGE}) + b"\n" + orjson.dumps(NINJS_ITEM) + b"\n"
ARRAY = b"[" + orjson.dumps(STORY) + b" , " + orjson.dumps({"html": PAGE}) + b"]"

ONE_STORY = {
    JSON: orjson.dumps(STORY),
    NINJS: orjson.dumps(NINJS_ITEM),
    NEWSML: NEWSML_ITEM.encode(),
    HTML: PAGE.encode(),
    PLAIN: WIRE.encode(),
}
MEMBERS = {
    "a.txt": BRIDGE.encode(),
    "a.html": PAGE.encode(),
    "a.json": orjson.dumps(STORY),
    "a.xml": NEWSML_ITEM.encode(),
    "a.ndjson": LINES,
    "a.mbox": MAIL.encode(),
    "a.wire": WIRE.encode(),
    "a.jsonl.gz": gzip.compress(LINES, mtime=0),
}
BITS = st.sampled_from(
    [
        *(b"\x00", b"\xff\xfe", b"\xef\xbb\xbf", b"\xed\xa0\x80", b"\\ud800", b"\r", b"\n\n", b"\x85", b"\xe2\x80\xa8"),
        *(b'"', b"\\", b"[" * 100, b'{"a":' * 100, b"]", b"}", b",", b"null", b"NaN", b"-1e999", b"9" * 5000),
        *(b"<", b">", b"&", b"&#0;", b"&#xD800;", b"]]>", b"<![CDATA[", b"<!ENTITY a 'b'>", b"<!--", b"<b>" * 300),
        *(b"charset=", b"utf-16", b"utf-7", b"=?utf-8?b?/w==?=", b"--b", b"From ", b"ZCZC\n", b"PK\x03\x04"),
    ]
)


@st.composite
def spoilt(draw: st.DrawFn, whole: bytes) -> bytes:
    """Return a body with some of its bytes left out, doubled, moved or replaced; at times any bytes at all."""
    if draw(st.integers(0, 9)) == 0:
        return draw(st.binary(max_size=300))
    body = whole
    for _ in range(draw(st.integers(1, 4))):
        start = draw(st.integers(0, len(body)))
        end = min(len(body), start + draw(st.integers(0, 40)))
        new = draw(st.one_of(BITS, st.binary(max_size=8), st.just(b""), st.just(body[start:end] * 2)))
        body = body[:start] + new + body[end:]
    return body


def check_read(read: Callable[[], Received]) -> None:
    """Check that something is a story that can be kept, or is refused with a reason."""
    try:
        story = read()
    except SaysoError as error:
        check_reason(error)
        return
    assert story.article.text.strip()
    assert story.document.text == story.article.text
    for sentence in story.document.sentences:
        assert 0 <= sentence.start < sentence.end <= len(story.document.text)


@settings(max_examples=CASES)
@given(data=st.data())
@pytest.mark.parametrize("kind", ONE_STORY)
def test_one_story(kind: str, data: st.DataObject) -> None:
    body = data.draw(spoilt(ONE_STORY[kind]))
    charset = data.draw(
        st.sampled_from(["", "", "; charset=utf-16", "; charset=iso-8859-1", "; charset=x", "; charset"])
    )

    check_read(lambda: receive(body, kind + charset, limit=LIMIT))


@settings(max_examples=CASES)
@given(data=st.data())
@pytest.mark.parametrize(("make", "whole"), [(LineSplitter, LINES), (ArraySplitter, ARRAY)])
@pytest.mark.parametrize("packed", [False, True])
def test_many_stories(make: Callable[[int], Splitter], whole: bytes, *, packed: bool, data: st.DataObject) -> None:
    body = data.draw(spoilt(gzip.compress(whole, mtime=0) if packed and data.draw(st.booleans()) else whole))
    body = gzip.compress(body, mtime=0) if packed and data.draw(st.booleans()) else body
    cuts = sorted({0, len(body), *data.draw(st.lists(st.integers(0, len(body)), max_size=4))})
    chunks = [body[start:end] for start, end in pairwise(cuts)]

    found = split(make(LIMIT), unpacked(chunks) if packed else chunks)

    assert found == split(make(LIMIT), unpacked([body]) if packed else [body])
    for item in found or ():
        assert (item.payload is None) == (item.reason is not None)
        if item.payload is not None:
            payload = item.payload
            check_read(lambda payload=payload: receive_payload(payload, None, limit=LIMIT))  # type: ignore[misc]


def split(splitter: Splitter, chunks: Iterable[bytes]) -> list[NewItem] | None:
    """Return the stories that a stream comes apart into, None where it is refused."""
    try:
        return [item for chunk in chunks for item in splitter.feed(chunk)] + list(splitter.close())
    except SaysoError as error:
        check_reason(error)
        return None


def check_reason(error: SaysoError) -> None:
    """Check that a refusal says why."""
    assert str(error).removeprefix(": ").strip()


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder for files that each take another's place."""
    return tmp_path_factory.mktemp("spoilt")


@settings(max_examples=CASES)
@given(data=st.data())
@pytest.mark.parametrize("name", MEMBERS)
def test_a_file(folder: Path, name: str, data: st.DataObject) -> None:
    path = folder / name
    path.write_bytes(data.draw(spoilt(MEMBERS[name])))

    check_items(read_stories(path, LIMIT))


@settings(max_examples=CASES)
@given(data=st.data())
def test_a_zip(folder: Path, data: st.DataObject) -> None:
    inside = io.BytesIO()
    with zipfile.ZipFile(inside, "w", data.draw(st.sampled_from([zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED]))) as made:
        for name in data.draw(st.lists(st.sampled_from(sorted(MEMBERS)), min_size=1, max_size=3, unique=True)):
            made.writestr(name, data.draw(spoilt(MEMBERS[name])))
    path = folder / "a.zip"
    path.write_bytes(data.draw(st.one_of(st.just(inside.getvalue()), spoilt(inside.getvalue()))))

    check_items(read_stories(path, LIMIT))


def check_items(items: Iterable[Item]) -> None:
    """Check that each is a story, or says why there is none."""
    for item in items:
        assert item.place
        assert (item.story is None) == (item.failure is not None)
        assert item.failure is None or item.failure.strip()
