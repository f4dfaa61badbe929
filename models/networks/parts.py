"""The parts that several networks are built of, as the options of a recipe have them."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from models.recipes.recipe import Recipe

if TYPE_CHECKING:
    from keras import KerasTensor, regularizers

LARGE_SIDE = 40  # pixels; pictures twice as large and more are shrunk to about this size
# Running averages over about five steps: with Keras's hundred, a short training ends on averages of its first steps.
QUICK_MOMENTUM = 0.8


def block_widths(recipe: Recipe, usual: Sequence[int]) -> Sequence[int]:
    """Returns the number of channels of each block: the recipe's own, or else the usual one of the network."""
    return [int(width) for width in recipe.widths] or usual


def dropout_shares(recipe: Recipe, place_count: int) -> Sequence[float]:
    """Returns the share of values that is dropped at each place among the convolutions."""
    shares = recipe.convolution_dropout or (0.0,)
    return shares * place_count if len(shares) == 1 else shares


def kernel_penalty(recipe: Recipe) -> "regularizers.Regularizer | None":
    """Returns the L2 penalty on the kernel of a layer, or None where the recipe has none."""
    from keras import regularizers

    return regularizers.L2(recipe.weight_penalty) if recipe.weight_penalty else None


def shrink_large(x: "KerasTensor", shape: tuple[int, ...]) -> "KerasTensor":
    """Returns large pictures shrunk to about LARGE_SIDE, and others as they are."""
    from keras import layers

    shrinkage = min(shape[:2]) // LARGE_SIDE
    return layers.AveragePooling2D(shrinkage, name="shrinking")(x) if shrinkage > 1 else x


def convolution_without_bias(recipe: Recipe, x: "KerasTensor", width: int, name: str) -> "KerasTensor":
    """Returns the output of a convolution that needs no bias, because batch norm follows it."""
    from keras import layers

    return layers.Conv2D(
        width,
        3,
        padding="same",
        use_bias=False,
        kernel_initializer="he_normal",
        kernel_regularizer=kernel_penalty(recipe),
        name=f"convolution_{name}",
    )(x)


def average_picture(recipe: Recipe, x: "KerasTensor") -> "KerasTensor":
    """Returns the mean of each channel over the whole picture, some of them dropped if the recipe says so."""
    from keras import layers

    x = layers.GlobalAveragePooling2D(name="average")(x)
    return layers.Dropout(recipe.dense_dropout, name="dropout")(x) if recipe.dense_dropout else x
