"""A network of three blocks of two convolutions, the second without padding; a pooling and a dropout end each block."""

from typing import TYPE_CHECKING

from models.networks.network import Network, Shape
from models.networks.parts import block_widths, dropout_shares, kernel_penalty
from models.recipes.recipe import Recipe

if TYPE_CHECKING:
    from keras import KerasTensor

WIDTHS = (32, 64, 64)
DROPOUT_PLACES = len(WIDTHS)
DENSE_WIDTH = 512


def body(recipe: Recipe, x: "KerasTensor", shape: Shape) -> "KerasTensor":
    """Returns a row of numbers for each of the scaled pictures."""
    from keras import layers

    blocks = zip(block_widths(recipe, WIDTHS), dropout_shares(recipe, DROPOUT_PLACES), strict=True)
    for number, (width, dropout) in enumerate(blocks, start=1):
        for letter, padding in (("a", "same"), ("b", "valid")):
            x = layers.Conv2D(
                width,
                3,
                padding=padding,
                activation="relu",
                kernel_regularizer=kernel_penalty(recipe),
                name=f"convolution_{number}{letter}",
            )(x)
        x = layers.MaxPooling2D(name=f"pooling_{number}")(x)
        if dropout:
            x = layers.Dropout(dropout, name=f"dropout_{number}")(x)
    x = layers.Flatten(name="flatten")(x)
    x = layers.Dense(DENSE_WIDTH, activation="relu", kernel_regularizer=kernel_penalty(recipe), name="dense")(x)
    return layers.Dropout(recipe.dense_dropout, name="dropout_dense")(x) if recipe.dense_dropout else x


network = Network(
    body=body,
    widths=WIDTHS,
    dropout_places=DROPOUT_PLACES,
    smallest_side=22,  # pixels: one is left after three blocks
)
