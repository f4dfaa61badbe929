"""The recipes that can be named without a section in luigi.cfg."""

from models.recipes.table import BUILT_IN, RecipeEntry


def offered_names() -> list[str]:
    """Returns the names of all recipes that need no section."""
    return [*BUILT_IN]


def is_offered(name: str) -> bool:
    """Returns whether there is a recipe of this name."""
    return name in BUILT_IN


def offered_recipe(name: str) -> RecipeEntry:
    """Returns the entry of a recipe."""
    return BUILT_IN[name]


def place_of(name: str) -> str:
    """Returns how errors name the place where a recipe's options are set."""
    return f"recipe {name}"
