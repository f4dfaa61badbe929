"""Reads the options of a recipe from text, and says what they may be."""

import math
from dataclasses import fields

from datasets.errors import UserError, unknown
from datasets.section_options import split_list
from models.recipes.declaration import Counts, Numbers, Value, Words, declared_options
from models.recipes.recipe import Recipe

_DECLARED = declared_options(Recipe)
_TYPES = {field.name: field.type for field in fields(Recipe)}

OPTIONS = ("base", *_DECLARED)


def read_option(place: str, name: str, value: object) -> Value:
    """Returns the value that an option is given, as text or as itself; errors name the place where it was given."""
    if name not in _DECLARED:
        raise UserError(f"{place}: {unknown('option', name, OPTIONS)}")
    if _DECLARED[name].choices is not None:
        words = _DECLARED[name].allowed_words()
        if value not in words:
            raise UserError(f"{place}: {unknown(name, str(value), filter(None, words))}")
        return str(value)
    if _TYPES[name] is str:
        return str(value).strip()
    if _TYPES[name] == Words:
        return _listed(value)
    if _TYPES[name] in (Counts, Numbers):
        return tuple(_read_number(place, name, number) for number in _listed(value))
    return _read_number(place, name, value)


def _listed(value: object) -> tuple[str, ...]:
    """Returns the items of a list, also where a single value or text with commas is given."""
    if isinstance(value, str):
        return split_list(value)
    return tuple(map(str, value)) if isinstance(value, list | tuple) else (str(value),)


def _read_number(place: str, name: str, value: object) -> int | float:
    limits = _DECLARED[name].range
    assert limits, f"{name} is declared without a range"
    low, high = limits
    is_whole = _TYPES[name] in (int, Counts)
    number = _to_number(value)
    if not low <= number <= high or (is_whole and number != int(number)):
        kind = "a whole number" if is_whole else "a number"
        raise UserError(f"{place}: {name} = {value} is not valid; give {kind} from {low} to {high}.")
    return int(number) if is_whole else number


def _to_number(value: object) -> float:
    """Returns what the user wrote as a number; nan where it is none."""
    try:
        return math.nan if isinstance(value, bool) else float(value)  # type: ignore[arg-type]
    except (TypeError, ValueError):
        return math.nan
