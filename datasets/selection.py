"""The pictures of a source that a data set takes: those of its classes, labelled in the order it names them."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

import numpy as np

from datasets.arrays import Arrays
from datasets.errors import UserError, unknown
from datasets.naming import picture_name


class ExportPlace(NamedTuple):
    """A picture of a source, with the path and the label under which it is exported."""

    path: str
    number: int
    label: int
    class_name: str


@dataclass(frozen=True)
class Selection:
    """The numbers of the pictures that are taken from a source, and the label of each."""

    arrays: Arrays
    classes: tuple[str, ...]
    numbers: np.ndarray
    labels: np.ndarray

    def __len__(self) -> int:
        return len(self.numbers)

    @cached_property
    def places(self) -> list[ExportPlace]:
        """The place of every picture taken, in the order of the source."""
        return [
            self._place(number, label)
            for number, label in zip(self.numbers.tolist(), self.labels.tolist(), strict=True)
        ]

    def _place(self, number: int, label: int) -> ExportPlace:
        subset = "train" if number < self.arrays.train_count else "test"
        name = picture_name(label, number, len(self.classes), len(self.arrays.labels))
        return ExportPlace(f"{subset}/{self.classes[label]}/{name}", number, label, self.classes[label])


def select(arrays: Arrays, classes: Sequence[str]) -> Selection:
    """Returns the pictures of these classes (of all where none is given), labelled in the order of the classes."""
    classes = classes or arrays.classes
    new_labels = np.full(len(arrays.classes), -1)
    for label, name in enumerate(classes):
        if name not in arrays.classes:
            raise UserError(f"classes in luigi.cfg: {unknown('class', name, arrays.classes)}")
        new_labels[arrays.classes.index(name)] = label
    labels = new_labels[arrays.labels]
    numbers = np.flatnonzero(labels >= 0)
    return Selection(arrays, tuple(classes), numbers, labels[numbers])
