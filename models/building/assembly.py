"""Puts a recipe's network together: pictures in as they are stored, scaled, its body, a probability per class out.

Stock layers only, so that what is saved loads in plain Keras.
"""

import importlib
from typing import TYPE_CHECKING

import numpy as np

from models.building.fresh_start import started_anew
from models.building.penalty import on_kernel
from models.building.sides import sides_at
from models.recipes.recipe import Recipe

if TYPE_CHECKING:
    import keras

PICTURES_TO_BEGIN = 1_000  # evenly spread, from which a network can take its first weights
SHRUNK = "shrunk"  # the layer that brings pictures to the size at which they are judged
GREY_LEVELS = 256
BATCH = 4_096  # pictures counted at a time


def assemble(recipe: Recipe, training_pixels: np.ndarray, class_count: int) -> "keras.Model":
    """The untrained network; pictures in as uint8, of the size of those it will be trained on."""
    from keras import Input, Model

    network = importlib.import_module(f"models.networks.{recipe.network}")
    height, width, channels = training_pixels.shape[1:]
    sides = (height, width) if recipe.scales == (1,) else (None, None)
    judged = sides_at(recipe.scales[-1], (height, width))
    with started_anew(recipe):
        pictures = Input((*sides, channels), dtype="uint8", name="pictures")
        scaled = scale_values(recipe, pictures, training_pixels)
        shrunk = scaled if judged == (height, width) else shrink(scaled, judged)
        seen = network.body(recipe, shrunk, (*judged, channels))
        model = Model(pictures, name_classes(recipe, seen, class_count), name=recipe.network)
        if hasattr(network, "begin"):
            network.begin(model, training_pixels[:: -(-len(training_pixels) // PICTURES_TO_BEGIN)])
        return model


def shrink(pictures: "keras.KerasTensor", sides: tuple[int, int]) -> "keras.KerasTensor":
    """Pictures at the size at which they are judged."""
    from keras import layers

    # By its own default it counts as learning, and every layer behind it would too.
    return layers.Resizing(*sides, antialias=True, name=SHRUNK)(pictures, training=False)


def scale_values(recipe: Recipe, pictures: "keras.KerasTensor", training_pixels: np.ndarray) -> "keras.KerasTensor":
    """Pixels as the network wants them; what it takes to know is part of the model."""
    from keras import layers

    if recipe.normalisation == "unit":
        scaling = layers.Rescaling(1 / 255, name="rescaling")
    elif recipe.normalisation == "double":
        scaling = layers.Rescaling(1 / 64, offset=-2, name="rescaling")
    else:
        mean, deviation = mean_and_deviation(training_pixels)
        scaling = layers.Rescaling((1 / deviation).tolist(), offset=(-mean / deviation).tolist(), name="rescaling")
    return scaling(pictures)


def mean_and_deviation(pixels: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Of each channel over all pictures, exact in whatever order; a channel of one value deviates by 1."""
    channels = pixels.shape[-1]
    counts = np.zeros((channels, GREY_LEVELS), np.int64)
    for first in range(0, len(pixels), BATCH):
        values = np.asarray(pixels[first : first + BATCH]).reshape(-1, channels)
        counts += [np.bincount(values[:, channel], minlength=GREY_LEVELS) for channel in range(channels)]
    levels, total = np.arange(GREY_LEVELS), counts.sum(axis=1)
    mean = counts @ levels / total
    variance = counts @ levels**2 / total - mean**2
    return mean, np.sqrt(np.where(variance > 0, variance, 1))


def name_classes(recipe: Recipe, seen: "keras.KerasTensor", class_count: int) -> "keras.KerasTensor":
    """A probability per class; with a binary output, that of the second alone."""
    from keras import layers

    units, activation = (1, "sigmoid") if recipe.output == "binary" else (class_count, "softmax")
    # Probabilities stay float32, whatever the precision of the rest.
    return layers.Dense(
        units,
        activation=activation,
        dtype="float32",
        kernel_regularizer=on_kernel(recipe),
        name="probabilities",
    )(seen)
