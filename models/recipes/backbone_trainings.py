"""The two trainings of a recipe with a backbone: first the head on features, then both on pictures."""

from collections.abc import Iterable
from dataclasses import replace
from typing import Any

from models.recipes.declaration import Part, declared_options, default_of, is_set
from models.recipes.recipe import Recipe


def head_recipe(recipe: Recipe) -> Recipe:
    """Returns the recipe of the head, which learns from features of unchanged pictures.

    How it predicts counts later, when the head is joined to its backbone.
    """
    others = _options_of(recipe, Part.BACKBONE, Part.FINE_TUNING, Part.PICTURES, Part.PREDICTION)
    return _without(recipe, f"{recipe.name} head", others)


def fine_tuning_recipe(recipe: Recipe) -> Recipe:
    """Returns the recipe by which the last layers of the backbone learn, after the head."""
    others = [*_options_of(recipe, Part.BACKBONE), "unfreeze_epochs", "unfreeze_rate"]
    tuned = _without(recipe, f"{recipe.name} fine-tuning", others)
    return replace(tuned, epochs=recipe.unfreeze_epochs, learning_rate=recipe.learning_rate * recipe.unfreeze_rate)


def changes_pictures(recipe: Recipe) -> bool:
    """Returns whether the recipe shows pictures in another way than they are."""
    return any(is_set(recipe, name) for name in _options_of(recipe, Part.PICTURES))


def _options_of(recipe: Recipe, *parts: Part) -> list[str]:
    return [name for name, option in declared_options(recipe).items() if option.part in parts]


def _without(recipe: Recipe, name: str, options: Iterable[str]) -> Recipe:
    """Returns the recipe under another name, with these options at their defaults."""
    defaults: dict[str, Any] = {option: default_of(recipe, option) for option in options}
    return replace(recipe, name=name, **defaults)
