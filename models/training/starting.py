"""Trains a recipe from where another one's training ended, some of its layers frozen.

Reads a pack and the other's model.keras; writes what a training writes.
"""

from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from datasets.errors import UserError
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
        take_weights(recipe, model, start_keras)
        freeze_layers(recipe, model)
        return model

    train(recipe, pack_dir, folder, validation, say, new_model)


def take_weights(recipe: Recipe, model: "keras.Model", start_keras: Path) -> None:
    """Give each layer the weights that the layer of its name has in another model."""
    from keras import models

    start = models.load_model(start_keras, compile=False)
    ours, theirs = _shapes(model), _shapes(start)
    for name in [*ours, *theirs]:
        if ours.get(name) != theirs.get(name):
            raise UserError(
                f"recipe {recipe.name}: start_from = {recipe.start_from}: the two networks do not fit: {name} has "
                f"weights of {ours.get(name, 'no')} shape here, and of {theirs.get(name, 'no')} shape there"
            )
    for name in ours:
        model.get_layer(name).set_weights(start.get_layer(name).get_weights())


def _shapes(model: "keras.Model") -> dict[str, str]:
    return {
        layer.name: ", ".join(str(tuple(weight.shape)) for weight in layer.weights)
        for layer in model.layers
        if layer.weights
    }
