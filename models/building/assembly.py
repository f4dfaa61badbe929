"""Puts the network of a recipe together: it takes pictures as they are stored and gives a probability for each class.

All its layers are stock layers of Keras, so that a saved model loads without this project.
"""

from typing import TYPE_CHECKING

import numpy as np

from models.backend import fresh_keras
from models.building.probabilities import add_probabilities
from models.networks.catalog import find_network
from models.networks.network import refuse_small_pictures
from models.recipes.recipe import Recipe
from models.resizing import sides_at

if TYPE_CHECKING:
    import keras

PICTURES_TO_BEGIN = 1_000  # evenly spread, from which a network can set its first weights
RESIZING = "shrunk"  # the name of the layer that brings pictures to the size at which they are judged
GREY_LEVELS = 256
PICTURES_AT_ONCE = 4_096


def assemble(recipe: Recipe, training_pixels: np.ndarray, class_count: int) -> "keras.Model":
    """Returns the untrained model, which takes uint8 pictures of the size of those it will be trained on."""
    from keras import Input, Model

    network = find_network(recipe.network)
    height, width, channels = training_pixels.shape[1:]
    sides = (height, width) if recipe.scales == (1,) else (None, None)
    judged_sides = sides_at(recipe.scales[-1], (height, width))
    refuse_small_pictures(recipe, judged_sides, network.smallest_side)
    with fresh_keras(recipe):
        pictures = Input((*sides, channels), dtype="uint8", name="pictures")
        x = scale_values(recipe, pictures, training_pixels)
        if judged_sides != (height, width):
            x = _resize(x, judged_sides)
        x = network.body(recipe, x, (*judged_sides, channels))
        model = Model(pictures, add_probabilities(recipe, x, class_count), name=recipe.network)
        if network.begin:
            network.begin(model, training_pixels[:: -(-len(training_pixels) // PICTURES_TO_BEGIN)])
        return model


def _resize(pictures: "keras.KerasTensor", sides: tuple[int, int]) -> "keras.KerasTensor":
    """Returns the pictures at the size at which they are judged."""
    from keras import layers

    # With training left at its default the layer counts as training, and so would every layer behind it.
    return layers.Resizing(*sides, antialias=True, name=RESIZING)(pictures, training=False)


def scale_values(recipe: Recipe, pictures: "keras.KerasTensor", training_pixels: np.ndarray) -> "keras.KerasTensor":
    """Returns pixels as the recipe has them scaled; the mean and deviation that this may take are part of the model."""
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
    """Returns the mean and standard deviation of each channel over all pictures.

    They are exact, so that the order of the pictures does not matter. A channel of one value counts as deviating by 1.
    """
    channels = pixels.shape[-1]
    counts = np.zeros((channels, GREY_LEVELS), np.int64)
    for start in range(0, len(pixels), PICTURES_AT_ONCE):
        values = np.asarray(pixels[start : start + PICTURES_AT_ONCE]).reshape(-1, channels)
        counts += [np.bincount(values[:, channel], minlength=GREY_LEVELS) for channel in range(channels)]
    levels, total = np.arange(GREY_LEVELS), counts.sum(axis=1)
    mean = counts @ levels / total
    variance = counts @ levels**2 / total - mean**2
    return mean, np.sqrt(np.where(variance > 0, variance, 1))
