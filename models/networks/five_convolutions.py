"""A network of five convolutions and three dense layers, with up to three dropouts."""

from typing import TYPE_CHECKING

from models.networks.network import Network, Shape
from models.networks.parts import block_widths, dropout_shares, kernel_penalty
from models.recipes.recipe import Recipe

if TYPE_CHECKING:
    from keras import KerasTensor

WIDTHS = (32, 32, 64, 64, 64)
DROPOUT_PLACES = 2


def body(recipe: Recipe, x: "KerasTensor", shape: Shape) -> "KerasTensor":
    """Returns a row of numbers for each of the scaled pictures."""
    from keras import layers

    first, second, third, fourth, fifth = (
        layers.Conv2D(
            width,
            3,
            padding="same",
            activation="relu",
            kernel_regularizer=kernel_penalty(recipe),
            name=f"convolution_{number}",
        )
        for number, width in enumerate(block_widths(recipe, WIDTHS), start=1)
    )
    after_second, after_fourth = dropout_shares(recipe, DROPOUT_PLACES)
    x = layers.MaxPooling2D(name="pooling_1")(first(x))
    x = layers.MaxPooling2D(name="pooling_2")(second(x))
    if after_second:
        x = layers.Dropout(after_second, name="dropout_1")(x)
    x = layers.MaxPooling2D(name="pooling_3")(fourth(third(x)))
    if after_fourth:
        x = layers.Dropout(after_fourth, name="dropout_2")(x)
    x = layers.Flatten(name="flatten")(fifth(x))
    x = layers.Dense(256, activation="relu", kernel_regularizer=kernel_penalty(recipe), name="dense_1")(x)
    if recipe.dense_dropout:
        x = layers.Dropout(recipe.dense_dropout, name="dropout_3")(x)
    return layers.Dense(128, activation="relu", kernel_regularizer=kernel_penalty(recipe), name="dense_2")(x)


network = Network(
    body=body,
    widths=WIDTHS,
    dropout_places=DROPOUT_PLACES,
    smallest_side=8,  # pixels: one is left after three poolings
)
