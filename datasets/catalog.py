"""The data sets there are by name: those built in, and the `[dataset:NAME]` sections of luigi.cfg."""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, fields, replace
from pathlib import Path
from typing import Any

from datasets.errors import UserError
from datasets.nearest import unknown
from datasets.sources.catalog import SOURCES


@dataclass(frozen=True)
class Dataset:
    """A source of pictures, which of its classes to take and in which order, and how they are split.

    A folder has a path, the side in pixels to which its pictures are brought, and how; no classes stand for all in it.
    """

    name: str
    source: str
    classes: tuple[str, ...] = ()
    labels: str = "fine"
    val_fraction: float = 0.1
    test_fraction: float = 0.1
    path: str = ""
    size: int = 0
    fit: str = "crop"

    @property
    def side(self) -> int:
        """Of its pictures, in pixels."""
        return self.size or SIDE_PIXELS


def chosen_options(dataset: Dataset, *names: str) -> dict[str, Any]:
    """Returns those of some options that differ from their defaults."""
    return {name: value for name in names if (value := getattr(dataset, name)) != getattr(Dataset, name)}


FITS = ("crop", "pad", "stretch")
SIDE_PIXELS = 32  # of the pictures of every source that is no folder
MOST_SIDE_PIXELS = 4096

SIX = ("tulip", "sunflower", "mushroom", "sea", "bridge", "rocket")

BUILT_IN = (
    Dataset("sample", "sample"),
    Dataset("cifar10", "cifar10"),
    Dataset("cifar100", "cifar100"),
    Dataset("cifar100-coarse", "cifar100", labels="coarse"),
    Dataset("cifar100-six", "cifar100", classes=SIX),
)

OPTIONS = tuple(field.name for field in fields(Dataset) if field.name != "name")

Sections = Mapping[str, Mapping[str, str]]


def dataset_names(sections: Sections) -> list[str]:
    """Every name a user can give, the built-in ones first."""
    built_in = [dataset.name for dataset in BUILT_IN]
    return built_in + [name for name in sections if name not in built_in]


def find_dataset(name: str, sections: Sections) -> Dataset:
    """The data set of that name, its classes filled in; a section may change a built-in one."""
    if name not in dataset_names(sections):
        raise UserError(unknown("dataset", name, dataset_names(sections)))
    base = next((dataset for dataset in BUILT_IN if dataset.name == name), Dataset(name, source=""))
    where = f"[dataset:{name}]"
    options = sections.get(name, {})
    dataset = replace(base, **_read_options(where, options))
    _check_source(where, dataset, options)
    return _checked_folder(where, dataset) if dataset.source == "folder" else _checked(where, dataset)


def split_list(text: str) -> tuple[str, ...]:
    """`a, b` or `["a", "b"]` as ("a", "b")."""
    if text.lstrip().startswith("["):
        try:
            names = json.loads(text)
        except ValueError as error:
            raise UserError(f"{text}: this opens like a JSON list but is none: {error}") from error
        return tuple(str(name) for name in names)
    return tuple(name.strip() for name in text.split(",") if name.strip())


def _read_options(where: str, options: Mapping[str, str]) -> dict[str, Any]:
    read: dict[str, Any] = {}
    for option, text in options.items():
        if option not in OPTIONS:
            raise UserError(f"{where}: {unknown('option', option, OPTIONS)}")
        if option == "classes":
            read[option] = split_list(text)
        elif option.endswith("_fraction"):
            read[option] = _read_fraction(f"{where} {option}", text)
        elif option == "size":
            read[option] = _read_size(f"{where} {option}", text)
        else:
            read[option] = text.strip()
    return read


def _read_fraction(where: str, text: str) -> float:
    try:
        fraction = float(text)
    except ValueError:
        fraction = -1.0
    if not 0.0 <= fraction < 1.0:
        raise UserError(f"{where} is {text!r}: it must be a number from 0 up to, but not including, 1")
    return fraction


def _read_size(where: str, text: str) -> int:
    size = int(text) if text.strip().isdecimal() else 0
    if not 1 <= size <= MOST_SIDE_PIXELS:
        raise UserError(f"{where} is {text!r}: it must be a whole number of pixels from 1 to {MOST_SIDE_PIXELS}")
    return size


def _check_source(where: str, dataset: Dataset, options: Iterable[str]) -> None:
    if not dataset.source:
        raise UserError(f"{where} needs an option source, one of: {', '.join(SOURCES)}")
    if dataset.source not in SOURCES:
        raise UserError(f"{where}: {unknown('source', dataset.source, SOURCES)}")
    for option in options:
        if option in ("path", "size", "fit") and dataset.source != "folder":
            raise UserError(f"{where}: {option} belongs to source = folder; {dataset.source} does not read it")
        if option == "labels" and dataset.source == "folder":
            raise UserError(f"{where}: labels belongs to cifar100; a folder has no labels but its classes")


def _checked_folder(where: str, dataset: Dataset) -> Dataset:
    """What is in the folder is not looked at: it matters only where something is to be exported from it."""
    if not dataset.path:
        raise UserError(f"{where} needs an option path, the folder that holds the pictures")
    if not dataset.size:
        raise UserError(f"{where} needs an option size, the side in pixels that all pictures get, as size = 150")
    if dataset.fit not in FITS:
        raise UserError(f"{where}: {unknown('fit', dataset.fit, FITS)}")
    if dataset.classes:
        _check_classes(where, dataset.classes)
    try:
        return replace(dataset, path=str(Path(dataset.path).expanduser()))
    except RuntimeError as error:
        raise UserError(f"{where} path is {dataset.path!r}: there is no such user") from error


def _checked(where: str, dataset: Dataset) -> Dataset:
    label_sets = SOURCES[dataset.source].classes
    if dataset.labels not in label_sets:
        raise UserError(f"{where}: {unknown(f'set of labels of {dataset.source}', dataset.labels, label_sets)}")
    known = label_sets[dataset.labels]
    for name in dataset.classes:
        if name not in known:
            raise UserError(f"{where} classes: {unknown('class', name, known)}")
    classes = dataset.classes or known
    _check_classes(where, classes)
    return replace(dataset, classes=classes)


def _check_classes(where: str, classes: Sequence[str]) -> None:
    if len(set(classes)) < len(classes):
        raise UserError(f"{where} classes: one is named twice: {', '.join(classes)}")
    if len(classes) < 2:
        raise UserError(f"{where} classes: a data set needs at least two, and this names only {classes[0]}")
