"""Feeds of every kind are read alike; hostile and broken ones are refused or read as far as they go."""

from __future__ import annotations

import json
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.ingest.feed_documents import FeedError, read_feed

URL = "https://courier.example/feeds/city"
RSS = """<?xml version="1.0" encoding="UTF-8"?>
<rss version="2.0" xmlns:content="http://purl.org/rss/1.0/modules/content/" xmlns:dc="http://purl.org/dc/elements/1.1/">
<channel><title>Courier</title><link>https://courier.example/</link><description>d</description>
<language>en-gb</language><ttl>30</ttl>
<item><title>Bridge &amp; ferry</title><link>/city/bridge</link><guid isPermaLink="false">c-17</guid>
<dc:creator>Lena Holt</dc:creator><pubDate>Tue, 05 Mar 2024 09:30:00 +0100</pubDate><category>City</category>
<description>Short.</description><content:encoded><![CDATA[<p>The bridge will close.</p>]]></content:encoded></item>
<item><title>No id</title><description>Nothing leads anywhere.</description></item>
<item><link>https://courier.example/b</link><description>&lt;b&gt;Bold&lt;/b&gt; words.</description></item>
</channel></rss>"""
ATOM = """<feed xmlns="http://www.w3.org/2005/Atom" xml:lang="en"><title>Courier</title><id>urn:f</id>
<updated>2024-03-05T10:00:00Z</updated>
<entry><id>urn:1</id><title>Bridge</title><link href="https://courier.example/a"/><updated>2024-03-05T10:00:00Z</updated>
<published>2024-03-05T08:30:00Z</published><author><name>Lena Holt</name></author>
<content type="text">Plain words.</content></entry></feed>"""
RSS_091 = """<?xml version="1.0"?><!DOCTYPE rss PUBLIC "-//Netscape Communications//DTD RSS 0.91//EN"
"http://my.netscape.com/publish/formats/rss-0.91.dtd"><rss version="0.91"><channel><title>T</title>
<item><title>A</title><link>https://courier.example/a</link></item></channel></rss>"""
RSS_090 = """<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="http://my.netscape.com/rdf/simple/0.9/">
<channel><title>T</title></channel><item><title>A</title><link>https://courier.example/a</link></item></rdf:RDF>"""
JSON_FEED = {
    "version": "https://jsonfeed.org/version/1.1",
    "title": "Courier",
    "language": "en",
    "items": [
        {
            "id": 17,
            "url": "/city/bridge",
            "title": "Bridge",
            "content_html": "<p>The bridge will close.</p>",
            "date_published": "2024-03-05T09:30:00+01:00",
            "date_modified": "2024-03-05T10:00:00",
            "authors": [{"name": "Lena Holt"}, {"url": "x"}],
            "tags": ["City"],
        },
        {"id": "t", "content_text": "Plain words.", "date_published": "yesterday", "author": {"name": "Old Form"}},
        {"url": "http://["},
        "not an item",
    ],
}
LAUGHS = (
    "".join(f'<!ENTITY l{i} "{f"&l{i - 1};" * 10}">' for i in range(1, 9)).join(
        ('<!DOCTYPE rss [<!ENTITY l0 "lol">', "]>")
    )
    + '<rss version="2.0"><channel><title>&l8;</title></channel></rss>'
)
XXE = (
    '<!DOCTYPE rss [<!ENTITY x SYSTEM "file://localhost/secret">]>'
    '<rss version="2.0"><channel><title>T</title><item><guid>1</guid>'
    "<description>&x;</description></item></channel></rss>"
)


def test_rss_with_all_that_it_can_say() -> None:
    feed = read_feed(RSS.encode(), URL, "application/rss+xml")

    assert (feed.title, feed.language, feed.ttl) == ("Courier", "en-gb", 1800)
    first, second = feed.entries
    assert (first.key, first.url) == ("c-17", "https://courier.example/city/bridge")
    assert (first.title, first.authors, first.section) == ("Bridge & ferry", ("Lena Holt",), "City")
    assert first.published_at == datetime(2024, 3, 5, 8, 30, tzinfo=UTC)
    assert (first.content, first.text, first.language) == ("<p>The bridge will close.</p>", None, "en-gb")
    assert (second.key, second.content, second.title) == ("https://courier.example/b", "<b>Bold</b> words.", None)


def test_atom() -> None:
    [entry] = read_feed(ATOM.encode(), URL).entries

    assert (entry.key, entry.url, entry.language) == ("urn:1", "https://courier.example/a", "en")
    assert (entry.text, entry.content) == ("Plain words.", None)
    assert entry.published_at == datetime(2024, 3, 5, 8, 30, tzinfo=UTC)
    assert entry.updated_at == datetime(2024, 3, 5, 10, tzinfo=UTC)


@pytest.mark.parametrize("source", [RSS_091, RSS_090, RSS_091.replace("</item>", "<br></item>")])
def test_old_and_broken_rss(source: str) -> None:
    [entry] = read_feed(source.encode(), URL).entries

    assert (entry.title, entry.url, entry.key) == ("A", "https://courier.example/a", "https://courier.example/a")


def test_json_feed() -> None:
    feed = read_feed(b"\xef\xbb\xbf" + json.dumps(JSON_FEED).encode(), URL)

    first, second = feed.entries
    assert (feed.title, feed.ttl) == ("Courier", None)
    assert (first.key, first.url) == ("17", "https://courier.example/city/bridge")
    assert (first.authors, first.section, first.language) == (("Lena Holt",), "City", "en")
    assert first.published_at == datetime.fromisoformat("2024-03-05T09:30:00+01:00")
    assert first.updated_at == datetime(2024, 3, 5, 10, tzinfo=UTC)
    assert (second.text, second.published_at, second.authors) == ("Plain words.", None, ("Old Form",))


def test_entries_with_one_key_are_one_and_their_number_is_bounded() -> None:
    items = [{"id": str(i // 2), "content_text": "x"} for i in range(3000)]

    feed = read_feed(json.dumps({**JSON_FEED, "items": items}).encode(), URL)

    assert len(feed.entries) == 500


def test_the_mark_changes_with_what_a_reader_would_see() -> None:
    marks = {
        read_feed(RSS.replace("will close", words).encode(), URL).entries[0].mark for words in ("closes", "closed")
    }

    assert len(marks) == 2
    assert read_feed(RSS.encode(), URL).entries[0].mark == read_feed(RSS.encode(), URL).entries[0].mark


@pytest.mark.parametrize(
    "source", [LAUGHS, XXE, XXE.replace("</title>", ""), XXE.replace("</title>", "").encode("utf-16")]
)
def test_entities_are_refused(source: str | bytes) -> None:
    with pytest.raises(FeedError, match="entities"):
        read_feed(source if isinstance(source, bytes) else source.encode(), URL)


@pytest.mark.parametrize(
    ("source", "reason"),
    [
        ("", "is no RSS"),
        ("<html><body>Not found</body></html>", "is no RSS"),
        ("{", "not JSON that can be read"),
        ('{"items": []}', "no JSON Feed"),
    ],
)
def test_what_is_no_feed_is_refused(source: str, reason: str) -> None:
    with pytest.raises(FeedError, match=reason):
        read_feed(source.encode(), URL)


@given(
    st.binary(max_size=300)
    | st.text(max_size=100).map(lambda inner: RSS.replace("Short.", inner).encode("utf-8", "replace"))
)
def test_no_bytes_break_the_reader(body: bytes) -> None:
    try:
        feed = read_feed(body, URL)
    except FeedError:
        return
    assert all(entry.key for entry in feed.entries)
