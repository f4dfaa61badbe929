"""The two trainings of a recipe with a backbone: its head on features, then both on pictures; loads no TensorFlow."""

from collections.abc import Mapping
from dataclasses import fields, replace
from typing import Any

from models.recipes.recipe import Recipe

OF_BACKBONE = ("backbone", "backbone_weights", "backbone_file", "backbone_input", "backbone_side", "pooling")
OF_FINE_TUNING = ("unfreeze", "unfreeze_epochs", "unfreeze_rate")
OF_PICTURES = (
    "rotation_degrees",
    "horizontal_shift_fraction",
    "vertical_shift_fraction",
    "zoom_fraction",
    "mirrored_fraction",
    "randaugment",
    "randaugment_operations",
    "colorjitter",
    "cutout",
    "mixup",
    "cutmix",
    "scales",
)

_DEFAULTS: Mapping[str, Any] = {field.name: field.default for field in fields(Recipe)}


def of_head(recipe: Recipe) -> Recipe:
    """What decides the head, beside the features: they are those of the pictures as they are.

    Where classes are summed, that is done once it is joined to its backbone.
    """
    return _without(recipe, f"{recipe.name} head", (*OF_BACKBONE, *OF_FINE_TUNING, *OF_PICTURES, "predict"))


def of_fine_tuning(recipe: Recipe) -> Recipe:
    """What decides how the backbone's last layers learn, beside the backbone and the head that they start from."""
    tuned = _without(recipe, f"{recipe.name} fine-tuning", (*OF_BACKBONE, "unfreeze_epochs", "unfreeze_rate"))
    return replace(tuned, epochs=recipe.unfreeze_epochs, learning_rate=recipe.learning_rate * recipe.unfreeze_rate)


def changes_pictures(recipe: Recipe) -> bool:
    """Whether pictures are shown otherwise than they are."""
    return any(is_own(recipe, option) for option in OF_PICTURES)


def is_own(recipe: Recipe, option: str) -> bool:
    """Whether the recipe has another value for an option than it has where nobody sets it."""
    return bool(getattr(recipe, option) != _DEFAULTS[option])


def _without(recipe: Recipe, name: str, options: tuple[str, ...]) -> Recipe:
    return replace(recipe, name=name, **{option: _DEFAULTS[option] for option in options})
