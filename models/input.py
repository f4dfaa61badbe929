"""Feeds a training: the pack's pictures in whole batches, in an order that follows from (seed, epoch)."""

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from models.augmentation import augment
from models.recipe import Recipe

if TYPE_CHECKING:
    import tensorflow as tf

RANDOM_STREAM = 0
SIZES = 4  # that a growing picture goes through, each for as many epochs


class Pictures(NamedTuple):
    pixels: np.ndarray  # uint8 [n, height, width, 3]
    labels: np.ndarray  # int32 [n]


def steps_per_epoch(picture_count: int, recipe: Recipe) -> int:
    return -(-picture_count // recipe.batch_size)


def shuffled_batches(pictures: Pictures, recipe: Recipe, epochs_done: int = 0) -> "tf.data.Dataset":
    """One dataset over all the epochs still to come: (pixels, labels), the last batch of an epoch as short as it is.

    Pictures are gathered a batch at a time from one tensor, never one by one: a dataset element a picture costs more
    than a small network needs to learn from it.
    """
    import tensorflow as tf

    pixels, labels = tf.constant(pictures.pixels), tf.constant(pictures.labels)
    picture_count = len(pictures.labels)

    def one_epoch(epoch: tf.Tensor) -> tf.data.Dataset:
        seed = tf.random.experimental.stateless_fold_in((recipe.seed, RANDOM_STREAM), epoch)
        order = tf.random.experimental.stateless_shuffle(tf.range(picture_count), seed)

        def batch_from(first: tf.Tensor) -> tuple[tf.Tensor, tf.Tensor]:
            chosen = order[first : first + recipe.batch_size]
            shown = augment(tf.gather(pixels, chosen), recipe, epoch, first)
            return scale(shown, recipe, epoch), tf.gather(labels, chosen)

        return tf.data.Dataset.range(0, picture_count, recipe.batch_size).map(batch_from)

    options = tf.data.Options()
    # One thread of its own: passing so little work between the threads of the shared pool costs more than the work.
    options.threading.private_threadpool_size = 1
    return tf.data.Dataset.range(epochs_done, recipe.epochs).flat_map(one_epoch).prefetch(2).with_options(options)


def scale(pixels: "tf.Tensor", recipe: Recipe, epoch: "tf.Tensor") -> "tf.Tensor":
    """The pictures at the size of their epoch, from the recipe's first_scale to their own in equal steps."""
    import tensorflow as tf

    if recipe.first_scale == 1:
        return pixels
    grown = tf.cast(epoch * SIZES // recipe.epochs, tf.float32) / (SIZES - 1)
    share = recipe.first_scale + (1 - recipe.first_scale) * grown
    sides = tf.cast(tf.round(share * tf.cast(tf.shape(pixels)[1:3], tf.float32)), tf.int32)
    return tf.cast(tf.round(tf.image.resize(pixels, sides, antialias=True)), tf.uint8)
