"""The split of classes that have few pictures."""

import csv
from collections import Counter
from itertools import product
from pathlib import Path

import numpy as np
import pytest
from conftest import Project
from PIL import Image

from datasets.small_classes import Fractions


def lay_out_classes(project: Project, **counts: int) -> Path:
    """Makes a source folder of this many pictures of each class, all different, the project's data set."""
    root, random = project.folder / "source", np.random.default_rng(3)
    for shade, (name, count) in enumerate(counts.items()):
        (root / name).mkdir(parents=True)
        for number in range(count):
            pixels = random.integers(50 * shade, 50 * shade + 50, (16, 16, 3), np.uint8)
            Image.fromarray(pixels).save(root / name / f"{number}.png")
    project.settings["dataset:tiny"] = {"source": "folder", "path": str(root), "size": "16"}
    return root


def subset_counts(project: Project, class_name: str) -> Counter[str]:
    """Builds the pack, which must succeed; returns how many pictures of a class each subset has."""
    project.built()
    with (project.home / "latest/split/split.csv").open(newline="") as file:
        return Counter(row["subset"] for row in csv.DictReader(file) if row["path"].split("/")[1] == class_name)


def test_classes_of_six_and_of_three_train_validate_and_test_under_the_defaults(project: Project) -> None:
    lay_out_classes(project, cat=20, lynx=6, puma=3)
    assert subset_counts(project, "cat").total() == 20
    assert subset_counts(project, "lynx").keys() == {"train", "val", "test"}
    assert subset_counts(project, "puma") == {"train": 1, "val": 1, "test": 1}


def test_three_pictures_are_enough_however_many_were_drawn() -> None:
    for count in range(3, 12):
        for test_drawn, val_drawn in product(range(count + 1), repeat=2):
            test_count, val_count = Fractions(0.1, 0.1).at_least_one(test_drawn, min(val_drawn, count), count)
            assert min(test_count, val_count, count - test_count - val_count) >= 1


@pytest.mark.parametrize(("val", "test", "counts"), [(0.1, 0, (0, 1)), (0, 0.1, (1, 0)), (0, 0, (0, 0))])
def test_two_pictures_are_enough_where_two_subsets_are_drawn(val: float, test: float, counts: tuple[int, int]) -> None:
    assert Fractions(val, test).at_least_one(0, 0, 2) == counts


def test_a_class_that_is_too_small_is_named_with_its_count_and_both_settings(project: Project) -> None:
    lay_out_classes(project, cat=20, lynx=2, puma=1)
    message = project.error()
    assert "\n  lynx: 2 pictures, of which " in message
    assert "\n  puma: 1 picture, of which 1 trains, none validates, none tests\n" in message
    assert "cat" not in message
    assert "val_fraction is 0.1" in message
    assert "test_fraction is 0.1" in message


def test_a_class_that_an_edit_left_without_a_validating_picture_gets_one_and_no_other_moves(project: Project) -> None:
    lay_out_classes(project, cat=20, lynx=12)
    project.built()
    with (project.home / "latest/split/split.csv").open(newline="") as file:
        before = {row["path"]: row["subset"] for row in csv.DictReader(file)}
    for path, subset in before.items():
        if "/lynx/" in path and subset == "val":
            (project.images / path).unlink()
    assert subset_counts(project, "lynx")["val"] == 1
    with (project.home / "latest/split/split.csv").open(newline="") as file:
        after = {row["path"]: row["subset"] for row in csv.DictReader(file)}
    ((_, was),) = {(path, before[path]) for path in after if after[path] != before[path]}
    assert was == "train"


def test_a_class_of_added_pictures_alone_trains_validates_and_tests(project: Project) -> None:
    lay_out_classes(project, cat=20, lynx=3)
    project.built()
    for number, picture in enumerate(sorted(project.images.glob("train/lynx/*.png"))):
        picture.unlink()
        for shade in (0, 1):
            pixels = np.random.default_rng(10 * number + shade).integers(0, 256, (16, 16, 3), np.uint8)
            Image.fromarray(pixels).save(picture.with_name(f"mine {number} {shade}.png"))
    counts = subset_counts(project, "lynx")
    assert counts.keys() == {"train", "val", "test"}
    assert counts.total() == 6
