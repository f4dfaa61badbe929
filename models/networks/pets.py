"""A network for a few thousand photos: four convolutions without padding, each with a pooling, then a dense layer."""

from typing import TYPE_CHECKING

from models.networks.network import Network, Shape
from models.networks.parts import block_widths, dropout_shares, kernel_penalty
from models.recipes.recipe import Recipe

if TYPE_CHECKING:
    from keras import KerasTensor

WIDTHS = (32, 64, 128, 128)
DROPOUT_PLACES = len(WIDTHS)
DENSE_WIDTH = 512


def body(recipe: Recipe, x: "KerasTensor", shape: Shape) -> "KerasTensor":
    """Returns a row of numbers for each of the scaled pictures."""
    from keras import layers

    blocks = zip(block_widths(recipe, WIDTHS), dropout_shares(recipe, DROPOUT_PLACES), strict=True)
    for number, (width, dropout) in enumerate(blocks, start=1):
        x = layers.Conv2D(
            width, 3, activation="relu", kernel_regularizer=kernel_penalty(recipe), name=f"convolution_{number}"
        )(x)
        x = layers.MaxPooling2D(name=f"pooling_{number}")(x)
        if dropout:
            x = layers.Dropout(dropout, name=f"dropout_{number}")(x)
    x = layers.Flatten(name="flatten")(x)
    if recipe.dense_dropout:
        x = layers.Dropout(recipe.dense_dropout, name="dropout_dense")(x)
    return layers.Dense(DENSE_WIDTH, activation="relu", kernel_regularizer=kernel_penalty(recipe), name="dense")(x)


network = Network(
    body=body,
    widths=WIDTHS,
    dropout_places=DROPOUT_PLACES,
    smallest_side=46,  # pixels: one is left after four convolutions without padding and four poolings
)
