"""Tests that pictures are resized as TensorFlow's own resizing does it."""

import numpy as np
import pytest

from models.backend import prepare_tensorflow
from models.resizing import LARGE_SIDE, resize

GREY_LEVEL = 1  # the same sum in another order may round to the next


@pytest.mark.parametrize("sides", [(20, 20), (24, 16), (40, 36), (32, 24)])
@pytest.mark.parametrize("shape", [(32, 24, 3), (9, 33, 1), (LARGE_SIDE - 1, 30, 3)])
def test_it_is_tensorflows_own_resizing_to_a_grey_level(shape: tuple[int, ...], sides: tuple[int, int]) -> None:
    prepare_tensorflow()
    import tensorflow as tf

    pixels = np.random.default_rng(0).integers(0, 256, (5, *shape), np.uint8)
    expected = np.round(tf.image.resize(pixels, sides, antialias=True)).astype(int)
    resized = tf.function(resize)(tf.constant(pixels), tf.constant(sides)).numpy()
    assert resized.dtype == np.uint8
    assert np.abs(resized - expected).max() <= GREY_LEVEL
    assert (resized == expected).mean() > 0.99


def test_small_pictures_of_one_grey_stay_that_grey() -> None:
    prepare_tensorflow()
    import tensorflow as tf

    for grey in (0, 1, 127, 254, 255):
        pixels = tf.fill((2, 32, 32, 3), tf.constant(grey, tf.uint8))
        assert set(np.unique(resize(pixels, tf.constant((20, 24))))) == {grey}
