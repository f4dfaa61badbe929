"""The residual network of He et al. (2015) for small pictures: 6n + 2 layers, its shortcuts without parameters."""

from typing import TYPE_CHECKING

from models.building.penalty import on_kernel
from models.building.per_block import dropouts, widths
from models.recipes.recipe import Recipe

if TYPE_CHECKING:
    from keras import KerasTensor

TAKES_ANY_SIZE = True
WIDTHS = (16, 32, 64)
DROPOUT_PLACES = len(WIDTHS)
DEPTH = 20
MOMENTUM = 0.9  # of batch norm's running averages, as its authors have it; Keras's own lags behind a short training


def contradictions(recipe: Recipe) -> list[tuple[bool, str]]:
    """What this network cannot be made of, and why."""
    depth = recipe.depth or DEPTH
    return [
        (
            sorted(recipe.widths) != list(recipe.widths),
            "widths of residual may only grow, for nothing is lost on a shortcut",
        ),
        (
            depth < 8 or depth % 6 != 2,
            f"depth = {depth} will not do; residual has 8, 14, 20, … 6n + 2 layers",
        ),
    ]


def body(recipe: Recipe, x: "KerasTensor", shape: tuple[int, int, int]) -> "KerasTensor":
    """What the network sees in scaled pictures: a row of numbers for each."""
    from keras import layers

    stage_widths = widths(recipe, WIDTHS)
    x = layers.ReLU(name="first_relu")(_convolution(recipe, x, stage_widths[0], "first"))
    blocks_per_stage = ((recipe.depth or DEPTH) - 2) // 6
    stages = zip(stage_widths, dropouts(recipe, DROPOUT_PLACES), strict=True)
    for stage, (width, dropout) in enumerate(stages, start=1):
        for block in range(1, blocks_per_stage + 1):
            name, stride = f"stage_{stage}_block_{block}", 2 if block == 1 < stage else 1
            seen = layers.ReLU(name=f"{name}a_relu")(_convolution(recipe, x, width, f"{name}a", stride))
            if dropout:
                seen = layers.Dropout(dropout, name=f"{name}_dropout")(seen)
            seen = _convolution(recipe, seen, width, f"{name}b")
            x = layers.Add(name=f"{name}_sum")([_shortcut(x, width, stride, name), seen])
            x = layers.ReLU(name=f"{name}_relu")(x)
    x = layers.GlobalAveragePooling2D(name="average")(x)
    return layers.Dropout(recipe.dense_dropout, name="dropout")(x) if recipe.dense_dropout else x


def _convolution(recipe: Recipe, x: "KerasTensor", width: int, name: str, stride: int = 1) -> "KerasTensor":
    from keras import layers

    x = layers.Conv2D(
        width,
        3,
        strides=stride,
        padding="same",
        use_bias=False,
        kernel_initializer="he_normal",
        kernel_regularizer=on_kernel(recipe),
        name=name,
    )(x)
    return layers.BatchNormalization(momentum=MOMENTUM, epsilon=1e-5, name=f"{name}_norm")(x)


def _shortcut(x: "KerasTensor", width: int, stride: int, name: str) -> "KerasTensor":
    """The same values; where the picture shrinks, every other of them, with empty channels for those that are new."""
    from keras import layers

    if stride > 1:
        x = layers.MaxPooling2D(1, strides=stride, name=f"{name}_every_other")(x)
    if new := width - x.shape[-1]:
        # For channels last, the last two of the three axes are taken for a picture's sides: only channels are added.
        padding = ((0, 0), (new // 2, new - new // 2))
        x = layers.ZeroPadding2D(padding, data_format="channels_first", name=f"{name}_new_channels")(x)
    return x
