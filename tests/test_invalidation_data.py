"""The stages from the source to the pack: which of them rerun, and which do not."""

import os
import shutil

import pytest
from conftest import Project

import pipeline

pytestmark = pytest.mark.slow

ALL = {"ExportImages", "IndexImages", "FindDuplicates", "SplitImages", "PackImages"}
AFTER_EXPORT = ALL - {"ExportImages"}


def test_the_first_run_builds_everything_and_the_second_runs_nothing(project: Project) -> None:
    assert project.built() == ALL
    assert project.ran() == set()


def test_moving_a_picture_rebuilds_all_but_the_export(project: Project) -> None:
    project.build()
    picture = project.picture("cat")
    picture.rename(project.images / "train" / "dog" / picture.name)
    assert project.built() == AFTER_EXPORT


def test_moving_it_back_finds_the_old_results(project: Project) -> None:
    project.build()
    before = (project.home / "latest" / "pack").resolve()
    picture = project.picture("cat")
    moved = picture.rename(project.images / "train" / "dog" / picture.name)
    project.build()
    moved.rename(picture)
    assert project.built() == {"IndexImages"}
    assert (project.home / "latest" / "pack").resolve() == before


def test_touching_a_picture_reruns_the_index_alone(project: Project) -> None:
    project.build()
    os.utime(project.picture("cat"))
    assert project.built() == {"IndexImages"}
    assert project.ran() == set()


@pytest.mark.parametrize(
    ("option", "value", "rebuilt"),
    [
        ("classes", "dog,cat,frog", ALL),
        ("val_fraction", "0.3", {"SplitImages", "PackImages"}),
        ("test_fraction", "0.3", {"SplitImages"}),
    ],
)
def test_each_option_of_a_data_set_rebuilds_its_stage_and_what_follows(
    project: Project, option: str, value: str, rebuilt: set[str]
) -> None:
    project.build()
    project.settings["dataset:tiny"][option] = value
    assert project.built() == rebuilt


def test_another_seed_draws_another_split(project: Project) -> None:
    project.build()
    project.settings["SplitImages"] = {"seed": "1"}
    assert project.built() == {"SplitImages", "PackImages"}


def test_the_place_of_the_archive_is_no_part_of_a_result(project: Project, tmp_path: object) -> None:
    project.build()
    copy = shutil.copytree(project.settings["cifar"]["archives"], project.folder / "elsewhere")
    project.settings["cifar"]["archives"] = str(copy)
    assert not [entry for entry in project.build().ran if entry.made_result]


@pytest.mark.parametrize("place", ["export", "index", "duplicates", "split", "pack"])
def test_a_deleted_result_is_built_again_and_nothing_else_is(project: Project, place: str) -> None:
    project.build()
    pictures = {path: path.stat().st_mtime_ns for path in project.images.rglob("*.png")}
    shutil.rmtree((project.home / "latest" / place).resolve())
    stages = {"export": "ExportImages", "index": "IndexImages", "duplicates": "FindDuplicates"}
    stages |= {"split": "SplitImages", "pack": "PackImages"}
    assert project.built() == {stages[place]}
    assert pictures == {path: path.stat().st_mtime_ns for path in project.images.rglob("*.png")}
    assert project.ran() == set()


def test_deleted_pictures_folders_are_exported_again_and_known_edits_applied_again(project: Project) -> None:
    project.build()
    moved, deleted = project.picture("cat"), project.picture("frog")
    moved.rename(project.images / "train" / "dog" / moved.name)
    deleted.unlink()
    project.build()
    before = sorted(path.relative_to(project.images) for path in project.images.rglob("*.png"))
    shutil.rmtree(project.images)
    assert project.built() == {"ExportImages", "IndexImages"}
    assert sorted(path.relative_to(project.images) for path in project.images.rglob("*.png")) == before


def test_other_classes_replace_pictures_that_nobody_edited(project: Project) -> None:
    project.build()
    project.settings["dataset:tiny"]["classes"] = "frog,cat"
    project.build()
    assert {path.name for path in (project.images / "train").iterdir()} == {"frog", "cat"}
    assert project.picture("frog").name.startswith("0_")


def test_a_result_in_the_way_of_two_stages_is_named_by_latest(project: Project) -> None:
    project.build()
    assert sorted(link.name for link in (project.home / "latest").iterdir()) == [
        "duplicates",
        "export",
        "index",
        "pack",
        "split",
    ]
    assert not (project.home / "latest" / "pack").readlink().is_absolute()
    assert (project.home / "export.csv").is_file()


def test_an_edit_made_after_a_build_is_seen_by_the_next_build_of_the_same_process(project: Project) -> None:
    task = pipeline.PackImages
    project.build(task)
    project.picture("dog").unlink()
    assert "PackImages" in project.built(task)
