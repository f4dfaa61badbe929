"""The section of the report on wrong labels, read back as HTML."""

from dataclasses import replace
from pathlib import Path

import pytest
from page_inputs import TRAINED_PICTURES, write_and_read, write_inputs

from datasets.suspects import moving_command
from datasets.tables import SUSPECTS_HEADER, write_rows
from reports.content import Page
from reports.sections.suspects import MOST_SHOWN

pytestmark = pytest.mark.slow

CLASSES = ["cat", "'dog' & <b>co</b>"]


@pytest.fixture(scope="module")
def inputs(tmp_path_factory: pytest.TempPathFactory) -> Page:
    return write_inputs(tmp_path_factory.mktemp("inputs"), CLASSES)


def path(number: int) -> str:
    return f"train/{number // TRAINED_PICTURES}_{number}.png"


def with_suspects(content: Page, folder: Path, count: int) -> Page:
    paths = [path(number) for number in range(count)]
    rows = ((moved, "train", "cat", CLASSES[1], "0.9876", moving_command(moved, CLASSES[1], ""), "") for moved in paths)
    write_rows(folder / "suspects.csv", SUSPECTS_HEADER, rows)
    return replace(content, suspects_csv=folder / "suspects.csv")


def test_each_suspect_is_shown_with_its_picture_and_the_command_as_text(inputs: Page, tmp_path: Path) -> None:
    page = write_and_read(tmp_path / "report.html", with_suspects(inputs, tmp_path, 3))
    assert "3 labels are probably wrong" in page.text
    assert "98.8% against the label" in page.text
    for number in range(3):
        assert moving_command(path(number), CLASSES[1], "") in page.text
        alt = f"{path(number)}, labelled cat"
        assert [tag for tag in page.all("img") if tag[1]["alt"] == alt]


def test_of_many_suspects_the_first_are_shown_and_the_rest_counted(inputs: Page, tmp_path: Path) -> None:
    page = write_and_read(tmp_path / "report.html", with_suspects(inputs, tmp_path, 60))
    assert f"60 labels are probably wrong. Here are the {MOST_SHOWN} most suspicious" in page.text
    assert page.text.count("mv -n") == MOST_SHOWN


def test_no_suspects_and_no_audit_are_told_apart(inputs: Page, tmp_path: Path) -> None:
    assert "no label stood out" in write_and_read(tmp_path / "none.html", with_suspects(inputs, tmp_path, 0)).text
    assert "--dataset sample --audit true" in write_and_read(tmp_path / "unaudited.html", inputs).text
