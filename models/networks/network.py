"""The contract of a network: what a family of networks builds, and what recipes can ask of it.

A network is one module with a function and a `Network` that names it. Another package offers its own by an entry point
of the group `pigeonhole.networks`, as `mine = "package.module:network"`; a recipe then says `network = mine`.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from datasets.errors import UserError
from models.recipes.recipe import Recipe

if TYPE_CHECKING:
    import keras
    import numpy as np

Shape = tuple[int, ...]  # of one input, as (height, width, channels)


def _accept_any(recipe: Recipe) -> None:
    """Accepts every recipe."""


@dataclass(frozen=True)
class Network:
    """A family of networks: how its layers are built, and which options of a recipe it uses.

    Keras and TensorFlow are imported inside `body` and `begin`, so that a list of networks loads neither. Only stock
    layers of Keras are used, so that a saved model loads without this project. Layers have names that are the same
    each time.
    """

    body: Callable[[Recipe, "keras.KerasTensor", Shape], "keras.KerasTensor"]
    """Returns one row of numbers for each picture, from scaled pictures (or features, for a head) of this shape.

    The last layer, which gives the probabilities, is added to it.
    """

    begin: Callable[["keras.Model", "np.ndarray"], None] | None = None
    """Sets first weights of the untrained model from some training pictures, if there is anything to set."""

    check: Callable[[Recipe], None] = _accept_any
    """Raises UserError for a recipe that this network cannot be built for; the common options are checked already."""

    widths: tuple[int, ...] = ()
    """The usual number of channels of each block; none if it does not use `widths` of a recipe."""

    depth: int = 0
    """The usual number of layers; 0 if it does not use `depth` of a recipe."""

    dropout_places: int = 0
    """The number of places where `convolution_dropout` of a recipe can drop values."""

    smallest_side: int = 1
    """The side in pixels of the smallest pictures that it can look at."""

    takes_any_size: bool = False
    """Says that pictures of several sizes fit the same weights, as `scales` of a recipe needs."""

    has_convolutions: bool = True
    """Says that there are convolutions, which the options `dropblock`, `convolution_dropout` and `muon` are for."""

    is_head: bool = False
    """Says that it learns from the features of a backbone and not from pictures."""


def refuse_small_pictures(recipe: Recipe, sides: tuple[int, int], smallest_side: int) -> None:
    """Refuses pictures of this height and width if the recipe's network would leave nothing of them."""
    height, width = sides
    if min(height, width) < smallest_side:
        raise UserError(
            f"recipe {recipe.name}: {recipe.network} needs pictures of {smallest_side} pixels and more, and these are "
            f"{width} by {height}: choose another network, or a larger size for the data set"
        )
