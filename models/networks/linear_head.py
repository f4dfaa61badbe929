"""The smallest head on a backbone: nothing between its features and the probabilities."""

from typing import TYPE_CHECKING

from models.networks.network import Network, Shape
from models.recipes.recipe import Recipe

if TYPE_CHECKING:
    from keras import KerasTensor


def body(recipe: Recipe, x: "KerasTensor", shape: Shape) -> "KerasTensor":
    """Returns each row of features as it is, some values dropped if the recipe says so."""
    from keras import layers

    return layers.Dropout(recipe.dense_dropout, name="dropout")(x) if recipe.dense_dropout else x


network = Network(
    body=body,
    has_convolutions=False,
    is_head=True,
)
