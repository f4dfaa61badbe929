"""The recipes that can be named without a section in luigi.cfg: the built-in ones, and those of other packages.

Another package offers a recipe by an entry point of the group `pigeonhole.recipes`, as `mine = "package.module:MINE"`,
which names a `RecipeEntry`.
"""

from functools import cache

from datasets.errors import UserError
from datasets.plugins import Offer, load, offers
from models.recipes.table import BUILT_IN, RecipeEntry


def offered_names() -> list[str]:
    """Returns the names of all recipes, the built-in ones first; imports no other package."""
    return [*BUILT_IN, *_offers_of_packages()]


def is_offered(name: str) -> bool:
    """Returns whether this project or another package has a recipe of this name."""
    return name in BUILT_IN or name in _offers_of_packages()


def offered_recipe(name: str) -> RecipeEntry:
    """Returns the entry of a recipe; imports the package that brings it."""
    return BUILT_IN[name] if name in BUILT_IN else _load_entry(_offers_of_packages()[name])


def place_of(name: str) -> str:
    """Returns how errors name the place where a recipe's options are set."""
    package = "" if name in BUILT_IN else _offers_of_packages()[name].package
    return f"recipe {name} of the package {package}" if package else f"recipe {name}"


def _offers_of_packages() -> dict[str, Offer]:
    """Returns what packages offer; only asked for names that are not built in, since looking takes time."""
    built_in = dict.fromkeys(BUILT_IN, "models.recipes.table:BUILT_IN")
    return {name: offer for name, offer in offers("recipes", built_in).items() if offer.package}


@cache
def _load_entry(offer: Offer) -> RecipeEntry:
    entry = load(offer)
    if not isinstance(entry, RecipeEntry):
        raise UserError(
            f"the package {offer.package} offers the recipe {offer.name} as {offer.reference}, which is of the type "
            f"{type(entry).__name__} and no RecipeEntry of models.recipes.table. Update that package or uninstall it"
        )
    return entry
