"""Shows the first batch of a training, before and after the recipe has changed its pictures.

Reads a pack. Writes batch.npz with at most 32 pictures: `before` and `after` (uint8 [n, height, width, 3]; `after` is
what the network sees, brought back to colours) and `shares` (float32 [n, classes]), the share of each class in each
label.
"""

from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from datasets.pack import read_classes
from models.augmentation.chance import BatchPlace, draw_phases
from models.backend import prepare_tensorflow
from models.building.assembly import scale_values
from models.recipes.recipe import Recipe
from models.training_input import Pictures, batch_bounds, new_preparation, order_of, read_pictures

if TYPE_CHECKING:
    import tensorflow as tf

MOST_SHOWN = 32


def show_batch(recipe: Recipe, pack_dir: Path, folder: Path) -> None:
    """Writes batch.npz into `folder`."""
    prepare_tensorflow()
    training, class_count = read_pictures(pack_dir, "train"), len(read_classes(pack_dir))
    before, after, shares = _first_batch(training, recipe, class_count)
    shown = _as_colours(after[:MOST_SHOWN], recipe, training.pixels)
    np.savez(folder / "batch.npz", before=before[:MOST_SHOWN], after=shown, shares=shares[:MOST_SHOWN])


def _first_batch(training: Pictures, recipe: Recipe, class_count: int) -> tuple[np.ndarray, "tf.Tensor", "tf.Tensor"]:
    """Returns the pictures of the batch as they are stored and as the network sees them, and their labels as shares."""
    import tensorflow as tf

    picture_count = len(training.labels)
    chosen = order_of(0, picture_count, recipe)[: batch_bounds(picture_count, recipe)[1]].numpy()
    place = BatchPlace(0, 0, tf.gather(draw_phases(recipe, picture_count), chosen))
    before = training.pixels[chosen]
    prepare = new_preparation(recipe, class_count)
    after, labels = prepare(tf.constant(before), tf.constant(training.labels[chosen]), place)
    return before, after, labels if labels.dtype.is_floating else tf.one_hot(labels, class_count)


def _as_colours(pixels: "tf.Tensor", recipe: Recipe, training_pixels: np.ndarray) -> np.ndarray:
    """Returns pictures as the network has them scaled, with the black and white of each channel back at 0 and 255."""
    import tensorflow as tf

    black, white = tf.zeros_like(pixels[:1]), tf.fill(tf.shape(pixels[:1]), tf.constant(255, pixels.dtype))
    all_pixels = tf.cast(tf.concat((black, white, pixels), axis=0), tf.float32)
    black, white, *scaled = np.asarray(scale_values(recipe, all_pixels, training_pixels))
    return np.asarray(np.round(255 * (scaled - black) / (white - black)), np.uint8)
