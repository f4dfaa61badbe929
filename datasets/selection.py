"""The pictures of a source that a data set takes: those of its classes, under the labels that its own order gives."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from datasets.arrays import Arrays
from datasets.naming import picture_name


class SourcePicture(NamedTuple):
    """One picture, and how it is to be exported."""

    path: str
    number: int
    label: int
    class_name: str
    pixels: np.ndarray


@dataclass(frozen=True)
class Selection:
    """Which positions of a source are taken, and the label of each."""

    arrays: Arrays
    classes: tuple[str, ...]
    numbers: np.ndarray
    labels: np.ndarray

    def __len__(self) -> int:
        return len(self.numbers)

    def pictures(self) -> Iterator[SourcePicture]:
        """Every picture taken, in the order of the source."""
        arrays, classes = self.arrays, self.classes
        for number, label in zip(self.numbers.tolist(), self.labels.tolist(), strict=True):
            subset = "train" if number < arrays.train_count else "test"
            name = picture_name(label, number, len(classes), len(arrays.labels))
            yield SourcePicture(
                f"{subset}/{classes[label]}/{name}", number, label, classes[label], arrays.pixels[number]
            )


def select(arrays: Arrays, classes: Sequence[str]) -> Selection:
    """The pictures of these classes, labelled by the order in which the classes are given."""
    new_labels = np.full(len(arrays.classes), -1)
    for label, name in enumerate(classes):
        new_labels[arrays.classes.index(name)] = label
    labels = new_labels[arrays.labels]
    numbers = np.flatnonzero(labels >= 0)
    return Selection(arrays, tuple(classes), numbers, labels[numbers])
