"""The residual network of He et al. (2015) for small pictures: 6n + 2 layers, its shortcuts without parameters."""

from typing import TYPE_CHECKING

from datasets.errors import UserError
from models.networks.network import Network, Shape
from models.networks.parts import block_widths, dropout_shares, kernel_penalty
from models.recipes.recipe import Recipe

if TYPE_CHECKING:
    from keras import KerasTensor

WIDTHS = (16, 32, 64)
DROPOUT_PLACES = len(WIDTHS)
DEPTH = 20
MOMENTUM = 0.9  # of the running averages, as in the paper; the usual one of Keras lags behind a short training


def check(recipe: Recipe) -> None:
    """Refuses widths that shrink, and depths that cannot be cut into three equal stages."""
    depth = recipe.depth or DEPTH
    if sorted(recipe.widths) != list(recipe.widths):
        raise UserError(
            f"recipe {recipe.name}: widths of residual may only grow, because its shortcuts can add channels but not "
            "take any away"
        )
    if depth < 8 or depth % 6 != 2:
        raise UserError(f"recipe {recipe.name}: depth = {depth} is not valid; residual has 8, 14, 20, … 6n + 2 layers")


def body(recipe: Recipe, x: "KerasTensor", shape: Shape) -> "KerasTensor":
    """Returns a row of numbers for each of the scaled pictures."""
    from keras import layers

    stage_widths = block_widths(recipe, WIDTHS)
    x = layers.ReLU(name="first_relu")(_convolution(recipe, x, stage_widths[0], "first"))
    blocks_per_stage = ((recipe.depth or DEPTH) - 2) // 6
    stages = zip(stage_widths, dropout_shares(recipe, DROPOUT_PLACES), strict=True)
    for stage, (width, dropout) in enumerate(stages, start=1):
        for block in range(1, blocks_per_stage + 1):
            name, stride = f"stage_{stage}_block_{block}", 2 if block == 1 < stage else 1
            values = layers.ReLU(name=f"{name}a_relu")(_convolution(recipe, x, width, f"{name}a", stride))
            if dropout:
                values = layers.Dropout(dropout, name=f"{name}_dropout")(values)
            values = _convolution(recipe, values, width, f"{name}b")
            x = layers.Add(name=f"{name}_sum")([_shortcut(x, width, stride, name), values])
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
        kernel_regularizer=kernel_penalty(recipe),
        name=name,
    )(x)
    return layers.BatchNormalization(momentum=MOMENTUM, epsilon=1e-5, name=f"{name}_norm")(x)


def _shortcut(x: "KerasTensor", width: int, stride: int, name: str) -> "KerasTensor":
    """Returns the same values, or every other one if the block shrinks the picture; new channels are zeros."""
    from keras import layers

    if stride > 1:
        x = layers.MaxPooling2D(1, strides=stride, name=f"{name}_every_other")(x)
    if new := width - x.shape[-1]:
        # channels_first pads the last two axes, so that of these three only the channels grow.
        padding = ((0, 0), (new // 2, new - new // 2))
        x = layers.ZeroPadding2D(padding, data_format="channels_first", name=f"{name}_new_channels")(x)
    return x


network = Network(
    body=body,
    check=check,
    widths=WIDTHS,
    depth=DEPTH,
    dropout_places=DROPOUT_PLACES,
    takes_any_size=True,
)
