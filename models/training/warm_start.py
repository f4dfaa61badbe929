"""Trains a recipe from the weights of another recipe's model, perhaps with some layers frozen.

Reads a pack and the other model.keras. Writes what a training writes.
"""

from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from models.building.assembly import assemble
from models.building.freezing import freeze_layers
from models.recipes.recipe import Recipe
from models.training.progress import Say
from models.training.train import train

if TYPE_CHECKING:
    import keras


def train_from(
    start_keras: Path, recipe: Recipe, pack_dir: Path, folder: Path, validation: str, say: Say = print
) -> None:
    """Trains on the training pictures of a pack, and validates on another of its subsets."""

    def new_model(recipe: Recipe, pixels: np.ndarray, class_count: int) -> "keras.Model":
        model = assemble(recipe, pixels, class_count)
        take_weights(model, start_keras)
        freeze_layers(recipe, model)
        return model

    train(recipe, pack_dir, folder, validation, say, new_model)


def take_weights(model: "keras.Model", start_keras: Path) -> None:
    """Gives each layer the weights of the layer of the same name in another model; that model may have more layers."""
    from keras import models

    start = models.load_model(start_keras, compile=False)
    for layer in model.layers:
        if layer.weights:
            layer.set_weights(start.get_layer(layer.name).get_weights())
