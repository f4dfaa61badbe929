"""The fourteen changes among which RandAugment draws, as the paper's authors have them from Pillow.

Each takes pictures and for each of them an amount from -1 to 1; where a change has no two sides, its size counts.
"""

import math
from collections.abc import Callable
from typing import TYPE_CHECKING

from models.augmentation.moving import move, warp

if TYPE_CHECKING:
    import tensorflow as tf

Change = Callable[["tf.Tensor", "tf.Tensor"], "tf.Tensor"]

TURN_RADIANS, SHEAR, SHIFT_FRACTION, ENHANCEMENT, BITS = math.radians(30), 0.3, 0.45, 0.9, 4  # at full strength
GREY = (0.299, 0.587, 0.114)  # the share of red, green and blue in it
LEVELS = 256


def identity(pixels: "tf.Tensor", amounts: "tf.Tensor") -> "tf.Tensor":
    return pixels


def rotate(pixels: "tf.Tensor", amounts: "tf.Tensor") -> "tf.Tensor":
    return move(pixels, amounts * TURN_RADIANS, 0.0, 0.0, 1.0)


def translate_x(pixels: "tf.Tensor", amounts: "tf.Tensor") -> "tf.Tensor":
    return move(pixels, 0 * amounts, amounts * SHIFT_FRACTION * pixels.shape[2], 0.0, 1.0)


def translate_y(pixels: "tf.Tensor", amounts: "tf.Tensor") -> "tf.Tensor":
    return move(pixels, 0 * amounts, 0.0, amounts * SHIFT_FRACTION * pixels.shape[1], 1.0)


def shear_x(pixels: "tf.Tensor", amounts: "tf.Tensor") -> "tf.Tensor":
    none = 0 * amounts
    return warp(pixels, (1 + none, amounts * SHEAR, none, 1 + none), (0.0, 0.0))


def shear_y(pixels: "tf.Tensor", amounts: "tf.Tensor") -> "tf.Tensor":
    none = 0 * amounts
    return warp(pixels, (1 + none, none, amounts * SHEAR, 1 + none), (0.0, 0.0))


def autocontrast(pixels: "tf.Tensor", amounts: "tf.Tensor") -> "tf.Tensor":
    """Each channel stretched over all levels."""
    import tensorflow as tf

    values = _values(pixels)
    low, high = tf.reduce_min(values, (1, 2), keepdims=True), tf.reduce_max(values, (1, 2), keepdims=True)
    return tf.where(high > low, tf.cast((values - low) * (255 / tf.maximum(high - low, 1)), tf.uint8), pixels)


def equalize(pixels: "tf.Tensor", amounts: "tf.Tensor") -> "tf.Tensor":
    """Each channel's levels spread so that equally many pixels have each."""
    import tensorflow as tf

    # Each channel of each picture counts in a row of its own.
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
    """What is brighter than a threshold is inverted."""
    import tensorflow as tf

    threshold = _of_each((1 - tf.abs(amounts)) * LEVELS)
    return tf.where(_values(pixels) < threshold, pixels, 255 - pixels)


def posterize(pixels: "tf.Tensor", amounts: "tf.Tensor") -> "tf.Tensor":
    """Fewer bits for each value."""
    import tensorflow as tf

    removed = _of_each(tf.cast(tf.round(tf.abs(amounts) * BITS), tf.uint8))
    return tf.bitwise.left_shift(tf.bitwise.right_shift(pixels, removed), removed)


def colour(pixels: "tf.Tensor", amounts: "tf.Tensor") -> "tf.Tensor":
    values = _values(pixels)
    return _away_from(_grey(values), values, amounts)


def contrast(pixels: "tf.Tensor", amounts: "tf.Tensor") -> "tf.Tensor":
    import tensorflow as tf

    values = _values(pixels)
    return _away_from(tf.round(tf.reduce_mean(_grey(values), (1, 2), keepdims=True)), values, amounts)


def brightness(pixels: "tf.Tensor", amounts: "tf.Tensor") -> "tf.Tensor":
    return _away_from(0.0, _values(pixels), amounts)


def sharpness(pixels: "tf.Tensor", amounts: "tf.Tensor") -> "tf.Tensor":
    import tensorflow as tf

    values = _values(pixels)
    inner = values[:, 1:-1, 1:-1]
    # The mean of a pixel's surroundings in which it counts five times; at the edge, which has none, the pixel itself.
    smooth = (9 * tf.nn.avg_pool2d(values, 3, 1, "VALID") + 4 * inner) / 13
    return _away_from(values + tf.pad(smooth - inner, ((0, 0), (1, 1), (1, 1), (0, 0))), values, amounts)


OPERATIONS: tuple[Change, ...] = (
    *(identity, autocontrast, equalize, rotate, solarize, colour, posterize),
    *(contrast, brightness, sharpness, shear_x, shear_y, translate_x, translate_y),
)


def _values(pixels: "tf.Tensor") -> "tf.Tensor":
    import tensorflow as tf

    return tf.cast(pixels, tf.float32)


def _of_each(amounts: "tf.Tensor") -> "tf.Tensor":
    """A number for each picture, to be reckoned with its values."""
    import tensorflow as tf

    return tf.reshape(amounts, (-1, 1, 1, 1))


def _grey(values: "tf.Tensor") -> "tf.Tensor":
    import tensorflow as tf

    return tf.reduce_sum(values * GREY, axis=3, keepdims=True)


def _away_from(dull: "tf.Tensor", values: "tf.Tensor", amounts: "tf.Tensor") -> "tf.Tensor":
    """Further from the dull picture where an amount is above 0, towards it below."""
    import tensorflow as tf

    enhanced = dull + (values - dull) * _of_each(1 + amounts * ENHANCEMENT)
    return tf.cast(tf.clip_by_value(enhanced, 0, 255), tf.uint8)
