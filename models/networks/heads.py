"""The heads on a backbone: layers between its features and the probabilities."""

from typing import TYPE_CHECKING

from models.networks.network import Network, Shape
from models.networks.parts import block_widths, kernel_penalty
from models.recipes.recipe import Recipe

if TYPE_CHECKING:
    from keras import KerasTensor

DENSE_WIDTHS = (256,)


def linear_body(recipe: Recipe, x: "KerasTensor", shape: Shape) -> "KerasTensor":
    """Returns each row of features as it is, some values dropped if the recipe says so."""
    from keras import layers

    return layers.Dropout(recipe.dense_dropout, name="dropout")(x) if recipe.dense_dropout else x


def dense_body(recipe: Recipe, x: "KerasTensor", shape: Shape) -> "KerasTensor":
    """Returns each row of features after one dense layer."""
    from keras import layers

    (width,) = block_widths(recipe, DENSE_WIDTHS)
    x = layers.Dense(width, activation="relu", kernel_regularizer=kernel_penalty(recipe), name="dense")(x)
    return linear_body(recipe, x, shape)


linear = Network(body=linear_body, has_convolutions=False, is_head=True)
dense = Network(body=dense_body, widths=DENSE_WIDTHS, has_convolutions=False, is_head=True)
