"""The names of classes: which are refused, and that odd ones go the whole way to the report."""

import csv
from pathlib import Path

import numpy as np
import pytest
from conftest import Project
from PIL import Image

import pipeline
from datasets.tables import read_rows, write_rows
from reports.table_values import read_confusion

ODD = ("true", "1.0", "nan", "=1+1", "-minus", "'quoted", "$x_1$", "a & <b>", "ñandú")


def folder_of(project: Project, *classes: str, count: int = 6) -> Project:
    """Makes a source folder with pictures of these classes the data set of the project."""
    random = np.random.default_rng(3)
    for place, name in enumerate(classes):
        folder = project.folder / "pictures" / name
        folder.mkdir(parents=True)
        for number in range(count):
            pixels = random.integers(0, 60, (32, 32, 3), np.uint8) + np.uint8(20 * place)
            Image.fromarray(pixels).save(folder / f"{number}.png")
    project.settings["dataset:tiny"] = {"source": "folder", "path": str(project.folder / "pictures"), "size": "32"}
    return project


@pytest.mark.parametrize(
    ("name", "reason"),
    [
        ("cat\u2028", "a line break or another control character"),
        ("cat\r", "a line break or another control character"),
        ("cat\x1b[31m", "a line break or another control character"),
        ("cat\u202e", "a line break or another control character"),
    ],
)
def test_a_name_that_would_break_lines_or_steer_a_terminal_is_refused(project: Project, name: str, reason: str) -> None:
    message = folder_of(project, name, "dog").error(pipeline.ExportImages)
    assert f"{name!a} cannot be the name of a class: it has {reason}" in message
    assert "Rename it in the source" in message


@pytest.mark.parametrize(
    ("first", "second"), [("Cat", "cat"), ("caf\u00e9", "cafe\u0301"), ("cat", "cat\u200b"), ("cat", "cat ")]
)
def test_two_names_that_pass_for_one_another_are_refused(project: Project, first: str, second: str) -> None:
    message = folder_of(project, first, second).error(pipeline.ExportImages)
    assert "have names that differ only in capitals, in spaces or in how the same letters are stored" in message
    assert ascii(first) in message or repr(first) in message


def test_names_in_the_settings_are_held_to_the_same(project: Project) -> None:
    folder_of(project, "cat", "dog").settings["dataset:tiny"]["classes"] = '["cat", "Cat"]'
    with pytest.raises(pipeline.UserError, match="differ only in capitals"):
        project.build(pipeline.ExportImages)


def test_a_class_is_found_by_its_name_in_either_unicode_form(project: Project) -> None:
    folder_of(project, "cafe\u0301", "dog").settings["dataset:tiny"]["classes"] = "caf\u00e9,dog"
    assert {row["class"] for row in project.table("index.csv")} == {"cafe\u0301", "dog"}


def test_what_a_spreadsheet_would_compute_is_quoted_in_a_table_and_read_back_as_it_was(tmp_path: Path) -> None:
    names = ["=1+1", "+1", "-1", "@x", "'=1+1", "'quoted", "plain"]
    write_rows(tmp_path / "table.csv", ("class", "count"), [(name, -1) for name in names])
    with (tmp_path / "table.csv").open(newline="") as lines:
        cells = [row[0] for row in csv.reader(lines)][1:]
    assert not any(cell[0] in "=+-@" for cell in cells)
    assert list(read_rows(tmp_path / "table.csv")) == [[name, "-1"] for name in names]


@pytest.mark.slow
def test_odd_names_go_the_whole_way_to_the_report(project: Project) -> None:
    folder_of(project, *ODD)
    outcome = project.build(pipeline.FullReport, recipes=("quick",), audit="false")
    assert outcome.complete, [entry.error for entry in outcome.ran]
    evaluation = project.home / "latest/runs/quick/evaluate"
    assert {*read_confusion(evaluation / "confusion.csv").classes} == {*ODD}
    assert {name for name, *_ in read_rows(evaluation / "per_class.csv")} == {*ODD}
    page = (project.home / "latest/report/report.html").read_text(encoding="utf-8")
    assert "true.1" not in page
    assert "<b>" not in page.replace("<body", "")
    assert all(name in page for name in ("nan", "=1+1", "a &amp; &lt;b&gt;", "ñandú"))
