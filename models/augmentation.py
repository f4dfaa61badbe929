"""Augmentation: turns, shifts and mirrors whole batches, each picture by its own amount.

The amounts follow from (seed, epoch, position), so a resumed training sees the pictures an unbroken one sees.
"""

import math
from typing import TYPE_CHECKING

from models.recipe import Recipe

if TYPE_CHECKING:
    import tensorflow as tf

MOVING_STREAM, MIRRORING_STREAM = 1, 2  # the shuffle draws from stream 0 of the same seed


def augment(pixels: "tf.Tensor", recipe: Recipe, epoch: "tf.Tensor", first: "tf.Tensor") -> "tf.Tensor":
    """The batch that opens with the picture of position `first` in its epoch, each picture changed by its own draw."""
    if recipe.rotation_degrees > 0 or recipe.horizontal_shift_fraction > 0:
        pixels = _move_by_chance(pixels, recipe, _seed(recipe, MOVING_STREAM, epoch, first))
    if recipe.mirrored_fraction > 0:
        pixels = _mirror_by_chance(pixels, recipe, _seed(recipe, MIRRORING_STREAM, epoch, first))
    return pixels


def _seed(recipe: Recipe, stream: int, epoch: "tf.Tensor", first: "tf.Tensor") -> "tf.Tensor":
    import tensorflow as tf

    seed = (recipe.seed, stream)
    for number in (epoch, first):
        seed = tf.random.experimental.stateless_fold_in(seed, number)
    return seed


def _mirror_by_chance(pixels: "tf.Tensor", recipe: Recipe, seed: "tf.Tensor") -> "tf.Tensor":
    import tensorflow as tf

    draws = tf.random.stateless_uniform((tf.shape(pixels)[0], 1, 1, 1), seed)
    return tf.where(draws < recipe.mirrored_fraction, pixels[:, :, ::-1], pixels)


def _move_by_chance(pixels: "tf.Tensor", recipe: Recipe, seed: "tf.Tensor") -> "tf.Tensor":
    import tensorflow as tf

    draws = tf.random.stateless_uniform((2, tf.shape(pixels)[0]), seed, minval=-1, maxval=1)
    width = pixels.shape[2]
    return move(
        pixels,
        radians=draws[0] * math.radians(recipe.rotation_degrees),
        shift_pixels=draws[1] * recipe.horizontal_shift_fraction * width,
    )


def move(pixels: "tf.Tensor", radians: "tf.Tensor", shift_pixels: "tf.Tensor") -> "tf.Tensor":
    """Each picture turned about its middle, then shifted to the right."""
    import tensorflow as tf

    height, width = pixels.shape[1:3]
    middle_x, middle_y = (width - 1) / 2, (height - 1) / 2
    cosine, sine, zero = tf.cos(radians), tf.sin(radians), tf.zeros_like(radians)
    # The operation asks where each pixel comes from: undo the shift, then turn back about the middle.
    from_x = middle_x + shift_pixels
    origins = [
        *(cosine, -sine, middle_x - cosine * from_x + sine * middle_y),
        *(sine, cosine, middle_y - sine * from_x - cosine * middle_y),
        *(zero, zero),
    ]
    return tf.raw_ops.ImageProjectiveTransformV3(
        images=pixels,
        transforms=tf.stack(origins, axis=1),
        output_shape=(height, width),
        fill_value=0.0,
        interpolation="BILINEAR",
        fill_mode="REFLECT",
    )
