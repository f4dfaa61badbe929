"""The sources there are, what classes each holds, and how to load one."""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, NamedTuple

from datasets.sources.cifar.classes import CIFAR10, CIFAR100_COARSE, CIFAR100_FINE
from datasets.sources.cifar.places import Places
from datasets.sources.sample.classes import SAMPLE

if TYPE_CHECKING:  # naming classes must not load numpy: a run with nothing to do never needs it
    from datasets.arrays import Arrays


class Source(NamedTuple):
    """The module whose `load` gives the pictures, and the classes by the set of labels; a folder shows its own."""

    module: str
    classes: dict[str, tuple[str, ...]]


SOURCES = {
    "sample": Source("datasets.sources.sample.load", {"fine": SAMPLE}),
    "cifar10": Source("datasets.sources.cifar.load", {"fine": CIFAR10}),
    "cifar100": Source("datasets.sources.cifar.load", {"fine": CIFAR100_FINE, "coarse": CIFAR100_COARSE}),
    "folder": Source("datasets.sources.folder.load", {}),
}


def load_arrays(source: str, labels: str, places: Places) -> Arrays:
    """Every picture of a source whose classes are known beforehand."""
    module = importlib.import_module(SOURCES[source].module)
    arrays: Arrays = module.load() if source == "sample" else module.load(source, labels, places)
    return arrays
