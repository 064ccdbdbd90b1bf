"""Looking a story through as an editor does, in a real browser."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

import httpx
import pytest
from axe_playwright_python.sync_playwright import Axe
from fastapi import FastAPI
from playwright.sync_api import Browser, Page, expect

from app.ingest.receive import receive_text
from app.knowledge.link import link
from app.store.articles import add_run, text_of
from app.store.store import Store
from app.store.views import LinkedAnalysis
from tests.api.plain_rules import PlainRules
from tests.api.service import BRIDGE, FERRY, make_service
from tests.ui.browsing import browsing, wait_for_place
from tests.ui.serving import serving

STORY = f"{BRIDGE} Tom Okafor, a lawyer, listened."


@dataclass(frozen=True)
class Room:
    """A served story to be looked through."""

    app: FastAPI
    article: str
    tab: Page

    @property
    def desk(self) -> str:
        """Return the address of the story's desk."""
        return f"/read/articles/{self.article}/review"

    def open(self, words: str) -> None:
        """Take an annotation to the desk."""
        self.tab.goto(self.desk)
        self.tab.locator("[data-find]").filter(has_text=words).first.click()
        wait_for_place(self.tab, r"\?item=")
        expect(self.tab.locator(".context mark").first).to_contain_text(words)

    def annotate_again(self) -> None:
        """Put a new analysis of the story's text in place of the one it has."""
        store: Store = self.app.state.parts.store
        with store.writing() as session:
            document = receive_text(text_of(session, self.article)).document
            found = PlainRules().annotate(document)
            add_run(session, self.article, LinkedAnalysis(found, document, link(found)))


@pytest.fixture
def room(browser: Browser, sqlite_url: str) -> Iterator[Room]:
    """Return a story that waits, in a tab that fails the test when a page's script or policy complains."""
    app = make_service(sqlite_url, workers=0)
    complaints: list[str] = []
    with serving(app) as address:
        with httpx.Client(base_url=address, timeout=60) as sender:
            sender.post("/articles", json={"text": FERRY, "title": "Ferry stays"}).raise_for_status()
            article = sender.post("/articles", json={"text": STORY, "title": "Bridge shuts"}).json()["id"]
        with browsing(browser, base_url=address, viewport={"width": 1280, "height": 900}) as context:
            tab = context.new_page()
            tab.on("console", lambda message: complaints.append(message.text) if message.type == "error" else None)
            tab.on("pageerror", lambda error: complaints.append(str(error)))
            yield Room(app, article, tab)
    assert complaints == []


def test_a_speaker_is_corrected_and_stays_so_when_the_story_is_annotated_again(room: Room) -> None:
    tab = room.tab
    tab.goto(f"/read/articles/{room.article}")
    tab.get_by_role("link", name="Put right what is wrong").click()
    tab.locator("[data-find]").filter(has_text="Nobody asked us").click()
    wait_for_place(tab, r"\?item=")
    tab.get_by_label("Speaker").select_option(label="Tom Okafor")
    tab.get_by_label("Your name").fill("Lena Holt")
    tab.get_by_role("button", name="Put it right").click()
    expect(tab.locator(".status-corrected").first).to_have_text("put right by Lena Holt")
    room.annotate_again()
    tab.reload()

    beside = tab.get_by_role("row", name=re.compile("Speaker"))
    expect(beside).to_contain_text("nobody named")
    expect(beside).to_contain_text("Tom Okafor")
    tab.goto(f"/read/articles/{room.article}")
    expect(tab.locator(".voice", has_text="Tom Okafor")).to_contain_text("Nobody asked us")


def test_the_keyboard_alone_goes_through_a_story(room: Room) -> None:
    tab = room.tab
    tab.goto("/read/review")
    expect(tab.locator("[data-find]").first).to_be_focused()
    tab.keyboard.press("j")
    tab.keyboard.press("k")
    tab.keyboard.press("Enter")
    expect(tab.locator("[data-desk]")).to_be_focused()
    for key in "axu":
        with tab.expect_navigation():
            tab.keyboard.press(key)
    expect(tab.locator(".status").first).to_have_text("not looked at")
    tab.keyboard.press("s")
    expect(tab.locator("#who")).to_be_focused()
    tab.keyboard.press("Escape")
    tab.keyboard.press("e")
    expect(tab.locator("#words1")).to_be_focused()
    tab.keyboard.press("a")  # in a field, a letter is a letter

    expect(tab.locator("#words1")).to_have_value(re.compile("a"))


def test_words_selected_in_the_story_become_the_extent(room: Room) -> None:
    tab = room.tab
    room.open("waited too long")
    tab.evaluate(
        """() => {
        const walker = document.createTreeWalker(document.querySelector("[data-story-text]"), NodeFilter.SHOW_TEXT);
        for (let node = walker.nextNode(); node !== null; node = walker.nextNode()) {
            const at = node.data.indexOf("waited too");
            if (at >= 0) document.getSelection().setBaseAndExtent(node, at, node, at + 10);
        }}"""
    )
    tab.keyboard.press("e")
    expect(tab.locator("#words1")).to_have_value("waited too")
    with tab.expect_navigation():
        tab.keyboard.press("Control+Enter")

    expect(tab.locator(".context mark")).to_have_text("waited too")
    tab.keyboard.press("q")
    expect(tab.get_by_role("heading", level=1, name="Add a quote")).to_be_visible()


def test_the_keys_can_be_put_away(room: Room) -> None:
    tab = room.tab
    room.open("waited too long")
    tab.get_by_role("checkbox", name=re.compile("keys")).uncheck()
    tab.keyboard.press("Escape")
    place = tab.url
    tab.keyboard.press("x")
    tab.reload()

    assert tab.url == place
    expect(tab.get_by_role("checkbox", name=re.compile("keys"))).not_to_be_checked()


def test_a_missed_quote_is_added_without_javascript(browser: Browser, room: Room) -> None:
    room.tab.goto(room.desk)
    with browsing(browser, java_script_enabled=False) as context:
        tab = context.new_page()
        tab.goto(room.tab.url)
        tab.get_by_role("link", name="quote", exact=True).click()
        tab.get_by_label("Speaker").select_option(label="Ana Ruiz")
        tab.get_by_label("The words that are quoted").fill("The Harbor bridge will close in May")
        tab.get_by_role("button", name="Add it").click()
        expect(tab.locator(".status-added").first).to_have_text("added by hand")
        tab.get_by_role("button", name="Undo", exact=True).first.click()

        expect(tab.locator(".status-added")).to_have_count(0)


def pages_of(room: Room) -> list[str]:
    """Return the addresses of the pages, with something said in each way."""
    room.open("Nobody asked us")
    room.tab.get_by_label("Speaker").select_option(label="Tom Okafor")
    room.tab.get_by_role("button", name="Put it right").click()
    expect(room.tab.locator(".status-corrected").first).to_be_visible()
    return ["/read/review", room.tab.url, f"{room.desk}?add=office", f"{room.desk}?add=stance", "/read/sign-in?why=key"]


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_no_page_of_corrections_breaks_a_rule_of_accessibility(room: Room, scheme: str) -> None:
    room.tab.emulate_media(color_scheme="dark" if scheme == "dark" else "light")
    for path in pages_of(room):
        room.tab.goto(path)
        for summary in room.tab.locator("summary").all():
            summary.click()
        found = Axe().run(room.tab)
        assert found.violations_count == 0, f"{path} in {scheme}: {found.generate_report()}"


def test_every_page_of_corrections_fits_a_narrow_screen(room: Room) -> None:
    for path in pages_of(room):
        room.tab.set_viewport_size({"width": 320, "height": 640})
        room.tab.goto(path)
        assert room.tab.evaluate("document.documentElement.scrollWidth") <= 320, path
