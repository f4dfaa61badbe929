"""Finds recipes by name, and puts each together from its base, its section in luigi.cfg and the command line."""

from collections.abc import Mapping

from datasets.errors import UserError, unknown
from models.recipes.declaration import Value
from models.recipes.offered import is_offered, offered_names, offered_recipe, place_of
from models.recipes.option_reading import read_option
from models.recipes.recipe import Recipe
from models.recipes.validation.contradictions import refuse_contradictions
from models.recipes.validation.networks import refuse_unfit_start

Sections = Mapping[str, Mapping[str, str]]  # the options of each section [recipe:NAME], by its name

DEFAULT_BASE = "plain"
LISTED_BY = "`python -m pipeline recipes`"


def recipe_names(sections: Sections) -> list[str]:
    """Returns the names of all recipes, those of the user last."""
    return list(dict.fromkeys([*offered_names(), *sections]))


def find_root(name: str, sections: Sections) -> str:
    """Returns the name of the recipe without a section that a recipe is, or is based on in the end."""
    resolve(name, sections, {})  # refuses unknown bases and circles
    while (base := sections.get(name, {}).get("base", "")) not in ("", name) or not is_offered(name):
        name = base or DEFAULT_BASE
    return name


def resolve(name: str, sections: Sections, overrides: Mapping[str, object]) -> Recipe:
    """Returns the recipe `name` with a value for every option; an override that is None is not given."""
    recipe = _put_together(name, sections, overrides)
    _refuse_bad_starts(recipe, sections)
    return recipe


def _put_together(name: str, sections: Sections, overrides: Mapping[str, object]) -> Recipe:
    values: dict[str, Value] = {}
    for place, options in _layers_of(name, sections):
        values |= {option: read_option(place, option, value) for option, value in options.items() if option != "base"}
    given = {option: value for option, value in overrides.items() if value is not None}
    values |= {option: read_option(f"recipe {name}", option, value) for option, value in given.items()}
    recipe = Recipe(name, **values)  # type: ignore[arg-type]  # each value is checked against its option
    refuse_contradictions(recipe)
    return recipe


def _refuse_bad_starts(recipe: Recipe, sections: Sections) -> None:
    """Refuses to start from an unknown recipe, from one that does not fit, or in a circle."""
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


def _layers_of(name: str, sections: Sections) -> list[tuple[str, Mapping[str, Value]]]:
    """Returns the options that make up a recipe, each with the place that sets them, from its last base to itself."""
    layers: list[tuple[str, Mapping[str, Value]]] = []
    seen: list[str] = []
    asked_by = ""
    while name:
        if name in seen:
            raise UserError(f"[recipe:{name}] is its own base: {' -> '.join([*seen[seen.index(name) :], name])}.")
        if name not in sections and not is_offered(name):
            raise UserError(asked_by + unknown("recipe", name, recipe_names(sections), LISTED_BY))
        seen.append(name)
        base = ""
        if name in sections:
            layers.append((f"[recipe:{name}]", sections[name]))
            base = sections[name].get("base", "")
            asked_by = f"[recipe:{name}] base: "
        # A section with the name of an offered recipe changes that one.
        if base in ("", name) and is_offered(name):
            options = offered_recipe(name).options
            layers.append((place_of(name), options))
            base = str(options.get("base", ""))
            asked_by = f"{place_of(name)}: base: "
        elif not base:
            base = DEFAULT_BASE
        name = base
    return layers[::-1]
