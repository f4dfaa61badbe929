"""A recipe: everything that decides a training. Its options are declared in models/recipes/options."""

from dataclasses import dataclass

from models.recipes.options.learning import LearningOptions
from models.recipes.options.network import NetworkOptions
from models.recipes.options.pictures import PictureOptions
from models.recipes.options.prediction import PredictionOptions
from models.recipes.options.start import StartOptions


@dataclass(frozen=True)
class Named:
    """A thing with a name."""

    name: str


# The options come in the order of the last base first.
@dataclass(frozen=True)
class Recipe(PredictionOptions, LearningOptions, PictureOptions, StartOptions, NetworkOptions, Named):
    """A way to train. Most options are off at their default, or leave the choice to the network."""
