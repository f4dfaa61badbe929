"""Tests colour jitter against Keras's layers, for each of its four parts."""

import numpy as np
import pytest

from models.augmentation.augment import augment
from models.augmentation.chance import BatchPlace
from models.augmentation.colour_jitter import jitter
from models.recipes.recipe import Recipe

pytestmark = pytest.mark.slow

PIXELS = np.random.default_rng(3).integers(0, 256, (4, 8, 8, 3), np.uint8)
NOTHING = {"brightness": 0.0, "contrast": 1.0, "saturation": 1.0, "hue": 0.0}


def jittered(**amounts: np.ndarray) -> np.ndarray:
    numbers = {name: np.full(len(PIXELS), value, np.float32) for name, value in NOTHING.items()} | amounts
    return jitter(PIXELS, **numbers).numpy()


def by_keras(layer_name: str, amounts: np.ndarray, **drawn: np.ndarray) -> np.ndarray:
    """Returns what Keras's own layer makes of values from 0 to 1 when it is told what to draw."""
    import keras

    layer = getattr(keras.layers, layer_name)(0.5, value_range=(0, 1))
    return 255 * np.asarray(layer.transform_images(PIXELS.astype(np.float32) / 255, drawn))


@pytest.mark.parametrize(
    ("option", "layer_name", "amounts", "drawn_as"),
    [
        ("brightness", "RandomBrightness", [-0.3, -0.1, 0.2, 0.6], "rgb_delta"),
        ("contrast", "RandomContrast", [0.2, 0.8, 1.3, 1.8], "contrast_factor"),
        ("saturation", "RandomSaturation", [0.2, 0.8, 1.3, 1.8], "factor"),
        ("hue", "RandomHue", [-0.2, -0.05, 0.1, 0.2], "factor"),
    ],
)
def test_each_part_is_that_of_keras(option, layer_name, amounts, drawn_as):
    ours = np.array(amounts, np.float32)
    theirs = ours if drawn_as == "factor" else ours[:, None, None, None]
    expected = by_keras(layer_name, ours, **{drawn_as: theirs})
    np.testing.assert_allclose(jittered(**{option: ours}), expected, atol=0.51)
    assert np.abs(expected - PIXELS).mean() > 5


def test_without_amounts_nothing_changes():
    np.testing.assert_array_equal(jittered(), PIXELS)


def test_twice_the_strength_changes_colours_twice_as_much():
    def brightened(strength: float) -> np.ndarray:
        grey = np.full((200, 4, 4, 3), 128, np.uint8)  # of which contrast, saturation and hue leave everything
        shown = augment(grey, Recipe("jittered", colorjitter=strength), BatchPlace(0, 0, ()))
        return np.asarray(shown)[:, 0, 0, 0].astype(int) - 128

    weak, strong = brightened(0.2), brightened(0.4)
    np.testing.assert_allclose(strong, 2 * weak, atol=1.5)
    assert 38 <= strong.max() <= 41  # 0.4 of 0.4 of 255
    assert -41 <= strong.min() <= -38
