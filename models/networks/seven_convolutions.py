"""Seven convolutions with batch norm, averaged over the whole picture: learns in a few epochs, and from any size."""

from typing import TYPE_CHECKING

from models.building.any_size import MOMENTUM, averaged, convolution, shrunk_where_large
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


def body(recipe: Recipe, x: "KerasTensor", shape: tuple[int, int, int]) -> "KerasTensor":
    """What the network sees in scaled pictures: a row of numbers for each."""
    from keras import layers

    need_side(recipe, shape, SMALLEST_SIDE)

    def normalised(x: "KerasTensor", name: str) -> "KerasTensor":
        x = layers.BatchNormalization(momentum=MOMENTUM, epsilon=1e-5, name=f"norm_{name}")(x)
        return layers.ReLU(name=f"relu_{name}")(x)

    first_width, *block_widths = widths(recipe, WIDTHS)
    x = layers.Conv2D(
        first_width,
        2,
        activation="relu",
        kernel_initializer="he_normal",
        kernel_regularizer=on_kernel(recipe),
        name="convolution_0",
    )(shrunk_where_large(x, shape))
    blocks = zip(block_widths, dropouts(recipe, DROPOUT_PLACES), strict=True)
    for number, (width, dropout) in enumerate(blocks, start=1):
        x = convolution(recipe, x, width, f"{number}a")
        x = layers.MaxPooling2D(2, name=f"pooling_{number}")(x)
        x = convolution(recipe, normalised(x, f"{number}a"), width, f"{number}b")
        x = normalised(x, f"{number}b")
        if dropout:
            x = layers.Dropout(dropout, name=f"dropout_{number}")(x)
    return averaged(recipe, x)
