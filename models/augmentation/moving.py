"""Pictures turned, shifted, magnified and mirrored; what was outside is filled with what is inside, as in a mirror."""

import math
from typing import TYPE_CHECKING

from models.augmentation.chance import Place, uniform
from models.recipes.recipe import Recipe

if TYPE_CHECKING:
    import tensorflow as tf


def warps(recipe: Recipe) -> bool:
    """Whether the recipe moves pictures to where no pixel was."""
    return recipe.rotation_degrees + recipe.zoom_fraction > 0


def move_by_chance(pixels: "tf.Tensor", recipe: Recipe, seed: "tf.Tensor") -> "tf.Tensor":
    """One warp for all that moves a picture, since each resampling blurs it."""
    height, width = pixels.shape[1:3]
    turn, right, down, zoom = uniform(seed, 4, pixels)
    return move(
        pixels,
        radians=turn * math.radians(recipe.rotation_degrees),
        right_pixels=right * recipe.horizontal_shift_fraction * width,
        down_pixels=down * recipe.vertical_shift_fraction * height,
        shrinking=1 + zoom * recipe.zoom_fraction,
    )


def move(
    pixels: "tf.Tensor",
    radians: "tf.Tensor",
    right_pixels: "tf.Tensor",
    down_pixels: "tf.Tensor",
    shrinking: "tf.Tensor",
) -> "tf.Tensor":
    """Each picture turned and scaled about its middle, then shifted."""
    import tensorflow as tf

    cosine, sine = shrinking * tf.cos(radians), shrinking * tf.sin(radians)
    return warp(pixels, (cosine, -sine, sine, cosine), (right_pixels, down_pixels))


def warp(
    pixels: "tf.Tensor",
    origins: tuple["tf.Tensor", "tf.Tensor", "tf.Tensor", "tf.Tensor"],
    shifts: tuple["tf.Tensor", "tf.Tensor"],
) -> "tf.Tensor":
    """Each picture by its own matrix about the middle: (a, b, c, d) shows at (x, y) what was at (ax + by, cx + dy)."""
    import tensorflow as tf

    a, b, c, d = origins
    height, width = pixels.shape[1:3]
    middle_x, middle_y = (width - 1) / 2, (height - 1) / 2
    # The operation asks where each pixel comes from: undo the shift, then turn back about the middle.
    from_x, from_y = middle_x + shifts[0], middle_y + shifts[1]
    rows = (a, b, middle_x - a * from_x - b * from_y, c, d, middle_y - c * from_x - d * from_y)
    zero = tf.zeros_like(a)
    return tf.raw_ops.ImageProjectiveTransformV3(
        images=pixels,
        transforms=tf.stack((*rows, zero, zero), axis=1),
        output_shape=(height, width),
        fill_value=0.0,
        interpolation="BILINEAR",
        fill_mode="REFLECT",
    )


def mirror_in_turn(pixels: "tf.Tensor", recipe: Recipe, place: Place) -> "tf.Tensor":
    """Show each picture mirrored in this share of the epochs, evenly spread: at a half, in every other one.

    Drawn anew in every epoch, many a picture would be shown alike in several running (Jordan, airbench, 2024).
    """
    import tensorflow as tf

    count, share = tf.shape(pixels)[0], recipe.mirrored_fraction
    is_mirrored = tf.math.floormod(place.turns + share * tf.cast(place.epoch, tf.float32), 1.0) < share
    # Only what is to be mirrored is turned about: choosing between two whole batches takes more than twice as long.
    as_they_are, others = tf.dynamic_partition(tf.range(count), tf.cast(is_mirrored, tf.int32), 2)
    shown = [tf.gather(pixels, as_they_are), tf.reverse(tf.gather(pixels, others), [2])]
    return tf.reshape(tf.dynamic_stitch([as_they_are, others], shown), tf.shape(pixels))
