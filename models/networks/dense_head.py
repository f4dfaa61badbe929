"""A head on a backbone: one hidden dense layer before the probabilities."""

from typing import TYPE_CHECKING

from models.networks.network import Network, Shape
from models.networks.parts import block_widths, kernel_penalty
from models.recipes.recipe import Recipe

if TYPE_CHECKING:
    from keras import KerasTensor

WIDTHS = (256,)


def body(recipe: Recipe, x: "KerasTensor", shape: Shape) -> "KerasTensor":
    """Returns each row of features after one dense layer."""
    from keras import layers

    (width,) = block_widths(recipe, WIDTHS)
    x = layers.Dense(width, activation="relu", kernel_regularizer=kernel_penalty(recipe), name="dense")(x)
    return layers.Dropout(recipe.dense_dropout, name="dropout")(x) if recipe.dense_dropout else x


network = Network(
    body=body,
    widths=WIDTHS,
    has_convolutions=False,
    is_head=True,
)
