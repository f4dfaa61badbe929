"""The smallest head on a backbone: nothing between its features and the probabilities."""

from typing import TYPE_CHECKING

from models.recipes.recipe import Recipe

if TYPE_CHECKING:
    from keras import KerasTensor

IS_HEAD = True
HAS_CONVOLUTIONS = False


def body(recipe: Recipe, x: "KerasTensor", shape: tuple[int, ...]) -> "KerasTensor":
    """The row of features as it is, with gaps where the recipe asks for a dropout."""
    from keras import layers

    return layers.Dropout(recipe.dense_dropout, name="dropout")(x) if recipe.dense_dropout else x
