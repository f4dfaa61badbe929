"""The sizes at which a training shows its pictures, and how pictures are brought to them."""

from typing import TYPE_CHECKING, Any

from models.recipes.recipe import Recipe

if TYPE_CHECKING:
    import tensorflow as tf

# Below this side in pixels, products of matrices are quicker than TensorFlow's own way; at 150 pixels they are slower.
LARGE_SIDE = 64


def sides_at(scale: float, sides: tuple[int, int]) -> tuple[int, int]:
    """Returns the height and width of a picture at a scale."""
    height, width = sides
    return round(scale * height), round(scale * width)


def scale_index(recipe: Recipe, epoch: Any) -> Any:
    """Returns the position of the scale at which an epoch shows its pictures.

    Each scale has as many epochs as any other, and the last epoch has the last scale, however few epochs there are. The
    epoch is a number or a tensor, and so is what is returned.
    """
    return -(-(epoch + 1) * len(recipe.scales) // recipe.epochs) - 1


def resize(pixels: "tf.Tensor", sides: "tf.Tensor") -> "tf.Tensor":
    """Returns uint8 pictures at other sides [height, width]; each pixel is a weighted mean of those around it."""
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
    rows = tf.matmul(_pixel_weights(height, sides[0]), rows)
    # The channels of a row lie side by side, so each weight is there once for every channel.
    weights = _pixel_weights(width, sides[1])[:, None, :, None] * tf.eye(channels)[:, None, :]
    weights = tf.reshape(weights, (sides[1] * channels, width * channels))
    resized = tf.matmul(tf.reshape(rows, (-1, width * channels)), weights, transpose_b=True)
    return tf.reshape(resized, (-1, sides[0], sides[1], channels))


def _pixel_weights(side: int, resized_side: "tf.Tensor") -> "tf.Tensor":
    """Returns what each of `side` pixels in a row weighs in each pixel of the resized row, as TensorFlow has it."""
    import tensorflow as tf

    return _by_tensorflow(tf.eye(side)[:, :, None], (resized_side, side))[:, :, 0]
