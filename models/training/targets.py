"""The loss of each picture, for a label or for shares of several classes."""

from collections.abc import Callable
from typing import TYPE_CHECKING

import numpy as np

from models.recipes.recipe import Recipe

if TYPE_CHECKING:
    import tensorflow as tf

Cost = Callable[["tf.Tensor", "tf.Tensor"], "tf.Tensor"]  # from labels and probabilities to a loss for each picture


def balanced_weights(recipe: Recipe, labels: np.ndarray, class_count: int) -> np.ndarray | None:
    """Returns the weight n / (classes * count) of each class, or None if the recipe does not balance classes."""
    if recipe.class_weights == "none":
        return None
    counts = np.bincount(labels, minlength=class_count)
    weights: np.ndarray = (len(labels) / (class_count * np.maximum(counts, 1))).astype(np.float32)
    return weights


def losses_of(
    labels: "tf.Tensor",
    probabilities: "tf.Tensor",
    smoothing: float = 0.0,
    class_weights: np.ndarray | None = None,
) -> "tf.Tensor":
    """Returns the cross-entropy of each picture; labels are whole numbers [n] or shares [n, classes]."""
    cross_entropy = _of_shares if _are_shares(labels) else _of_labels
    losses = cross_entropy(labels, probabilities, smoothing)
    if class_weights is None:
        return losses
    import tensorflow as tf

    weights = tf.constant(class_weights)
    return losses * (tf.linalg.matvec(labels, weights) if _are_shares(labels) else tf.gather(weights, labels))


def main_labels(labels: "tf.Tensor") -> "tf.Tensor":
    """Returns the class of each picture, or that of its largest share."""
    import tensorflow as tf

    return tf.argmax(labels, axis=-1, output_type=tf.int32) if _are_shares(labels) else labels


def _are_shares(labels: "tf.Tensor") -> bool:
    return len(labels.shape) == 2


def _of_labels(labels: "tf.Tensor", probabilities: "tf.Tensor", smoothing: float) -> "tf.Tensor":
    import keras
    import tensorflow as tf

    losses = keras.losses.sparse_categorical_crossentropy(labels, probabilities)
    if not smoothing:
        return losses
    of_all = -tf.reduce_mean(tf.math.log(tf.maximum(probabilities, keras.config.epsilon())), axis=-1)
    return (1 - smoothing) * losses + smoothing * of_all


def _of_shares(shares: "tf.Tensor", probabilities: "tf.Tensor", smoothing: float) -> "tf.Tensor":
    import keras

    return keras.losses.categorical_crossentropy(shares, probabilities, label_smoothing=smoothing)
