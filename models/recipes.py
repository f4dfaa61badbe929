"""The built-in recipes, and how a recipe named by the user is put together; loads no TensorFlow.

Reads the table below and the [recipe:NAME] sections it is handed; writes nothing.
"""

import math
import pkgutil
from collections.abc import Mapping
from dataclasses import fields
from pathlib import Path

from datasets.errors import UserError
from datasets.nearest import unknown
from models.recipe import Recipe

Sections = Mapping[str, Mapping[str, str]]
Value = str | int | float

DEFAULT_BASE = "plain"
BUILT_IN: Mapping[str, Mapping[str, Value]] = {
    DEFAULT_BASE: {"batch_size": 32, "plateau_patience": 3},
    "dropout": {"base": "plain", "convolution_dropout": 0.25, "dense_dropout": 0.5},
    "augmented": {"base": "plain", "rotation_degrees": 40.0, "horizontal_shift_fraction": 0.15},
    "quick": {
        "network": "seven_convolutions",
        "mirrored_fraction": 0.5,
        "first_scale": 0.625,
        "label_smoothing": 0.1,
        "optimiser": "muon",
        "learning_rate": 0.1,
        "schedule": "one_cycle",
        "batch_size": 128,
        "epochs": 6,
    },
}

CHOICES: Mapping[str, tuple[str, ...]] = {
    "network": tuple(module.name for module in pkgutil.iter_modules([str(Path(__file__).with_name("networks"))])),
    "optimiser": ("adam", "muon", "rmsprop", "sgd"),
    "schedule": ("steady", "one_cycle"),
    "precision": ("float32", "mixed_bfloat16"),
}
RANGES: Mapping[str, tuple[float, float]] = {
    "convolution_dropout": (0, 0.95),
    "dense_dropout": (0, 0.95),
    "rotation_degrees": (0, 180),
    "horizontal_shift_fraction": (0, 0.95),
    "mirrored_fraction": (0, 1),
    "first_scale": (0.25, 1),
    "label_smoothing": (0, 0.9),
    "learning_rate": (1e-9, 1e9),
    "batch_size": (1, 1_000_000),
    "epochs": (1, 1_000_000),
    "seed": (0, 2**31 - 1),
    "plateau_factor": (0.01, 0.99),
    "plateau_patience": (0, 1_000_000),
    "stop_patience": (0, 1_000_000),
}
WHOLE_NUMBERS = {field.name for field in fields(Recipe) if field.type is int}
OPTIONS = ("base", *(field.name for field in fields(Recipe) if field.name != "name"))


def recipe_names(sections: Sections) -> list[str]:
    """Every recipe there is: the built-in ones, then the user's."""
    return list(dict.fromkeys([*BUILT_IN, *sections]))


def resolve(name: str, sections: Sections, overrides: Mapping[str, object]) -> Recipe:
    """The recipe `name` with every option settled; an override that is None is not given."""
    settled: dict[str, Value] = {}
    for place, options in _from_base_to_name(name, sections):
        settled |= {option: _check(place, option, value) for option, value in options.items() if option != "base"}
    given = {option: value for option, value in overrides.items() if value is not None}
    settled |= {option: _check(f"recipe {name}", option, value) for option, value in given.items()}
    return Recipe(name, **settled)  # type: ignore[arg-type]  # each value is checked against its option


def _from_base_to_name(name: str, sections: Sections) -> list[tuple[str, Mapping[str, Value]]]:
    """The options that make up a recipe, those of the base first, each with the place that sets them."""
    layers: list[tuple[str, Mapping[str, Value]]] = []
    seen: list[str] = []
    asked_for = ""
    while name:
        if name in seen:
            raise UserError(f"[recipe:{name}] is its own base: {' -> '.join([*seen[seen.index(name) :], name])}.")
        if name not in sections and name not in BUILT_IN:
            raise UserError(asked_for + unknown("recipe", name, recipe_names(sections)))
        seen.append(name)
        base = ""
        if name in sections:
            layers.append((f"[recipe:{name}]", sections[name]))
            base = sections[name].get("base", "")
            asked_for = f"[recipe:{name}] base: "
        # A section with the name of a built-in recipe changes that one.
        if name in BUILT_IN and base in ("", name):
            layers.append((f"recipe {name}", BUILT_IN[name]))
            base = str(BUILT_IN[name].get("base", ""))
        elif not base:
            base = DEFAULT_BASE
        name = base
    return layers[::-1]


def _check(place: str, option: str, value: object) -> Value:
    if option not in OPTIONS[1:]:
        raise UserError(f"{place}: {unknown('option', option, OPTIONS)}")
    if option in CHOICES:
        if value not in CHOICES[option]:
            raise UserError(f"{place}: {unknown(option, str(value), CHOICES[option])}")
        return str(value)
    low, high = RANGES[option]
    number = _number(value)
    whole = option in WHOLE_NUMBERS
    if not low <= number <= high or (whole and number != int(number)):
        kind = "a whole number" if whole else "a number"
        raise UserError(f"{place}: {option} = {value} will not do; give {kind} from {low} to {high}.")
    return int(number) if whole else number


def _number(value: object) -> float:
    """What the user wrote as a number; nan where it is none."""
    try:
        return math.nan if isinstance(value, bool) else float(value)  # type: ignore[arg-type]
    except (TypeError, ValueError):
        return math.nan
