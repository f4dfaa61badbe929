"""Three blocks of two convolutions on whitened patches, averaged over the whole picture: for speed, at any size."""

from typing import TYPE_CHECKING

from models.building import whitening
from models.building.any_size import MOMENTUM, averaged, convolution, shrunk_where_large
from models.building.per_block import dropouts, widths
from models.building.sides import need_side
from models.recipes.recipe import Recipe

if TYPE_CHECKING:
    import keras
    import numpy as np

TAKES_ANY_SIZE = True
WIDTHS = (64, 128, 128)
DROPOUT_PLACES = len(WIDTHS)
SMALLEST_SIDE = 9  # pixels: one is left after the patches and three poolings
PATCHES = "patches"
PICTURES_AT_ONCE = 50  # from which the patches are taken: more would fill the memory where pictures are large


def body(recipe: Recipe, x: "keras.KerasTensor", shape: tuple[int, int, int]) -> "keras.KerasTensor":
    """What the network sees in scaled pictures: a row of numbers for each."""
    from keras import layers

    need_side(recipe, shape, SMALLEST_SIDE)

    def activated(x: "keras.KerasTensor", name: str) -> "keras.KerasTensor":
        x = layers.BatchNormalization(momentum=MOMENTUM, epsilon=1e-5, scale=False, name=f"norm_{name}")(x)
        return layers.Activation("silu", name=f"silu_{name}")(x)

    x = shrunk_where_large(x, shape)
    x = layers.Conv2D(whitening.channels(shape[-1]), whitening.SIDE, trainable=False, name=PATCHES)(x)
    x = layers.ReLU(name=f"relu_{PATCHES}")(x)
    blocks = zip(widths(recipe, WIDTHS), dropouts(recipe, DROPOUT_PLACES), strict=True)
    for number, (width, dropout) in enumerate(blocks, start=1):
        x = convolution(recipe, x, width, f"{number}a")
        x = activated(layers.MaxPooling2D(2, name=f"pooling_{number}a")(x), f"{number}a")
        x = activated(convolution(recipe, x, width, f"{number}b"), f"{number}b")
        if dropout:
            x = layers.Dropout(dropout, name=f"dropout_{number}")(x)
    return averaged(recipe, x)


def begin(model: "keras.Model", pixels: "np.ndarray") -> None:
    """Take the whitened directions from the pictures that the network will be trained on."""
    import numpy as np
    from keras import Model

    patches = model.get_layer(PATCHES)
    before = Model(model.inputs[0], patches.input)
    firsts = range(0, len(pixels), PICTURES_AT_ONCE)
    whitening.whiten(patches, (np.asarray(before(pixels[first : first + PICTURES_AT_ONCE])) for first in firsts))
