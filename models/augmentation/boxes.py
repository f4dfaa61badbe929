"""Boxes in pictures, each drawn for its own; where one hangs over an edge, what is inside counts."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import tensorflow as tf


def draw_boxes(pixels: "tf.Tensor", heights: "tf.Tensor", widths: "tf.Tensor", seed: "tf.Tensor") -> "tf.Tensor":
    """Whether each pixel is in its picture's box, [n, height, width, 1]; any pixel may be a box's middle."""
    import tensorflow as tf

    draws = tf.random.stateless_uniform((2, tf.shape(pixels)[0]), seed)
    down = _between(draws[0], heights, pixels.shape[1])
    across = _between(draws[1], widths, pixels.shape[2])
    return (down[:, :, None] & across[:, None])[..., None]


def _between(draws: "tf.Tensor", lengths: "tf.Tensor", side: int) -> "tf.Tensor":
    """Along one side, [n, side]."""
    import tensorflow as tf

    middles = tf.cast(draws * side, tf.int32)
    starts = (middles - lengths // 2)[:, None]
    positions = tf.range(side)
    return (positions >= starts) & (positions < starts + tf.reshape(lengths, (-1, 1)))
