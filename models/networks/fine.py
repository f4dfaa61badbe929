"""A network of three blocks like those of cifar_vgg: convolution, ReLU, batch norm and dropout, twice, then a pooling.

The names of layers begin with that of their block, so that a recipe can freeze block_1* and train the rest.
"""

from typing import TYPE_CHECKING

from models.networks.network import Network, Shape
from models.networks.parts import block_widths, dropout_shares, kernel_penalty
from models.recipes.recipe import Recipe

if TYPE_CHECKING:
    from keras import KerasTensor

WIDTHS = (64, 128, 256)
DROPOUT_PLACES = len(WIDTHS)
DENSE_WIDTH = 512


def body(recipe: Recipe, x: "KerasTensor", shape: Shape) -> "KerasTensor":
    """Returns a row of numbers for each of the scaled pictures."""
    from keras import layers

    blocks = zip(block_widths(recipe, WIDTHS), dropout_shares(recipe, DROPOUT_PLACES), strict=True)
    for block, (width, dropout) in enumerate(blocks, start=1):
        for letter in "ab":
            name = f"block_{block}{letter}"
            x = layers.Conv2D(
                width, 3, padding="same", activation="relu", kernel_regularizer=kernel_penalty(recipe), name=name
            )(x)
            x = layers.BatchNormalization(name=f"{name}_norm")(x)
            if dropout:
                x = layers.Dropout(dropout, name=f"{name}_dropout")(x)
        x = layers.MaxPooling2D(name=f"block_{block}_pooling")(x)
    x = layers.Flatten(name="flatten")(x)
    x = layers.Dense(DENSE_WIDTH, activation="relu", kernel_regularizer=kernel_penalty(recipe), name="dense")(x)
    x = layers.BatchNormalization(name="dense_norm")(x)
    return layers.Dropout(recipe.dense_dropout, name="dropout")(x) if recipe.dense_dropout else x


network = Network(
    body=body,
    widths=WIDTHS,
    dropout_places=DROPOUT_PLACES,
    smallest_side=8,  # pixels: one is left after three poolings
)
