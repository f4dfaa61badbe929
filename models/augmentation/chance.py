"""Draws random numbers that follow from the seed of the recipe, their purpose, the epoch, and the place in the epoch.

That is why a resumed training sees the same pictures as an unbroken one.
"""

from enum import IntEnum
from typing import TYPE_CHECKING, NamedTuple

from models.recipes.recipe import Recipe

if TYPE_CHECKING:
    import tensorflow as tf


class RandomStream(IntEnum):
    """The purposes of random numbers; each has numbers of its own, so that none changes those of another."""

    ORDER = 0
    GEOMETRY = 1
    PHASES = 2
    RANDAUGMENT = 3
    COLOURS = 4
    CUTOUT = 5
    BLENDING = 6


class BatchPlace(NamedTuple):
    """The place of a batch in a training: its epoch, and the position of its first picture in it, both from 0."""

    epoch: "tf.Tensor"
    first: "tf.Tensor"
    phases: "tf.Tensor"  # of each picture of the batch, as draw_phases gives them


def seed_of(recipe: Recipe, stream: RandomStream, *numbers: "tf.Tensor") -> "tf.Tensor":
    """Returns the seed for a stateless operation of TensorFlow."""
    import tensorflow as tf

    seed = (recipe.seed, int(stream))
    for number in numbers:
        # int64, as datasets count: the same number of another type would give another seed.
        seed = tf.random.experimental.stateless_fold_in(seed, tf.cast(number, tf.int64))
    return seed


def draw_phases(recipe: Recipe, picture_count: int) -> "tf.Tensor":
    """Returns a number from 0 to 1 for each picture, which decides in which epochs a change that alternates is made."""
    import tensorflow as tf

    return tf.random.stateless_uniform((picture_count,), seed_of(recipe, RandomStream.PHASES))


def draw_amounts(seed: "tf.Tensor", count: int, pixels: "tf.Tensor") -> "list[tf.Tensor]":
    """Returns so many tensors, each with a number from -1 to 1 for every picture."""
    import tensorflow as tf

    draws = tf.random.stateless_uniform((count, tf.shape(pixels)[0]), seed, minval=-1, maxval=1)
    return list(tf.unstack(draws))
