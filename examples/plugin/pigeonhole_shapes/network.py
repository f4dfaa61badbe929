"""The network `one_convolution`: a recipe uses it with `network = one_convolution`."""

from typing import TYPE_CHECKING

from models.networks.network import Network, Shape
from models.networks.parts import block_widths
from models.recipes.recipe import Recipe

if TYPE_CHECKING:
    from keras import KerasTensor

WIDTHS = (16,)


def body(recipe: Recipe, x: "KerasTensor", shape: Shape) -> "KerasTensor":
    """Returns a row of numbers for each of the scaled pictures."""
    from keras import layers

    (width,) = block_widths(recipe, WIDTHS)
    x = layers.Conv2D(width, 5, strides=2, activation="relu", name="convolution")(x)
    return layers.GlobalMaxPooling2D(name="pooling")(x)


network = Network(body=body, widths=WIDTHS, smallest_side=5, takes_any_size=True)
