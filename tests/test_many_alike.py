"""The near-duplicates among pictures that all look alike: drawings of ten digits, and the frames of films."""

import csv
import json
from pathlib import Path

import numpy as np
import pytest
from conftest import configured
from PIL import Image
from scenes import grainy, scene

import pipeline

pytestmark = pytest.mark.slow


def write_pictures(folder: Path, pictures: list[np.ndarray]) -> None:
    for number, pixels in enumerate(pictures):
        class_dir = folder / ("even", "odd")[number % 2]
        class_dir.mkdir(parents=True, exist_ok=True)
        Image.fromarray(pixels).save(class_dir / f"{number:03}.png")


class Pictures:
    """A source folder of these pictures, whose duplicates are found by real Luigi runs."""

    def __init__(self, folder: Path, pictures: list[np.ndarray]) -> None:
        write_pictures(folder / "source", pictures)
        self.home = folder / "workspace" / "mine"
        self.options = {"source": "folder", "path": str(folder / "source"), "size": "32"}

    def find(self, **options: str) -> list[list[str]]:
        """Returns the rows of duplicates.csv."""
        settings = {
            "paths": {"workspace": str(self.home.parent)},
            "dataset:mine": self.options | options,
        }
        with configured(settings):
            pipeline.build(pipeline.SplitImages(dataset="mine"))
        return self.table("duplicates.csv")

    def table(self, name: str) -> list[list[str]]:
        with (self.home / "latest/duplicates" / name).open(newline="") as file:
            return list(csv.reader(file))[1:]

    def fact(self, name: str) -> object:
        return json.loads((self.home / "latest/duplicates/near.json").read_text())[name]


def digits(count: int) -> list[np.ndarray]:
    from sklearn.datasets import load_digits

    greys = np.rint(load_digits().images[:count] * (255 / 16)).astype(np.uint8)
    return [np.repeat(grey[..., None], 3, axis=2) for grey in greys]


def films(count: int, frames: int) -> list[np.ndarray]:
    return [grainy(scene(film), 100 * film + frame) for film in range(count) for frame in range(frames)]


def test_of_handwritten_digits_none_is_a_duplicate_and_that_many_are_alike_is_known(tmp_path: Path) -> None:
    pictures = Pictures(tmp_path, digits(600))
    assert pictures.find() == []
    assert int(str(pictures.fact("alike_count"))) > 300
    assert len(pictures.table("uncounted.csv")) > 200


def test_among_few_films_the_frames_join_nothing_until_the_settings_say_so(tmp_path: Path) -> None:
    pictures = Pictures(tmp_path, films(40, 4))
    assert pictures.find() == []
    assert pictures.fact("are_joined") is False
    assert len(pictures.table("uncounted.csv")) == 160
    assert {row[4] for row in pictures.find(duplicates="near")} == {"near"}
    assert len(pictures.table("duplicates.csv")) == 160


def test_the_settings_leave_out_near_duplicates_or_all(tmp_path: Path) -> None:
    pictures = Pictures(tmp_path, [*(scene(number) for number in range(30)), scene(1), grainy(scene(2), 5)])
    assert [row[4] for row in pictures.find()] == ["near", "near", "exact", "exact"]
    assert [row[4] for row in pictures.find(duplicates="exact")] == ["exact", "exact"]
    assert pictures.find(duplicates="none") == []


def test_a_few_near_duplicates_in_a_small_set_are_joined_as_ever(tmp_path: Path) -> None:
    pictures = Pictures(tmp_path, [*(scene(number) for number in range(30)), grainy(scene(1), 1), grainy(scene(2), 2)])
    assert len(pictures.find()) == 4
