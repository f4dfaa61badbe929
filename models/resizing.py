"""Pictures brought to another size as they are shown: small ones by products of matrices, which is quicker."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import tensorflow as tf

LARGE_SIDE = 64  # pixels: the products' cost grows faster than that of TensorFlow's own way, and has passed it at 150


def resize(pixels: "tf.Tensor", sides: "tf.Tensor") -> "tf.Tensor":
    """uint8 pictures at other sides [height, width]; each pixel is a weighted mean of those around its place."""
    import tensorflow as tf

    resized = _by_products if max(pixels.shape[1:3]) < LARGE_SIDE else _by_tensorflow
    return tf.cast(tf.round(resized(pixels, sides)), tf.uint8)


def _by_tensorflow(pixels: "tf.Tensor", sides: "tf.Tensor") -> "tf.Tensor":
    import tensorflow as tf

    return tf.image.resize(pixels, sides, antialias=True)


def _by_products(pixels: "tf.Tensor", sides: "tf.Tensor") -> "tf.Tensor":
    import tensorflow as tf

    height, width, channels = pixels.shape[1:]
    rows = tf.reshape(tf.cast(pixels, tf.float32), (-1, height, width * channels))
    rows = tf.matmul(_shares(height, sides[0]), rows)
    # A row's channels lie side by side, so each share stands once for every channel.
    shares = _shares(width, sides[1])[:, None, :, None] * tf.eye(channels)[:, None, :]
    shares = tf.reshape(shares, (sides[1] * channels, width * channels))
    resized = tf.matmul(tf.reshape(rows, (-1, width * channels)), shares, transpose_b=True)
    return tf.reshape(resized, (-1, sides[0], sides[1], channels))


def _shares(side: int, resized_side: "tf.Tensor") -> "tf.Tensor":
    """What each of `side` places in a row counts for each place of the resized one: TensorFlow's own shares."""
    import tensorflow as tf

    return _by_tensorflow(tf.eye(side)[:, :, None], (resized_side, side))[:, :, 0]
