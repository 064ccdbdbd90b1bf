"""Stories out of web pages."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.errors import UnreadableHtmlError
from app.text.html import HtmlStory, read_html

PARAGRAPHS = (
    "The mayor of Kesterly said on Monday that the harbour plan would go ahead as it was agreed in the spring.",
    "“We are ready,” she told reporters after a long meeting with the council, which had asked for more time.",
    "The council will meet again on Friday to vote on the money, and a crowd is expected outside the town hall.",
)


def page(head: str = "", *, lang: str = "en", above: str = "", body: tuple[str, ...] = PARAGRAPHS) -> str:
    paragraphs = "".join(f"<p>{p}</p>" for p in body)
    return (
        f'<!doctype html><html lang="{lang}"><head>{head}</head><body><nav><a href="/">Home</a></nav>'
        f"<article>{above}{paragraphs}</article><footer>All rights</footer></body></html>"
    )


def test_whole_story() -> None:
    head = (
        "<title>Harbour Plan Goes Ahead - Northmark Times</title>"
        '<meta property="og:title" content="Harbour Plan Goes Ahead">'
        '<meta property="og:site_name" content="Northmark Times">'
        '<meta name="author" content="Ann Lee; Bo Roe">'
        '<link rel="canonical" href="https://example.org/harbour">'
        '<meta property="article:published_time" content="2026-03-04T10:00:00+02:00">'
        '<meta property="article:section" content=" Local  News ">'
    )
    assert read_html(page(head, lang="en_GB", above="<h1>Harbour Plan Goes Ahead</h1>")) == HtmlStory(
        text="\n\n".join(PARAGRAPHS),
        title="Harbour Plan Goes Ahead",
        authors=("Ann Lee", "Bo Roe"),
        published_at=datetime(2026, 3, 4, 10, tzinfo=timezone(timedelta(hours=2))),
        url="https://example.org/harbour",
        language="en-GB",
        source="Northmark Times",
        section="Local News",
    )


def test_page_that_says_nothing_about_itself() -> None:
    story = read_html(page(lang=""))
    assert story == HtmlStory(text="\n\n".join(PARAGRAPHS))


@pytest.mark.parametrize("lang", ["x", "1", "en us", "english-language-x" * 9])
def test_language_that_is_none_is_unknown(lang: str) -> None:
    assert read_html(page(lang=lang)).language is None


@pytest.mark.parametrize(
    ("stated", "expected"),
    [
        ("2026-03-04", datetime(2026, 3, 4, tzinfo=UTC)),
        ("2026-03-04T10:00:00Z", datetime(2026, 3, 4, 10, tzinfo=UTC)),
        ("2026-03-04T10:00:00", datetime(2026, 3, 4, 10, tzinfo=UTC)),
        ("2026-02-30", None),
        ("0001-01-01T00:00:00+14:00", None),
        ("2026-13", None),
        ("March 4, 2026", datetime(2026, 3, 4, tzinfo=UTC)),
        ("yesterday", None),
    ],
)
def test_date_of_publication(stated: str, expected: datetime | None) -> None:
    head = f'<meta itemprop="datePublished" content="{stated}">'
    assert read_html(page(head)).published_at == expected


def linked(data: str) -> str:
    return f'<script type="application/ld+json">{data}</script>'


@pytest.mark.parametrize(
    "data",
    [
        '{"@type": "NewsArticle", "datePublished": "2026-03-04T10:00:00Z", "articleSection": "Local"}',
        '[{"@type": "NewsArticle", "datePublished": "2026-03-04T10:00:00Z", "articleSection": ["Local", "News"]}]',
        '{"@graph": [{"x": 1}, {"datePublished": "2026-03-04T10:00:00Z", "articleSection": "Local"}]}',
    ],
)
def test_linked_data_gives_date_and_section(data: str) -> None:
    story = read_html(page(linked(data)))
    assert (story.published_at, story.section) == (datetime(2026, 3, 4, 10, tzinfo=UTC), "Local")


@pytest.mark.parametrize(
    "data",
    [
        "",
        "{",
        "1",
        "[" * 100_000,
        "[[[[[[[[[{}]]]]]]]]]",
        '{"datePublished": 5, "articleSection": []}',
        '{"a": "' + "x" * 300_000 + '"}',
    ],
)
def test_broken_linked_data_is_passed_over(data: str) -> None:
    story = read_html(page(linked(data)))
    assert (story.text, story.published_at, story.section) == ("\n\n".join(PARAGRAPHS), None, None)


def test_other_scripts_are_no_linked_data() -> None:
    assert read_html(page("<script>var a = 1;</script>")).section is None


def test_links_are_no_authors() -> None:
    head = '<meta property="article:author" content="https://example.org/ann-lee">'
    assert read_html(page(head)).authors == ()


def test_url_is_one_of_the_web() -> None:
    assert read_html(page('<link rel="canonical" href="javascript:alert(1)">')).url is None


def test_meta_without_name_or_content_is_passed_over() -> None:
    assert read_html(page('<meta charset="utf-8"><meta name="section" content=" ">')).section is None


@pytest.mark.parametrize("html", ["", " \n", "hello", "<", "<html></html>", "<title>x</title>", "<p>\ud800</p>", "\0"])
def test_page_without_a_story_is_refused(html: str) -> None:
    with pytest.raises(UnreadableHtmlError) as caught:
        read_html(html)
    assert caught.value.field == "html"


def test_page_that_only_repeats_its_title_is_refused() -> None:
    with pytest.raises(UnreadableHtmlError):
        read_html(page("<title>Harbour</title>", above="<h1>Harbour</h1>", body=("Harbour",)))


def test_page_of_too_many_elements_is_refused() -> None:
    with pytest.raises(UnreadableHtmlError, match="more than 30000 elements"):
        read_html("<html><body>" + "<p>word</p>" * 40_000)


@pytest.mark.parametrize("tag", ["div", "b", "table", "blockquote"])
def test_deep_nesting_is_read_or_refused(tag: str) -> None:
    try:
        story = read_html(f"<html><body>{f'<{tag}>' * 20_000}{PARAGRAPHS[0]}")
    except UnreadableHtmlError:
        return
    assert story.text


def test_fault_of_the_parser_is_told_as_a_page_that_cannot_be_read(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_args: object, **_options: object) -> None:
        raise RecursionError

    monkeypatch.setattr("trafilatura.bare_extraction", fail)
    with pytest.raises(UnreadableHtmlError, match="RecursionError"):
        read_html(page())


def test_huge_attributes_are_dropped() -> None:
    image = f'<p class="{"a " * 200_000}">{PARAGRAPHS[0]}</p><img src="data:{"A" * 200_000}">'
    assert PARAGRAPHS[0] in read_html(page(above=image)).text


@settings(max_examples=60, deadline=None)
@given(
    st.lists(
        st.sampled_from(
            [
                "<p>",
                "</p>",
                "<div>",
                "<article>",
                "<h1>",
                "<table><tr><td>",
                "<",
                "&#0;",
                "&amp;",
                PARAGRAPHS[0],
                "<html>",
            ],
        )
        | st.text(st.characters(), max_size=20),
        max_size=25,
    ).map("".join),
)
def test_any_markup_is_read_or_refused(html: str) -> None:
    try:
        story = read_html(html)
    except UnreadableHtmlError:
        return
    assert story.text.strip()
