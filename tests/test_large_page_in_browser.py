"""A report of many runs on a hundred classes in a real browser: on a screen, and printed."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from page_inputs import add_test_pictures, write_inputs

from reports.page import write_page

if TYPE_CHECKING:
    from browsing import Visit

pytestmark = pytest.mark.slow

pytest_plugins = ("browsing",)

A4 = {"width": 720, "height": 1000}
WIDTHS = (390, 768, 1200)


@pytest.fixture(scope="module")
def large_report(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Writes a report of four runs on a hundred classes."""
    folder = tmp_path_factory.mktemp("large")
    classes = [f"class {number}" for number in range(100)]
    content = write_inputs(folder, classes)
    add_test_pictures(content, classes)
    plain, wide = content.runs
    write_page(
        folder / "report.html",
        replace(content, runs=(plain, replace(plain, name="other"), replace(plain, name="third"), wide)),
    )
    return folder / "report.html"


def test_a_matrix_of_a_hundred_classes_is_one_tab_stop(visit: Visit, large_report: Path) -> None:
    page = visit(large_report)
    grid = page.locator("#run-4").get_by_role("grid")
    assert grid.get_by_role("gridcell").count() == 100 * 100
    assert grid.locator('[tabindex="0"]').count() == 1


def test_of_many_runs_the_best_is_open_and_a_link_opens_another(visit: Visit, large_report: Path) -> None:
    page = visit(large_report)
    runs = page.locator("#each-run details.run")
    assert [run.get_attribute("open") for run in runs.all()] == [None, None, None, ""]
    assert "61.0% right" in runs.nth(1).locator("> summary").inner_text()
    page.locator("#all-runs").get_by_role("link", name="other").first.click()
    page.locator("#run-2").get_by_role("grid").wait_for()  # which is drawn once the run is open
    page.locator("#run-3 > summary").press("Enter")
    page.locator("#run-3").get_by_role("grid").wait_for()  # which is drawn once the run is open


def test_print_shows_the_whole_in_light_colours(visit: Visit, large_report: Path) -> None:
    page = visit(large_report, viewport=A4, color_scheme="dark")
    page.emulate_media(media="print")
    assert not page.locator("nav, .command button, .heat").filter(visible=True).count()
    assert "Accuracy" in page.locator("#all-runs thead").last.inner_text()
    assert page.get_by_role("img", name="confusion matrix").filter(visible=True).count() == 4
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(255, 255, 255)"
    assert page.evaluate("document.scrollingElement.scrollWidth") <= A4["width"]
    assert (
        not page.locator(".scroll")
        .filter(visible=True)
        .evaluate_all("(places) => places.filter((one) => getComputedStyle(one).overflow !== 'visible').length")
    )


@pytest.mark.parametrize("width", WIDTHS)
def test_nothing_is_wider_than_the_window(visit: Visit, large_report: Path, width: int) -> None:
    page = visit(large_report, viewport={"width": width, "height": 800})
    assert page.evaluate("document.scrollingElement.scrollWidth") <= width
