"""Five convolutions and three dense layers, with three dropouts where the recipe asks for them."""

from typing import TYPE_CHECKING

from models.building.penalty import on_kernel
from models.building.per_block import dropouts, widths
from models.building.sides import need_side
from models.recipes.recipe import Recipe

if TYPE_CHECKING:
    from keras import KerasTensor

WIDTHS = (32, 32, 64, 64, 64)
DROPOUT_PLACES = 2
SMALLEST_SIDE = 8  # pixels: one is left after three poolings


def body(recipe: Recipe, x: "KerasTensor", shape: tuple[int, int, int]) -> "KerasTensor":
    """What the network sees in scaled pictures: a row of numbers for each."""
    from keras import layers

    need_side(recipe, shape, SMALLEST_SIDE)
    first, second, third, fourth, fifth = (
        layers.Conv2D(
            width,
            3,
            padding="same",
            activation="relu",
            kernel_regularizer=on_kernel(recipe),
            name=f"convolution_{number}",
        )
        for number, width in enumerate(widths(recipe, WIDTHS), start=1)
    )
    after_second, after_fourth = dropouts(recipe, DROPOUT_PLACES)
    x = layers.MaxPooling2D(name="pooling_1")(first(x))
    x = layers.MaxPooling2D(name="pooling_2")(second(x))
    if after_second:
        x = layers.Dropout(after_second, name="dropout_1")(x)
    x = layers.MaxPooling2D(name="pooling_3")(fourth(third(x)))
    if after_fourth:
        x = layers.Dropout(after_fourth, name="dropout_2")(x)
    x = layers.Flatten(name="flatten")(fifth(x))
    x = layers.Dense(256, activation="relu", kernel_regularizer=on_kernel(recipe), name="dense_1")(x)
    if recipe.dense_dropout:
        x = layers.Dropout(recipe.dense_dropout, name="dropout_3")(x)
    return layers.Dense(128, activation="relu", kernel_regularizer=on_kernel(recipe), name="dense_2")(x)
