"""The options of a recipe as plain JSON values: those that count in keys, and those that people read."""

from collections.abc import Callable
from typing import Any

from models.recipes.declaration import Part, RecipeOption, Value, declared_options, holds, is_set
from models.recipes.recipe import Recipe


def key_options(recipe: Recipe) -> dict[str, Any]:
    """Returns the options that decide the weights, where they differ from their defaults.

    So a new option, which is at its default in every recipe there was before, changes no key. A changed default has a
    number, which is returned under `defaults` for a recipe that has this default.
    """
    return _differing(recipe, lambda option: option.decides_weights)


def batch_key_options(recipe: Recipe) -> dict[str, Any]:
    """Returns the options that decide how a batch of pictures is shown, where they differ from their defaults."""
    return _differing(recipe, lambda option: option.decides_batch)


def backbone_key_options(recipe: Recipe) -> dict[str, Any]:
    """Returns the options that decide the backbone and so its features, where they differ from their defaults."""
    return _differing(recipe, lambda option: option.part is Part.BACKBONE)


def evaluation_key_options(recipe: Recipe) -> dict[str, Any]:
    """Returns the options that decide how a trained model is tested, where they differ from their defaults."""
    return _differing(recipe, lambda option: not option.decides_weights)


def shown_options(recipe: Recipe) -> dict[str, Any]:
    """Returns every option that decides the weights, also at its default, for people to read."""
    options = declared_options(recipe).items()
    return {name: _to_json(getattr(recipe, name)) for name, option in options if option.decides_weights}


def default_of_option(name: str) -> Any:
    """Returns the default of an option, which keys leave out; None if there is no option of this name."""
    return _to_json(getattr(Recipe, name)) if name in declared_options(Recipe) else None


def _differing(recipe: Recipe, counts: Callable[[RecipeOption], bool]) -> dict[str, Any]:
    differing, default_numbers = {}, {}
    for name, option in declared_options(recipe).items():
        if not counts(option):
            continue
        if is_set(recipe, name):
            differing[name] = _to_json(getattr(recipe, name))
        elif option.default_number > 1 and (not option.needs or holds(recipe, option.needs)):
            default_numbers[name] = option.default_number
    return differing | ({"defaults": default_numbers} if default_numbers else {})


def _to_json(value: Value) -> Any:
    return list(value) if isinstance(value, tuple) else value
