"""Three blocks of two convolutions with batch norm and ReLU, averaged over the picture, then one dense layer."""

from typing import TYPE_CHECKING

from models.building.penalty import on_kernel
from models.building.per_block import dropouts, widths
from models.building.sides import need_side
from models.recipes.recipe import Recipe

if TYPE_CHECKING:
    from keras import KerasTensor

TAKES_ANY_SIZE = True
WIDTHS = (64, 128, 256)
DROPOUT_PLACES = len(WIDTHS)
DENSE_WIDTH = 512
SMALLEST_SIDE = 8  # pixels: one is left after three poolings


def body(recipe: Recipe, x: "KerasTensor", shape: tuple[int, int, int]) -> "KerasTensor":
    """What the network sees in scaled pictures: a row of numbers for each."""
    from keras import layers

    need_side(recipe, shape, SMALLEST_SIDE)

    def normalised(x: "KerasTensor", name: str) -> "KerasTensor":
        return layers.ReLU(name=f"relu_{name}")(layers.BatchNormalization(name=f"norm_{name}")(x))

    like_he = {"kernel_initializer": "he_normal", "kernel_regularizer": on_kernel(recipe)}
    blocks = zip(widths(recipe, WIDTHS), dropouts(recipe, DROPOUT_PLACES), strict=True)
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
