"""A network of three blocks of two convolutions with batch norm, averaged over the picture, then one dense layer."""

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

    def normalised(x: "KerasTensor", name: str) -> "KerasTensor":
        return layers.ReLU(name=f"relu_{name}")(layers.BatchNormalization(name=f"norm_{name}")(x))

    like_he = {"kernel_initializer": "he_normal", "kernel_regularizer": kernel_penalty(recipe)}
    blocks = zip(block_widths(recipe, WIDTHS), dropout_shares(recipe, DROPOUT_PLACES), strict=True)
    for block, (width, dropout) in enumerate(blocks, start=1):
        for letter in "ab":
            x = layers.Conv2D(width, 3, padding="same", **like_he, name=f"convolution_{block}{letter}")(x)
            x = normalised(x, f"{block}{letter}")
        x = layers.MaxPooling2D(name=f"pooling_{block}")(x)
        if dropout:
            x = layers.Dropout(dropout, name=f"dropout_{block}")(x)
    x = layers.GlobalAveragePooling2D(name="average")(x)
    x = normalised(layers.Dense(DENSE_WIDTH, **like_he, name="dense")(x), "dense")
    return layers.Dropout(recipe.dense_dropout, name="dropout_dense")(x) if recipe.dense_dropout else x


network = Network(
    body=body,
    widths=WIDTHS,
    dropout_places=DROPOUT_PLACES,
    smallest_side=8,  # pixels: one is left after three poolings
    takes_any_size=True,
)
