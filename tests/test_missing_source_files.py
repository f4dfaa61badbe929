"""The edits of pictures whose files are missing from the source for some runs: they are there again with the file."""

import shutil
from pathlib import Path

import pytest
from conftest import Project
from picture_folder import paint_noise
from PIL import Image

import pipeline

pytestmark = pytest.mark.slow

pytest_plugins = ("growing_source",)


def see(project: Project) -> list[tuple[str, str, str]]:
    return sorted((row["sha256"], row["class"], row["subset"]) for row in project.table("index.csv"))


def edits(project: Project) -> list[str]:
    return [row["words"] for row in project.table("edits.csv")]


def edit_every_way(project: Project) -> None:
    """Moves, tidies, relabels, renames, deletes, repaints, and moves to another subset."""
    images, cats = project.images, sorted((project.images / "train/cat").glob("*.png"))
    cats[0].rename(images / "train/dog" / cats[0].name)
    cats[1].rename(images / "train/dog" / f"1{cats[1].name[1:]}")
    cats[2].rename(cats[2].with_name(f"2{cats[2].name[1:]}"))
    cats[3].rename(cats[3].with_name("my own.png"))
    cats[4].unlink()
    Image.new("RGB", (16, 16), "red").save(cats[5])
    cats[6].rename(images / "test/cat" / cats[6].name)


@pytest.mark.parametrize("whole_class", [False, True])
@pytest.mark.parametrize("runs", [1, 3])
def test_an_edit_outlives_runs_without_the_source_file(
    project: Project,
    pets: Path,
    runs: int,
    whole_class: bool,
) -> None:
    project.built(pipeline.IndexImages)
    edit_every_way(project)
    before, words = see(project), edits(project)
    away = project.folder / "away"
    away.mkdir()
    for number in range(40) if whole_class else range(10):
        (pets / f"cat/cat {2 * number}.png").rename(away / f"cat {2 * number}.png")
    if whole_class:
        (pets / "cat").rmdir()
    for run in range(runs):
        paint_noise(pets / f"dog/new {run}.png")
        missing = [(sha256, subset) for sha256, name, subset in see(project)]
        assert len(missing) == len(set(missing))
    for run in range(runs):
        (pets / f"dog/new {run}.png").unlink()
    shutil.copytree(away, pets / "cat", dirs_exist_ok=True)
    assert see(project) == before
    assert edits(project) == words


def test_what_was_moved_stays_in_its_class_while_its_file_is_missing(project: Project, pets: Path) -> None:
    project.built(pipeline.IndexImages)
    relabelled = project.picture("cat")
    relabelled.rename(relabelled.with_name(f"1{relabelled.name[1:]}"))
    (sha256,) = {row["sha256"] for row in project.table("edits.csv")}
    (pets / "cat/cat 0.png").unlink()
    assert [name for content, name, _ in see(project) if content == sha256] == ["dog"]


def test_an_edit_made_while_the_file_is_missing_is_kept_too(project: Project, pets: Path) -> None:
    project.built(pipeline.IndexImages)
    name = project.picture("cat").name
    (project.images / "train/cat" / name).rename(project.images / "train/dog" / name)
    project.table("index.csv")
    away = (pets / "cat/cat 0.png").rename(project.folder / "away.png")
    project.table("index.csv")
    (project.images / "train/dog" / name).rename(project.images / "train/frog" / name)
    project.table("index.csv")
    away.rename(pets / "cat/cat 0.png")
    assert edits(project) == [f"train/cat/{name}: cat to frog"]


def test_an_edit_outlives_a_left_out_class_and_a_missing_file_at_once(project: Project, pets: Path) -> None:
    project.built(pipeline.IndexImages)
    moved = project.picture("cat")
    moved.rename(project.images / "train/dog" / moved.name)
    before, words = see(project), edits(project)
    away = (pets / "cat/cat 0.png").rename(project.folder / "away.png")
    see(project)
    project.settings["dataset:tiny"]["classes"] = "cat,frog"
    see(project)
    project.settings["dataset:tiny"]["classes"] = "cat,dog,frog"
    see(project)
    away.rename(pets / "cat/cat 0.png")
    assert see(project) == before
    assert edits(project) == words
