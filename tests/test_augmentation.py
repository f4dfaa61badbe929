from dataclasses import replace

import numpy as np
import pytest

from models.augmentation import augment, move
from models.recipe import Recipe

pytestmark = pytest.mark.slow

RECIPE = Recipe("moved", rotation_degrees=20, horizontal_shift_fraction=0.25)


def noise(count: int, height: int = 16, width: int = 16) -> np.ndarray:
    return np.random.default_rng(1).integers(0, 256, (count, height, width, 3), np.uint8)


def moved(pixels: np.ndarray, degrees: float = 0.0, shift_pixels: float = 0.0) -> np.ndarray:
    count = len(pixels)
    radians = np.full(count, np.deg2rad(degrees), np.float32)
    return move(pixels, radians, np.full(count, shift_pixels, np.float32)).numpy()


def test_a_shift_moves_the_columns_to_the_right_and_mirrors_what_was_outside():
    pixels = noise(2, height=12, width=20)
    shifted = moved(pixels, shift_pixels=3)
    np.testing.assert_array_equal(shifted[:, :, 3:], pixels[:, :, :-3])
    np.testing.assert_array_equal(shifted[:, :, :3], pixels[:, :, 2::-1])


@pytest.mark.parametrize("quarter_turns", [1, 2, 3])
def test_a_turn_is_about_the_middle(quarter_turns):
    pixels = noise(2).astype(np.int16)
    turned = moved(pixels.astype(np.uint8), degrees=90 * quarter_turns).astype(np.int16)
    expected = np.rot90(pixels, quarter_turns, axes=(1, 2))
    np.testing.assert_allclose(turned, expected, atol=1)  # by a cosine that is not quite 0


def test_each_picture_of_each_batch_of_each_epoch_is_moved_by_its_own_draw_and_always_by_the_same():
    pixels = np.repeat(noise(1), 3, axis=0)
    batches = {(epoch, first): augment(pixels, RECIPE, epoch, first).numpy() for epoch in (0, 1) for first in (0, 3)}
    pictures = {picture.tobytes() for batch in batches.values() for picture in batch}
    assert len(pictures) == 12
    for (epoch, first), batch in batches.items():
        np.testing.assert_array_equal(augment(pixels, RECIPE, epoch, first).numpy(), batch)
    assert (augment(pixels, replace(RECIPE, seed=1), 0, 0).numpy() != batches[0, 0]).any()


def test_shifts_reach_their_limits_and_go_no_further():
    ramp = np.broadcast_to(np.arange(0, 160, 10, dtype=np.uint8)[:, None], (400, 16, 16, 3))
    shifted = augment(ramp, replace(RECIPE, rotation_degrees=0), 0, 0).numpy()
    shifts = (ramp[:, 8, 8, 0].astype(float) - shifted[:, 8, 8, 0]) / 10
    assert 3.8 < shifts.max() <= 4.1
    assert -4.1 <= shifts.min() < -3.8


def test_a_recipe_without_turns_shifts_and_mirrors_leaves_the_pictures_alone():
    pixels = noise(2)
    assert augment(pixels, Recipe("plain"), 0, 0) is pixels


def test_a_share_of_the_pictures_is_mirrored_and_others_from_epoch_to_epoch():
    pixels = noise(400)
    first, second = (augment(pixels, Recipe("mirrored", mirrored_fraction=0.25), epoch, 0).numpy() for epoch in (0, 1))
    mirrored = (first == pixels[:, :, ::-1]).all(axis=(1, 2, 3))
    np.testing.assert_array_equal(first[~mirrored], pixels[~mirrored])
    assert 70 < mirrored.sum() < 130
    assert (first != second).any()
