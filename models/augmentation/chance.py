"""Where chance comes from: whatever is drawn follows from the seed, what it is for, the epoch, and the place in it.

So a resumed training sees the pictures an unbroken one sees.
"""

from enum import IntEnum
from typing import TYPE_CHECKING, NamedTuple

from models.recipes.recipe import Recipe

if TYPE_CHECKING:
    import tensorflow as tf


class Stream(IntEnum):
    """What is drawn; each kind from its own numbers, so that none changes another's."""

    ORDER = 0
    MOVING = 1
    TURNS = 2
    RANDAUGMENT = 3
    COLOURS = 4
    CUTOUT = 5
    BLENDING = 6


class Place(NamedTuple):
    """A batch of a training: its epoch, from 0, the position of its first picture in it, and when each has its turn."""

    epoch: "tf.Tensor"
    first: "tf.Tensor"
    turns: "tf.Tensor"  # 0 to 1, a picture's own in every epoch


def seed_of(recipe: Recipe, stream: Stream, *numbers: "tf.Tensor") -> "tf.Tensor":
    """What a stateless operation of TensorFlow draws from."""
    import tensorflow as tf

    seed = (recipe.seed, int(stream))
    for number in numbers:
        # Of the type in which datasets count: the same number in another would be another seed.
        seed = tf.random.experimental.stateless_fold_in(seed, tf.cast(number, tf.int64))
    return seed


def turns_of(recipe: Recipe, picture_count: int) -> "tf.Tensor":
    """When each picture of a training has its turn, where a change takes turns from epoch to epoch."""
    import tensorflow as tf

    return tf.random.stateless_uniform((picture_count,), seed_of(recipe, Stream.TURNS))


def uniform(seed: "tf.Tensor", kinds: int, pixels: "tf.Tensor") -> "list[tf.Tensor]":
    """So many times a number from -1 to 1 for each picture."""
    import tensorflow as tf

    draws = tf.random.stateless_uniform((kinds, tf.shape(pixels)[0]), seed, minval=-1, maxval=1)
    return list(tf.unstack(draws))
