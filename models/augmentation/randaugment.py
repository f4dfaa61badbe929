"""Puts every picture through random changes of its own, all of one strength (RandAugment, Cubuk et al. 2019).

The fourteen changes are those of the paper, whose authors have them from Pillow. Each takes pictures, and for each
picture an amount from -1 to 1; a change that has no direction goes by its size alone.
"""

import math
from collections.abc import Callable
from typing import TYPE_CHECKING

from models.augmentation.geometry import move, warp
from models.recipes.recipe import Recipe

if TYPE_CHECKING:
    import tensorflow as tf

Change = Callable[["tf.Tensor", "tf.Tensor"], "tf.Tensor"]

TURN_RADIANS, SHEAR, SHIFT_FRACTION, ENHANCEMENT, BITS = math.radians(30), 0.3, 0.45, 0.9, 4  # at strength 1
GREY = (0.299, 0.587, 0.114)  # the shares of red, green and blue
LEVELS = 256


def identity(pixels: "tf.Tensor", amounts: "tf.Tensor") -> "tf.Tensor":
    """Returns the pictures as they are."""
    return pixels


def rotate(pixels: "tf.Tensor", amounts: "tf.Tensor") -> "tf.Tensor":
    """Returns the pictures turned about the middle."""
    return move(pixels, amounts * TURN_RADIANS, 0.0, 0.0, 1.0)


def translate_x(pixels: "tf.Tensor", amounts: "tf.Tensor") -> "tf.Tensor":
    """Returns the pictures shifted to the side."""
    return move(pixels, 0 * amounts, amounts * SHIFT_FRACTION * pixels.shape[2], 0.0, 1.0)


def translate_y(pixels: "tf.Tensor", amounts: "tf.Tensor") -> "tf.Tensor":
    """Returns the pictures shifted down or up."""
    return move(pixels, 0 * amounts, 0.0, amounts * SHIFT_FRACTION * pixels.shape[1], 1.0)


def shear_x(pixels: "tf.Tensor", amounts: "tf.Tensor") -> "tf.Tensor":
    """Returns the pictures with their rows shifted, each further than the one above."""
    none = 0 * amounts
    return warp(pixels, (1 + none, amounts * SHEAR, none, 1 + none), (0.0, 0.0))


def shear_y(pixels: "tf.Tensor", amounts: "tf.Tensor") -> "tf.Tensor":
    """Returns the pictures with their columns shifted, each further than the one before."""
    none = 0 * amounts
    return warp(pixels, (1 + none, none, amounts * SHEAR, 1 + none), (0.0, 0.0))


def autocontrast(pixels: "tf.Tensor", amounts: "tf.Tensor") -> "tf.Tensor":
    """Returns each channel stretched over all levels."""
    import tensorflow as tf

    values = _values(pixels)
    low, high = tf.reduce_min(values, (1, 2), keepdims=True), tf.reduce_max(values, (1, 2), keepdims=True)
    return tf.where(high > low, tf.cast((values - low) * (255 / tf.maximum(high - low, 1)), tf.uint8), pixels)


def equalize(pixels: "tf.Tensor", amounts: "tf.Tensor") -> "tf.Tensor":
    """Returns each channel with its levels spread so that about as many pixels have each level."""
    import tensorflow as tf

    # Each channel of each picture has a row of its own in the histograms.
    count, channels = tf.shape(pixels)[0], pixels.shape[3]
    rows = tf.reshape(tf.range(count * channels), (count, 1, 1, channels))
    places = rows * LEVELS + tf.cast(pixels, tf.int32)
    histograms = tf.math.bincount(tf.reshape(places, [-1]), minlength=count * channels * LEVELS)
    histograms = tf.reshape(histograms, (-1, LEVELS))
    brightest = tf.reduce_max(tf.where(histograms > 0, tf.range(LEVELS), 0), axis=1, keepdims=True)
    step = (pixels.shape[1] * pixels.shape[2] - tf.gather(histograms, brightest, batch_dims=1)) // (LEVELS - 1)
    spread = (step // 2 + tf.cumsum(histograms, axis=1, exclusive=True)) // tf.maximum(step, 1)
    tables = tf.where(step > 0, tf.minimum(spread, LEVELS - 1), tf.range(LEVELS))
    return tf.gather(tf.reshape(tf.cast(tables, tf.uint8), [-1]), places)


def solarize(pixels: "tf.Tensor", amounts: "tf.Tensor") -> "tf.Tensor":
    """Returns the pictures with all values above a threshold inverted."""
    import tensorflow as tf

    threshold = _one_each((1 - tf.abs(amounts)) * LEVELS)
    return tf.where(_values(pixels) < threshold, pixels, 255 - pixels)


def posterize(pixels: "tf.Tensor", amounts: "tf.Tensor") -> "tf.Tensor":
    """Returns the pictures with fewer bits for each value."""
    import tensorflow as tf

    removed = _one_each(tf.cast(tf.round(tf.abs(amounts) * BITS), tf.uint8))
    return tf.bitwise.left_shift(tf.bitwise.right_shift(pixels, removed), removed)


def colour(pixels: "tf.Tensor", amounts: "tf.Tensor") -> "tf.Tensor":
    """Returns the pictures with stronger or weaker colours."""
    values = _values(pixels)
    return _enhance(_grey(values), values, amounts)


def contrast(pixels: "tf.Tensor", amounts: "tf.Tensor") -> "tf.Tensor":
    """Returns the pictures with more or less contrast."""
    import tensorflow as tf

    values = _values(pixels)
    return _enhance(tf.round(tf.reduce_mean(_grey(values), (1, 2), keepdims=True)), values, amounts)


def brightness(pixels: "tf.Tensor", amounts: "tf.Tensor") -> "tf.Tensor":
    """Returns brighter or darker pictures."""
    return _enhance(0.0, _values(pixels), amounts)


def sharpness(pixels: "tf.Tensor", amounts: "tf.Tensor") -> "tf.Tensor":
    """Returns sharper or smoother pictures."""
    import tensorflow as tf

    values = _values(pixels)
    inner = values[:, 1:-1, 1:-1]
    # The mean of 3 by 3 pixels, in which the middle one counts five times; a pixel at the edge stays as it is.
    smooth = (9 * tf.nn.avg_pool2d(values, 3, 1, "VALID") + 4 * inner) / 13
    return _enhance(values + tf.pad(smooth - inner, ((0, 0), (1, 1), (1, 1), (0, 0))), values, amounts)


OPERATIONS: tuple[Change, ...] = (
    *(identity, autocontrast, equalize, rotate, solarize, colour, posterize),
    *(contrast, brightness, sharpness, shear_x, shear_y, translate_x, translate_y),
)


# The layer of Keras draws one change for a whole batch and not for each picture. It makes all of its eleven changes to
# use one of them, at nine times the cost (benchmarks/augmentation_speed.py).
def randaugment(pixels: "tf.Tensor", recipe: Recipe, seed: "tf.Tensor") -> "tf.Tensor":
    """Returns the pictures after as many random changes of each as the recipe says."""
    import tensorflow as tf

    shape = (recipe.randaugment_operations, tf.shape(pixels)[0])
    # Each operation is drawn with a direction: the lower half of the numbers has negative amounts.
    draws = tf.random.stateless_uniform(shape, seed, maxval=2 * len(OPERATIONS), dtype=tf.int32)
    for round_draws in tf.unstack(draws):
        amounts = tf.where(round_draws < len(OPERATIONS), -recipe.randaugment, recipe.randaugment)
        pixels = change_each(pixels, round_draws % len(OPERATIONS), amounts)
    return pixels


def change_each(pixels: "tf.Tensor", chosen: "tf.Tensor", amounts: "tf.Tensor") -> "tf.Tensor":
    """Returns each picture changed by the operation of its number; an operation is given only its own pictures."""
    import tensorflow as tf

    own = tf.dynamic_partition(tf.range(tf.shape(pixels)[0]), chosen, len(OPERATIONS))
    changed = [
        change(tf.gather(pixels, rows), tf.gather(amounts, rows)) for change, rows in zip(OPERATIONS, own, strict=True)
    ]
    return tf.reshape(tf.dynamic_stitch(own, changed), tf.shape(pixels))


def _values(pixels: "tf.Tensor") -> "tf.Tensor":
    import tensorflow as tf

    return tf.cast(pixels, tf.float32)


def _one_each(amounts: "tf.Tensor") -> "tf.Tensor":
    """Returns one number for each picture in the shape that its values can be multiplied by."""
    import tensorflow as tf

    return tf.reshape(amounts, (-1, 1, 1, 1))


def _grey(values: "tf.Tensor") -> "tf.Tensor":
    import tensorflow as tf

    return tf.reduce_sum(values * GREY, axis=3, keepdims=True)


def _enhance(dull: "tf.Tensor", values: "tf.Tensor", amounts: "tf.Tensor") -> "tf.Tensor":
    """Returns the values moved away from the dull picture where an amount is above 0, and towards it below 0."""
    import tensorflow as tf

    enhanced = dull + (values - dull) * _one_each(1 + amounts * ENHANCEMENT)
    return tf.cast(tf.clip_by_value(enhanced, 0, 255), tf.uint8)
