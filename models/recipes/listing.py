"""Lists every recipe with its number of parameters and its purpose; builds no network."""

from dataclasses import asdict
from typing import NamedTuple

from models.recipes.declaration import Value, as_text, declared_options
from models.recipes.lookup import Sections, find_root, recipe_names, resolve
from models.recipes.offered import offered_recipe
from models.recipes.recipe import Recipe


class ListedRecipe(NamedTuple):
    """A recipe as a list shows it; its parameters only where they are known without building its network."""

    name: str
    parameters: int | None
    dataset: str
    purpose: str


def list_recipe(name: str, sections: Sections) -> ListedRecipe:
    """Returns what a list shows of one recipe."""
    root = find_root(name, sections)
    entry, recipe, original = offered_recipe(root), resolve(name, sections, {}), resolve(root, {}, {})
    changed = differing_options(recipe, original)
    sizes = {option for option, declared in declared_options(recipe).items() if declared.decides_size}
    changes = ", ".join(f"{option} = {as_text(value)}" for option, value in changed.items())
    return ListedRecipe(
        name,
        entry.parameters or None if sizes.isdisjoint(changed) else None,
        entry.dataset,
        f"{root} with {changes}" if changed else entry.purpose if name == root else root,
    )


def list_recipes(sections: Sections) -> list[ListedRecipe]:
    """Returns what a list shows of all recipes."""
    return [list_recipe(name, sections) for name in recipe_names(sections)]


def differing_options(recipe: Recipe, other: Recipe) -> dict[str, Value]:
    """Returns the options with another value than in the other recipe."""
    others = asdict(other)
    return {option: value for option, value in asdict(recipe).items() if option != "name" and value != others[option]}
