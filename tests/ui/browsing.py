"""Tabs that wait for what is to happen however busy the machine is: a browser's own limits are those of an idle one."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from playwright.sync_api import Browser, BrowserContext, Page, expect

PATIENCE = 120_000.0
"""What anything in a browser may take. Units: milliseconds."""

expect.set_options(timeout=PATIENCE)


@contextmanager
def browsing(browser: Browser, **options: Any) -> Iterator[BrowserContext]:  # noqa: ANN401 (playwright's own options)
    """Yield a window of its own, without what others left in the browser."""
    context = browser.new_context(**options)
    context.set_default_timeout(PATIENCE)
    try:
        yield context
    finally:
        context.close()


def wait_for_place(tab: Page, pattern: str) -> None:
    """Return when the address of a tab has ``pattern`` in it."""
    tab.wait_for_url(re.compile(pattern))
