from dataclasses import replace

import numpy as np
import pytest

from models.augmentation.augment import augment
from models.augmentation.chance import BatchPlace
from models.augmentation.geometry import move, shift
from models.recipes.recipe import Recipe

pytestmark = pytest.mark.slow

RECIPE = Recipe("moved", rotation_degrees=20, horizontal_shift_fraction=0.25)
KINDS = {
    "turned": {"rotation_degrees": 20.0},
    "shifted": {"horizontal_shift_fraction": 0.25, "vertical_shift_fraction": 0.25},
    "zoomed": {"zoom_fraction": 0.3},
    "randaugment": {"randaugment": 0.7},
    "colorjitter": {"colorjitter": 0.5},
    "cutout": {"cutout": 0.5},
}


def noise(count: int, height: int = 16, width: int = 16) -> np.ndarray:
    return np.random.default_rng(1).integers(0, 256, (count, height, width, 3), np.uint8)


def turns(count: int) -> np.ndarray:
    return np.random.default_rng(2).random(count, np.float32)


def moved(
    pixels: np.ndarray, degrees: float = 0, right: float = 0, down: float = 0, shrinking: float = 1
) -> np.ndarray:
    amounts = np.array([np.deg2rad(degrees), right, down, shrinking], np.float32)
    return move(pixels, *np.repeat(amounts[:, None], len(pixels), axis=1)).numpy()


def augmented(pixels: np.ndarray, recipe: Recipe, epoch: int = 0, first: int = 0) -> np.ndarray:
    return np.asarray(augment(pixels, recipe, BatchPlace(epoch, first, turns(len(pixels)))))


def test_a_shift_moves_the_columns_to_the_right_and_mirrors_what_was_outside():
    pixels = noise(2, height=12, width=20)
    shifted = moved(pixels, right=3)
    np.testing.assert_array_equal(shifted[:, :, 3:], pixels[:, :, :-3])
    np.testing.assert_array_equal(shifted[:, :, :3], pixels[:, :, 2::-1])


def test_a_vertical_shift_moves_the_rows_down():
    pixels = noise(2, height=12, width=20)
    np.testing.assert_array_equal(moved(pixels, down=3)[:, 3:], pixels[:, :-3])


@pytest.mark.parametrize("quarter_turns", [1, 2, 3])
def test_a_turn_is_about_the_middle(quarter_turns):
    pixels = noise(2).astype(np.int16)
    turned = moved(pixels.astype(np.uint8), degrees=90 * quarter_turns).astype(np.int16)
    expected = np.rot90(pixels, quarter_turns, axes=(1, 2))
    np.testing.assert_allclose(turned, expected, atol=1)  # by a cosine that is not quite 0


def test_a_picture_shrunk_to_a_third_about_its_middle_shows_every_third_pixel():
    pixels = noise(2, 9, 9)
    np.testing.assert_array_equal(moved(pixels, shrinking=3)[:, 3:6, 3:6], pixels[:, 1::3, 1::3])


def test_all_that_moves_a_picture_is_one_warp():
    pixels = noise(2, 9, 9)
    np.testing.assert_allclose(
        moved(pixels, degrees=90, right=2, down=1, shrinking=3).astype(int)[:, 4:7, 5:8],
        np.rot90(pixels.astype(int), axes=(1, 2))[:, 1::3, 1::3],
        atol=1,
    )


def test_each_picture_of_each_batch_of_each_epoch_is_moved_by_its_own_draw_and_always_by_the_same():
    pixels = np.repeat(noise(1), 3, axis=0)
    batches = {(epoch, first): augmented(pixels, RECIPE, epoch, first) for epoch in (0, 1) for first in (0, 3)}
    pictures = {picture.tobytes() for batch in batches.values() for picture in batch}
    assert len(pictures) == 12
    for (epoch, first), batch in batches.items():
        np.testing.assert_array_equal(augmented(pixels, RECIPE, epoch, first), batch)
    assert (augmented(pixels, replace(RECIPE, seed=1)) != batches[0, 0]).any()


@pytest.mark.parametrize("options", KINDS.values(), ids=KINDS)
def test_every_augmentation_changes_most_pictures_each_by_its_own_draw_and_keeps_bytes(options):
    pixels = np.repeat(noise(1, 16, 24), 32, axis=0)
    changed = augmented(pixels, Recipe("changed", **options))
    assert changed.shape == pixels.shape
    assert changed.dtype == np.uint8
    assert len({picture.tobytes() for picture in changed}) > 16
    np.testing.assert_array_equal(changed, augmented(pixels, Recipe("again", **options)))
    assert (changed != augmented(pixels, Recipe("later", **options), first=32)).any()


@pytest.mark.parametrize(("right", "down"), [(3, 0), (-19, 11), (5, -7)])
def test_a_shift_alone_shows_what_a_warp_by_whole_pixels_shows(right, down):
    pixels = noise(2, height=12, width=20)
    shifted = shift(pixels, np.array([right, right]), np.array([down, down]))
    np.testing.assert_array_equal(shifted, moved(pixels, right=right, down=down))


@pytest.mark.parametrize(
    ("share", "numbers"), [(0.01, [-1, 0, 1]), (0.0625, [-1, 0, 1]), (0.2, range(-3, 4)), (0.25, range(-4, 5))]
)
def test_pictures_that_are_only_shifted_move_by_whole_pixels_each_number_as_often_as_any_other(share, numbers):
    ramp = np.broadcast_to(np.arange(0, 160, 10, dtype=np.uint8)[:, None], (900, 16, 16, 3))
    shifted = augmented(ramp, Recipe("shifted", horizontal_shift_fraction=share))[:, 8, 8, 0]
    found, times = np.unique((80 - shifted.astype(int)) // 10, return_counts=True)
    np.testing.assert_array_equal(found, numbers)
    assert 0.6 < (times / (900 / len(numbers))).min() <= (times / (900 / len(numbers))).max() < 1.4


def test_shifts_with_more_reach_their_limits_and_go_no_further():
    ramp = np.broadcast_to(np.arange(0, 160, 10, dtype=np.uint8)[:, None], (400, 16, 16, 3))
    shifted = augmented(ramp, replace(RECIPE, rotation_degrees=0, zoom_fraction=1e-6))
    shifts = (ramp[:, 8, 8, 0].astype(float) - shifted[:, 8, 8, 0]) / 10
    assert 3.8 < shifts.max() <= 4.1
    assert -4.1 <= shifts.min() < -3.8


def test_a_recipe_without_augmentation_leaves_the_pictures_alone():
    pixels = noise(2)
    assert augment(pixels, Recipe("plain"), BatchPlace(0, 0, turns(2))) is pixels


@pytest.mark.parametrize(("share", "times"), [(0.25, 3), (0.5, 6), (1, 12)])
def test_each_picture_is_mirrored_in_its_share_of_the_epochs_evenly_spread(share, times):
    pixels = noise(60)
    recipe = Recipe("mirrored", mirrored_fraction=share)
    shown = np.stack([augmented(pixels, recipe, epoch) for epoch in range(12)])
    mirrored = (shown == pixels[:, :, ::-1]).all(axis=(2, 3, 4))
    np.testing.assert_array_equal(shown[~mirrored], np.stack([pixels] * 12)[~mirrored])
    assert (mirrored.sum(axis=0) == times).all()
    every = round(1 / share)
    np.testing.assert_array_equal(mirrored[every:], mirrored[:-every])
    assert share == 1 or 0.5 * share < mirrored[0].mean() < 2 * share


def test_cutout_paints_one_square_of_its_size_over_each_picture_which_may_hang_over_an_edge():
    white = np.full((400, 16, 16, 3), 255, np.uint8)
    painted = augmented(white, Recipe("cut", cutout=0.5)) == 128
    assert (painted.all(axis=3) == painted.any(axis=3)).all()
    heights, widths = (painted[..., 0].any(axis=axis).sum(axis=1) for axis in (2, 1))
    np.testing.assert_array_equal(painted[..., 0].sum(axis=(1, 2)), heights * widths)  # one oblong
    assert set(heights) == set(widths) == {4, 5, 6, 7, 8}
    assert painted[..., 0].any(axis=0).all()  # no place is safe


def test_the_smallest_cutout_paints_one_pixel():
    white = np.full((20, 16, 16, 3), 255, np.uint8)
    painted = augmented(white, Recipe("cut", cutout=0.01)) == 128
    np.testing.assert_array_equal(painted[..., 0].sum(axis=(1, 2)), 1)
