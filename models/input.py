"""Feeds a training: the pack's pictures in whole batches, in an order that follows from (seed, epoch)."""

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from datasets.errors import UserError
from datasets.pack import read_subset
from models.augmentation.batches import augment
from models.augmentation.blending import blending, blends
from models.augmentation.chance import Place, Stream, seed_of, turns_of
from models.building.sides import scale_index, sides_at
from models.recipes.recipe import Recipe
from models.resizing import resize

if TYPE_CHECKING:
    import tensorflow as tf

Show = Callable[["tf.Tensor", "tf.Tensor", Place], tuple["tf.Tensor", "tf.Tensor"]]

PICTURE_AXES = 4  # n, height, width, channels


class Pictures(NamedTuple):
    pixels: np.ndarray  # uint8 [n, height, width, 3], or what a backbone sees in them, float32 [n, features]
    labels: np.ndarray  # int32 [n]


def read_pictures(pack_dir: Path, subset: str) -> Pictures:
    try:
        return Pictures(*read_subset(pack_dir, subset))
    except FileNotFoundError:
        raise UserError(f"{pack_dir} has no {subset} pictures: add some, or choose another val_fraction.") from None


def steps_per_epoch(picture_count: int, recipe: Recipe) -> int:
    return -(-picture_count // recipe.batch_size)


def batch_bounds(picture_count: int, recipe: Recipe) -> list[int]:
    """Where in an epoch's order each batch begins, and the last one ends; all as long as any other, or by one shorter.

    With the rest of a division as its last batch, a few pictures would move the weights as far as all in a full one.
    """
    steps = steps_per_epoch(picture_count, recipe)
    return [step * picture_count // steps for step in range(steps + 1)]


def shuffled_batches(pictures: Pictures, recipe: Recipe, class_count: int, epochs_done: int = 0) -> "tf.data.Dataset":
    """One dataset over all the epochs still to come: (pixels, labels), in batches of at most the recipe's size.

    Labels are numbers, int32 [n]; where pictures are blended, shares of the classes, float32 [n, class_count].

    Pictures are gathered a batch at a time from one tensor, never one by one: a dataset element a picture costs more
    than a small network needs to learn from it.
    """
    import tensorflow as tf

    pixels, labels = tf.constant(pictures.pixels), tf.constant(pictures.labels)
    show = showing(recipe, class_count)
    picture_count = len(pictures.labels)
    turns = turns_of(recipe, picture_count)
    bounds = tf.constant(batch_bounds(picture_count, recipe), tf.int64)

    def one_epoch(epoch: tf.Tensor) -> tf.data.Dataset:
        order = order_of(epoch, picture_count, recipe)

        def batch_of(first: tf.Tensor, end: tf.Tensor) -> tuple[tf.Tensor, tf.Tensor]:
            chosen = order[first:end]
            place = Place(epoch, first, tf.gather(turns, chosen))
            return show(tf.gather(pixels, chosen), tf.gather(labels, chosen), place)

        return tf.data.Dataset.from_tensor_slices((bounds[:-1], bounds[1:])).map(batch_of)

    options = tf.data.Options()
    # One thread of its own: passing so little work between the threads of the shared pool costs more than the work.
    options.threading.private_threadpool_size = 1
    return tf.data.Dataset.range(epochs_done, recipe.epochs).flat_map(one_epoch).prefetch(2).with_options(options)


def order_of(epoch: "tf.Tensor", picture_count: int, recipe: Recipe) -> "tf.Tensor":
    """The order in which an epoch shows the pictures."""
    import tensorflow as tf

    return tf.random.experimental.stateless_shuffle(tf.range(picture_count), seed_of(recipe, Stream.ORDER, epoch))


def showing(recipe: Recipe, class_count: int) -> Show:
    """What makes of a batch what the network is shown; features stay as they are."""
    blend = blending(recipe, class_count) if blends(recipe) else None

    def show(pixels: "tf.Tensor", labels: "tf.Tensor", place: Place) -> tuple["tf.Tensor", "tf.Tensor"]:
        if pixels.shape.rank != PICTURE_AXES:
            return pixels, labels
        pixels = augment(pixels, recipe, place)
        if blend:
            pixels, labels = blend(pixels, labels, place)
        return scale(pixels, recipe, place.epoch), labels

    return show


def scale(pixels: "tf.Tensor", recipe: Recipe, epoch: "tf.Tensor") -> "tf.Tensor":
    """The pictures at the size of their epoch."""
    import tensorflow as tf

    if recipe.scales == (1,):
        return pixels
    sides = tf.constant([sides_at(scale, tuple(pixels.shape[1:3])) for scale in recipe.scales])
    return resize(pixels, sides[scale_index(recipe, epoch)])
