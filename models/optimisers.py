"""The optimisers that a recipe can name."""

from typing import TYPE_CHECKING

from models.muon import new_muon
from models.recipe import Recipe

if TYPE_CHECKING:
    import keras


def new_optimiser(recipe: Recipe, model: "keras.Model") -> "keras.optimizers.Optimizer":
    from keras import optimizers

    optimiser = {
        "adam": lambda: optimizers.Adam(recipe.learning_rate),
        "muon": lambda: new_muon(recipe.learning_rate),
        "rmsprop": lambda: optimizers.RMSprop(recipe.learning_rate),
        "sgd": lambda: optimizers.SGD(recipe.learning_rate, momentum=0.9, nesterov=True),
    }[recipe.optimiser]()
    optimiser.build(model.trainable_variables)
    return optimiser
