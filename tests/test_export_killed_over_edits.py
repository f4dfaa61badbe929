"""The export over edited folders, killed at any moment, once or twice, with whatever settings come after."""

import random
import shutil
from pathlib import Path

import pytest
from conftest import Project
from killing import is_killed
from PIL import Image
from test_edits_outlive_exports import EVERY_CLASS, Person, digest
from test_export_over_edits import edits, tree

import pipeline
from datasets import export


@pytest.fixture
def edited(exported: Project, monkeypatch: pytest.MonkeyPatch) -> Project:
    """A project with an edit of every kind, whose exports journal four pictures at a time."""
    monkeypatch.setattr(export, "WRITTEN_AT_ONCE", 4)
    moved, gone, painted = exported.picture("cat"), exported.picture("dog"), exported.picture("frog")
    moved.rename(exported.images / "train/dog" / moved.name)
    exported.picture("dog", 3).rename(exported.images / "test/cat/of my own.png")
    gone.unlink()
    Image.new("RGB", (32, 32), "red").save(painted)
    for name in ("train/dog/mine.png", "train/cat/0_7.png"):
        Image.new("RGB", (32, 32), "blue").save(exported.images / name)
    exported.table("index.csv")
    return exported


def end(project: Project, classes: str) -> object:
    """Returns the folders after an export of these classes."""
    project.settings["dataset:tiny"]["classes"] = classes
    classes_by_path = {row["path"]: row["class"] for row in project.table("index.csv")}
    return classes_by_path, edits(project), tree(project.images), tree(project.home / "aside")


def keep(project: Project, name: str) -> Path:
    return shutil.copytree(project.home, project.folder / name, symlinks=True)


def put_back(project: Project, kept: Path) -> None:
    shutil.rmtree(project.home)
    shutil.copytree(kept, project.home, symlinks=True)


@pytest.mark.slow
@pytest.mark.parametrize("then", ["frog,cat,bird", "cat,dog,frog"])
def test_a_kill_at_any_change_loses_nothing(edited: Project, then: str) -> None:
    kept = keep(edited, "kept")
    unbroken = end(edited, then)
    for change in range(1, 1_000, 4):
        put_back(edited, kept)
        edited.settings["dataset:tiny"]["classes"] = "frog,cat,bird"
        killed = is_killed(edited, change)
        assert end(edited, then) == unbroken, f"killed before change {change}"
        if not killed:
            break
    assert change > 60


@pytest.mark.slow
def test_a_second_kill_with_yet_other_settings_loses_nothing(edited: Project) -> None:
    unbroken = end(edited, "cat,frog,dog")
    edited.settings["dataset:tiny"]["classes"] = "frog,cat,dog"
    assert is_killed(edited, 60)
    kept = keep(edited, "kept")
    for change in range(1, 60, 3):
        put_back(edited, kept)
        edited.settings["dataset:tiny"]["classes"] = "dog,frog,cat"
        assert is_killed(edited, change)
        assert end(edited, "cat,frog,dog") == unbroken, f"killed before change {change}"


@pytest.mark.slow
def test_folders_deleted_after_a_kill_come_back_with_what_was_moved_and_without_what_was_deleted(
    edited: Project,
) -> None:
    edited.settings["dataset:tiny"]["classes"] = "cat,dog,frog,bird"
    assert is_killed(edited, 62)
    shutil.rmtree(edited.images)
    assert edited.build(pipeline.IndexImages).complete
    assert [row["edit"] for row in edited.table("edits.csv")] == ["moved", "moved", "deleted"]


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(12))
def test_any_edits_kills_and_exports_end_as_a_person_expects(
    project: Project, monkeypatch: pytest.MonkeyPatch, seed: int
) -> None:
    monkeypatch.setattr(export, "WRITTEN_AT_ONCE", 4)
    dice, person = random.Random(seed), Person(project)
    for _ in range(2):
        for _ in range(dice.randrange(2, 7)):
            person.take(any_edit(dice))
            assert person.index() == person.expected.of(person.classes)
        person.take(any_export(dice))
        is_killed(project, dice.randrange(3, 130))
        if dice.random() < 0.6:
            person.take(any_export(dice))
        assert person.index() == person.expected.of(person.classes)
        present = {digest(path) for root in ("images", "aside") for path in (project.home / root).rglob("*.png")}
        assert {shown[0] for shown in +person.expected.pictures} & person.expected.own <= present


def any_export(dice: random.Random) -> tuple[object, ...]:
    return ("export", dice.sample(EVERY_CLASS, 4), dice.randrange(2, 5))


def any_edit(dice: random.Random) -> tuple[object, ...]:
    number, class_name, subset = dice.randrange(100), dice.choice(EVERY_CLASS), dice.choice(("train", "test"))
    return dice.choice(
        (
            ("move", number, class_name, subset),
            ("rename", number),
            ("relabel", number, class_name),
            ("delete", number),
            ("add", number, class_name, subset, dice.choice(("mine", "0_7", "1_07", "2_"))),
            ("repaint", number, dice.randrange(256)),
            ("copy", number, class_name),
        )
    )
