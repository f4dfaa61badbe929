"""The wide residual network of Zagoruyko and Komodakis (2016): 6n + 4 layers, norm and ReLU before each convolution."""

from typing import TYPE_CHECKING

from datasets.errors import UserError
from models.networks.network import Network, Shape
from models.networks.parts import block_widths, dropout_shares, kernel_penalty
from models.recipes.recipe import Recipe

if TYPE_CHECKING:
    from keras import KerasTensor

FIRST_WIDTH = 16
WIDTHS = (64, 128, 256)  # four times those of residual
DROPOUT_PLACES = len(WIDTHS)
DEPTH = 16
MOMENTUM = 0.9  # of the running averages, as in the paper; the usual one of Keras lags behind a short training


def check(recipe: Recipe) -> None:
    """Refuses widths that shrink, and depths that cannot be cut into three equal stages."""
    depth, all_widths = recipe.depth or DEPTH, (FIRST_WIDTH, *recipe.widths)
    if sorted(all_widths) != list(all_widths):  # a shortcut to fewer channels can crash oneDNN, and so the process
        raise UserError(f"recipe {recipe.name}: widths of wide_residual may only grow, from {FIRST_WIDTH} or more")
    if depth < 10 or depth % 6 != 4:
        raise UserError(
            f"recipe {recipe.name}: depth = {depth} is not valid; wide_residual has 10, 16, 22, … 6n + 4 layers"
        )


def body(recipe: Recipe, x: "KerasTensor", shape: Shape) -> "KerasTensor":
    """Returns a row of numbers for each of the scaled pictures."""
    from keras import layers

    x = _convolution(recipe, x, FIRST_WIDTH, "first")
    blocks_per_stage = ((recipe.depth or DEPTH) - 4) // 6
    stages = zip(block_widths(recipe, WIDTHS), dropout_shares(recipe, DROPOUT_PLACES), strict=True)
    for stage, (width, dropout) in enumerate(stages, start=1):
        for block in range(1, blocks_per_stage + 1):
            stride = 2 if block == 1 < stage else 1
            x = _block(recipe, x, width, f"stage_{stage}_block_{block}", stride, dropout)
    x = layers.GlobalAveragePooling2D(name="average")(_normalised(x, "last"))
    return layers.Dropout(recipe.dense_dropout, name="dropout")(x) if recipe.dense_dropout else x


def _block(recipe: Recipe, x: "KerasTensor", width: int, name: str, stride: int, dropout: float) -> "KerasTensor":
    from keras import layers

    active = _normalised(x, f"{name}a")
    values = _convolution(recipe, active, width, f"{name}a", stride)
    values = _normalised(values, f"{name}b")
    if dropout:
        values = layers.Dropout(dropout, name=f"{name}_dropout")(values)
    values = _convolution(recipe, values, width, f"{name}b")
    same_shape = stride == 1 and x.shape[-1] == width
    shortcut = x if same_shape else _convolution(recipe, active, width, f"{name}_shortcut", stride, kernel_side=1)
    return layers.Add(name=f"{name}_sum")([shortcut, values])


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
        kernel_regularizer=kernel_penalty(recipe),
        name=name,
    )(x)


network = Network(
    body=body,
    check=check,
    widths=WIDTHS,
    depth=DEPTH,
    dropout_places=DROPOUT_PLACES,
    takes_any_size=True,
)
