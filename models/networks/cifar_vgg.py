"""VGG16 for pictures of 32 pixels: batch norm after every ReLU, dropout between the convolutions of a block."""

from typing import TYPE_CHECKING

from models.building.penalty import on_kernel
from models.building.per_block import dropouts, widths
from models.building.sides import need_side
from models.recipes.recipe import Recipe

if TYPE_CHECKING:
    from keras import KerasTensor

WIDTHS = (64, 128, 256, 512, 512)
CONVOLUTIONS = (2, 2, 3, 3, 3)  # a block
DROPOUT_PLACES = sum(CONVOLUTIONS) - len(CONVOLUTIONS)  # the last of a block is followed by the pooling instead
DENSE_WIDTH = 512
SMALLEST_SIDE = 32  # pixels: one is left after five poolings


def body(recipe: Recipe, x: "KerasTensor", shape: tuple[int, int, int]) -> "KerasTensor":
    """What the network sees in scaled pictures: a row of numbers for each."""
    from keras import layers

    need_side(recipe, shape, SMALLEST_SIDE)
    shares = iter(dropouts(recipe, DROPOUT_PLACES))
    for block, (width, count) in enumerate(zip(widths(recipe, WIDTHS), CONVOLUTIONS, strict=True), start=1):
        for letter in "abc"[:count]:
            name = f"block_{block}{letter}"
            x = layers.Conv2D(
                width, 3, padding="same", activation="relu", kernel_regularizer=on_kernel(recipe), name=name
            )(x)
            x = layers.BatchNormalization(name=f"{name}_norm")(x)
            if letter != "abc"[count - 1] and (share := next(shares)):
                x = layers.Dropout(share, name=f"{name}_dropout")(x)
        x = layers.MaxPooling2D(name=f"block_{block}_pooling")(x)
    if recipe.dense_dropout:
        x = layers.Dropout(recipe.dense_dropout, name="dropout_1")(x)
    x = layers.Flatten(name="flatten")(x)
    x = layers.Dense(DENSE_WIDTH, activation="relu", kernel_regularizer=on_kernel(recipe), name="dense")(x)
    x = layers.BatchNormalization(name="dense_norm")(x)
    return layers.Dropout(recipe.dense_dropout, name="dropout_2")(x) if recipe.dense_dropout else x
