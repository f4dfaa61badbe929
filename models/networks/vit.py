"""A small vision transformer (Dosovitskiy et al. 2020): the picture as a row of patches that look at one another."""

from typing import TYPE_CHECKING

from models.building.penalty import on_kernel
from models.building.per_block import widths
from models.recipes.recipe import Recipe

if TYPE_CHECKING:
    from keras import KerasTensor

HAS_CONVOLUTIONS = False
WIDTHS = (128,)
DEPTH = 6
HEADS = 4
PATCH_SIDE = 4  # pixels
MOST_PATCHES_A_SIDE = 16  # attention costs the fourth power of these; larger pictures are cut into larger patches


def contradictions(recipe: Recipe) -> list[tuple[bool, str]]:
    """What this network cannot be made of, and why."""
    return [
        (
            any(width % HEADS for width in recipe.widths),
            f"widths = {','.join(map(str, recipe.widths))} will not do; vit needs a multiple of {HEADS}",
        ),
    ]


def body(recipe: Recipe, x: "KerasTensor", shape: tuple[int, int, int]) -> "KerasTensor":
    """What the network sees in scaled pictures: a row of numbers for each."""
    from keras import layers

    (width,) = widths(recipe, WIDTHS)
    x = _dropped(recipe, _embedded(recipe, x, shape, width), "embedding")
    for block in range(1, (recipe.depth or DEPTH) + 1):
        x = _attending(recipe, x, width, f"block_{block}_attention")
        x = _thinking(recipe, x, width, f"block_{block}_dense")
    return layers.GlobalAveragePooling1D(name="average")(_normalised(x, "last"))


def _embedded(recipe: Recipe, x: "KerasTensor", shape: tuple[int, int, int], width: int) -> "KerasTensor":
    """Each patch as one row of numbers, in which its place tells too: the bias is one for every place."""
    from keras import initializers, layers

    height_pixels, width_pixels, channels = shape
    side = max(PATCH_SIDE, -(-max(height_pixels, width_pixels) // MOST_PATCHES_A_SIDE))
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
        kernel_regularizer=on_kernel(recipe),
        name="embedding",
    )(x)
    return layers.Reshape((rows * columns, width), name="row_of_patches")(x)


def _attending(recipe: Recipe, x: "KerasTensor", width: int, name: str) -> "KerasTensor":
    """Every patch has looked at every other."""
    from keras import layers

    seen = _normalised(x, name)
    seen = layers.MultiHeadAttention(HEADS, width // HEADS, kernel_regularizer=on_kernel(recipe), name=name)(seen, seen)
    return layers.Add(name=f"{name}_sum")([x, _dropped(recipe, seen, name)])


def _thinking(recipe: Recipe, x: "KerasTensor", width: int, name: str) -> "KerasTensor":
    """Every patch has been worked on by itself."""
    from keras import layers

    seen = _normalised(x, name)
    seen = layers.Dense(2 * width, activation="gelu", kernel_regularizer=on_kernel(recipe), name=f"{name}_wide")(seen)
    seen = layers.Dense(width, kernel_regularizer=on_kernel(recipe), name=name)(seen)
    return layers.Add(name=f"{name}_sum")([x, _dropped(recipe, seen, name)])


def _normalised(x: "KerasTensor", name: str) -> "KerasTensor":
    from keras import layers

    return layers.LayerNormalization(epsilon=1e-6, name=f"{name}_norm")(x)


def _dropped(recipe: Recipe, x: "KerasTensor", name: str) -> "KerasTensor":
    from keras import layers

    return layers.Dropout(recipe.dense_dropout, name=f"{name}_dropout")(x) if recipe.dense_dropout else x
