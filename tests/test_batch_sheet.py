"""A batch before and after augmentation: what is kept of it, and how it is drawn."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from conftest import Project
from PIL import Image
from small_pack import CLASSES, SIDE, write_small_pack

import pipeline
from models.recipes.recipe import Recipe
from reports.drawing import batch_sheet as sheet

RECIPE = Recipe("looked at", rotation_degrees=20, colorjitter=0.5, batch_size=24)


@pytest.fixture(scope="module")
def pack_dir(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_small_pack(tmp_path_factory.mktemp("looked at") / "pack", train=60)


def shown(recipe: Recipe, pack_dir: Path, folder: Path) -> dict[str, np.ndarray]:
    from models.shown_batch import show_batch

    show_batch(recipe, pack_dir, folder)
    return dict(np.load(folder / "batch.npz"))


def first_fed(recipe: Recipe, pack_dir: Path) -> tuple[np.ndarray, np.ndarray]:
    from models.training_input import read_pictures, shuffled_batches

    pixels, labels = next(iter(shuffled_batches(read_pictures(pack_dir, "train"), recipe, len(CLASSES))))
    return pixels.numpy(), labels.numpy()


@pytest.mark.slow
@pytest.mark.parametrize("normalisation", ["unit", "double", "standardised"])
def test_the_sheet_shows_the_trainings_first_batch_in_its_right_colours(tmp_path, pack_dir, normalisation):
    recipe = replace(RECIPE, normalisation=normalisation)
    kept = shown(recipe, pack_dir, tmp_path)
    pixels, labels = first_fed(recipe, pack_dir)
    np.testing.assert_array_equal(kept["after"], pixels)
    np.testing.assert_array_equal(kept["shares"], np.eye(len(CLASSES))[labels])
    unchanged = first_fed(Recipe("plain", batch_size=24), pack_dir)[0]
    np.testing.assert_array_equal(kept["before"], unchanged)
    assert (kept["before"] != kept["after"]).any()


@pytest.mark.slow
def test_blended_pictures_are_kept_with_the_shares_of_their_classes(tmp_path, pack_dir):
    recipe = replace(RECIPE, cutmix=1.0, batch_size=48)
    kept = shown(recipe, pack_dir, tmp_path)
    pixels, shares = first_fed(recipe, pack_dir)
    np.testing.assert_array_equal(kept["after"], pixels[:32])  # no more than can be looked at
    np.testing.assert_array_equal(kept["shares"], shares[:32])


def write_batch(folder: Path, side: int = SIDE, after_side: int = SIDE, count: int = 3) -> Path:
    random = np.random.default_rng(0)
    before = random.integers(0, 256, (count, side, side, 3), np.uint8)
    after = random.integers(0, 256, (count, after_side, after_side, 3), np.uint8)
    shares = np.array([[1, 0, 0], [0.3, 0.7, 0], [0.996, 0, 0.004]], np.float32)[np.arange(count) % 3]
    np.savez(folder / "batch.npz", before=before, after=after, shares=shares)
    return folder / "batch.npz"


def drawn_pair(folder: Path, pack_dir: Path, place: int, side: int) -> tuple[np.ndarray, np.ndarray]:
    sheet.draw_batch(folder / "batch.npz", pack_dir, folder / "batch.png", "three $a$")
    with Image.open(folder / "batch.png") as picture:
        drawn = np.asarray(picture)[sheet.TITLE_HEIGHT :, place * (2 * side + sheet.GAP + sheet.GUTTER) :]
    return drawn[:side, :side], drawn[:side, side + sheet.GAP :][:, :side]


@pytest.mark.parametrize("place", range(3))
def test_the_sheet_has_every_pixel_of_both_in_its_own_colour(tmp_path, pack_dir, place):
    kept = np.load(write_batch(tmp_path))
    step = sheet.SIDE // SIDE
    pair = drawn_pair(tmp_path, pack_dir, place, step * SIDE)
    for name, on_sheet in zip(("before", "after"), pair, strict=True):
        np.testing.assert_array_equal(on_sheet[::step, ::step], kept[name][place])


@pytest.mark.parametrize(
    ("side", "after_side", "side_on_sheet"), [(28, 18, 84), (64, 40, 64), (49, 31, 49), (16, 10, 96)]
)
def test_pictures_shown_smaller_are_on_the_sheet_from_corner_to_corner(
    tmp_path, pack_dir, side, after_side, side_on_sheet
):
    kept = np.load(write_batch(tmp_path, side, after_side))
    _, on_sheet = drawn_pair(tmp_path, pack_dir, 1, side_on_sheet)
    middles = ((np.arange(after_side) + 0.5) * side_on_sheet / after_side).astype(int)
    np.testing.assert_array_equal(on_sheet[np.ix_(middles, middles)], kept["after"][1])


def test_a_sheet_drawn_twice_has_the_same_bytes_whose_last_row_is_short(tmp_path, pack_dir):
    batch_npz = write_batch(tmp_path, count=9)
    for name in ("first.png", "second.png"):
        sheet.draw_batch(batch_npz, pack_dir, tmp_path / name, "growing")
    assert (tmp_path / "first.png").read_bytes() == (tmp_path / "second.png").read_bytes()


def test_a_blended_picture_names_its_classes_with_their_shares_the_largest_first(tmp_path):
    classes = ["cat", "a very long name of a class that nobody can read", "dog"]
    with np.load(write_batch(tmp_path)) as batch:
        names = [sheet.names_of(shares, classes) for shares in batch["shares"]]
    assert names == [["cat"], ["a very long name… 70%", "cat 30%"], ["cat"]]


@pytest.mark.slow
def test_only_what_decides_the_pictures_makes_a_new_batch(exported: Project):
    def made(**options: str) -> set[str]:
        exported.settings["recipe:quick"] |= options
        return exported.built(pipeline.ShowBatch, recipe="quick")

    assert "ShowBatch" in made()
    assert made(learning_rate="0.1", epochs="3", dense_dropout="0.5") == set()
    assert made(cutout="0.5") == {"ShowBatch"}
    assert made(batch_size="4") == {"ShowBatch"}
    assert made(seed="1") == {"ShowBatch"}
