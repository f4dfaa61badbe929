"""A network that learns in a few epochs from pictures of any size: seven convolutions, averaged over the picture."""

from typing import TYPE_CHECKING

from models.networks.network import Network, Shape
from models.networks.parts import (
    QUICK_MOMENTUM,
    average_picture,
    block_widths,
    convolution_without_bias,
    dropout_shares,
    kernel_penalty,
    shrink_large,
)
from models.recipes.recipe import Recipe

if TYPE_CHECKING:
    from keras import KerasTensor

WIDTHS = (32, 64, 128, 128)
DROPOUT_PLACES = len(WIDTHS) - 1  # none after the first convolution


def body(recipe: Recipe, x: "KerasTensor", shape: Shape) -> "KerasTensor":
    """Returns a row of numbers for each of the scaled pictures."""
    from keras import layers

    def normalised(x: "KerasTensor", name: str) -> "KerasTensor":
        x = layers.BatchNormalization(momentum=QUICK_MOMENTUM, epsilon=1e-5, name=f"norm_{name}")(x)
        return layers.ReLU(name=f"relu_{name}")(x)

    first_width, *other_widths = block_widths(recipe, WIDTHS)
    x = layers.Conv2D(
        first_width,
        2,
        activation="relu",
        kernel_initializer="he_normal",
        kernel_regularizer=kernel_penalty(recipe),
        name="convolution_0",
    )(shrink_large(x, shape))
    blocks = zip(other_widths, dropout_shares(recipe, DROPOUT_PLACES), strict=True)
    for number, (width, dropout) in enumerate(blocks, start=1):
        x = convolution_without_bias(recipe, x, width, f"{number}a")
        x = layers.MaxPooling2D(2, name=f"pooling_{number}")(x)
        x = convolution_without_bias(recipe, normalised(x, f"{number}a"), width, f"{number}b")
        x = normalised(x, f"{number}b")
        if dropout:
            x = layers.Dropout(dropout, name=f"dropout_{number}")(x)
    return average_picture(recipe, x)


network = Network(
    body=body,
    widths=WIDTHS,
    dropout_places=DROPOUT_PLACES,
    smallest_side=9,  # pixels: one is left after the first convolution and three poolings
    takes_any_size=True,
)
