"""Seven convolutions with batch norm, averaged over the whole picture: learns in a few epochs, and from any size."""

from typing import TYPE_CHECKING

from models.building.penalty import on_kernel
from models.building.per_block import dropouts, widths
from models.building.sides import need_side
from models.recipes.recipe import Recipe

if TYPE_CHECKING:
    from keras import KerasTensor

TAKES_ANY_SIZE = True
WIDTHS = (32, 64, 128, 128)
DROPOUT_PLACES = len(WIDTHS) - 1  # none after the first convolution
SMALLEST_SIDE = 9  # pixels: one is left after the first convolution and three poolings
LARGE_SIDE = 40  # pixels; pictures twice as large and more are shrunk to about this size
# Running averages over some ten steps: with the usual hundred, a short training ends on those of its beginning.
MOMENTUM = 0.8


def body(recipe: Recipe, x: "KerasTensor", shape: tuple[int, int, int]) -> "KerasTensor":
    """What the network sees in scaled pictures: a row of numbers for each."""
    from keras import layers

    need_side(recipe, shape, SMALLEST_SIDE)

    def convolution(x: "KerasTensor", width: int, name: str) -> "KerasTensor":
        return layers.Conv2D(
            width,
            3,
            padding="same",
            use_bias=False,
            kernel_initializer="he_normal",
            kernel_regularizer=on_kernel(recipe),
            name=f"convolution_{name}",
        )(x)

    def normalised(x: "KerasTensor", name: str) -> "KerasTensor":
        x = layers.BatchNormalization(momentum=MOMENTUM, epsilon=1e-5, name=f"norm_{name}")(x)
        return layers.ReLU(name=f"relu_{name}")(x)

    first_width, *block_widths = widths(recipe, WIDTHS)
    if (shrinkage := min(shape[:2]) // LARGE_SIDE) > 1:
        x = layers.AveragePooling2D(shrinkage, name="shrinking")(x)
    x = layers.Conv2D(
        first_width,
        2,
        activation="relu",
        kernel_initializer="he_normal",
        kernel_regularizer=on_kernel(recipe),
        name="convolution_0",
    )(x)
    blocks = zip(block_widths, dropouts(recipe, DROPOUT_PLACES), strict=True)
    for number, (width, dropout) in enumerate(blocks, start=1):
        x = convolution(x, width, f"{number}a")
        x = layers.MaxPooling2D(2, name=f"pooling_{number}")(x)
        x = convolution(normalised(x, f"{number}a"), width, f"{number}b")
        x = normalised(x, f"{number}b")
        if dropout:
            x = layers.Dropout(dropout, name=f"dropout_{number}")(x)
    x = layers.GlobalAveragePooling2D(name="average")(x)
    return layers.Dropout(recipe.dense_dropout, name="dropout")(x) if recipe.dense_dropout else x
