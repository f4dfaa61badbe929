"""The penalty on large weights that a recipe may ask for."""

from typing import TYPE_CHECKING

from models.recipes.recipe import Recipe

if TYPE_CHECKING:
    from keras import regularizers


def on_kernel(recipe: Recipe) -> "regularizers.Regularizer | None":
    """The L2 penalty on one layer's kernel; nothing where the recipe has none."""
    from keras import regularizers

    return regularizers.L2(recipe.weight_penalty) if recipe.weight_penalty else None
