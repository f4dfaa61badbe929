"""Trains a recipe from where another one's training ended, some of its layers frozen.

Reads a pack and the other's model.keras; writes what a training writes.
"""

from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from models.building.assembly import assemble
from models.building.freezing import freeze_layers
from models.recipes.recipe import Recipe
from models.training.train import Say, train

if TYPE_CHECKING:
    import keras


def train_from(
    start_keras: Path, recipe: Recipe, pack_dir: Path, folder: Path, validation: str, say: Say = print
) -> None:
    """Train on a pack's training pictures, and validate on another of its subsets."""

    def new_model(recipe: Recipe, pixels: np.ndarray, class_count: int) -> "keras.Model":
        model = assemble(recipe, pixels, class_count)
        take_weights(model, start_keras)
        freeze_layers(recipe, model)
        return model

    train(recipe, pack_dir, folder, validation, say, new_model)


def take_weights(model: "keras.Model", start_keras: Path) -> None:
    """Give each layer the weights that the layer of its name has in another model, which may sum its classes yet."""
    from keras import models

    start = models.load_model(start_keras, compile=False)
    for layer in model.layers:
        if layer.weights:
            layer.set_weights(start.get_layer(layer.name).get_weights())
