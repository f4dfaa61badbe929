"""The optimisers that a recipe can name."""

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from models.recipes.recipe import Recipe
from models.training.muon import new_muon

if TYPE_CHECKING:
    import keras


def new_optimiser(recipe: Recipe, model: "keras.Model") -> "keras.optimizers.Optimizer":
    """Returns the optimiser of a recipe, which also keeps the moving average of the weights if the recipe has one."""
    from keras import optimizers

    shared: dict[str, Any] = {
        "learning_rate": recipe.learning_rate,
        "weight_decay": recipe.weight_decay or None,
        "use_ema": bool(recipe.ema),
        "ema_momentum": recipe.ema,
    }
    optimiser = {
        "adam": lambda: optimizers.Adam(**shared),
        "adamw": lambda: optimizers.AdamW(**shared),
        "muon": lambda: new_muon(**shared),
        "rmsprop": lambda: optimizers.RMSprop(**shared),
        "sgd": lambda: optimizers.SGD(**shared, momentum=recipe.momentum, nesterov=True),
    }[recipe.optimiser]()
    optimiser.exclude_from_weight_decay(var_list=without_decay(model.trainable_variables))
    optimiser.build(model.trainable_variables)
    return optimiser


def without_decay(weights: Iterable[Any]) -> list[Any]:
    """Returns the weights that decay leaves alone, as authors do since Goyal et al.: biases, scales and offsets."""
    return [weight for weight in weights if len(weight.shape) < 2 or weight.name == "bias"]
