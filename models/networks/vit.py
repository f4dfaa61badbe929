"""A small vision transformer (Dosovitskiy et al. 2020): each patch of a picture attends to all others."""

from typing import TYPE_CHECKING

from datasets.errors import UserError
from models.networks.network import Network, Shape
from models.networks.parts import block_widths, kernel_penalty
from models.recipes.recipe import Recipe

if TYPE_CHECKING:
    from keras import KerasTensor

WIDTHS = (128,)
DEPTH = 6
HEADS = 4
PATCH_SIDE = 4  # pixels
MOST_PATCHES_PER_SIDE = 16  # attention costs the fourth power of it, so that larger pictures get larger patches


def check(recipe: Recipe) -> None:
    """Refuses a width that the heads of attention cannot share equally."""
    if any(width % HEADS for width in recipe.widths):
        raise UserError(
            f"recipe {recipe.name}: widths = {','.join(map(str, recipe.widths))} is not valid; vit needs a multiple of "
            f"{HEADS}"
        )


def body(recipe: Recipe, x: "KerasTensor", shape: Shape) -> "KerasTensor":
    """Returns a row of numbers for each of the scaled pictures."""
    from keras import layers

    (width,) = block_widths(recipe, WIDTHS)
    x = _drop(recipe, _embed(recipe, x, shape, width), "embedding")
    for block in range(1, (recipe.depth or DEPTH) + 1):
        x = _attend(recipe, x, width, f"block_{block}_attention")
        x = _transform(recipe, x, width, f"block_{block}_dense")
    return layers.GlobalAveragePooling1D(name="average")(_normalise(x, "last"))


def _embed(recipe: Recipe, x: "KerasTensor", shape: Shape, width: int) -> "KerasTensor":
    """Returns each patch as a row of numbers; the bias differs from place to place, and so tells where a patch is."""
    from keras import initializers, layers

    height_pixels, width_pixels, channels = shape
    side = max(PATCH_SIDE, -(-max(height_pixels, width_pixels) // MOST_PATCHES_PER_SIDE))
    rows, columns = -(-height_pixels // side), -(-width_pixels // side)
    missing = ((0, rows * side - height_pixels), (0, columns * side - width_pixels))
    if any(map(any, missing)):
        x = layers.ZeroPadding2D(missing, name="whole_patches")(x)
    x = layers.Reshape((rows, side, columns, side, channels), name="patches")(x)
    x = layers.EinsumDense(
        "brhcwk,hwkd->brcd",
        (rows, columns, width),
        bias_axes="rcd",
        kernel_initializer="lecun_normal",
        bias_initializer=initializers.RandomNormal(stddev=0.02),
        kernel_regularizer=kernel_penalty(recipe),
        name="embedding",
    )(x)
    return layers.Reshape((rows * columns, width), name="row_of_patches")(x)


def _attend(recipe: Recipe, x: "KerasTensor", width: int, name: str) -> "KerasTensor":
    """Returns the patches after each has attended to all others."""
    from keras import layers

    values = _normalise(x, name)
    values = layers.MultiHeadAttention(HEADS, width // HEADS, kernel_regularizer=kernel_penalty(recipe), name=name)(
        values, values
    )
    return layers.Add(name=f"{name}_sum")([x, _drop(recipe, values, name)])


def _transform(recipe: Recipe, x: "KerasTensor", width: int, name: str) -> "KerasTensor":
    """Returns the patches after two dense layers for each."""
    from keras import layers

    values = _normalise(x, name)
    values = layers.Dense(2 * width, activation="gelu", kernel_regularizer=kernel_penalty(recipe), name=f"{name}_wide")(
        values
    )
    values = layers.Dense(width, kernel_regularizer=kernel_penalty(recipe), name=name)(values)
    return layers.Add(name=f"{name}_sum")([x, _drop(recipe, values, name)])


def _normalise(x: "KerasTensor", name: str) -> "KerasTensor":
    from keras import layers

    return layers.LayerNormalization(epsilon=1e-6, name=f"{name}_norm")(x)


def _drop(recipe: Recipe, x: "KerasTensor", name: str) -> "KerasTensor":
    from keras import layers

    return layers.Dropout(recipe.dense_dropout, name=f"{name}_dropout")(x) if recipe.dense_dropout else x


network = Network(
    body=body,
    check=check,
    widths=WIDTHS,
    depth=DEPTH,
    has_convolutions=False,
)
