"""Three blocks of two convolutions, the second of each without padding; a pooling and a dropout end each block."""

from typing import TYPE_CHECKING

from models.building.penalty import on_kernel
from models.building.per_block import dropouts, widths
from models.building.sides import need_side
from models.recipes.recipe import Recipe

if TYPE_CHECKING:
    from keras import KerasTensor

WIDTHS = (32, 64, 64)
DROPOUT_PLACES = len(WIDTHS)
DENSE_WIDTH = 512
SMALLEST_SIDE = 22  # pixels: one is left after three blocks


def body(recipe: Recipe, x: "KerasTensor", shape: tuple[int, int, int]) -> "KerasTensor":
    """What the network sees in scaled pictures: a row of numbers for each."""
    from keras import layers

    need_side(recipe, shape, SMALLEST_SIDE)
    blocks = zip(widths(recipe, WIDTHS), dropouts(recipe, DROPOUT_PLACES), strict=True)
    for number, (width, dropout) in enumerate(blocks, start=1):
        for letter, padding in (("a", "same"), ("b", "valid")):
            x = layers.Conv2D(
                width,
                3,
                padding=padding,
                activation="relu",
                kernel_regularizer=on_kernel(recipe),
                name=f"convolution_{number}{letter}",
            )(x)
        x = layers.MaxPooling2D(name=f"pooling_{number}")(x)
        if dropout:
            x = layers.Dropout(dropout, name=f"dropout_{number}")(x)
    x = layers.Flatten(name="flatten")(x)
    x = layers.Dense(DENSE_WIDTH, activation="relu", kernel_regularizer=on_kernel(recipe), name="dense")(x)
    return layers.Dropout(recipe.dense_dropout, name="dropout_dense")(x) if recipe.dense_dropout else x
