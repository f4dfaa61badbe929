"""A VGG16 for pictures of 32 pixels: batch norm after every ReLU, dropout between the convolutions of a block."""

from typing import TYPE_CHECKING

from models.networks.network import Network, Shape
from models.networks.parts import block_widths, dropout_shares, kernel_penalty
from models.recipes.recipe import Recipe

if TYPE_CHECKING:
    from keras import KerasTensor

WIDTHS = (64, 128, 256, 512, 512)
CONVOLUTIONS = (2, 2, 3, 3, 3)  # of each block
DROPOUT_PLACES = sum(CONVOLUTIONS) - len(CONVOLUTIONS)  # a pooling follows the last of a block
DENSE_WIDTH = 512


def body(recipe: Recipe, x: "KerasTensor", shape: Shape) -> "KerasTensor":
    """Returns a row of numbers for each of the scaled pictures."""
    from keras import layers

    shares = iter(dropout_shares(recipe, DROPOUT_PLACES))
    for block, (width, count) in enumerate(zip(block_widths(recipe, WIDTHS), CONVOLUTIONS, strict=True), start=1):
        for letter in "abc"[:count]:
            name = f"block_{block}{letter}"
            x = layers.Conv2D(
                width, 3, padding="same", activation="relu", kernel_regularizer=kernel_penalty(recipe), name=name
            )(x)
            x = layers.BatchNormalization(name=f"{name}_norm")(x)
            if letter != "abc"[count - 1] and (share := next(shares)):
                x = layers.Dropout(share, name=f"{name}_dropout")(x)
        x = layers.MaxPooling2D(name=f"block_{block}_pooling")(x)
    if recipe.dense_dropout:
        x = layers.Dropout(recipe.dense_dropout, name="dropout_1")(x)
    x = layers.Flatten(name="flatten")(x)
    x = layers.Dense(DENSE_WIDTH, activation="relu", kernel_regularizer=kernel_penalty(recipe), name="dense")(x)
    x = layers.BatchNormalization(name="dense_norm")(x)
    return layers.Dropout(recipe.dense_dropout, name="dropout_2")(x) if recipe.dense_dropout else x


network = Network(
    body=body,
    widths=WIDTHS,
    dropout_places=DROPOUT_PLACES,
    smallest_side=32,  # pixels: one is left after five poolings
)
