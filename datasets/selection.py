"""The pictures of a source that a data set takes: those of its classes, labelled in the order it names them."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

import numpy as np

from datasets.arrays import Arrays
from datasets.class_names import as_spelt, refuse_unusable_names
from datasets.errors import UserError, unknown
from datasets.naming import picture_name
from datasets.numbering import NONE_GIVEN, GivenNumbers, Numbering


class ExportPlace(NamedTuple):
    """A picture of a source, with the path and the label under which it is exported."""

    path: str
    number: int
    label: int
    class_name: str


@dataclass(frozen=True)
class Selection:
    """The positions of the pictures that are taken from a source, the label of each, and how all are numbered."""

    arrays: Arrays
    classes: tuple[str, ...]
    positions: np.ndarray
    labels: np.ndarray
    numbering: Numbering

    def __len__(self) -> int:
        return len(self.positions)

    @cached_property
    def places(self) -> list[ExportPlace]:
        """The place of every picture taken, in the order of their numbers."""
        taken = zip(self.positions.tolist(), self.labels.tolist(), strict=True)
        return sorted((self._place(position, label) for position, label in taken), key=lambda place: place.number)

    def path(self, number: int, label: int, *, subset: str = "", name: str = "") -> str:
        """Returns the path of a picture under a label; in another subset or under another name, where one is given."""
        name = name or picture_name(label, number, len(self.classes), self.numbering.width)
        return f"{subset or self._subset(number)}/{self.classes[label]}/{name}"

    def _place(self, position: int, label: int) -> ExportPlace:
        number = self.numbering.numbers[position]
        return ExportPlace(self.path(number, label), number, label, self.classes[label])

    def _subset(self, number: int) -> str:
        return "train" if self.numbering.positions[number] < self.arrays.train_count else "test"


def select(arrays: Arrays, classes: Sequence[str], given: GivenNumbers = NONE_GIVEN) -> Selection:
    """Returns the pictures of these classes (of all where none is given), labelled in the order of the classes."""
    classes = [as_spelt(name, arrays.classes) for name in classes or arrays.classes]
    refuse_unusable_names("the source", classes)
    new_labels = np.full(len(arrays.classes), -1)
    for label, name in enumerate(classes):
        if name not in arrays.classes:
            raise UserError(f"classes in luigi.cfg: {unknown('class', name, arrays.classes)}")
        new_labels[arrays.classes.index(name)] = label
    labels = new_labels[arrays.labels]
    positions = np.flatnonzero(labels >= 0)
    return Selection(arrays, tuple(classes), positions, labels[positions], Numbering(arrays, given))
