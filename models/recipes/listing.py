"""Every recipe there is, with its parameters and what it is for; loads no TensorFlow.

Reads the table of built-in recipes and the [recipe:NAME] sections it is handed; writes nothing.
"""

from dataclasses import asdict
from typing import NamedTuple

from models.recipes.named import Sections, built_in_base, recipe_names, resolve
from models.recipes.recipe import Recipe, Value
from models.recipes.table import BUILT_IN

# What decides how many parameters a network has, beside the data set.
SHAPING = ("network", "widths", "depth", "output", "backbone", "backbone_file", "backbone_side", "pooling", "predict")


class Listed(NamedTuple):
    """One recipe; its parameters where they are known without the network being built."""

    name: str
    parameters: int | None
    dataset: str
    purpose: str


def listed(name: str, sections: Sections) -> Listed:
    base = built_in_base(name, sections)
    published, recipe, original = BUILT_IN[base], resolve(name, sections, {}), resolve(base, {}, {})
    has_its_shape = all(getattr(recipe, option) == getattr(original, option) for option in SHAPING)
    changed = [f"{option} = {shown(value)}" for option, value in differing(recipe, original).items()]
    purpose = f"{base} with {', '.join(changed)}" if changed else base
    return Listed(
        name,
        published.parameters if has_its_shape and published.parameters else None,
        published.dataset,
        published.purpose if name == base and not changed else purpose,
    )


def all_listed(sections: Sections) -> list[Listed]:
    return [listed(name, sections) for name in recipe_names(sections)]


def differing(recipe: Recipe, from_recipe: Recipe) -> dict[str, Value]:
    """The options in which a recipe is another than the one it is held against."""
    others = asdict(from_recipe)
    return {option: value for option, value in asdict(recipe).items() if option != "name" and value != others[option]}


def shown(value: Value) -> str:
    """As luigi.cfg would have it."""
    return ",".join(map(shown, value)) if isinstance(value, tuple) else str(value)
