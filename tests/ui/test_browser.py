"""The pages' tasks done as a person does them, in a real browser."""

from __future__ import annotations

import re

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, Response, expect

from tests.ui.browsing import browsing, wait_for_place
from tests.unit.ingest.web import Web

STORY = (
    'KESTERLY — Mayor Ana Ruiz rejected the plan to close the Harbor Bridge on Tuesday. "We have waited too long for '
    'repairs," Ruiz said. "We will not wait behind a fence."\n\nShe backed a toll instead, and Tom Okafor, a lawyer, '
    "said drivers would never accept it."
)
PATHS = ("/read/", "/read/search?q=bridge", "/read/embedding", "/read/operations")


def open_story(tab: Page, title: str) -> None:
    tab.goto("/read/")
    tab.get_by_role("link", name=re.compile(title)).first.click()
    wait_for_place(tab, "/read/articles/")


def test_a_pasted_story_tells_who_speaks(tab: Page) -> None:
    tab.goto("/read/")
    tab.get_by_label("The story's text").fill(STORY)
    tab.get_by_role("button", name="Read it").click()

    quote = tab.locator(".text .quote", has_text="We have waited too long")
    expect(quote).to_be_visible()
    voice = quote.get_attribute("data-voice")
    expect(tab.locator(f'.voices [data-voice="{voice}"]')).to_contain_text("Ana Ruiz")


def test_a_voice_lights_up_wherever_it_speaks(tab: Page) -> None:
    open_story(tab, "Undersea Cables")
    quote = tab.locator(".text .quote", has_text="The heart of this is trust")
    quote.hover()

    expect(quote).to_have_class(re.compile(r"\blit\b"))
    expect(tab.locator(".text .speaker.lit", has_text=re.compile("^he$")).first).to_be_visible()
    assert tab.locator(".text .quote.lit").count() > 2
    tab.keyboard.press("Escape")
    expect(tab.locator(".lit")).to_have_count(0)


def test_a_link_to_an_annotation_scrolls_to_it(tab: Page) -> None:
    open_story(tab, "Undersea Cables")
    last = tab.locator(".text .quote[id]").last
    tab.goto(f"{tab.url}#{last.get_attribute('id')}")

    expect(last).to_be_in_viewport()
    expect(tab.locator(":target")).to_have_count(1)


def test_an_issue_can_be_followed_from_a_story_to_a_person(tab: Page) -> None:
    open_story(tab, "Undersea Cables")
    tab.locator(".stands a[href^='/read/issues/']").first.click()
    expect(tab.get_by_role("heading", level=2).filter(has_text=re.compile("For|Against")).first).to_be_visible()
    holder = tab.locator(".stand .who a").first
    name = holder.inner_text()
    holder.click()

    expect(tab.get_by_role("heading", level=1)).to_have_text(name)


def test_a_quote_is_copied_with_who_said_it(browser: Browser, reading_room: str) -> None:
    with browsing(browser, base_url=reading_room, permissions=["clipboard-read", "clipboard-write"]) as context:
        tab = context.new_page()
        open_story(tab, "Undersea Cables")
        tab.locator(".voice summary").first.click()
        tab.get_by_role("button", name=re.compile("Copy the quote")).first.click()
        expect(tab.get_by_text("copied")).to_be_visible()
        copied = tab.evaluate("navigator.clipboard.readText()")

    assert re.search(r" — .+ \(http://127\.0\.0\.1:\d+/read/articles/\w+#quo_\w+\)$", copied)


def test_the_keyboard_alone_reaches_the_text_and_its_notes(tab: Page) -> None:
    open_story(tab, "Undersea Cables")
    tab.keyboard.press("Tab")
    expect(tab.get_by_role("link", name="To the text")).to_be_focused()
    tab.keyboard.press("Enter")
    for _ in range(12):
        tab.keyboard.press("Tab")
        if "note" in (tab.evaluate("document.activeElement.className") or ""):
            break
    tab.keyboard.press("Enter")

    wait_for_place(tab, r"#note-quo_\w+$")
    expect(tab.locator(":target")).to_be_visible()


def test_layers_can_be_put_away(tab: Page) -> None:
    open_story(tab, "Undersea Cables")
    note = tab.locator(".text .note").first
    expect(note).to_be_visible()
    tab.get_by_role("checkbox", name="quotes").uncheck()

    expect(note).to_be_hidden()


def test_the_quote_element_shows_the_quote(tab: Page) -> None:
    tab.goto("/read/embedding")

    expect(tab.locator("sayso-quote blockquote footer a")).to_be_visible()
    expect(tab.frame_locator("iframe[title='A quote']").locator("blockquote")).to_be_visible()


def pages_of(tab: Page) -> list[str]:
    """Return the addresses of one page of each kind."""
    open_story(tab, "Undersea Cables")
    story = tab.url
    found = [tab.locator(f"a[href^='/read/{kind}/']").first.get_attribute("href") for kind in ("people", "issues")]
    return [*PATHS, story, *(path for path in found if path is not None)]


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_no_page_breaks_a_rule_of_accessibility(tab: Page, scheme: str) -> None:
    tab.emulate_media(color_scheme="dark" if scheme == "dark" else "light")
    for path in pages_of(tab):
        tab.goto(path)
        found = Axe().run(tab)
        assert found.violations_count == 0, f"{path} in {scheme}: {found.generate_report()}"


def test_every_page_fits_a_narrow_screen(tab: Page) -> None:
    for path in pages_of(tab):
        tab.set_viewport_size({"width": 320, "height": 640})
        tab.goto(path)
        assert tab.evaluate("document.documentElement.scrollWidth") <= 320, path


def test_a_story_can_be_read_without_javascript(browser: Browser, reading_room: str) -> None:
    with browsing(browser, base_url=reading_room, java_script_enabled=False) as context:
        tab = context.new_page()
        open_story(tab, "Undersea Cables")
        tab.locator(".text .note").first.click()
        wait_for_place(tab, r"#note-quo_\w+$")
        shown = tab.locator(".text .quote").count()

    assert shown > 5


def test_a_story_is_fetched_by_its_address_without_javascript(browser: Browser, reading_room: str, web: Web) -> None:
    paragraphs = "".join(f"<p>{part}</p>" for part in STORY.split("\n\n"))
    page = f"<html><head><title>Bridge</title></head><body><article>{paragraphs}</article></body></html>"
    url = web.says("/bridge", page, Content_Type="text/html")
    with browsing(browser, base_url=reading_room, java_script_enabled=False) as context:
        tab = context.new_page()
        tab.goto("/read/")
        tab.get_by_label("Or give the address of a story").fill(f"{web.url}/gone")
        tab.get_by_role("button", name="Fetch the story").click()
        expect(tab.get_by_role("alert")).to_have_text("The address cannot be read: answers with status 404.")
        tab.get_by_label("Or give the address of a story").fill(url)
        tab.get_by_role("button", name="Fetch the story").click()

        expect(tab.locator(".text .quote", has_text="We have waited too long")).to_have_count(1)


def test_a_feed_is_followed_on_the_operations_page(tab: Page, web: Web) -> None:
    tab.goto("/read/operations")
    tab.request.post("/feeds", data={"url": f"{web.url}/feed", "source": "The Harbor Courier"})
    tab.reload()
    row = tab.get_by_role("region", name="Table of feeds").get_by_role("row", name=re.compile("The Harbor Courier"))
    expect(row).to_contain_text("new")
    row.get_by_role("button", name="Poll The Harbor Courier now").click()

    expect(row).to_be_in_viewport()
    found = Axe().run(tab)
    assert found.violations_count == 0, found.generate_report()
    tab.set_viewport_size({"width": 320, "height": 640})
    assert tab.evaluate("document.documentElement.scrollWidth") <= 320


def test_a_story_page_weighs_less_than_a_hundred_kilobytes(tab: Page) -> None:
    answers: list[Response] = []
    open_story(tab, "Undersea Cables")
    tab.wait_for_load_state("networkidle")
    tab.on("response", lambda answer: answers.append(answer))  # noqa: PLW0108 (it names what it is given)
    tab.reload()
    tab.wait_for_load_state("networkidle")

    assert 0 < sum(len(answer.body()) for answer in answers) < 100_000
