"""A real browser for tests of the page: fixtures that open a page and collect its complaints."""

import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, sync_playwright
from requirement import lacking

BROWSERS = ("chromium", "chromium-browser", "google-chrome")
Visit = Callable[..., Page]


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """The first Chromium that is found."""
    with sync_playwright() as playwright:
        named = os.environ.get("PIGEONHOLE_CHROMIUM") or next(filter(None, map(shutil.which, BROWSERS)), None)
        if not named and not Path(playwright.chromium.executable_path).exists():
            lacking("no Chromium here: name one in PIGEONHOLE_CHROMIUM, or run `playwright install chromium`")
        browser = playwright.chromium.launch(executable_path=named, args=["--no-sandbox"])
        yield browser
        browser.close()


@pytest.fixture
def visit(browser: Browser) -> Iterator[Visit]:
    """Opens a page that must neither complain nor ask for anything but itself."""
    complaints: list[str] = []
    contexts = []

    def open_page(report: Path, **options: Any) -> Page:
        contexts.append(browser.new_context(**options))
        page = contexts[-1].new_page()
        page.on("console", lambda message: complaints.append(message.text))
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.on("dialog", lambda dialog: complaints.append(dialog.message))
        page.on("request", lambda request: complaints.append(request.url) if is_foreign(request.url) else None)

        def is_foreign(url: str) -> bool:
            return url != report.as_uri() and not url.startswith("data:")

        page.goto(report.as_uri())
        return page

    yield open_page
    for context in contexts:
        context.close()
    assert not complaints
