"""Tests RandAugment's changes against Pillow's, which its paper used."""

from collections.abc import Callable

import numpy as np
import pytest
from PIL import Image, ImageEnhance, ImageFilter, ImageOps

from models.augmentation.augment import augment
from models.augmentation.chance import BatchPlace
from models.augmentation.randaugment import OPERATIONS, Change, change_each, translate_x
from models.recipes.recipe import Recipe

pytestmark = pytest.mark.slow

SIDE, MIDDLE = 32, 16
AMOUNTS = (-0.7, 0.2, 0.7)


def enhanced(kind: type) -> Callable[[Image.Image, float], Image.Image]:
    return lambda picture, amount: kind(picture).enhance(1 + 0.9 * amount)


def affine(picture: Image.Image, *origins: float) -> Image.Image:
    return picture.transform(picture.size, Image.Transform.AFFINE, origins, Image.Resampling.BILINEAR)


PILLOW: dict[str, Callable[[Image.Image, float], Image.Image]] = {
    "identity": lambda picture, amount: picture,
    "autocontrast": lambda picture, amount: ImageOps.autocontrast(picture),
    "equalize": lambda picture, amount: ImageOps.equalize(picture),
    "rotate": lambda picture, amount: picture.rotate(30 * amount, Image.Resampling.BILINEAR),
    "solarize": lambda picture, amount: ImageOps.solarize(picture, int(np.ceil(256 * (1 - abs(amount))))),
    "colour": enhanced(ImageEnhance.Color),
    "posterize": lambda picture, amount: ImageOps.posterize(picture, 8 - round(4 * abs(amount))),
    "contrast": enhanced(ImageEnhance.Contrast),
    "brightness": enhanced(ImageEnhance.Brightness),
    "sharpness": enhanced(ImageEnhance.Sharpness),
    "shear_x": lambda picture, amount: affine(picture, 1, 0.3 * amount, -0.3 * amount * MIDDLE, 0, 1, 0),
    "shear_y": lambda picture, amount: affine(picture, 1, 0, 0, 0.3 * amount, 1, -0.3 * amount * MIDDLE),
    "translate_x": lambda picture, amount: affine(picture, 1, 0, -0.45 * amount * SIDE, 0, 1, 0),
    "translate_y": lambda picture, amount: affine(picture, 1, 0, 0, 0, 1, -0.45 * amount * SIDE),
}
MOVING = {"rotate", "shear_x", "shear_y", "translate_x", "translate_y"}


def pictures() -> np.ndarray:
    """Returns pictures of blurred noise, some dull, some bright, and one plain."""
    random = np.random.default_rng(0).integers(0, 256, (3, SIDE, SIDE, 3), np.uint8)
    soft = np.stack([np.asarray(Image.fromarray(one).filter(ImageFilter.GaussianBlur(1))) for one in random])
    return np.concatenate([soft, soft // 2, 255 - soft // 3, np.full_like(soft[:1], 90)])


def changed(change: Change, before: np.ndarray, amount: float) -> np.ndarray:
    return np.asarray(change(before, np.full(len(before), amount, np.float32)))


@pytest.mark.parametrize("change", OPERATIONS, ids=lambda change: change.__name__)
@pytest.mark.parametrize("amount", AMOUNTS)
def test_each_change_is_pillows(change, amount):
    before = pictures()
    after = changed(change, before, amount).astype(int)
    expected = np.stack([np.asarray(PILLOW[change.__name__](Image.fromarray(one), amount)) for one in before])
    # Pillow fills with black what comes from outside, where ours is mirrored.
    inside = np.ones((SIDE, SIDE), bool)
    if change.__name__ in MOVING:
        white = Image.new("L", (SIDE, SIDE), 255)
        inside = np.asarray(PILLOW[change.__name__](white, amount)) == 255
        inside[[0, -1]] = inside[:, [0, -1]] = False
        assert inside.sum() > SIDE * SIDE / 3
    np.testing.assert_allclose(after[:, inside], expected[:, inside], atol=1)


def test_every_picture_goes_through_the_change_drawn_for_it():
    before = np.repeat(pictures()[:1], len(OPERATIONS), axis=0)
    numbers, amounts = np.arange(len(OPERATIONS), dtype=np.int32)[::-1].copy(), np.full(len(before), 0.7, np.float32)
    after = change_each(before, numbers, amounts).numpy()
    for number, picture in zip(numbers, after, strict=True):
        np.testing.assert_array_equal(picture, OPERATIONS[number](before[:1], amounts[:1])[0])
    assert len({picture.tobytes() for picture in after}) == len(OPERATIONS)


def test_changes_are_drawn_evenly_to_either_side_and_so_many_for_each_picture():
    ramp = np.broadcast_to(np.arange(0, 160, 10, dtype=np.uint8)[:, None], (2_800, 16, 16, 3))
    once, twice = (
        augment(ramp, Recipe("ra", randaugment=0.5, randaugment_operations=rounds), BatchPlace(0, 0, ())).numpy()
        for rounds in (1, 2)
    )
    for direction in (-1, 1):
        shifted = changed(translate_x, ramp[:1], direction / 2)
        assert 60 < (once == shifted).all(axis=(1, 2, 3)).sum() < 140  # one in 28
    assert len({picture.tobytes() for picture in once}) <= 2 * len(OPERATIONS)
    assert len({picture.tobytes() for picture in twice}) > 2 * len(OPERATIONS)


def test_at_strength_nought_only_what_has_no_strength_changes_a_picture():
    before = pictures()
    unlike = {change.__name__ for change in OPERATIONS if (changed(change, before, 0) != before).any()}
    assert unlike == {"autocontrast", "equalize"}
