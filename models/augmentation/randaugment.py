"""RandAugment (Cubuk et al. 2019): every picture goes through changes drawn for it, all of one strength."""

from typing import TYPE_CHECKING

from models.augmentation.operations import OPERATIONS
from models.recipes.recipe import Recipe

if TYPE_CHECKING:
    import tensorflow as tf


# Keras's own layer draws one change for a whole batch, not for each picture, and makes all eleven of its changes to
# have that one, at nine times the cost of ours (benchmarks/augmentation_speed.py).
def randaugment(pixels: "tf.Tensor", recipe: Recipe, seed: "tf.Tensor") -> "tf.Tensor":
    import tensorflow as tf

    shape = (recipe.randaugment_operations, tf.shape(pixels)[0])
    # The upper half of the draws are the operations to the one side, the lower those to the other.
    draws = tf.random.stateless_uniform(shape, seed, maxval=2 * len(OPERATIONS), dtype=tf.int32)
    for round_draws in tf.unstack(draws):
        amounts = tf.where(round_draws < len(OPERATIONS), -recipe.randaugment, recipe.randaugment)
        pixels = change_each(pixels, round_draws % len(OPERATIONS), amounts)
    return pixels


def change_each(pixels: "tf.Tensor", chosen: "tf.Tensor", amounts: "tf.Tensor") -> "tf.Tensor":
    """Each picture by the operation of its number, which sees only the pictures that are its own."""
    import tensorflow as tf

    own = tf.dynamic_partition(tf.range(tf.shape(pixels)[0]), chosen, len(OPERATIONS))
    changed = [
        change(tf.gather(pixels, rows), tf.gather(amounts, rows)) for change, rows in zip(OPERATIONS, own, strict=True)
    ]
    return tf.reshape(tf.dynamic_stitch(own, changed), tf.shape(pixels))
