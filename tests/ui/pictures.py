"""Make the pictures of the pages that README and the docs show: ``make pictures``. Needs chromium."""

from __future__ import annotations

import shutil
import tempfile
from pathlib import Path

from playwright.sync_api import sync_playwright

from app.store import migrate
from tests.ui.serving import serve_samples

FOLDER = Path(__file__).parents[2] / "docs" / "pictures"
_STORY = "a:has-text('Undersea Cables')"
_ISSUE = ".stands a[href^='/read/issues/']"
_QUOTE, _OTHER = "The heart of this is trust", "Lucien F. Daubrac"
_PERSON = ".voices a[href^='/read/people/']"


def main() -> None:
    """Serve the samples, look at each page, and write what is seen."""
    FOLDER.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        url = f"sqlite:///{folder}/sayso.sqlite3"
        migrate.upgrade(url)
        with serve_samples(url) as address:
            chromium = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=["--no-sandbox"])
            tab = chromium.new_context(base_url=address, viewport={"width": 1200, "height": 820}).new_page()
            tab.goto("/read/")
            tab.screenshot(path=FOLDER / "front.png")
            tab.locator(_STORY).first.click()
            story = tab.url
            tab.screenshot(path=FOLDER / "story.png")
            tab.emulate_media(color_scheme="dark")
            tab.screenshot(path=FOLDER / "story-dark.png")
            tab.emulate_media(color_scheme="light")
            tab.goto(f"{story}/review")
            tab.locator("[data-find]", has_text=_QUOTE).click()
            tab.get_by_label("Speaker").select_option(label=_OTHER)
            tab.get_by_role("button", name="Put it right").click()
            tab.locator(".status-corrected").first.wait_for()
            tab.screenshot(path=FOLDER / "review.png")
            tab.get_by_role("button", name="Undo", exact=True).first.click()
            tab.goto(story)
            tab.locator(_PERSON).first.click()
            tab.screenshot(path=FOLDER / "person.png")
            tab.goto(story)
            tab.locator(_ISSUE).first.click()
            tab.screenshot(path=FOLDER / "issue.png")
            tab.goto(story)
            tab.set_viewport_size({"width": 360, "height": 780})
            tab.screenshot(path=FOLDER / "story-phone.png")
            chromium.close()


if __name__ == "__main__":
    main()
