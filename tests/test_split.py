"""The split: stratified, seeded, and stable under any edit."""

import csv
from collections import Counter
from pathlib import Path

import pytest
from conftest import Project
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from datasets.errors import UserError
from datasets.exported import Exported
from datasets.split import Fractions, write_split
from datasets.tables import write_rows

CLASSES = ("a", "b")


def split_of(exported: list[Exported], folder: Path, fractions: Fractions, seed: int = 0) -> dict[str, str]:
    rows = [
        (origin.path, origin.path.split("/")[0], origin.label, origin.class_name, origin.number, origin.path, "")
        for origin in exported
    ]
    write_rows(folder / "index.csv", ("",) * 7, rows)
    write_split(folder / "index.csv", exported, CLASSES, fractions, seed, folder)
    with (folder / "split.csv").open() as file:
        return {row["path"]: row["subset"] for row in csv.DictReader(file)}


def exported_pictures(train: int, test: int, imbalance: int = 1) -> list[Exported]:
    pictures = []
    for number in range(train + test):
        label = 0 if number % (imbalance + 1) else 1
        subset = "train" if number < train else "test"
        pictures.append(Exported(f"{subset}/{CLASSES[label]}/{number}.png", number, label, CLASSES[label], f"{number}"))
    return pictures


@given(train=st.integers(20, 300), val=st.floats(0.1, 0.5), seed=st.integers(0, 99), imbalance=st.integers(1, 4))
def test_each_class_gives_its_share_to_validation(
    tmp_path_factory: pytest.TempPathFactory, train: int, val: float, seed: int, imbalance: int
) -> None:
    exported = exported_pictures(train * 2, 20, imbalance)
    subsets = split_of(exported, tmp_path_factory.mktemp("split"), Fractions(val, 0.2), seed)
    counts = Counter((path.split("/")[1], subset) for path, subset in subsets.items())
    for name in CLASSES:
        share = counts[name, "val"] / (counts[name, "val"] + counts[name, "train"])
        assert abs(share - val) <= 0.5 / (counts[name, "val"] + counts[name, "train"]) + 1e-9


def test_the_sources_own_test_pictures_are_the_test_pictures(tmp_path: Path) -> None:
    subsets = split_of(exported_pictures(100, 20), tmp_path, Fractions(0.1, 0.2))
    assert all((subset == "test") == path.startswith("test/") for path, subset in subsets.items())


def test_a_source_without_test_pictures_gets_its_fraction(tmp_path: Path) -> None:
    subsets = split_of(exported_pictures(200, 0), tmp_path, Fractions(0.1, 0.2))
    assert Counter(subsets.values()) == {"train": 144, "val": 16, "test": 40}


def test_another_seed_draws_other_pictures(tmp_path: Path) -> None:
    exported = exported_pictures(200, 20)
    assert split_of(exported, tmp_path, Fractions(0.1, 0), 0) != split_of(exported, tmp_path, Fractions(0.1, 0), 1)


def test_a_class_without_pictures_to_validate_on_stops_the_run_with_its_name(tmp_path: Path) -> None:
    with pytest.raises(UserError, match="nothing to validate on of b"):
        split_of(exported_pictures(15, 5, imbalance=4), tmp_path, Fractions(0.1, 0))


def test_without_a_validation_share_every_training_picture_trains(tmp_path: Path) -> None:
    assert set(split_of(exported_pictures(40, 10), tmp_path, Fractions(0, 0)).values()) == {"train", "test"}


def subsets_of(project: Project) -> dict[str, str]:
    assert project.build().complete
    with (project.home / "latest/split/split.csv").open() as file:
        return {Path(row["path"]).name: row["subset"] for row in csv.DictReader(file)}


def test_no_edit_moves_another_picture_to_another_subset(project: Project) -> None:
    before = subsets_of(project)
    moved, deleted = project.picture("cat", 2), project.picture("frog", 3)
    moved.rename(project.images / "train/dog" / moved.name)
    deleted.unlink()
    Image.new("RGB", (32, 32), "red").save(project.images / "train/frog/added.png")
    after = subsets_of(project)
    del before[deleted.name]
    assert {name: after[name] for name in before} == before
    assert after.keys() - before.keys() == {"added.png"}


def test_a_class_emptied_by_hand_stops_the_run_with_its_name(project: Project) -> None:
    project.build()
    for picture in (project.images / "test/frog").iterdir():
        picture.unlink()
    assert "nothing to test on of frog" in project.error()
