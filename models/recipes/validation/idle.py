"""Options that do nothing without another, and would have everything trained again for it; loads no TensorFlow."""

from collections.abc import Mapping

from models.recipes.phases import is_own
from models.recipes.recipe import Recipe


def about_idle_options(recipe: Recipe) -> list[tuple[bool, str]]:
    """Whether each of them is set to no purpose, and what is to be done."""
    return [
        (
            is_own(recipe, option) and not is_there,
            f"{option} = {getattr(recipe, option)} does nothing without {needed}; give that too, or leave {option} at "
            f"{getattr(Recipe, option)}",
        )
        for option, (needed, is_there) in _needs(recipe).items()
    ]


def _needs(recipe: Recipe) -> Mapping[str, tuple[str, bool]]:
    staircase = ("schedule = staircase", recipe.schedule == "staircase")
    return {
        "momentum": ("optimiser = sgd", recipe.optimiser == "sgd"),
        "stair_epochs": staircase,
        "stair_factor": staircase,
        "plateau_factor": ("plateau_patience", recipe.plateau_patience > 0),
        "dropblock_size": ("dropblock", recipe.dropblock > 0),
        "randaugment_operations": ("randaugment", recipe.randaugment > 0),
    }
