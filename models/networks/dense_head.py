"""The head on a backbone: one hidden dense layer before the probabilities."""

from typing import TYPE_CHECKING

from models.building.penalty import on_kernel
from models.building.per_block import widths
from models.recipes.recipe import Recipe

if TYPE_CHECKING:
    from keras import KerasTensor

IS_HEAD = True
HAS_CONVOLUTIONS = False
WIDTHS = (256,)


def body(recipe: Recipe, x: "KerasTensor", shape: tuple[int, ...]) -> "KerasTensor":
    """What the head makes of a row of features."""
    from keras import layers

    (width,) = widths(recipe, WIDTHS)
    x = layers.Dense(width, activation="relu", kernel_regularizer=on_kernel(recipe), name="dense")(x)
    return layers.Dropout(recipe.dense_dropout, name="dropout")(x) if recipe.dense_dropout else x
