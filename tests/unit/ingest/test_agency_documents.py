"""ninjs and NewsML-G2: what agencies send becomes the same fields as anybody's."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import orjson
import pytest

from app.errors import InputError
from app.ingest.faults import FieldsError, MediaTypeError
from app.ingest.files import read_stories
from app.ingest.newsml import NewsMlError, read_newsml
from app.ingest.ninjs import is_ninjs, ninjs_fields
from app.ingest.receive import receive

STANDARDS = Path(__file__).resolve().parents[4] / "shared" / "data" / "standards" / "iptc-ninjs" / "examples"
VERSION_1: dict[str, Any] = {
    "uri": "https://courier.example/1",
    "headline": "Bridge to\nclose",
    "byline": "By Lena Holt",
    "person": [{"rel": "author", "name": "Lena Holt"}, {"rel": "mentioned", "name": "Ana Ruiz"}],
    "infosource": [{"name": "Courier"}],
    "language": "en",
    "versioncreated": "2024-03-05T09:30:00+01:00",
    "body_text": "The bridge will close.",
}
VERSION_3: dict[str, Any] = {
    "uri": "urn:item:1",
    "headlines": [{"role": "short", "value": "Bridge"}, {"role": "main", "value": "Bridge to close"}],
    "bodies": [
        {"role": "short", "contentType": "text/plain", "value": "Short."},
        {"role": "main", "contentType": "text/html", "value": "<p>The bridge will close.</p>"},
    ],
    "by": "Lena Holt",
    "copyrightHolder": "Courier",
    "firstCreated": "2024-03-05",
    "pubStatus": "usable",
}
NEWSML = """<newsItem xmlns="http://iptc.org/std/nar/2006-10-01/" guid="{guid}" version="1"><itemMeta>
<provider qcode="nprov:CRR"><name>Courier</name></provider><versionCreated>2024-03-05T09:30:00+01:00</versionCreated>
<pubStatus qcode="stat:{status}"/></itemMeta><contentMeta><creator literal="lh"><name>Lena Holt</name></creator>
<language tag="en"/><headline>Bridge <!-- c -->to close</headline><by>By Lena Holt</by></contentMeta>
<contentSet>{content}</contentSet></newsItem>"""
XHTML = """<inlineXML contenttype="application/xhtml+xml"><html xmlns="http://www.w3.org/1999/xhtml"><head><title>x</title>
</head><body><h2>Works</h2><p>The <em>bridge</em> will
close.</p><ul><li>In May<br/>or June</li></ul>Ends.</body></html></inlineXML>"""
NITF = """<inlineXML><nitf><head/><body><body.head><hedline><hl1>x</hl1></hedline></body.head><body.content>
<p>The bridge.</p>
<media><caption>x</caption></media><p>It closes.</p></body.content></body></nitf></inlineXML>"""


def newsml(content: str = XHTML, status: str = "usable", guid: str = "urn:c:1") -> str:
    return NEWSML.format(content=content, status=status, guid=guid)


def test_ninjs_of_version_1() -> None:
    story = receive(orjson.dumps(VERSION_1), "application/ninjs+json").article

    assert (story.text, story.title, story.byline) == ("The bridge will close.", "Bridge to close", "By Lena Holt")
    assert (story.authors, story.source, story.language) == (("Lena Holt",), "Courier", "en")
    assert (story.url, story.external_id) == ("https://courier.example/1", "https://courier.example/1")
    assert story.published_at == datetime(2024, 3, 5, 8, 30, tzinfo=UTC)


def test_ninjs_of_version_3_in_camel_case() -> None:
    story = receive(orjson.dumps(VERSION_3), "application/vnd.iptc.ninjs+json").article

    assert (story.text, story.title, story.byline) == ("Short.", "Bridge to close", "Lena Holt")
    assert (story.source, story.url, story.external_id) == ("Courier", None, "urn:item:1")
    html = {**VERSION_3, "bodies": VERSION_3["bodies"][1:]}
    assert receive(orjson.dumps(html), "application/vnd.iptc.ninjs+json").article.text == "The bridge will close."


def test_metadata_that_cannot_be_kept_is_left_out_of_a_story_that_comes() -> None:
    odd = {
        **VERSION_1,
        "language": "?",
        "versioncreated": "soon",
        "byline": 3,
        "headline": "x" * 1200,
        "infosource": ["a"],
    }

    fields = ninjs_fields(odd)

    assert (fields.language, fields.published_at, fields.byline, fields.source) == (None, None, None, None)
    assert fields.title == "x" * 1000
    assert ninjs_fields({**VERSION_1, "versioncreated": "2024-03-05T09:30:00"}).published_at is not None
    assert ninjs_fields({**VERSION_1, "versioncreated": "0001-01-01T00:00:00Z"}).published_at is None


def test_a_ninjs_item_without_a_story_is_refused() -> None:
    with pytest.raises(InputError, match="withheld"):
        ninjs_fields({**VERSION_1, "pubstatus": "withheld"})
    with pytest.raises(InputError, match="no body"):
        ninjs_fields({"uri": "x", "body_nitf": "<nitf/>", "bodies": [{"value": 3}, "x"]})
    with pytest.raises(FieldsError, match="text"):
        ninjs_fields({"uri": "x", "body_text": "", "bodies": [{"value": ""}]})


def test_newsml_with_xhtml() -> None:
    story = receive(newsml().encode(), "application/vnd.iptc.g2.newsitem+xml").article

    assert story.text == "Works\n\nThe bridge will close.\n\nIn May\n\nor June\n\nEnds."
    assert (story.title, story.byline, story.authors) == ("Bridge to close", "By Lena Holt", ("Lena Holt",))
    assert (story.source, story.language, story.external_id) == ("Courier", "en", "urn:c:1")
    assert story.published_at == datetime(2024, 3, 5, 8, 30, tzinfo=UTC)


@pytest.mark.parametrize(
    ("content", "text"),
    [
        (NITF, "The bridge.\n\nIt closes."),
        ('<inlineData contenttype="text/plain">The bridge.\n\nIt closes.</inlineData>', "The bridge.\n\nIt closes."),
        ('<remoteContent href="x"/><inlineXML/><inlineData>The bridge.</inlineData>', "The bridge."),
    ],
)
def test_newsml_with_other_contents(content: str, text: str) -> None:
    [fields] = read_newsml(newsml(content, guid="https://courier.example/1").encode())

    assert (fields.text, fields.url) == (text, "https://courier.example/1")


def test_a_news_message_has_several_stories_and_one_request_takes_one() -> None:
    items = newsml(guid="1") + newsml(status="canceled") + newsml("<remoteContent/>") + newsml(NITF, guid="2")
    message = f"<newsMessage><itemSet>{items}</itemSet></newsMessage>".encode()

    assert [fields.external_id for fields in read_newsml(message)] == ["1", "2"]
    with pytest.raises(NewsMlError, match="2 stories"):
        receive(message, "application/vnd.iptc.g2.newsmessage+xml")


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        ("<newsItem>", "not well-formed"),
        ('<?xml version="1.0" encoding="x-none"?><newsItem/>', "not well-formed"),
        ("<nitf/>", "no newsItem in it"),
        (newsml("<remoteContent/>"), "no newsItem with a text"),
        ('<!DOCTYPE n [<!ENTITY x SYSTEM "file://localhost/secret">]><newsItem>&x;</newsItem>', "declares entities"),
        ('<!DOCTYPE n [<!ENTITY a "aa"><!ENTITY b "&a;&a;">]><newsItem>&b;</newsItem>', "declares entities"),
        (newsml(f"<inlineXML>{'<p>' * 300}{'</p>' * 300}</inlineXML>"), "nested too deep"),
    ],
)
def test_what_is_no_newsml_is_refused(body: str, reason: str) -> None:
    with pytest.raises(NewsMlError, match=reason):
        read_newsml(body.encode())


def test_a_provider_is_named_by_what_there_is() -> None:
    named = "<name>Courier</name></provider>"

    [literal] = read_newsml(newsml().replace(f'qcode="nprov:CRR">{named}', 'literal="CRR"/>').encode())
    [code] = read_newsml(newsml().replace(f">{named}", "/>").encode())
    [nobody] = read_newsml(newsml().replace(f'<provider qcode="nprov:CRR">{named}', "").encode())

    assert (literal.source, code.source, nobody.source) == ("CRR", "CRR", None)


def test_files_hold_them_too(tmp_path: Path) -> None:
    (tmp_path / "a.json").write_bytes(orjson.dumps(VERSION_1))
    (tmp_path / "b.xml").write_text(f"<newsMessage>{newsml()}{newsml(NITF)}</newsMessage>")
    (tmp_path / "c.xml").write_text("<newsItem>")
    (tmp_path / "d.jsonl").write_bytes(orjson.dumps(VERSION_1))
    (tmp_path / "e.xml").write_text("x" * 70_000)

    items = [item for path in sorted(tmp_path.iterdir()) for item in read_stories(path, 1_000)]

    assert [item.place.rpartition("/")[2] for item in items] == [
        "a.json",
        "b.xml:1",
        "b.xml:2",
        "c.xml",
        "d.jsonl:1",
        "e.xml",
    ]
    assert [item.failure is None for item in items] == [True, True, True, False, True, False]
    assert "larger than" in str(items[-1].failure)


def test_a_media_type_that_nobody_reads_is_told_what_is_read() -> None:
    with pytest.raises(MediaTypeError, match=r"application/vnd\.iptc\.g2\.newsitem\+xml, not text/xml"):
        receive(b"", "text/xml")


def test_the_standards_examples_with_a_text_are_read() -> None:
    if not STANDARDS.is_dir():
        pytest.skip("the examples of the standard are not here")
    read = 0
    for path in sorted(STANDARDS.rglob("*Text*.json")):
        value = orjson.loads(path.read_bytes())
        assert is_ninjs(value)
        assert ninjs_fields(value).title
        read += 1
    assert read > 2


@pytest.mark.parametrize("uri", [None, {"a": 1}, 7, ["urn:item:1"]])
def test_a_ninjs_item_says_what_it_is(uri: object) -> None:
    with pytest.raises(InputError, match="uri: must be a string"):
        ninjs_fields({"uri": uri, "body_text": "The bridge will close."})
