"""Parts of the networks that take pictures of any size, and learn in a few epochs."""

from typing import TYPE_CHECKING

from models.building.penalty import on_kernel
from models.recipes.recipe import Recipe

if TYPE_CHECKING:
    from keras import KerasTensor

LARGE_SIDE = 40  # pixels; pictures twice as large and more are shrunk to about this size
# Running averages over some five steps: with the usual hundred, a short training ends on those of its beginning.
MOMENTUM = 0.8


def shrunk_where_large(x: "KerasTensor", shape: tuple[int, int, int]) -> "KerasTensor":
    from keras import layers

    shrinkage = min(shape[:2]) // LARGE_SIDE
    return layers.AveragePooling2D(shrinkage, name="shrinking")(x) if shrinkage > 1 else x


def convolution(recipe: Recipe, x: "KerasTensor", width: int, name: str) -> "KerasTensor":
    """One that is followed by batch norm."""
    from keras import layers

    return layers.Conv2D(
        width,
        3,
        padding="same",
        use_bias=False,
        kernel_initializer="he_normal",
        kernel_regularizer=on_kernel(recipe),
        name=f"convolution_{name}",
    )(x)


def averaged(recipe: Recipe, x: "KerasTensor") -> "KerasTensor":
    """Each channel's mean over the whole picture."""
    from keras import layers

    x = layers.GlobalAveragePooling2D(name="average")(x)
    return layers.Dropout(recipe.dense_dropout, name="dropout")(x) if recipe.dense_dropout else x
