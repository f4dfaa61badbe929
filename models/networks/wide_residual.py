"""The wide residual network of Zagoruyko and Komodakis (2016): 6n + 4 layers, norm and ReLU before each convolution."""

from typing import TYPE_CHECKING

from models.building.penalty import on_kernel
from models.building.per_block import dropouts, widths
from models.recipes.recipe import Recipe

if TYPE_CHECKING:
    from keras import KerasTensor

TAKES_ANY_SIZE = True
FIRST_WIDTH = 16
WIDTHS = (64, 128, 256)  # four times those of the network that it widens
DROPOUT_PLACES = len(WIDTHS)
DEPTH = 16
MOMENTUM = 0.9  # of batch norm's running averages, as its authors have it; Keras's own lags behind a short training


def contradictions(recipe: Recipe) -> list[tuple[bool, str]]:
    """What this network cannot be made of, and why."""
    depth, own = recipe.depth or DEPTH, (FIRST_WIDTH, *recipe.widths)
    return [
        (
            sorted(own) != list(own),
            # oneDNN's shortcuts to fewer channels have crashed the whole process.
            f"widths of wide_residual may only grow, from {FIRST_WIDTH} or more",
        ),
        (
            depth < 10 or depth % 6 != 4,
            f"depth = {depth} will not do; wide_residual has 10, 16, 22, … 6n + 4 layers",
        ),
    ]


def body(recipe: Recipe, x: "KerasTensor", shape: tuple[int, int, int]) -> "KerasTensor":
    """What the network sees in scaled pictures: a row of numbers for each."""
    from keras import layers

    x = _convolution(recipe, x, FIRST_WIDTH, "first")
    blocks_per_stage = ((recipe.depth or DEPTH) - 4) // 6
    stages = zip(widths(recipe, WIDTHS), dropouts(recipe, DROPOUT_PLACES), strict=True)
    for stage, (width, dropout) in enumerate(stages, start=1):
        for block in range(1, blocks_per_stage + 1):
            stride = 2 if block == 1 < stage else 1
            x = _block(recipe, x, width, f"stage_{stage}_block_{block}", stride, dropout)
    x = layers.GlobalAveragePooling2D(name="average")(_normalised(x, "last"))
    return layers.Dropout(recipe.dense_dropout, name="dropout")(x) if recipe.dense_dropout else x


def _block(recipe: Recipe, x: "KerasTensor", width: int, name: str, stride: int, dropout: float) -> "KerasTensor":
    from keras import layers

    active = _normalised(x, f"{name}a")
    seen = _convolution(recipe, active, width, f"{name}a", stride)
    seen = _normalised(seen, f"{name}b")
    if dropout:
        seen = layers.Dropout(dropout, name=f"{name}_dropout")(seen)
    seen = _convolution(recipe, seen, width, f"{name}b")
    same_shape = stride == 1 and x.shape[-1] == width
    shortcut = x if same_shape else _convolution(recipe, active, width, f"{name}_shortcut", stride, kernel_side=1)
    return layers.Add(name=f"{name}_sum")([shortcut, seen])


def _normalised(x: "KerasTensor", name: str) -> "KerasTensor":
    from keras import layers

    x = layers.BatchNormalization(momentum=MOMENTUM, epsilon=1e-5, name=f"{name}_norm")(x)
    return layers.ReLU(name=f"{name}_relu")(x)


def _convolution(
    recipe: Recipe, x: "KerasTensor", width: int, name: str, stride: int = 1, kernel_side: int = 3
) -> "KerasTensor":
    from keras import layers

    return layers.Conv2D(
        width,
        kernel_side,
        strides=stride,
        padding="same",
        use_bias=False,
        kernel_initializer="he_normal",
        kernel_regularizer=on_kernel(recipe),
        name=name,
    )(x)
