"""The options of a recipe: what each may be, and how it is read from text; loads no TensorFlow.

Apart from the recipe itself, so that allowing more retrains nothing.
"""

import math
import pkgutil
from collections.abc import Mapping
from dataclasses import fields
from pathlib import Path

from datasets.errors import UserError, unknown
from datasets.section_options import split_list
from models.backbones.known import BACKBONES, FILE, INPUTS
from models.recipes.recipe import Numbers, Recipe, Value, Words

NETWORKS = tuple(module.name for module in pkgutil.iter_modules([str(Path(__file__).parents[1] / "networks")]))
MANY = 1_000_000

CHOICES: Mapping[str, tuple[str, ...]] = {
    "network": NETWORKS,
    "normalisation": ("unit", "double", "standardised"),
    "output": ("softmax", "binary"),
    "precision": ("float32", "mixed_bfloat16", "fastest"),
    "backbone": ("", *BACKBONES, FILE),
    "backbone_input": ("", *INPUTS),
    "pooling": ("average", "flatten"),
    "class_weights": ("none", "balanced"),
    "optimiser": ("adam", "adamw", "muon", "rmsprop", "sgd"),
    "schedule": ("steady", "one_cycle", "cosine", "staircase"),
    "checkpoint": ("none", "val_accuracy"),
    "tta": ("none", "mirror", "shifts", "mirrored_shifts"),
    "predict": ("classes", "coarse"),
}
RANGES: Mapping[str, tuple[float, float]] = {
    "widths": (1, 10_000),
    "depth": (0, 1_000),
    "convolution_dropout": (0, 0.95),
    "dense_dropout": (0, 0.95),
    "dropblock": (0, 0.5),
    "dropblock_size": (1, 100),
    "weight_penalty": (0, 1),
    "backbone_side": (0, 2_048),
    "unfreeze": (0, MANY),
    "unfreeze_epochs": (1, MANY),
    "unfreeze_rate": (1e-9, 1),
    "rotation_degrees": (0, 180),
    "horizontal_shift_fraction": (0, 0.95),
    "vertical_shift_fraction": (0, 0.95),
    "zoom_fraction": (0, 0.9),
    "mirrored_fraction": (0, 1),
    "randaugment": (0, 1),
    "randaugment_operations": (1, 10),
    "colorjitter": (0, 1),
    "cutout": (0, 1),
    "mixup": (0, 100),
    "cutmix": (0, 100),
    "scales": (0.25, 1),
    "label_smoothing": (0, 0.9),
    "momentum": (0, 0.9999),
    "weight_decay": (0, 1),
    "learning_rate": (1e-9, 1e9),
    "warmup_epochs": (0, MANY),
    "stair_epochs": (1, MANY),
    "stair_factor": (0.01, 0.99),
    "batch_size": (1, MANY),
    "epochs": (1, MANY),
    "seed": (0, 2**31 - 1),
    "plateau_factor": (0.01, 0.99),
    "plateau_patience": (0, MANY),
    "stop_patience": (0, MANY),
    "ema": (0, 0.99999),
    "swa": (0, 1),
}
TYPES = {field.name: field.type for field in fields(Recipe) if field.name != "name"}
OPTIONS = ("base", *TYPES)


def read_option(place: str, option: str, value: object) -> Value:
    """The value an option is given, by text or as itself; `place` is where it was given."""
    if option not in TYPES:
        raise UserError(f"{place}: {unknown('option', option, OPTIONS)}")
    if option in CHOICES:
        if value not in CHOICES[option]:
            raise UserError(f"{place}: {unknown(option, str(value), [word for word in CHOICES[option] if word])}")
        return str(value)
    if TYPES[option] is str:
        return str(value).strip()
    if TYPES[option] == Words:
        return _listed(value)
    if TYPES[option] == Numbers:
        return tuple(_read_number(place, option, number) for number in _listed(value))
    return _read_number(place, option, value)


def _listed(value: object) -> tuple[str, ...]:
    """What the user wrote as a list; a value that is none is a list of one."""
    if isinstance(value, str):
        return split_list(value)
    return tuple(map(str, value)) if isinstance(value, list | tuple) else (str(value),)


def _read_number(place: str, option: str, value: object) -> int | float:
    low, high = RANGES[option]
    whole = TYPES[option] is int or option == "widths"
    number = _number(value)
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
