"""Three blocks of two convolutions on whitened patches, averaged over the whole picture: for speed, at any size."""

from typing import TYPE_CHECKING

from models.building import whitening
from models.building.penalty import on_kernel
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
LARGE_SIDE = 40  # pixels; pictures twice as large and more are shrunk to about this size
# Running averages over some ten steps: with the usual hundred, a short training ends on those of its beginning.
MOMENTUM = 0.8
PATCHES = "patches"


def body(recipe: Recipe, x: "keras.KerasTensor", shape: tuple[int, int, int]) -> "keras.KerasTensor":
    """What the network sees in scaled pictures: a row of numbers for each."""
    from keras import layers

    need_side(recipe, shape, SMALLEST_SIDE)

    def learnt(x: "keras.KerasTensor", width: int, name: str, pooled: bool) -> "keras.KerasTensor":
        x = layers.Conv2D(
            width,
            3,
            padding="same",
            use_bias=False,
            kernel_initializer="he_normal",
            kernel_regularizer=on_kernel(recipe),
            name=f"convolution_{name}",
        )(x)
        if pooled:
            x = layers.MaxPooling2D(2, name=f"pooling_{name}")(x)
        x = layers.BatchNormalization(momentum=MOMENTUM, epsilon=1e-5, scale=False, name=f"norm_{name}")(x)
        return layers.Activation("silu", name=f"silu_{name}")(x)

    if (shrinkage := min(shape[:2]) // LARGE_SIDE) > 1:
        x = layers.AveragePooling2D(shrinkage, name="shrinking")(x)
    x = layers.Conv2D(whitening.channels(shape[-1]), whitening.SIDE, trainable=False, name=PATCHES)(x)
    x = layers.ReLU(name=f"relu_{PATCHES}")(x)
    blocks = zip(widths(recipe, WIDTHS), dropouts(recipe, DROPOUT_PLACES), strict=True)
    for number, (width, dropout) in enumerate(blocks, start=1):
        x = learnt(x, width, f"{number}a", pooled=True)
        x = learnt(x, width, f"{number}b", pooled=False)
        if dropout:
            x = layers.Dropout(dropout, name=f"dropout_{number}")(x)
    x = layers.GlobalAveragePooling2D(name="average")(x)
    return layers.Dropout(recipe.dense_dropout, name="dropout")(x) if recipe.dense_dropout else x


def begin(model: "keras.Model", pixels: "np.ndarray") -> None:
    """Take the whitened directions from the pictures that the network will be trained on."""
    import numpy as np
    from keras import Model

    patches = model.get_layer(PATCHES)
    shrunk = Model(model.inputs[0], patches.input)(pixels)
    whitening.whiten(patches, np.asarray(shrunk, np.float64))
