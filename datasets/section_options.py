"""The options of a section of luigi.cfg, each declared once as a field of a dataclass, and how they are read.

    val_fraction: float = option(0.1, words="the share of the training pictures that validates", low=0.0, below=1.0)

A field's default says of which kind its values are: text, whole numbers, numbers or lists of names.
"""

import json
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import Field, dataclass, field, fields
from pathlib import Path
from typing import Any

from datasets.errors import UserError, unknown
from datasets.files.typed_path import typed_path

_OPTION = "option"


@dataclass(frozen=True)
class SectionOption:
    """The facts about an option beside its name and its default."""

    words: str  # what it is, as a phrase: "the folder that holds the pictures"
    choices: tuple[str, ...] = ()
    low: float | None = None
    high: float | None = None  # the highest valid value
    below: float | None = None  # the lowest value that is too high
    unit: str = ""  # what a number counts, as "pixels"
    called: str = ""  # what a choice is called in a message, where not by the option's name
    is_path: bool = False  # ~ stands for a home folder
    is_required: bool = False  # the default is a placeholder, and a section must give a value
    is_keyed: bool = True  # it decides what is exported, and so is in the key
    default_number: int = 1  # raised with each change of the default, which no key holds itself


def option(default: Any, **about: Any) -> Any:
    """Returns a field of a dataclass that is an option; `about` are the fields of SectionOption."""
    return field(default=default, metadata={_OPTION: SectionOption(**about)})


def option_names(kind: type) -> list[str]:
    """Returns the names of a dataclass's options."""
    return [entry.name for entry in _options(kind)]


def has_choice(kind: type, name: str) -> bool:
    """Returns whether a dataclass has an option of this name that takes more than one value."""
    return any(entry.name == name and len(entry.metadata[_OPTION].choices) != 1 for entry in _options(kind))


def named_paths(options: Any) -> list[Path]:
    """Returns the paths that a dataclass's options name."""
    named = (getattr(options, entry.name) for entry in _options(options) if entry.metadata[_OPTION].is_path)
    return [Path(path) for path in named if path]


def read_options(kind: type, where: str, texts: Mapping[str, str]) -> dict[str, Any]:
    """Returns the values of a dataclass's options by name, read from what a section says.

    `where` begins the message about a value that is not valid, as `[dataset:mine]`. Other options are ignored.
    """
    values: dict[str, Any] = {}
    for entry in _options(kind):
        about: SectionOption = entry.metadata[_OPTION]
        if entry.name in texts:
            values[entry.name] = _read(where, entry.name, texts[entry.name], entry.default, about)
        if about.is_required and not values.get(entry.name):
            raise UserError(f"{where} needs an option {entry.name}, {about.words}")
    return values


def changed_options(options: Any, *names: str) -> dict[str, Any]:
    """Returns the values that differ from their defaults, of the options that are in keys, as plain JSON values.

    An option at its default is left out, so that a new option changes no key; a default that was changed has a number,
    which is returned under `defaults`. Where names are given, only these options are asked for.
    """
    changed: dict[str, Any] = {}
    default_numbers: dict[str, int] = {}
    for entry in _options(options):
        about: SectionOption = entry.metadata[_OPTION]
        if not about.is_keyed or (names and entry.name not in names):
            continue
        value = getattr(options, entry.name)
        if value != entry.default:
            changed[entry.name] = list(value) if isinstance(value, tuple) else value
        elif about.default_number > 1:
            default_numbers[entry.name] = about.default_number
    return changed | ({"defaults": default_numbers} if default_numbers else {})


def split_list(text: str) -> tuple[str, ...]:
    """Returns the names in `a, b` or `["a", "b"]`."""
    if text.lstrip().startswith("["):
        try:
            names = json.loads(text)
        except ValueError as error:
            raise UserError(f"{text}: this opens like a JSON list but is none: {error}") from error
        return tuple(name if isinstance(name, str) else json.dumps(name) for name in names)
    return tuple(name.strip() for name in text.split(",") if name.strip())


def _options(dataclass_or_instance: Any) -> list[Field[Any]]:
    return [entry for entry in fields(dataclass_or_instance) if _OPTION in entry.metadata]


def _read(where: str, name: str, text: str, default: Any, about: SectionOption) -> Any:
    """Returns one value, of the kind of the default."""
    if isinstance(default, tuple):
        return split_list(text)
    if isinstance(default, int | float):
        return _read_number(f"{where} {name}", text, type(default), about)
    text = text.strip()
    if about.choices and text not in about.choices:
        raise UserError(f"{where}: {unknown(about.called or name, text, about.choices)}")
    try:
        return str(typed_path(text)) if about.is_path and text else text
    except UserError as error:
        raise UserError(f"{where} {name}: {error}") from error


def _read_number(where: str, text: str, kind: type[int] | type[float], about: SectionOption) -> float:
    """Returns a number within the limits; a whole one is written in digits alone."""
    number: float | None = None
    with suppress(ValueError):
        number = kind(text) if kind is float or text.strip().isdecimal() else None
    if (
        number is None
        or (about.low is not None and number < about.low)
        or (about.high is not None and number > about.high)
        or (about.below is not None and number >= about.below)
        or number != number
    ):
        raise UserError(f"{where} is {text!r}: it must be a {_in_words(kind, about)}")
    return number


def _in_words(kind: type, about: SectionOption) -> str:
    """Returns what a number must be, as `whole number of pixels from 1 to 4096`."""
    noun = ("whole number" if kind is int else "number") + (f" of {about.unit}" if about.unit else "")
    low = "" if about.low is None else f" from {about.low:g}"
    high = "" if about.high is None else f" to {about.high:g}"
    return noun + low + high + ("" if about.below is None else f" up to, but not including, {about.below:g}")
