"""Feeds a training: the pictures of a pack in whole batches, in an order that follows from seed and epoch."""

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from datasets.errors import UserError
from datasets.pack import read_subset
from models.augmentation.augment import augment
from models.augmentation.blending import blends_labels, new_blend
from models.augmentation.chance import BatchPlace, RandomStream, draw_phases, seed_of
from models.recipes.recipe import Recipe
from models.resizing import resize, scale_index, sides_at

if TYPE_CHECKING:
    import tensorflow as tf

Prepare = Callable[["tf.Tensor", "tf.Tensor", BatchPlace], tuple["tf.Tensor", "tf.Tensor"]]

PICTURE_AXES = 4  # n, height, width, channels


class Pictures(NamedTuple):
    """The pictures of a subset, or the features that a backbone gives for them, with their labels."""

    pixels: np.ndarray  # uint8 [n, height, width, 3], or float32 [n, features]
    labels: np.ndarray  # int32 [n]


def read_pictures(pack_dir: Path, subset: str) -> Pictures:
    """Returns the pictures of a subset; refuses a subset that has none."""
    try:
        return Pictures(*read_subset(pack_dir, subset))
    except FileNotFoundError:
        raise UserError(f"{pack_dir} has no {subset} pictures: add some, or choose another val_fraction.") from None


def steps_per_epoch(picture_count: int, recipe: Recipe) -> int:
    """Returns the number of batches in an epoch."""
    return -(-picture_count // recipe.batch_size)


def batch_bounds(picture_count: int, recipe: Recipe) -> list[int]:
    """Returns where in the order of an epoch each batch begins, and where the last one ends.

    The sizes of batches differ by one at most. If the last batch were what a division leaves, its few pictures would
    move the weights as far as all those of a full batch.
    """
    steps = steps_per_epoch(picture_count, recipe)
    return [step * picture_count // steps for step in range(steps + 1)]


def shuffled_batches(pictures: Pictures, recipe: Recipe, class_count: int, epochs_done: int = 0) -> "tf.data.Dataset":
    """Returns a TensorFlow dataset of (pixels, labels) for all epochs to come, in batches of the recipe's size or less.

    Labels are numbers, int32 [n]; where pictures are blended, shares of the classes, float32 [n, class_count].

    Pictures are gathered a batch at a time from one tensor: a dataset with an element for each picture costs more than
    a small network needs to learn from it.
    """
    import tensorflow as tf

    pixels, labels = tf.constant(pictures.pixels), tf.constant(pictures.labels)
    prepare = new_preparation(recipe, class_count)
    picture_count = len(pictures.labels)
    phases = draw_phases(recipe, picture_count)
    bounds = tf.constant(batch_bounds(picture_count, recipe), tf.int64)

    def one_epoch(epoch: tf.Tensor) -> tf.data.Dataset:
        order = order_of(epoch, picture_count, recipe)

        def batch_of(first: tf.Tensor, end: tf.Tensor) -> tuple[tf.Tensor, tf.Tensor]:
            chosen = order[first:end]
            place = BatchPlace(epoch, first, tf.gather(phases, chosen))
            return prepare(tf.gather(pixels, chosen), tf.gather(labels, chosen), place)

        return tf.data.Dataset.from_tensor_slices((bounds[:-1], bounds[1:])).map(batch_of)

    options = tf.data.Options()
    # The shared pool of threads would cost more than this little work, so the dataset has one thread of its own.
    options.threading.private_threadpool_size = 1
    return tf.data.Dataset.range(epochs_done, recipe.epochs).flat_map(one_epoch).prefetch(2).with_options(options)


def order_of(epoch: "tf.Tensor", picture_count: int, recipe: Recipe) -> "tf.Tensor":
    """Returns the positions of the pictures in the order in which an epoch shows them."""
    import tensorflow as tf

    return tf.random.experimental.stateless_shuffle(tf.range(picture_count), seed_of(recipe, RandomStream.ORDER, epoch))


def new_preparation(recipe: Recipe, class_count: int) -> Prepare:
    """Returns a function that augments, blends and resizes a batch for the network; features stay as they are."""
    blend = new_blend(recipe, class_count) if blends_labels(recipe) else None

    def prepare(pixels: "tf.Tensor", labels: "tf.Tensor", place: BatchPlace) -> tuple["tf.Tensor", "tf.Tensor"]:
        if pixels.shape.rank != PICTURE_AXES:
            return pixels, labels
        pixels = augment(pixels, recipe, place)
        if blend:
            pixels, labels = blend(pixels, labels, place)
        return _resize_for_epoch(pixels, recipe, place.epoch), labels

    return prepare


def _resize_for_epoch(pixels: "tf.Tensor", recipe: Recipe, epoch: "tf.Tensor") -> "tf.Tensor":
    """Returns the pictures at the size that their epoch shows them in."""
    import tensorflow as tf

    if recipe.scales == (1,):
        return pixels
    sides = tf.constant([sides_at(scale, tuple(pixels.shape[1:3])) for scale in recipe.scales])
    return resize(pixels, sides[scale_index(recipe, epoch)])
