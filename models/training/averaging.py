"""Averages weights: the moving average that an optimiser keeps, and the mean over the last epochs.

The mean is the stochastic weight averaging of Izmailov et al., https://arxiv.org/abs/1803.05407.
"""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from math import ceil
from typing import TYPE_CHECKING, Any

import numpy as np

from models.recipes.recipe import Recipe

if TYPE_CHECKING:
    import keras

Weights = Sequence[np.ndarray]


@contextmanager
def moving_average_in_place(model: "keras.Model", optimiser: "keras.optimizers.Optimizer") -> Iterator[None]:
    """Gives the model the moving average as its weights for a while, if the optimiser keeps one."""
    if not optimiser.use_ema:
        yield
        return
    weights = model.trainable_variables
    latest = [weight.numpy() for weight in weights]
    optimiser.finalize_variable_values(weights)
    try:
        yield
    finally:
        for weight, value in zip(weights, latest, strict=True):
            weight.assign(value)


def averaged_epochs(recipe: Recipe) -> int:
    """Returns the number of last epochs whose weights are averaged."""
    if not recipe.swa:
        return 0
    return max(1, ceil(round(recipe.swa * recipe.epochs, 6)))  # 0.07 * 100 is a little more than 7


def updated_mean(mean: Weights, weights: Weights, count: int) -> Weights:
    """Returns the mean of `count` sets of weights, from the mean of all but the last, and the last."""
    if count == 1:
        return weights
    return [before + (now - before) / np.float32(count) for before, now in zip(mean, weights, strict=True)]


def measure_batch_norms(model: "keras.Model", view: "keras.Model", batches: Iterable[tuple[Any, Any]]) -> None:
    """Sets the model's batch norms to the mean and variance of these batches, as the view sees them."""
    import tensorflow as tf

    norms = list(_batch_norms(model))
    statistics = [variable for norm in norms for variable in (norm.moving_mean, norm.moving_variance)]
    if not norms:
        return
    usual = [norm.momentum for norm in norms]
    for norm in norms:
        norm.momentum = 0.0  # each batch leaves its own statistics
    look = tf.function(lambda pixels: view(pixels, training=True), reduce_retracing=True)
    sums, count = [np.zeros(variable.shape) for variable in statistics], 0
    for pixels, _ in batches:
        look(pixels)
        count += len(pixels)
        for total, variable in zip(sums, statistics, strict=True):
            total += variable.numpy() * len(pixels)
    for total, variable in zip(sums, statistics, strict=True):
        variable.assign(total / count)
    for norm, momentum in zip(norms, usual, strict=True):
        norm.momentum = momentum


def _batch_norms(layer: Any) -> "Iterator[keras.layers.BatchNormalization]":
    """Yields the batch norms that learn, in a model and in the models within it."""
    from keras import layers

    if isinstance(layer, layers.BatchNormalization) and layer.trainable:
        yield layer
    for inner in getattr(layer, "layers", ()):
        yield from _batch_norms(inner)
