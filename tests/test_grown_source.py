"""A source folder that gains, loses and renames files: no other picture changes its subset, its fold or its file."""

import csv
import shutil
from pathlib import Path

import pytest
from conftest import Project
from picture_folder import paint_noise
from PIL import Image

import pipeline

pytestmark = pytest.mark.slow

pytest_plugins = ("growing_source",)

Drawn = dict[str, tuple[str, str]]  # subset and fold of each file of the source


def rows(table: Path) -> list[dict[str, str]]:
    with table.open(newline="") as file:
        return list(csv.DictReader(file))


def files_by_path(project: Project) -> dict[str, str]:
    """The file in the source of every picture, by the path it was exported to."""
    export = project.home / "latest/export"
    files = {row["number"]: row["file"] for row in rows(export / "files.csv")}
    return {row["path"]: files[row["number"]] for row in rows(export / "export.csv")}


def draw(project: Project) -> Drawn:
    """Draws split and folds; returns what each file got."""
    project.built(pipeline.SplitFolds)
    files, latest = files_by_path(project), project.home / "latest"
    folds = {row["path"]: row["fold"] for row in rows(latest / "folds/split/folds.csv")}
    subsets = {row["path"]: row["subset"] for row in rows(latest / "split/split.csv")}
    return {files[path]: (subset, folds.get(path, "")) for path, subset in subsets.items()}


def written(project: Project) -> dict[str, tuple[str, int, int]]:
    """The path, inode and time of every exported picture, by its file in the source."""
    stats = {path: (project.images / path).stat() for path in files_by_path(project)}
    return {file: (path, stats[path].st_ino, stats[path].st_mtime_ns) for path, file in files_by_path(project).items()}


def number(path: str) -> str:
    return path.rpartition("_")[2]


def test_files_that_join_move_no_picture_between_subsets_and_rewrite_no_file(project: Project, pets: Path) -> None:
    before, files = draw(project), written(project)
    for name in ("cat/cat 1.png", "cat/cat 3.png", "dog/a.png", "frog/frog 99.png"):
        paint_noise(pets / name)
        grown = draw(project)
        assert before.items() <= grown.items()
        assert files.items() <= written(project).items()
        before, files = grown, written(project)
    assert len(before) == 124


def test_a_grown_folder_is_split_as_if_it_had_been_exported_whole(project: Project, pets: Path) -> None:
    draw(project)
    for number in range(12):
        paint_noise(pets / "dog" / f"a {number}.png")
    grown = draw(project)
    shutil.rmtree(project.home)
    assert draw(project) == grown


def test_a_file_that_goes_and_comes_back_has_its_number_and_its_subset(project: Project, pets: Path) -> None:
    before, paths = draw(project), files_by_path(project)
    aside = (pets / "cat/cat 0.png").rename(project.folder / "aside.png")
    paint_noise(pets / "dog/new.png")
    without = draw(project)
    assert before.keys() - without.keys() == {"cat/cat 0.png"}
    assert without.items() >= {file: drawn for file, drawn in before.items() if file in without}.items()
    aside.rename(pets / "cat/cat 0.png")
    assert draw(project).items() >= before.items()
    assert files_by_path(project).items() >= paths.items()


def test_a_class_left_out_comes_back_under_its_numbers_and_leaves_the_others_alone(
    project: Project, pets: Path
) -> None:
    before, paths, files = draw(project), files_by_path(project), written(project)
    project.settings["dataset:tiny"]["classes"] = "cat,dog"
    without = draw(project)
    paint_noise(pets / "cat/cat 1.png")
    assert without.items() <= before.items()
    assert {file: files[file] for file in without} == written(project)
    project.settings["dataset:tiny"]["classes"] = "cat,dog,frog"
    assert draw(project).items() >= before.items()
    assert files_by_path(project).items() >= paths.items()


def test_a_renamed_file_is_a_new_picture_and_moves_no_other(project: Project, pets: Path) -> None:
    before, paths = draw(project), files_by_path(project)
    (pets / "cat/cat 0.png").rename(pets / "cat/zoe.png")
    del before["cat/cat 0.png"]
    after = draw(project)
    assert after.keys() - before.keys() == {"cat/zoe.png"}
    assert after.items() >= before.items()
    assert not {path for path, file in files_by_path(project).items() if file == "cat/zoe.png"} & paths.keys()


def test_a_picture_that_changed_in_the_source_is_written_again_and_no_other(project: Project, pets: Path) -> None:
    before, files = draw(project), written(project)
    Image.new("RGB", (17, 17), "red").save(pets / "cat/cat 0.png")
    assert draw(project) == before
    after = written(project)
    assert {file for file in files if files[file] != after[file]} == {"cat/cat 0.png"}
    assert after["cat/cat 0.png"][0] == files["cat/cat 0.png"][0]
    assert project.table("edits.csv") == []


def test_an_edited_picture_stays_in_place_when_files_join(project: Project, pets: Path) -> None:
    draw(project)
    moved = project.picture("cat", 2)
    moved = moved.rename(project.images / "train/dog" / moved.name)
    project.picture("frog").unlink()
    edits, inode = project.table("edits.csv"), moved.stat().st_ino
    paint_noise(pets / "cat/cat 1.png")
    assert project.table("edits.csv") == edits
    assert moved.stat().st_ino == inode


def test_pictures_exported_by_an_older_version_keep_their_numbers(project: Project, pets: Path) -> None:
    project.settings["dataset:tiny"]["classes"] = "cat,frog"
    draw(project)
    export = (project.home / "latest/export").resolve()
    exported = {row["number"] for row in rows(export / "export.csv")}
    known = [f"{row['number']},{row['file']}\n" for row in rows(export / "files.csv") if row["number"] in exported]
    (export / "files.csv").write_text("number,file\n" + "".join(known))
    files = written(project)
    project.settings["dataset:tiny"]["classes"] = "cat,frog,dog"
    draw(project)
    assert written(project)["cat/cat 0.png"] == files["cat/cat 0.png"]
    assert {file: number(path) for path, file in files_by_path(project).items() if file in files} == {
        file: number(path) for file, (path, _, _) in files.items()
    }
