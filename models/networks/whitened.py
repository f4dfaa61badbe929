"""A network for speed, for pictures of any size: three blocks of two convolutions on whitened patches, averaged."""

from typing import TYPE_CHECKING

from models.building import whitening
from models.networks.network import Network, Shape
from models.networks.parts import (
    QUICK_MOMENTUM,
    average_picture,
    block_widths,
    convolution_without_bias,
    dropout_shares,
    shrink_large,
)
from models.recipes.recipe import Recipe

if TYPE_CHECKING:
    import keras
    import numpy as np

WIDTHS = (64, 128, 128)
DROPOUT_PLACES = len(WIDTHS)
PATCHES = "patches"
PICTURES_AT_ONCE = 50  # more would fill the memory where pictures are large


def body(recipe: Recipe, x: "keras.KerasTensor", shape: Shape) -> "keras.KerasTensor":
    """Returns a row of numbers for each of the scaled pictures."""
    from keras import layers

    def activated(x: "keras.KerasTensor", name: str) -> "keras.KerasTensor":
        x = layers.BatchNormalization(momentum=QUICK_MOMENTUM, epsilon=1e-5, scale=False, name=f"norm_{name}")(x)
        return layers.Activation("silu", name=f"silu_{name}")(x)

    x = shrink_large(x, shape)
    x = layers.Conv2D(whitening.patch_channels(shape[-1]), whitening.SIDE, trainable=False, name=PATCHES)(x)
    x = layers.ReLU(name=f"relu_{PATCHES}")(x)
    blocks = zip(block_widths(recipe, WIDTHS), dropout_shares(recipe, DROPOUT_PLACES), strict=True)
    for number, (width, dropout) in enumerate(blocks, start=1):
        x = convolution_without_bias(recipe, x, width, f"{number}a")
        x = activated(layers.MaxPooling2D(2, name=f"pooling_{number}a")(x), f"{number}a")
        x = activated(convolution_without_bias(recipe, x, width, f"{number}b"), f"{number}b")
        if dropout:
            x = layers.Dropout(dropout, name=f"dropout_{number}")(x)
    return average_picture(recipe, x)


def begin(model: "keras.Model", pixels: "np.ndarray") -> None:
    """Sets the weights that whiten patches, measured on pictures that the network will be trained on."""
    import numpy as np
    from keras import Model

    patches = model.get_layer(PATCHES)
    scaled = Model(model.inputs[0], patches.input)
    starts = range(0, len(pixels), PICTURES_AT_ONCE)
    whitening.whiten(patches, (np.asarray(scaled(pixels[start : start + PICTURES_AT_ONCE])) for start in starts))


network = Network(
    body=body,
    begin=begin,
    widths=WIDTHS,
    dropout_places=DROPOUT_PLACES,
    smallest_side=9,  # pixels: one is left after the patches and three poolings
    takes_any_size=True,
)
