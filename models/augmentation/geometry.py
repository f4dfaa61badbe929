"""Turns, shifts, magnifies and mirrors pictures; gaps at an edge are filled by reflection."""

import math
from typing import TYPE_CHECKING

from models.augmentation.chance import BatchPlace, draw_amounts
from models.recipes.recipe import Recipe

if TYPE_CHECKING:
    import tensorflow as tf


def warps(recipe: Recipe) -> bool:
    """Returns whether the recipe turns or magnifies pictures, so that pixels come to lie between pixels."""
    return recipe.rotation_degrees + recipe.zoom_fraction > 0


def move_at_random(pixels: "tf.Tensor", recipe: Recipe, seed: "tf.Tensor") -> "tf.Tensor":
    """Returns the pictures turned, magnified and shifted by random amounts, in one warp, because each warp blurs."""
    height, width = pixels.shape[1:3]
    turn, right, down, zoom = draw_amounts(seed, 4, pixels)
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
    """Returns each picture turned and scaled about its middle, then shifted."""
    import tensorflow as tf

    cosine, sine = shrinking * tf.cos(radians), shrinking * tf.sin(radians)
    return warp(pixels, (cosine, -sine, sine, cosine), (right_pixels, down_pixels))


def warp(
    pixels: "tf.Tensor",
    origins: tuple["tf.Tensor", "tf.Tensor", "tf.Tensor", "tf.Tensor"],
    shifts: tuple["tf.Tensor", "tf.Tensor"],
) -> "tf.Tensor":
    """Returns each picture changed by a matrix of its own about the middle, then shifted.

    The matrix (a, b, c, d) shows at (x, y) what was at (ax + by, cx + dy).
    """
    import tensorflow as tf

    a, b, c, d = origins
    height, width = pixels.shape[1:3]
    middle_x, middle_y = (width - 1) / 2, (height - 1) / 2
    # The operation wants to know where each pixel comes from, so the shift is undone first, then the turn.
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


def only_shifts(recipe: Recipe) -> bool:
    """Returns whether the recipe shifts pictures, and neither turns nor magnifies them."""
    return recipe.horizontal_shift_fraction + recipe.vertical_shift_fraction > 0 and not warps(recipe)


def shift_at_random(pixels: "tf.Tensor", recipe: Recipe, seed: "tf.Tensor") -> "tf.Tensor":
    """Returns each picture shifted by a random number of whole pixels, all numbers up to the limits equally likely.

    The pictures stay as sharp as they were, in a sixth of the time that a warp takes.
    """
    height, width = pixels.shape[1:3]
    right, down = draw_amounts(seed, 2, pixels)
    return shift(
        pixels,
        right_pixels=_whole_pixels(right, recipe.horizontal_shift_fraction * width),
        down_pixels=_whole_pixels(down, recipe.vertical_shift_fraction * height),
    )


def shift(pixels: "tf.Tensor", right_pixels: "tf.Tensor", down_pixels: "tf.Tensor") -> "tf.Tensor":
    """Returns each picture shifted by its own number of whole pixels."""
    import tensorflow as tf

    height, width, channels = pixels.shape[1:]
    rows = _reflected(tf.range(height) - down_pixels[:, None], height)
    columns = _reflected(tf.range(width) - right_pixels[:, None], width)
    firsts = tf.range(tf.shape(pixels)[0]) * (height * width)
    # A gather from a single row of pixels takes a third of the time that one by pictures, rows and columns does.
    places = firsts[:, None, None] + rows[:, :, None] * width + columns[:, None, :]
    return tf.gather(tf.reshape(pixels, (-1, channels)), places)


def _whole_pixels(draws: "tf.Tensor", limit: float) -> "tf.Tensor":
    """Returns whole numbers up to the limit, from draws of -1 to 1; a limit below one pixel counts as one pixel."""
    import tensorflow as tf

    most = max(1, int(limit + 1e-6)) if limit else 0  # 0.7 * 10 is a little less than 7
    return tf.cast(tf.floor((draws + 1) / 2 * (2 * most + 1)), tf.int32) - most


def _reflected(places: "tf.Tensor", length: int) -> "tf.Tensor":
    """Returns positions along a side, those outside it reflected into it."""
    import tensorflow as tf

    inside = tf.where(places < 0, -1 - places, places)
    return tf.where(inside >= length, 2 * length - 1 - inside, inside)


def mirror_in_turn(pixels: "tf.Tensor", recipe: Recipe, place: BatchPlace) -> "tf.Tensor":
    """Returns the pictures, some mirrored: each one in `mirrored_fraction` of the epochs, evenly spread.

    If that were drawn again in every epoch, many pictures would look the same in several epochs in a row (Jordan,
    airbench, 2024).
    """
    import tensorflow as tf

    count, share = tf.shape(pixels)[0], recipe.mirrored_fraction
    is_mirrored = tf.math.floormod(place.phases + share * tf.cast(place.epoch, tf.float32), 1.0) < share
    # Mirroring only some pictures takes less than half as long as choosing between two whole batches.
    as_they_are, others = tf.dynamic_partition(tf.range(count), tf.cast(is_mirrored, tf.int32), 2)
    shown = [tf.gather(pixels, as_they_are), tf.reverse(tf.gather(pixels, others), [2])]
    return tf.reshape(tf.dynamic_stitch([as_they_are, others], shown), tf.shape(pixels))
