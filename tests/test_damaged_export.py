"""The export whose tables are damaged or gone: no edit is lost, and no exported picture passes for an added one."""

import shutil
from pathlib import Path

import pytest
from conftest import Project
from verb_runs import files_of, refusal_of, run_verb

import pipeline

pytestmark = pytest.mark.slow


@pytest.fixture
def edited(project: Project) -> Project:
    """A project with two exports of different classes, and an edit of the second."""
    project.settings["dataset:tiny"]["classes"] = "dog,cat"
    project.build(pipeline.IndexImages)
    project.settings["dataset:tiny"]["classes"] = "cat,dog,frog"
    project.build(pipeline.IndexImages)
    picture = project.picture("cat")
    picture.rename(project.images / "train/dog" / picture.name)
    return project


def test_an_export_whose_result_was_deleted_is_made_again_over_its_own_pictures_and_no_older_ones(
    edited: Project,
) -> None:
    edits, files = edited.table("edits.csv"), files_of(edited)
    shutil.rmtree((edited.home / "latest/export").resolve())
    assert edited.table("edits.csv") == edits
    assert files_of(edited) == files


def shorten(project: Project) -> Path:
    """Cuts export.csv at the end of a line, so that it can be read; returns it."""
    export_csv = project.home / "latest/export/export.csv"
    export_csv.write_text("".join(export_csv.read_text().splitlines(keepends=True)[:10]))
    return export_csv


def test_a_table_of_the_export_that_lacks_lines_stops_what_reads_it_and_is_made_again(edited: Project) -> None:
    edits, files = edited.table("edits.csv"), files_of(edited)
    edited.picture("dog").rename(edited.images / "train/frog/else.png")
    export_csv = shorten(edited)
    told = f"{export_csv} is damaged (it is not as it was made). Delete the folder {export_csv.resolve().parent}"
    for verb in (("tidy", "--yes"), ("undo", "--yes"), ("restore", "train/cat/0_00.png", "--yes")):
        assert refusal_of(edited, *verb).startswith(told)
    assert edited.error(pipeline.IndexImages).startswith(told)
    (edited.images / "train/frog/else.png").rename(edited.picture("dog").with_name("1_00.png"))
    shutil.rmtree(export_csv.resolve().parent)
    assert len(edited.table("edits.csv")) >= len(edits)
    assert len(files_of(edited)) == len(files)


def test_a_damaged_export_stops_no_verb_on_another_data_set(edited: Project) -> None:
    shutil.copytree(edited.home, edited.home.with_name("other"), symlinks=True)
    edited.settings["dataset:other"] = edited.settings["dataset:tiny"]
    (edited.home.with_name("other") / "latest/export/export.csv").write_bytes(b"")
    assert "tidy would move 1 picture" in run_verb(edited, "tidy", "--dataset", "tiny")
