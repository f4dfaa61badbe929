"""Pictures shifted by whole pixels, where nothing else moves them: as sharp as before, in a sixth of a warp's time."""

from typing import TYPE_CHECKING

from models.augmentation.chance import uniform
from models.augmentation.moving import warps
from models.recipes.recipe import Recipe

if TYPE_CHECKING:
    import tensorflow as tf


def shifts_alone(recipe: Recipe) -> bool:
    """Whether the recipe shifts pictures, and neither turns nor magnifies them."""
    return recipe.horizontal_shift_fraction + recipe.vertical_shift_fraction > 0 and not warps(recipe)


def shift_by_chance(pixels: "tf.Tensor", recipe: Recipe, seed: "tf.Tensor") -> "tf.Tensor":
    """Each picture by its own number of pixels, every number up to the limits as likely as any other."""
    height, width = pixels.shape[1:3]
    right, down = uniform(seed, 2, pixels)
    return shift(
        pixels,
        right_pixels=_whole_pixels(right, recipe.horizontal_shift_fraction * width),
        down_pixels=_whole_pixels(down, recipe.vertical_shift_fraction * height),
    )


def shift(pixels: "tf.Tensor", right_pixels: "tf.Tensor", down_pixels: "tf.Tensor") -> "tf.Tensor":
    """What was outside is filled with what is inside, as in a mirror."""
    import tensorflow as tf

    height, width, channels = pixels.shape[1:]
    rows = _mirrored(tf.range(height) - down_pixels[:, None], height)
    columns = _mirrored(tf.range(width) - right_pixels[:, None], width)
    firsts = tf.range(tf.shape(pixels)[0]) * (height * width)
    # One gather from a single row of pixels: by pictures, rows and columns it takes three times as long.
    places = firsts[:, None, None] + rows[:, :, None] * width + columns[:, None, :]
    return tf.gather(tf.reshape(pixels, (-1, channels)), places)


def _whole_pixels(draws: "tf.Tensor", limit: float) -> "tf.Tensor":
    """From draws of -1 to 1; a limit below a pixel is taken for one, lest nothing move."""
    import tensorflow as tf

    most = max(1, int(limit + 1e-6)) if limit else 0  # 0.7 of 10 is a hair below 7
    return tf.cast(tf.floor((draws + 1) / 2 * (2 * most + 1)), tf.int32) - most


def _mirrored(places: "tf.Tensor", length: int) -> "tf.Tensor":
    import tensorflow as tf

    inside = tf.where(places < 0, -1 - places, places)
    return tf.where(inside >= length, 2 * length - 1 - inside, inside)
