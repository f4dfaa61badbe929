"""One batch as a training sees it: the first of its first epoch, before and after what the recipe makes of it.

Reads a pack; writes batch.npz: of at most 32 pictures, before and after (uint8 [n, height, width, 3]; after is what the
network sees, brought back to colours), and shares (float32 [n, classes]), how much of each class is in each label.
"""

from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from datasets.pack import read_classes
from models.augmentation.chance import Place, turns_of
from models.backend import prepare_tensorflow
from models.building.assembly import scale_values
from models.input import Pictures, batch_bounds, order_of, read_pictures, showing
from models.recipes.recipe import Recipe

if TYPE_CHECKING:
    import tensorflow as tf

MOST_SHOWN = 32


def show_batch(recipe: Recipe, pack_dir: Path, folder: Path) -> None:
    """Write batch.npz into `folder`."""
    prepare_tensorflow()
    training, class_count = read_pictures(pack_dir, "train"), len(read_classes(pack_dir))
    before, after, shares = _first_batch(training, recipe, class_count)
    seen = see_and_bring_back(after[:MOST_SHOWN], recipe, training.pixels)
    np.savez(folder / "batch.npz", before=before[:MOST_SHOWN], after=seen, shares=shares[:MOST_SHOWN])


def _first_batch(training: Pictures, recipe: Recipe, class_count: int) -> tuple[np.ndarray, "tf.Tensor", "tf.Tensor"]:
    """Its pictures as they are stored and as they are shown, and their labels as shares of the classes."""
    import tensorflow as tf

    picture_count = len(training.labels)
    chosen = order_of(0, picture_count, recipe)[: batch_bounds(picture_count, recipe)[1]].numpy()
    place = Place(0, 0, tf.gather(turns_of(recipe, picture_count), chosen))
    before = training.pixels[chosen]
    show = showing(recipe, class_count)
    after, labels = show(tf.constant(before), tf.constant(training.labels[chosen]), place)
    return before, after, labels if labels.dtype.is_floating else tf.one_hot(labels, class_count)


def see_and_bring_back(pixels: "tf.Tensor", recipe: Recipe, training_pixels: np.ndarray) -> np.ndarray:
    """Pictures scaled as the network has them, and each channel back between its own black and white."""
    import tensorflow as tf

    black, white = tf.zeros_like(pixels[:1]), tf.fill(tf.shape(pixels[:1]), tf.constant(255, pixels.dtype))
    together = tf.cast(tf.concat((black, white, pixels), axis=0), tf.float32)
    black, white, *seen = np.asarray(scale_values(recipe, together, training_pixels))
    return np.asarray(np.round(255 * (seen - black) / (white - black)), np.uint8)
