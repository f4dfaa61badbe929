"""The report in a real browser: what it loads, what its controls do, and who can use it how."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from axe_playwright_python.sync_playwright import Axe
from page_inputs import add_test_pictures, write_inputs
from playwright.sync_api import Browser, Locator, Page

from datasets.suspects import moving_command
from datasets.tables import SUSPECTS_HEADER, write_rows
from reports.content import Page as Content
from reports.facts import confusion
from reports.page import write_page

if TYPE_CHECKING:
    from browsing import Visit

pytestmark = pytest.mark.slow

pytest_plugins = ("browsing",)

SCRIPT = "<script>alert(1)</script>"
CLASSES = ["cat", SCRIPT, '"quoted", comma', "sea lion"]
SUSPECTS = ("train/0_3.png", "train/0_4.png")
PHONE = {"width": 390, "height": 844}
WIDTHS = (390, 768, 1200)


@pytest.fixture(scope="module")
def content(tmp_path_factory: pytest.TempPathFactory) -> Content:
    """Returns the page of two runs on classes with odd names, with two suspects."""
    folder = tmp_path_factory.mktemp("odd")
    content = write_inputs(folder, CLASSES)
    add_test_pictures(content, CLASSES)
    rows = [(path, "train", "cat", SCRIPT, "0.9", moving_command(path, SCRIPT, ""), "") for path in SUSPECTS]
    write_rows(folder / "suspects.csv", SUSPECTS_HEADER, rows)
    return replace(content, suspects_csv=folder / "suspects.csv")


@pytest.fixture(scope="module")
def report(content: Content, tmp_path_factory: pytest.TempPathFactory) -> Path:
    target = tmp_path_factory.mktemp("report") / "report.html"
    write_page(target, content)
    return target


def cell(page: Page, name: str) -> Locator:
    return page.locator("#run-1").get_by_role("gridcell", name=name, exact=True)


def test_every_picture_decodes(visit: Visit, report: Path) -> None:
    page = visit(report)
    decoding = "Promise.all([...document.images].map(async (one) => { await one.decode(); return one.naturalWidth; }))"
    assert all(page.evaluate(decoding))
    sheet = page.locator(".sprite").first.evaluate(
        """async (sprite) => {
          const sheet = new Image();
          sheet.src = getComputedStyle(sprite).backgroundImage.slice(5, -2);
          await sheet.decode();
          return sheet.naturalWidth;
        }"""
    )
    assert sheet == 33 * 32


def test_a_class_named_script_is_text(visit: Visit, report: Path) -> None:
    page = visit(report)
    assert page.get_by_role("columnheader", name=SCRIPT, exact=True).count()
    assert page.get_by_role("rowheader", name=SCRIPT, exact=True).count()


def test_no_script_but_the_page_s_own_can_run(browser: Browser, report: Path) -> None:
    page = browser.new_page()
    page.goto(report.as_uri())
    with page.expect_console_message(lambda message: "Content Security Policy" in message.text):
        page.evaluate(
            "document.body.append(Object.assign(document.createElement('script'), { textContent: 'window.ran = 1' }))"
        )
    assert page.evaluate("window.ran") is None
    page.close()


def test_a_table_sorts_by_mouse_and_by_keyboard(visit: Visit, report: Path) -> None:
    page = visit(report)
    table = page.locator("#all-runs table.sortable").last
    names = table.locator("tbody th a")
    table.get_by_role("button", name="Accuracy").click()
    assert names.all_inner_texts() == ["wide", "plain"]
    table.get_by_role("button", name="Accuracy").press("Enter")
    assert names.all_inner_texts() == ["plain", "wide"]
    assert table.get_by_role("columnheader", name="Accuracy").get_attribute("aria-sort") == "ascending"
    table.get_by_role("button", name="Run").click()
    assert names.all_inner_texts() == ["plain", "wide"]
    assert table.locator("[aria-sort]").count() == 1


def test_every_head_cell_of_a_sortable_table_sorts_it(visit: Visit, report: Path) -> None:
    page = visit(report)
    page.evaluate("document.querySelectorAll('details').forEach((one) => { one.open = true; })")
    buttons = page.locator("table.sortable thead button")
    assert buttons.count() > 5
    for button in buttons.all():
        rows = button.locator("xpath=ancestor::table/tbody/tr")
        before = sorted(rows.all_inner_texts())
        button.click()
        assert button.locator("..").get_attribute("aria-sort")
        assert sorted(rows.all_inner_texts()) == before


def test_a_command_is_copied(visit: Visit, report: Path) -> None:
    page = visit(report, permissions=["clipboard-read", "clipboard-write"])
    command = page.locator("#provenance .command").first
    command.get_by_role("button").press("Enter")
    page.get_by_text("Copied", exact=True).first.wait_for()
    assert page.get_by_role("status").inner_text() == "Copied"
    assert page.evaluate("navigator.clipboard.readText()") == command.locator("pre").inner_text()


def test_all_commands_shown_are_copied_at_once(visit: Visit, report: Path) -> None:
    page = visit(report, permissions=["clipboard-read", "clipboard-write"])
    page.get_by_role("button", name="Copy all 2 commands").click()
    page.get_by_role("button", name="Copied").wait_for()
    commands = [moving_command(path, SCRIPT, "") + "\n" for path in SUSPECTS]
    assert page.evaluate("navigator.clipboard.readText()") == "".join(commands)


def test_where_the_clipboard_is_refused_the_old_way_still_copies(visit: Visit, report: Path) -> None:
    page = visit(report)
    page.evaluate("Object.defineProperty(navigator, 'clipboard', { value: undefined })")
    page.evaluate("addEventListener('copy', () => { window.copied = document.activeElement.value; })")
    command = page.locator("#provenance .command").first
    command.get_by_role("button").click()
    assert page.evaluate("window.copied") == command.locator("pre").inner_text()
    assert page.evaluate("document.activeElement.textContent") == "Copied"


def test_a_cell_shows_its_pictures_by_mouse_and_by_keyboard(visit: Visit, report: Path) -> None:
    page = visit(report)
    panel = page.locator("#run-1").get_by_role("region")
    cell(page, f"cat taken for {SCRIPT}: 3 of 9, 33.3%").click()
    assert panel.get_by_role("heading").inner_text() == f"cat taken for {SCRIPT}"
    pictures = panel.get_by_role("img")
    assert pictures.count() == 3
    assert pictures.first.get_attribute("title") == f"test/0_8.png: {SCRIPT} with 54.8%"
    page.keyboard.press("ArrowLeft")
    page.keyboard.press("Enter")
    assert panel.get_by_role("heading").inner_text() == "cat named right"
    assert panel.get_by_role("img").count() == 6
    page.keyboard.press("ArrowLeft")  # there is nothing further left
    page.keyboard.press("End")
    page.keyboard.press(" ")
    assert panel.get_by_role("heading").inner_text() == "cat taken for sea lion"
    assert panel.get_by_role("img").count() == 0


def test_pictures_that_there_is_no_room_for_are_counted(
    visit: Visit, content: Content, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(confusion, "MOST_BYTES", 7_000)
    write_page(tmp_path / "report.html", content)
    page = visit(tmp_path / "report.html")
    panel = page.locator("#run-1").get_by_role("region")
    assert panel.get_by_role("img").count() == 2
    assert "2 of 3 shown; all are in latest/runs/plain/evaluate/predictions.csv" in panel.inner_text()
    cell(page, "cat named right: 6 of 9, 66.7%").click()
    assert "0 of 6 shown" in panel.inner_text()


def test_the_cells_show_counts_or_shares(visit: Visit, report: Path) -> None:
    page = visit(report)
    named = cell(page, "cat named right: 6 of 9, 66.7%")
    assert named.inner_text() == "6"
    page.locator("#run-1").get_by_label("percent of the row").check()
    assert named.inner_text() == "67"


def test_the_navigation_says_where_one_is(visit: Visit, report: Path) -> None:
    page = visit(report, reduced_motion="reduce")
    links = page.get_by_role("navigation", name="Sections").get_by_role("link")
    for link in links.all():
        link.click()
        target = page.locator(link.get_attribute("href") or "")
        assert target.evaluate("(section) => Math.abs(section.getBoundingClientRect().top) < innerHeight")
    page.locator("#provenance").evaluate("(section) => section.scrollIntoView({ behavior: 'instant' })")
    page.locator("nav [aria-current]", has_text="How it was made").wait_for()
    assert page.locator("nav [aria-current]").count() == 1


def test_the_first_tab_leads_past_the_navigation(visit: Visit, report: Path) -> None:
    page = visit(report)
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    assert page.evaluate("document.querySelector('main').contains(document.activeElement)")


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("viewport", [{"width": 1200, "height": 900}, PHONE], ids=["desk", "phone"])
def test_axe_finds_no_violation(visit: Visit, report: Path, scheme: str, viewport: dict[str, int]) -> None:
    found = Axe().run(visit(report, color_scheme=scheme, viewport=viewport))
    assert not found.violations_count, found.generate_report()


def test_nothing_is_wider_than_the_window(visit: Visit, report: Path) -> None:
    page = visit(report)
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 800})
        assert page.evaluate("document.scrollingElement.scrollWidth") <= width


def test_without_javascript_everything_can_be_read(visit: Visit, report: Path) -> None:
    page = visit(report, java_script_enabled=False)
    sections = page.locator("main section[id]")
    assert sections.count() > 5
    assert all(section.is_visible() and section.inner_text().strip() for section in sections.all())
    assert page.get_by_role("img", name="plain: confusion matrix").is_visible()
    assert not page.get_by_role("button").count()
