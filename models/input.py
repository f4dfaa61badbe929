"""Feeds a training: the pack's pictures in whole batches, in an order that follows from (seed, epoch)."""

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from models.augmentation import augment, is_augmented
from models.recipe import Recipe

if TYPE_CHECKING:
    import tensorflow as tf

RANDOM_STREAM = 0


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
            shown = tf.gather(pixels, chosen)
            if is_augmented(recipe):
                shown = augment(shown, recipe, epoch, first)
            return shown, tf.gather(labels, chosen)

        return tf.data.Dataset.range(0, picture_count, recipe.batch_size).map(batch_from)

    options = tf.data.Options()
    # One thread of its own: passing so little work between the threads of the shared pool costs more than the work.
    options.threading.private_threadpool_size = 1
    return tf.data.Dataset.range(epochs_done, recipe.epochs).flat_map(one_epoch).prefetch(2).with_options(options)
