"""Three blocks in the manner of cifar-vgg: convolution, ReLU, batch norm and dropout, twice, then a pooling.

Layers carry the number of their block, so that a recipe can freeze block_1* and train the rest.
"""

from typing import TYPE_CHECKING

from models.building.penalty import on_kernel
from models.building.per_block import dropouts, widths
from models.building.sides import need_side
from models.recipes.recipe import Recipe

if TYPE_CHECKING:
    from keras import KerasTensor

WIDTHS = (64, 128, 256)
DROPOUT_PLACES = len(WIDTHS)
DENSE_WIDTH = 512
SMALLEST_SIDE = 8  # pixels: one is left after three poolings


def body(recipe: Recipe, x: "KerasTensor", shape: tuple[int, int, int]) -> "KerasTensor":
    """What the network sees in scaled pictures: a row of numbers for each."""
    from keras import layers

    need_side(recipe, shape, SMALLEST_SIDE)
    blocks = zip(widths(recipe, WIDTHS), dropouts(recipe, DROPOUT_PLACES), strict=True)
    for block, (width, dropout) in enumerate(blocks, start=1):
        for letter in "ab":
            name = f"block_{block}{letter}"
            x = layers.Conv2D(
                width, 3, padding="same", activation="relu", kernel_regularizer=on_kernel(recipe), name=name
            )(x)
            x = layers.BatchNormalization(name=f"{name}_norm")(x)
            if dropout:
                x = layers.Dropout(dropout, name=f"{name}_dropout")(x)
        x = layers.MaxPooling2D(name=f"block_{block}_pooling")(x)
    x = layers.Flatten(name="flatten")(x)
    x = layers.Dense(DENSE_WIDTH, activation="relu", kernel_regularizer=on_kernel(recipe), name="dense")(x)
    x = layers.BatchNormalization(name="dense_norm")(x)
    return layers.Dropout(recipe.dense_dropout, name="dropout")(x) if recipe.dense_dropout else x
