"""Recipes by name: the built-in ones, the user's, and how one is put together; loads no TensorFlow.

Reads the table of built-in recipes and the [recipe:NAME] sections it is handed; writes nothing.
"""

from collections.abc import Mapping

from datasets.errors import UserError, unknown
from models.recipes.options import read_option
from models.recipes.recipe import Recipe, Value
from models.recipes.table import BUILT_IN
from models.recipes.validation.refused import refuse_contradictions
from models.recipes.validation.starts import refuse_unfit_start

Sections = Mapping[str, Mapping[str, str]]

DEFAULT_BASE = "plain"
LISTED_BY = "`python -m pipeline recipes`"


def recipe_names(sections: Sections) -> list[str]:
    """Every recipe there is: the built-in ones, then the user's."""
    return list(dict.fromkeys([*BUILT_IN, *sections]))


def built_in_base(name: str, sections: Sections) -> str:
    """The built-in recipe that a recipe is, or stands on in the end."""
    resolve(name, sections, {})  # refuses bases that there are not, and those that go round in a circle
    while (base := sections.get(name, {}).get("base", "")) not in ("", name) or name not in BUILT_IN:
        name = base or DEFAULT_BASE
    return name


def resolve(name: str, sections: Sections, overrides: Mapping[str, object]) -> Recipe:
    """The recipe `name` with every option settled; an override that is None is not given."""
    recipe = _put_together(name, sections, overrides)
    _refuse_bad_starts(recipe, sections)
    return recipe


def _put_together(name: str, sections: Sections, overrides: Mapping[str, object]) -> Recipe:
    settled: dict[str, Value] = {}
    for place, options in _from_base_to_name(name, sections):
        settled |= {option: read_option(place, option, value) for option, value in options.items() if option != "base"}
    given = {option: value for option, value in overrides.items() if value is not None}
    settled |= {option: read_option(f"recipe {name}", option, value) for option, value in given.items()}
    recipe = Recipe(name, **settled)  # type: ignore[arg-type]  # each value is checked against its option
    refuse_contradictions(recipe)
    return recipe


def _refuse_bad_starts(recipe: Recipe, sections: Sections) -> None:
    """Refuse a recipe that starts from one there is not, from one that does not fit, or in the end from itself."""
    chain = [recipe.name]
    while name := recipe.start_from:
        if name not in (names := recipe_names(sections)):
            raise UserError(f"recipe {recipe.name}: start_from: {unknown('recipe', name, names, LISTED_BY)}")
        if name in chain:
            raise UserError(f"recipe {name} starts from itself: {' -> '.join([*chain[chain.index(name) :], name])}.")
        chain.append(name)
        start = _put_together(name, sections, {})
        refuse_unfit_start(recipe, start)
        recipe = start


def _from_base_to_name(name: str, sections: Sections) -> list[tuple[str, Mapping[str, Value]]]:
    """The options that make up a recipe, those of the base first, each with the place that sets them."""
    layers: list[tuple[str, Mapping[str, Value]]] = []
    seen: list[str] = []
    asked_for = ""
    while name:
        if name in seen:
            raise UserError(f"[recipe:{name}] is its own base: {' -> '.join([*seen[seen.index(name) :], name])}.")
        if name not in sections and name not in BUILT_IN:
            raise UserError(asked_for + unknown("recipe", name, recipe_names(sections), LISTED_BY))
        seen.append(name)
        base = ""
        if name in sections:
            layers.append((f"[recipe:{name}]", sections[name]))
            base = sections[name].get("base", "")
            asked_for = f"[recipe:{name}] base: "
        # A section with the name of a built-in recipe changes that one.
        if name in BUILT_IN and base in ("", name):
            layers.append((f"recipe {name}", BUILT_IN[name].options))
            base = str(BUILT_IN[name].options.get("base", ""))
        elif not base:
            base = DEFAULT_BASE
        name = base
    return layers[::-1]
