"""Paints over a square of every picture (Cutout, DeVries and Taylor 2017); draws boxes, which CutMix needs too."""

from typing import TYPE_CHECKING

from models.recipes.recipe import Recipe

if TYPE_CHECKING:
    import tensorflow as tf

GREY = 128  # the paper paints with 0 after normalisation, which is close to this


# RandomErasing of Keras is that of another paper: oblongs of any shape, never over an edge, filled with noise.
def cut_out(pixels: "tf.Tensor", recipe: Recipe, seed: "tf.Tensor") -> "tf.Tensor":
    """Returns the pictures with a grey square in each, at a random place."""
    import tensorflow as tf

    side = tf.constant([max(1, round(recipe.cutout * min(pixels.shape[1:3])))])
    return tf.where(draw_boxes(pixels, side, side, seed), tf.constant(GREY, tf.uint8), pixels)


def draw_boxes(pixels: "tf.Tensor", heights: "tf.Tensor", widths: "tf.Tensor", seed: "tf.Tensor") -> "tf.Tensor":
    """Returns whether each pixel lies in the box of its picture, [n, height, width, 1].

    The middle of a box may be any pixel; what hangs over an edge is lost.
    """
    import tensorflow as tf

    draws = tf.random.stateless_uniform((2, tf.shape(pixels)[0]), seed)
    down = _is_between(draws[0], heights, pixels.shape[1])
    across = _is_between(draws[1], widths, pixels.shape[2])
    return (down[:, :, None] & across[:, None])[..., None]


def _is_between(draws: "tf.Tensor", lengths: "tf.Tensor", side: int) -> "tf.Tensor":
    """Returns whether each position along one side lies in the box, [n, side]."""
    import tensorflow as tf

    middles = tf.cast(draws * side, tf.int32)
    starts = (middles - lengths // 2)[:, None]
    positions = tf.range(side)
    return (positions >= starts) & (positions < starts + tf.reshape(lengths, (-1, 1)))
